"""Every address of the pages against every kind of person."""

import tomllib
from datetime import timedelta
from typing import NamedTuple

import pytest

from coliseum import clock
from coliseum.accounts.services import create_sign_in_link, create_token
from coliseum.competitions.announcements import publish_announcement, send_notice
from coliseum.competitions.models import JoinRequest
from coliseum.competitions.plans import save_plan
from coliseum.competitions.teams import invite
from coliseum.ids import new_id
from coliseum.league.exporting import want_export
from coliseum.matches.models import Match
from coliseum.matches.recording import record_results
from coliseum.matches.services import (
    Plan,
    claim_batch,
    extend_leases,
    schedule_matches,
    schedule_validation,
)
from coliseum.submissions.services import accept_upload
from coliseum.tournaments.services import start_tournament
from tests.e2e.pages import LOOKS
from tests.platform.conftest import result_of, upload_of
from tests.platform.pages.addresses import (
    ACCOUNTS,
    TAKE_FORMS,
    every_address,
    is_members_form,
    is_page,
    staff_pages,
    visit,
)
from tests.platform.pages.people_addresses import PEOPLE_PAGES, told_things
from tests.platform.tournaments.playing import open_tournament
from tests.workers.hosting.files import HEAD
from workers.spec import MatchKind

PEOPLE = ("nobody", "eve", "bob", "ann", "host", "other", "staff")
"""Signed out, an outsider, a team-mate, the owner, this competition's host, another's, an administrator."""


class Row(NamedTuple):
    """What an address answers to whom, in the order of PEOPLE."""

    address: str
    statuses: tuple[int, ...]
    fields: dict[str, str] | None = None
    """What is posted; None for a visit."""


EVERYBODY = (200,) * len(PEOPLE)
NOBODYS = (404,) * len(PEOPLE)
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200)
OWNERS = (302, 404, 200, 200, 404, 404, 404)
INSIDERS = (302, 404, 200, 200, 200, 404, 200)
HOSTS = (302, 404, 404, 404, 200, 404, 200)
STAFF = (302, 404, 404, 404, 404, 404, 200)


def _moved(statuses: tuple[int, ...]) -> tuple[int, ...]:
    """Return the same people, answered by a redirect: after a form, or to the sign-in page."""
    return tuple(302 if status == 200 else status for status in statuses)


