"""Hostile text at every door: taken or refused, never a fault, and shown as text at once."""

from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from coliseum.submissions.models import Submission
from tests.platform.pages.conftest import Browser
from tests.platform.pages.hostile import PAYLOADS, SHORT, read
from tests.platform.pages.test_access import (  # noqa: F401 - fixtures: what the addresses name
    held,
    people,
    things,
    tournaments,
)

DOORS = {
    "display name": ("ann", "/settings/profile", {"display_name": "{}"}),
    "bio": ("ann", "/settings/profile", {"bio": "{}"}),
    "affiliation": ("ann", "/settings/profile", {"affiliation": "{}"}),
    "link": ("ann", "/settings/profile", {"link": "{}"}),
    "team name": ("ann", "/competitions/c4/team/act", {"act": "rename", "name": "{}"}),
    "note": ("ann", "/submissions/{submission}/note", {"note": "{}"}),
    "agent name": ("ann", "/competitions/c4/submit", {"with": "editor", "code": "pass", "name": "{}"}),
    "token name": ("ann", "/settings/tokens", {"name": "{}", "scope": ["read"], "days": "90"}),
    "webhook": ("ann", "/settings/webhooks", {"url": "{}"}),
    "user name": (None, "/sign-up", {"username": "{}", "password1": "four words make sense"}),
    "search": (None, "/search?q={}", None),
    "sign-in": (None, "/sign-in", {"login": "{}", "password": "x"}),
    "join note": ("eve", "/competitions/c4/join", {"rules": "on", "version": "1", "note": "{}"}),
    "invitation": ("eve", "/competitions/c4/join", {"rules": "on", "version": "1", "invitation": "{}"}),
    "announcement": (
        "host",
        "/competitions/c4/host/announcements",
        {"act": "post", "title": "{}", "text": "{}"},
    ),
    "forum": ("host", "/competitions/c4/host/announcements", {"act": "forum", "url": "{}"}),
    "void reason": ("host", "/matches/{match}/count", {"to": "void", "reason": "{}"}),
    "disqualification": (
        "host",
        "/competitions/c4/host/disqualify",
        {"entry": "{entry}", "reason": "{}", "confirm": "x"},
    ),
    "a competition's file": ("host", "/host/from-file", {"text": '[competition]\ntitle = """{}"""'}),
    "incident": ("staff", "/administration/incidents", {"act": "post", "title": "{}", "text": "{}"}),
    "person": ("staff", "/administration/people/act", {"person": "{}", "act": "sign_out", "reason": "{}"}),
}
"""Who sends a text where; `{}` is the text."""
AT_DOORS = {"short": SHORT} | {
    name: PAYLOADS[name] for name in ("script", "link", "hidden", "terminal", "long")
}
NAMES = {"display name", "affiliation", "team name", "agent name", "user name"}


def test_hostile_text_is_taken_or_refused_at_every_door_and_shown_as_text_there(request, db, settings):
    things = request.getfixturevalue("things")  # noqa: F811 - the fixture
    settings.ACCOUNT_RATE_LIMITS = False
    address = {name: value for name, value in things.items() if isinstance(value, (str, int))}
    browsers = {name: Browser(person) for name, person in things["people"].items()} | {None: Browser(None)}
    troubles = []
    for payload, text in AT_DOORS.items():
        cache.clear()
        for door, (person, path, fields) in DOORS.items():
            put = {key: said(value, text, address) for key, value in (fields or {}).items()}
            visitor = browsers[person]
            if fields is None:
                answer = visitor.get(path.replace("{}", quote(text)))
            else:
                answer = visitor.post(said(path, text, address), **put)
            troubles += [(door, payload, each) for each in read(answer.getvalue().decode()).troubles]
            if answer.status_code not in {200, 201, 302, 400, 403, 404, 409, 422}:
                troubles.append((door, payload, answer.status_code))
            if door in NAMES and payload in {"hidden", "terminal"} and answer.status_code != 400:
                troubles.append((door, payload, answer.status_code))
    assert troubles == []


def said(value, text, address):
    if isinstance(value, str):
        for name, each in {"{}": text, **{f"{{{name}}}": each for name, each in address.items()}}.items():
            value = value.replace(name, str(each))
    return value


@pytest.mark.parametrize(
    "sent", [PAYLOADS["path"], PAYLOADS["image"], "a\u202eyp.tnega", "=1+1.py", "long" * 60]
)
def test_a_hostile_file_name_is_taken_or_refused_and_shown_as_text(browser, ann, entry, sent):
    visitor = browser(ann)
    file = SimpleUploadedFile("x.py", b"class Agent:\n    def act(self, observation):\n        return 0\n")
    # What Django itself makes of a name is no matter here.
    file._name = f"{sent}.py"
    answer = visitor.post("/competitions/c4/submit", file=file)
    assert answer.status_code in {302, 400}, answer.status_code
    assert read(answer.content.decode()).troubles == []
    for made in Submission.objects.all():
        assert not {"/", "\\"} & set(made.original_name)
        page = visitor.get(f"/submissions/{made.pk}/")
        assert read(page.content.decode()).troubles == []
        assert visitor.get(f"/submissions/{made.pk}/package")["Content-Disposition"].isprintable()
