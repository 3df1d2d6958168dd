"""Every address of the pages against every kind of person."""

from typing import NamedTuple

import pytest
from django.db import transaction
from django.urls import URLPattern

from coliseum.accounts.services import create_sign_in_link, create_token
from coliseum.matches.models import Match
from coliseum.matches.services import schedule_validation
from coliseum.pages.urls import urlpatterns
from coliseum.submissions.services import accept_upload
from tests.platform.conftest import upload_of

PEOPLE = ("nobody", "eve", "bob", "ann", "host", "staff")


class Row(NamedTuple):
    """What an address answers to whom, in the order of PEOPLE."""

    address: str
    statuses: tuple[int, int, int, int, int, int]
    fields: dict[str, str] | None = None
    """What is posted; None for a visit."""


EVERYBODY = (200,) * 6
SIGNED_IN = (302, 200, 200, 200, 200, 200)
OWNERS = (302, 404, 200, 200, 404, 404)
INSIDERS = (302, 404, 200, 200, 200, 200)
HOSTS = (302, 404, 404, 404, 200, 200)
STAFF = (302, 404, 404, 404, 404, 200)


def _moved(statuses: tuple[int, ...]) -> tuple[int, ...]:
    """Return the same people, answered by a redirect: after a form, or to the sign-in page."""
    return tuple(302 if status == 200 else status for status in statuses)


ACCESS = {
    "home": Row("/", EVERYBODY),
    "mine": Row("/my-agents/", SIGNED_IN),
    "competitions": Row("/competitions/", EVERYBODY),
    "competition": Row("/competitions/c4/", EVERYBODY),
    "rules": Row("/competitions/c4/rules", EVERYBODY),
    "leaderboard": Row("/competitions/c4/leaderboard", EVERYBODY),
    "standings": Row("/competitions/c4/standings", EVERYBODY),
    "competition-matches": Row("/competitions/c4/matches", EVERYBODY),
    "log": Row("/competitions/c4/log", EVERYBODY),
    "join": Row("/competitions/c4/join", (302,) * 6, {"rules": "on"}),
    "submit": Row("/competitions/c4/submit", SIGNED_IN),
    "host-console": Row("/competitions/c4/host", HOSTS),
    "host-state": Row("/competitions/c4/host/state", _moved(HOSTS), {"to": "paused"}),
    "host-change": Row(
        "/competitions/c4/host/change",
        _moved(HOSTS),
        {"title": "Cup", "daily_submissions": "5", "active_submissions": "2", "target_matches": "9"},
    ),
    "host-baselines": Row("/competitions/c4/host/baselines", _moved(HOSTS), {}),
    "host-disqualify": Row(
        "/competitions/c4/host/disqualify",
        _moved(HOSTS),
        {"entry": "{entry}", "reason": "copied", "confirm": "Four Seasons"},
    ),
    "submission": Row("/submissions/{submission}/", INSIDERS),
    "submission-head": Row("/submissions/{submission}/head", INSIDERS),
    "checklist": Row("/submissions/{submission}/checklist", INSIDERS),
    "submission-package": Row("/submissions/{submission}/package", OWNERS),
    "submission-activate": Row("/submissions/{submission}/activate", _moved(OWNERS), {}),
    "submission-deactivate": Row("/submissions/{submission}/deactivate", _moved(OWNERS), {}),
    "agent": Row("/agents/{submission}/", EVERYBODY),
    "matches": Row("/matches/", EVERYBODY),
    "match": Row("/matches/{match}/", EVERYBODY),
    "match-state": Row("/matches/{match}/state", EVERYBODY),
    "replay": Row("/matches/{match}/replay.json", EVERYBODY),
    "trajectory": Row("/matches/{match}/episodes/0/trajectory.json", EVERYBODY),
    "arenas": Row("/arenas/", EVERYBODY),
    "arena": Row("/arenas/connect_four-v3/", EVERYBODY),
    "docs": Row("/docs/", EVERYBODY),
    "document": Row("/docs/participant/", EVERYBODY),
    "sign-in": Row("/sign-in", (200, 302, 302, 302, 302, 302)),
    "sign-in-link": Row("/sign-in/link/{link}", EVERYBODY),
    "sign-up": Row("/sign-up", (200, 302, 302, 302, 302, 302)),
    "sign-out": Row("/sign-out", (302,) * 6, {}),
    "settings": Row("/settings/", SIGNED_IN),
    "token-revoke": Row("/settings/tokens/{token}/revoke", (302, 404, 404, 302, 404, 404), {}),
    "theme": Row("/theme", (302,) * 6, {"theme": "dark"}),
    "host": Row("/host/", (302, 403, 403, 403, 200, 200)),
    "administration": Row("/administration/", STAFF),
    "match-again": Row("/administration/matches/{failed}/again", _moved(STAFF), {}),
    "administration-hosting": Row("/administration/hosting", _moved(STAFF), {"person": "eve"}),
    "administration-link": Row("/administration/link", STAFF, {"person": "eve"}),
    "live": Row("/live?topic=competition:c4", EVERYBODY),
}
PRIVATE = {
    "a draft": Row("/competitions/secret-cup/", (404, 404, 404, 404, 200, 200)),
    "the live topic of a draft": Row("/live?topic=competition:secret-cup", (404, 404, 404, 404, 200, 200)),
    "an unvalidated upload": Row("/submissions/{unvalidated}/", INSIDERS),
    "its agent page": Row("/agents/{unvalidated}/", (404,) * 6),
    "its live topic": Row("/live?topic=submission:{unvalidated}", (404, 404, 200, 200, 200, 200)),
    "its validation": Row("/matches/{validation}/", (404, 404, 200, 200, 200, 200)),
    "the state of it": Row("/matches/{validation}/state", (404, 404, 200, 200, 200, 200)),
    "its live match": Row("/live?topic=match:{validation}", (404, 404, 200, 200, 200, 200)),
}