WRITTEN = {
    "plan": "{plan}",
    "competition-arena": "connect_four-v3",
    "competition-title": "Spring Cup",
    "competition-slug": "spring-cup",
}
ACCESS = {
    "home": Row("/", EVERYBODY),
    "mine": Row("/my-agents/", SIGNED_IN),
    "tv": Row("/tv/", EVERYBODY),
    "tv-stream": Row("/tv/stream", EVERYBODY),
    "tv-queue": Row("/tv/queue", (302, *NOBODYS[1:]), {"arena": "none-v0"}),
    "competitions": Row("/competitions/", EVERYBODY),
    "competition": Row("/competitions/c4/", EVERYBODY),
    "rules": Row("/competitions/c4/rules", EVERYBODY),
    "leaderboard": Row("/competitions/c4/leaderboard", EVERYBODY),
    "plots": Row("/competitions/c4/plots", EVERYBODY),
    "standings": Row("/competitions/c4/standings", EVERYBODY),
    "ledger": Row("/competitions/c4/ledger.jsonl", EVERYBODY),
    "competition-matches": Row("/competitions/c4/matches", EVERYBODY),
    "tournaments": Row("/competitions/c4/tournaments", EVERYBODY),
    "tournament-new": Row("/competitions/c4/tournaments/new", HOSTS),
    "tournament": Row("/tournaments/{tournament}/", EVERYBODY),
    "tournament-course": Row("/tournaments/{tournament}/course", EVERYBODY),
    "tournament-change": Row("/tournaments/{planned}/change", HOSTS),
    "tournament-act": Row("/tournaments/{tournament}/act", _moved(HOSTS), {"act": "pause"}),
    "tournament-cancel": Row("/tournaments/{tournament}/cancel", _moved(HOSTS), {"confirm": "cancel"}),
    "tournament-leave": Row(
        "/tournaments/{tournament}/leave",
        (302, 404, 302, 302, 302, 404, 302),
        {"agent": "{submission}", "confirm": "four-seasons v1", "reason": "tired"},
    ),
    "log": Row("/competitions/c4/log", EVERYBODY),
    "versus": Row("/competitions/c4/versus?a={submission}", EVERYBODY),
    "exploiters": Row("/competitions/c4/exploiters", EVERYBODY),
    "submission-retry": Row("/submissions/{submission}/retry", _moved(OWNERS), {}),
    "submission-exploit": Row("/submissions/{submission}/exploit", _moved(OWNERS), {"target": "x"}),
    "phases": Row("/competitions/c4/phases", EVERYBODY),
    "phase": Row("/competitions/c4/phases/public-1", EVERYBODY),
    "final-name": Row("/competitions/c4/phases/public-1/name", (302, 403, 403, 403, 403, 403, 403), {}),
    "contender-withdraw": Row(
        "/competitions/c4/phases/public-1/withdraw", (302, 404, 404, 404, 404, 404, 404), {"reason": "why"}
    ),
    "host-panel": Row("/competitions/c4/host/panel", HOSTS),
    "host-phases": Row("/competitions/c4/host/phases", HOSTS),
    "host-phase-act": Row(
        "/competitions/c4/host/phases/act", _moved(HOSTS), {"act": "close", "reason": "Spring is over."}
    ),
    "join": Row("/competitions/c4/join", SIGNED_IN),
    "rules-accept": Row(
        "/competitions/c4/rules/accept", (302, 302, 302, 302, 403, 403, 403), {"rules": "on", "version": "1"}
    ),
    "submit": Row("/competitions/c4/submit", SIGNED_IN),
    "submit-test": Row(
        "/competitions/c4/submit/test", (401, 400, 400, 400, 403, 403, 403), {"with": "editor"}
    ),
    "host-console": Row("/competitions/c4/host", HOSTS),
    "host-entries": Row("/competitions/c4/host/entries", HOSTS),
    "host-failures": Row("/competitions/c4/host/failures", HOSTS),
    "host-matches": Row("/competitions/c4/host/matches", HOSTS),
    "host-matches-act": Row("/competitions/c4/host/matches/act", HOSTS, {"act": "void", "match": "{match}"}),
    "host-announcements": Row("/competitions/c4/host/announcements", HOSTS),
    "host-cost": Row("/competitions/c4/host/cost", HOSTS),
    "host-export": Row("/competitions/c4/host/export", HOSTS),
    "host-archive": Row("/competitions/c4/host/archive.zip", HOSTS),
    "host-reinstate": Row(
        "/competitions/c4/host/reinstate",
        _moved(HOSTS),
        {"entry": "{entry}", "reason": "a mistake", "confirm": "Four Seasons"},
    ),
    "announcements": Row("/competitions/c4/announcements", EVERYBODY),
    "announcement": Row("/competitions/c4/announcements/{announcement}", EVERYBODY),
    "announcements-feed": Row("/competitions/c4/announcements.atom", EVERYBODY),
    "dates": Row("/competitions/c4/dates.ics", EVERYBODY),
    "status": Row("/status", EVERYBODY),
    "status-json": Row("/status.json", EVERYBODY),
    "host-file": Row("/competitions/c4/host/competition.toml", HOSTS),
    "host-integrity": Row("/competitions/c4/host/integrity", HOSTS),
    "host-state": Row("/competitions/c4/host/state", _moved(HOSTS), {"to": "paused"}),
    "host-edit": Row("/competitions/c4/host/edit/1", HOSTS),
    "host-requests": Row("/competitions/c4/host/requests", HOSTS),
    "host-answer": Row(
        "/competitions/c4/host/requests/answer", _moved(HOSTS), {"request": "{request}", "to": "approved"}
    ),
    "host-renew": Row("/competitions/c4/host/invitation", (302, 404, 404, 404, 409, 404, 409), {}),
    "host-baselines": Row("/competitions/c4/host/baselines", _moved(HOSTS), {}),
    "host-calibrate": Row("/competitions/c4/host/calibrate", _moved(HOSTS), {}),
    "host-disqualify": Row(
        "/competitions/c4/host/disqualify",
        _moved(HOSTS),
        {"entry": "{entry}", "reason": "copied", "confirm": "Four Seasons"},
    ),
    "submission": Row("/submissions/{submission}/", INSIDERS),
    "submission-head": Row("/submissions/{submission}/head", INSIDERS),
    "checklist": Row("/submissions/{submission}/checklist", INSIDERS),
    "submission-package": Row("/submissions/{submission}/package", OWNERS),
    "submission-reproduction": Row("/submissions/{submission}/reproduce.zip", (302, *NOBODYS[1:])),
    "submission-changes": Row("/submissions/{submission}/changes", (302, *NOBODYS[1:])),
    "submission-note": Row("/submissions/{submission}/note", _moved(OWNERS), {"note": "x"}),
    "submission-roll-back": Row("/submissions/{submission}/roll-back", _moved(OWNERS), {}),
    "submission-activate": Row("/submissions/{submission}/activate", _moved(OWNERS), {}),
    "submission-deactivate": Row("/submissions/{submission}/deactivate", _moved(OWNERS), {}),
    "agent": Row("/agents/{submission}/", EVERYBODY),
    "agent-package": Row("/agents/{submission}/package", (404, 404, 200, 200, 404, 404, 404)),
    "matches": Row("/matches/", EVERYBODY),
    "match": Row("/matches/{match}/", EVERYBODY),
    "match-count": Row("/matches/{match}/count", _moved(HOSTS), {"to": "void", "reason": "A test."}),
    "match-state": Row("/matches/{match}/state", EVERYBODY),
    "replay": Row("/matches/{match}/replay.json", EVERYBODY),
    "trajectory": Row("/matches/{match}/episodes/0/trajectory.json", EVERYBODY),
    "trajectory-file": Row("/matches/{match}/episodes/0/replay.ctr", EVERYBODY),
    "replay-page": Row("/matches/{match}/episodes/0/replay.html", EVERYBODY),
    "embed": Row("/matches/{match}/episodes/0/embed", EVERYBODY),
    "pictures": Row("/matches/{match}/episodes/0/pictures", EVERYBODY),
    "pictures-state": Row("/matches/{match}/episodes/0/pictures.json", EVERYBODY),
    "pictures-file": Row("/matches/{match}/episodes/0/pictures.webp", (404,) * len(PEOPLE)),
    "own-replay": Row("/replay", EVERYBODY),
    "compare": Row("/replays/compare?a={match}", EVERYBODY),
    "arenas": Row("/arenas/", EVERYBODY),
    "arena": Row("/arenas/connect_four-v3/", EVERYBODY),
    "arena-preview": Row("/arenas/connect_four-v3/preview.json", EVERYBODY),
    "arena-figure": Row("/arenas/coliseum/sumo-v1/figures/ring.svg", EVERYBODY),
    "play": Row("/arenas/connect_four-v3/play", EVERYBODY),
    "table": Row("/play/nobodys/", NOBODYS),
    "table-stream": Row("/play/nobodys/stream", NOBODYS),
    "table-act": Row("/play/nobodys/act", NOBODYS, {"action": "1"}),
    "table-leave": Row("/play/nobodys/leave", NOBODYS, {}),
    "table-replay": Row("/play/nobodys/replay.json", NOBODYS),
    "docs": Row("/docs/", EVERYBODY),
    "document": Row("/docs/participant/", EVERYBODY),
    "token-revoke": Row("/settings/tokens/{token}/revoke", (302, 404, 404, 302, 404, 404, 404), {}),
    "language": Row("/language", (302,) * len(PEOPLE), {"language": "en"}),
    "theme": Row("/theme", (302,) * len(PEOPLE), {"theme": "dark"}),
    "host": Row("/host/", (302, 403, 403, 403, 200, 200, 200)),
    "wizard": Row("/host/new", (302, 403, 403, 403, 200, 200, 200)),
    "wizard-step": Row("/host/new/{plan}/1", (302, 403, 403, 403, 200, 404, 404)),
    "wizard-review": Row("/host/new/{plan}/review", (302, 403, 403, 403, 200, 404, 404)),
    "wizard-file": Row("/host/new/{plan}/competition.toml", (302, 403, 403, 403, 200, 404, 404)),
    "wizard-discard": Row(
        "/host/new/{plan}/discard", (302, 403, 403, 403, 302, 404, 404), {"confirm": "discard"}
    ),
    "host-from-file": Row("/host/from-file", (302, 403, 403, 403, 302, 302, 302), {"text": HEAD}),
    "administration": Row("/administration/", STAFF),
    "match-again": Row("/administration/matches/{failed}/again", _moved(STAFF), {}),
    "administration-matches": Row("/administration/matches", STAFF),
    "administration-people": Row("/administration/people", STAFF),
    "administration-log": Row("/administration/log", STAFF),
    "administration-incidents": Row(
        "/administration/incidents", _moved(STAFF), {"act": "post", "title": "Slow disks"}
    ),
    "administration-act": Row(
        "/administration/people/act", _moved(STAFF), {"person": "eve", "act": "sign_out"}
    ),
    "administration-hosting": Row("/administration/hosting", _moved(STAFF), {"person": "eve"}),
    "administration-link": Row("/administration/link", STAFF, {"person": "eve"}),
    "live": Row("/live?topic=competition:c4", EVERYBODY),
}
ACCESS |= {name: Row(*facts) for name, facts in (ACCOUNTS | PEOPLE_PAGES).items()}
STAFF_PAGES = {name: Row(*facts) for name, facts in staff_pages().items()}
PRIVATE = {
    "a competition's webhook": Row("/settings/webhooks/{host_webhook}/", HOSTS),
    "joining": Row("/competitions/c4/join", (302,) * len(PEOPLE), {"rules": "on"}),
    "what opens a new competition": Row("/host/new", (302, 403, 403, 403, 302, 404, 404), WRITTEN),
    "a notice to a team": Row("/competitions/c4/announcements/{notice}", (404, 404, 200, 200, 200, 404, 200)),
    "the news of a draft": Row("/competitions/secret-cup/announcements", (404, 404, 404, 404, 200, 404, 200)),
    "its feed": Row("/competitions/secret-cup/announcements.atom", (404, 404, 404, 404, 200, 404, 200)),
    "its dates": Row("/competitions/secret-cup/dates.ics", (404, 404, 404, 404, 200, 404, 200)),
    "a draft": Row("/competitions/secret-cup/", (404, 404, 404, 404, 200, 404, 200)),
    "its ledger": Row("/competitions/secret-cup/ledger.jsonl", (404, 404, 404, 404, 200, 404, 200)),
    "the live topic of a draft": Row(
        "/live?topic=competition:secret-cup", (404, 404, 404, 404, 200, 404, 200)
    ),
    "an unvalidated upload": Row("/submissions/{unvalidated}/", INSIDERS),
    "its agent page": Row("/agents/{unvalidated}/", (404,) * len(PEOPLE)),
    "its live topic": Row("/live?topic=submission:{unvalidated}", (404, 404, 200, 200, 200, 404, 200)),
    "its validation": Row("/matches/{validation}/", (404, 404, 200, 200, 200, 404, 200)),
    "the state of it": Row("/matches/{validation}/state", (404, 404, 200, 200, 200, 404, 200)),
    "a planned tournament": Row("/tournaments/{planned}/", EVERYBODY),
    "a tournament's draft": Row("/tournaments/{secret}/", (404, 404, 404, 404, 200, 404, 200)),
    "the course of it": Row("/tournaments/{secret}/course", (404, 404, 404, 404, 200, 404, 200)),
    "its live topic too": Row("/live?topic=tournament:{secret}", (404, 404, 404, 404, 200, 404, 200)),
    "a held match": Row("/matches/{held}/", (404, 404, 404, 404, 200, 404, 200)),
    "its state": Row("/matches/{held}/state", (404, 404, 404, 404, 200, 404, 200)),
    "its replay": Row("/matches/{held}/replay.json", (404, 404, 404, 404, 200, 404, 200)),
    "its picture": Row("/matches/{held}/episodes/0/trajectory.json", (404, 404, 404, 404, 200, 404, 200)),
    "its live match": Row("/live?topic=match:{validation}", (404, 404, 200, 200, 200, 404, 200)),
}


