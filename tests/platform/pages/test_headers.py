"""What every page tells the browser: run nothing of others, guess no types, frame nothing, keep nothing."""

import json
from html.parser import HTMLParser

from tests.platform.pages.conftest import Browser
from tests.platform.pages.test_access import (  # noqa: F401 - fixtures: what the addresses name
    ACCESS,
    PEOPLE,
    PRIVATE,
    held,
    people,
    things,
    tournaments,
)

FRAMED = {"embed"}
"""Pages for frames on other sites."""


def policy_of(answer):
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in filter(None, parts)}


def troubles_of(name, answer, is_private):
    policy, told = policy_of(answer), []
    is_page = answer["Content-Type"].startswith("text/html")
    everything = set().union(*policy.values())
    if is_page and everything & {"'unsafe-inline'", "'unsafe-eval'", "http:", "https:"}:
        told.append("a policy that lets others in")
    if policy["default-src"] != {"'none'"} or not policy.get("script-src", set()) <= {"'self'"}:
        told.append("scripts from elsewhere")
    if is_page and (policy["base-uri"] != {"'none'"} or "'self'" not in policy["form-action"]):
        told.append("forms or addresses may be turned")
    frames = ({"*"}, None) if name in FRAMED else ({"'none'"}, "DENY")
    if answer.get("X-Frame-Options") != frames[1] or (is_page and policy["frame-ancestors"] != frames[0]):
        told.append("frames")
    if answer["X-Content-Type-Options"] != "nosniff" or answer["Referrer-Policy"] != "same-origin":
        told.append("types or addresses given away")
    kept = answer.get("Cache-Control", "")
    is_stream = answer["Content-Type"].startswith("text/event-stream")
    if is_private and not is_stream and "private" not in kept and "no-store" not in kept:
        told.append(f"kept: {kept}")
    if is_private and is_page and "no-store" not in kept:
        told.append(f"a private page kept: {kept}")
    return [f"{name}: {trouble}" for trouble in told]


def test_every_page_has_the_strict_headers_and_a_private_one_is_not_kept(request, db):
    things = request.getfixturevalue("things")  # noqa: F811 - the fixture
    troubles = []
    visitors = {name: Browser(things["people"][name]) for name in ("staff", "ann", "nobody")}
    for name, row in (ACCESS | PRIVATE).items():
        if row.fields is not None:
            continue
        is_private = row.statuses[0] != 200
        person = "nobody" if not is_private else "staff"
        if is_private and row.statuses[PEOPLE.index("staff")] != 200:
            person = "ann"
        answer = visitors[person].get(row.address.format(**things))
        if answer.streaming and not answer.is_async:
            b"".join(answer.streaming_content)  # closes the file
        if answer.status_code == 200:
            troubles += troubles_of(name, answer, is_private)
    assert troubles == []


DOWNLOADS = (
    *("ledger", "host-archive", "dates", "host-file", "submission-package", "trajectory-file", "replay-page"),
)


def test_what_is_downloaded_is_saved_and_never_shown(request, db):
    things = request.getfixturevalue("things")  # noqa: F811 - the fixture
    visitors = [Browser(things["people"][name]) for name in ("staff", "ann")]
    for name in DOWNLOADS:
        answers = [visitor.get(ACCESS[name].address.format(**things)) for visitor in visitors]
        for each in answers:
            if each.streaming and not each.is_async:
                b"".join(each.streaming_content)  # closes the file
        (answer, *_) = [each for each in answers if each.status_code == 200]
        assert answer["Content-Disposition"].startswith("attachment"), name
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_answers_of_the_api_are_never_taken_for_a_page(competition, browser):
    for path in ("competitions", "nothing", "competitions/c4", "competitions/c4/export/entries?format=csv"):
        answer = browser().get(f"/api/v1/{path}")
        assert not answer["Content-Type"].startswith("text/html")
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_after_signing_out_going_back_shows_nothing(browser, ann, submission):
    visitor = browser(ann)
    page = visitor.get(f"/submissions/{submission.pk}/")
    assert page["Cache-Control"] == "private, no-store"
    assert visitor.get("/competitions/c4/")["Cache-Control"] == "private, no-store"
    visitor.post("/sign-out")
    assert visitor.get(f"/submissions/{submission.pk}/").status_code == 302
    assert "no-store" not in browser().get("/competitions/c4/").get("Cache-Control", "")


class _Metas(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "meta" and "name" in given:
            self.found[given["name"]] = given.get("content", "")


def test_htmx_asks_this_site_only_and_keeps_no_history(browser, db):
    reader = _Metas()
    reader.feed(browser().get("/").content.decode())
    config = json.loads(reader.found["htmx-config"])
    assert (config["mode"], config["history"], config["includeIndicatorCSS"]) == (
        "same-origin",
        "reload",
        False,
    )