@pytest.fixture
def things(ann, bob, eve, host, staff, draft, entry, submission, match, tmp_path, agent_source):
    """Return what the addresses name, and the people who visit them."""

    upload = upload_of(agent_source + b"# second\n", tmp_path, name="second.py")
    unvalidated, _ = accept_upload(entry=entry, user=ann, upload=upload)
    validation = schedule_validation(submission=unvalidated)
    failed = Match.objects.create(
        competition=entry.competition, kind="league", state="failed", scenario="x", queued_at=match.queued_at
    )
    token, _ = create_token(user=ann, name="t", scopes=["read"])
    return {
        "people": {"nobody": None, "eve": eve, "bob": bob, "ann": ann, "host": host, "staff": staff},
        "entry": entry.pk,
        "submission": submission.pk,
        "unvalidated": unvalidated.pk,
        "validation": validation.pk,
        "match": match.pk,
        "failed": failed.pk,
        "token": token.pk,
        "link": create_sign_in_link(user=ann).rpartition("/")[2],
    }


def test_every_address_stands_in_the_table():
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert names == ACCESS.keys()


def visit(visitor, row, things):
    """Return the answer, and undo what the visit wrote."""
    before = transaction.savepoint()
    address = row.address.format(**things)
    if row.fields is None:
        answer = visitor.get(address)
    else:
        fields = {name: value.format(**things) for name, value in row.fields.items()}
        answer = visitor.post(address, **fields)
    transaction.savepoint_rollback(before)
    return answer


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_as_the_table_says(browser, things, person):
    someone = things["people"][person]
    answers = {name: visit(browser(someone), row, things) for name, row in (ACCESS | PRIVATE).items()}
    told = {name: row.statuses[PEOPLE.index(person)] for name, row in (ACCESS | PRIVATE).items()}
    assert {name: answer.status_code for name, answer in answers.items()} == told
    if person == "nobody":
        sent = {name for name, row in ACCESS.items() if row.statuses[0] == 302 and 404 in row.statuses}
        assert all(answers[name]["Location"].startswith("/sign-in?next=/") for name in sent)


def test_b53_a_form_without_its_token_changes_nothing(client_of, things):
    visitor = client_of(things["people"]["staff"])
    typed = {"reason": "a long text", "password": "pw-1"}
    for row in (row for row in ACCESS.values() if row.fields is not None):
        answer = visitor.post(row.address.format(**things), typed)
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "auth.csrf" in page
        assert "a long text" in page
        assert "pw-1" not in page


FORMS_AND_PAGES = {"submit", "settings", "host", "sign-in", "sign-up", "sign-in-link"}


def test_b78_another_method_is_refused_and_the_right_one_named(browser, things):
    visitor = browser(things["people"]["staff"])
    for name, row in ACCESS.items():
        address = row.address.format(**things)
        answer = visitor.client.delete(address, headers={"X-CSRFToken": "a" * 32})
        assert (name, answer.status_code) == (name, 405)
        assert "request.method" in answer.content.decode()
        takes_forms = row.fields is not None or name in FORMS_AND_PAGES
        assert (name, "POST" in answer["Allow"]) == (name, takes_forms)
        if row.fields is not None:
            assert visitor.get(address).status_code == 405