@pytest.fixture
def tournaments(competition, submission, rival):
    """Return a running tournament, one that is announced, and a draft."""
    running = open_tournament(competition, "round_robin")
    planned = open_tournament(competition, "swiss", starts_at=clock.now() + timedelta(days=1))
    secret = open_tournament(competition, "swiss")
    start_tournament(tournament=running, actor=None)
    return {"tournament": running.pk, "planned": planned.pk, "secret": secret.pk}


@pytest.fixture
def held(submission, rival):
    """Return a finished match of ann's and eve's agents whose result is held back."""
    plan = Plan(MatchKind.TOURNAMENT, (submission, rival), is_held=True)
    (made,) = schedule_matches(competition=submission.entry.competition, plans=[plan])
    (claimed,) = claim_batch(limit=1)
    extend_leases(token=claimed.token, worker="bench:1")
    record_results([result_of(claimed)])
    return made


@pytest.fixture
def people(ann, bob, eve, host, other, staff):
    """Return everybody of PEOPLE by name."""
    return {"nobody": None, "eve": eve, "bob": bob, "ann": ann, "host": host, "other": other, "staff": staff}


@pytest.fixture
def things(people, draft, entry, submission, match, held, tournaments, tmp_path, agent_source):
    """Return what the addresses name, and the people who visit them."""
    ann = people["ann"]
    upload = upload_of(agent_source + b"# second\n", tmp_path, name="second.py")
    unvalidated, _ = accept_upload(entry=entry, user=ann, upload=upload)
    validation = schedule_validation(submission=unvalidated)
    failed = Match.objects.create(
        competition=entry.competition, kind="league", state="failed", scenario="x", queued_at=match.queued_at
    )
    token, _ = create_token(user=ann, name="t", scopes=["read"])
    return {
        "people": people,
        "entry": entry.pk,
        "team": entry.team_id,
        "announcement": publish_announcement(
            competition=entry.competition, actor=people["host"], title="News", text="All is well."
        ).pk,
        "notice": send_notice(
            competition=entry.competition, actor=people["host"], title="You", text="x", entries=[entry]
        ).pk,
        "invitation": invite(entry=entry, actor=ann),
        "export": want_export(ann).pk,
        "plan": save_plan(
            plan_id=new_id(),
            host=people["host"],
            tables={"competition": tomllib.loads(HEAD)["competition"]},
            step=1,
        ).pk,
        "request": JoinRequest.objects.create(
            competition=entry.competition, user=people["staff"], asked_at=match.queued_at
        ).pk,
        "submission": submission.pk,
        "unvalidated": unvalidated.pk,
        "validation": validation.pk,
        "match": match.pk,
        "held": held.pk,
        **tournaments,
        "failed": failed.pk,
        "token": token.pk,
        **told_things(ann, people["host"], entry.competition),
        "link": create_sign_in_link(user=ann).rpartition("/")[2],
    }


def test_every_address_stands_in_the_table():
    assert {name for name, _ in every_address()} == ACCESS.keys() | STAFF_PAGES.keys()


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_as_the_table_says(browser, things, person):
    someone = things["people"][person]
    table = ACCESS | PRIVATE | STAFF_PAGES
    answers = {name: visit(browser(someone), row, things) for name, row in table.items()}
    told = {name: row.statuses[PEOPLE.index(person)] for name, row in table.items()}
    if person == "nobody":
        forms = {name for name, row in table.items() if is_members_form(name, row.fields)}
        told |= {name: 401 for name in forms if told[name] == 302}
    assert {name: answer.status_code for name, answer in answers.items()} == told
    # Redirects, files, feeds, streams and parts of pages are none.
    visits = {name for name, row in ACCESS.items() if row.fields is None}
    pages = {name for name in visits if is_page(answers[name])}
    assert pages <= LOOKS.keys(), "pages that no browser looks at: tests/e2e/pages.py"
    if person == "nobody":
        sent = {name for name in ACCESS if told[name] == 302 and 404 in ACCESS[name].statuses}
        assert all(answers[name]["Location"].startswith("/sign-in?next=") for name in sent)


def test_b53_a_form_without_its_token_changes_nothing(client_of, things):
    visitor = client_of(things["people"]["staff"])
    typed = {"reason": "a long text", "password": "pw-1"}
    # The editor gives its own form back, with what it knows.
    for row in (row for name, row in ACCESS.items() if row.fields is not None and name != "submit-test"):
        answer = visitor.post(row.address.format(**things), typed)
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "auth.csrf" in page
        assert "a long text" in page
        assert "pw-1" not in page


FORMS_AND_PAGES = {
    *("submit", "join", "host-failures", "host-announcements", "host-edit"),
    *("wizard", "wizard-step", "wizard-review"),
    *("tournament-new", "tournament-change", "host-panel", "pictures", "play"),
    *("settings-profile", "team-join", "account-delete"),
    *("settings-notifications", "webhooks", "host-webhooks", "unsubscribe"),
    *TAKE_FORMS,
}


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
