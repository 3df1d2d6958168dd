"""Text of people and of agents is text on every page that shows it, whatever stands in it."""

import csv
import gzip
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import OperationalError, connection, models

from coliseum import clock
from coliseum.accounts.models import Profile
from coliseum.competitions.announcements import publish_announcement
from coliseum.competitions.models import Entry, JoinRequest
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import rate_phase
from coliseum.league.incidents import post_incident
from coliseum.matches.models import Audit, Episode, Match, Pictures
from coliseum.matches.services import record_worker
from coliseum.notices.models import Delivery, Webhook
from coliseum.submissions.models import Contender, Submission
from coliseum.tournaments.models import Departure, Entrant, Stage
from tests.platform.pages.conftest import Browser
from tests.platform.pages.hostile import PAYLOADS, SHORT, read
from tests.platform.pages.test_access import (  # noqa: F401 - fixtures: what the addresses name
    ACCESS,
    PRIVATE,
    held,
    people,
    things,
    tournaments,
)
from workers.refusals import INFRASTRUCTURE_ERROR

SHOWN = {
    *("accounts.User.email", "accounts.User.first_name", "accounts.User.last_name", "accounts.Token.name"),
    *(f"accounts.Profile.{name}" for name in ("display_name", "bio", "affiliation", "link")),
    *("competitions.RulesVersion.text", "competitions.JoinRequest.note", "competitions.JoinRequest.reason"),
    *(
        f"competitions.Competition.{name}"
        for name in (*("title", "summary", "overview", "rules", "evaluation", "prizes", "faq", "forum_url"),)
    ),
    *("competitions.Team.name", "competitions.Entry.disqualified_reason"),
    *("competitions.Act.subject", "competitions.Act.reason"),
    *("competitions.Announcement.title", "competitions.Announcement.text"),
    "competitions.Announcement.withdrawn_reason",
    *("submissions.Submission.name", "submissions.Submission.note", "submissions.Submission.original_name"),
    *("submissions.Submission.message", "submissions.Submission.hint"),
    "submissions.Contender.withdrawn_reason",
    *("matches.Match.error", "matches.Audit.note", "matches.Pictures.problem", "matches.Worker.problem"),
    "matches.Worker.name",
    *("tournaments.Tournament.title", "tournaments.Tournament.reason", "tournaments.Pairing.why"),
    "tournaments.Departure.reason",
    *("league.Incident.title", "league.Incident.text"),
    *("notices.Webhook.url", "notices.Delivery.problem", "notices.Delivery.answer"),
}
"""Texts that somebody else wrote and pages show."""


def _in_checks(checks, text):
    return [{**check, "message": text, "hint": text, "evidence": text, "ok": False} for check in checks]


def _in_seats(seats, text):
    return [{**seat, "message": text, "evidence": text, "outcome": "crashed"} for seat in seats]


INSIDE = {
    "competitions.Plan.tables": lambda kept, text: {
        **kept,
        "competition": {**kept.get("competition", {}), "title": text, "overview": text},
    },
    "submissions.Submission.checks": _in_checks,
    "submissions.Submission.usage": lambda kept, text: {**kept, "log": text},
    "matches.Seat.usage": lambda kept, text: {**kept, "log": text} if kept else kept,
    "matches.Episode.seats": _in_seats,
}
"""Packed columns, and how text of others stands in them."""

NEVER_SHOWN = {"matches.Match.worker"}
"""Which machine played: no page shows it."""

OURS = {
    # Keys that clients make up are compared, never shown.
    *("submissions.Submission.idempotency_key", "matches.Match.scenario"),
    *("idempotency.KeptAnswer.key", "idempotency.KeptAnswer.request", "idempotency.KeptAnswer.content"),
    # Names of people are plain letters, see accounts/usernames.py.
    *("accounts.User.password", "accounts.User.username", "accounts.User.language"),
    *(f"accounts.Token.{name}" for name in ("prefix", "digest", "scopes", "competition")),
    *("accounts.SignInLink.digest", "accounts.Profile.picture", "accounts.Follow.topic"),
    *(f"accounts.TakenName.{name}" for name in ("realm", "look", "owner")),
    *("accounts.DataExport.key", "competitions.RulesVersion.terms", "competitions.Plan.steps"),
    # Slugs have letters, digits and dashes; limits and options are read by a schema.
    *(
        f"competitions.Competition.{name}"
        for name in ("slug", "arena", "invite_secret", "limits", "options", "seed_secret")
    ),
    *("competitions.Phase.seed_secret", "competitions.Phase.options", "competitions.Invitation.digest"),
    # The words of formats and rules.
    *("competitions.Phase.verdict", "tournaments.Pairing.label"),
    *("competitions.Act.verb", "competitions.Announcement.code"),
    *("submissions.Package.digest", "submissions.Package.file_name", "submissions.Package.entry_point"),
    *("submissions.Submission.baseline", "submissions.Submission.code"),
    *("matches.Versions.digest", "matches.Versions.values", "matches.Match.reason", "matches.Match.token"),
    *("matches.Match.digest", "matches.Pictures.key", "matches.Worker.checks"),
    *(f"matches.Episode.{name}" for name in ("seating", "digest", "actions", "trajectory", "thought")),
    *(f"leaderboards.Snapshot.{name}" for name in ("digest", "parameters", "root")),
    *("leaderboards.Standing.roles", "leaderboards.Standing.flags", "leaderboards.BoardDay.rows"),
    *("leaderboards.Plot.name", "leaderboards.Plot.content", "leaderboards.LedgerAgent.owner"),
    *(f"leaderboards.LedgerPage.{name}" for name in ("digest", "content", "table_digest")),
    *("tournaments.Tournament.format", "tournaments.Tournament.options"),
    *("tournaments.Stage.entries", "tournaments.Stage.ratings", "tournaments.Pairing.lineup"),
    *("tournaments.PairedMatch.points", "league.Baton.name", "league.PanelCheck.rows"),
    *("notices.Notice.key", "notices.Notice.facts", "notices.Notice.path", "notices.Preference.choices"),
    *("notices.Delivery.kind", "notices.Delivery.key", "notices.Delivery.body"),
    *("notices.Place.submission", "notices.Look.name"),
}
"""Made here, or held to letters, digits and dashes where they come in."""

LINKS = {"accounts.Profile.link", "competitions.Competition.forum_url", "notices.Webhook.url"}
"""Held to http:// and https:// where they come in."""
NO_TEXT = (
    *(models.BooleanField, models.DateTimeField, models.DateField, models.FloatField, models.IntegerField),
)


def text_columns():
    """Yield every column of our own tables that could hold a text somebody made up."""
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("coliseum."):
            continue
        for field in model._meta.concrete_fields:
            made_up = not (field.is_relation or field.choices or isinstance(field, NO_TEXT))
            if made_up and field.name != "id":
                yield f"{model._meta.label}.{field.name}"


def mark_number(column):
    return sorted(SHOWN | INSIDE.keys() | NEVER_SHOWN).index(column)


def mark_of(column):
    return f"q{mark_number(column):02}z"


def venom(column, limit):
    """Return the worst text that fits, with the column's mark; it begins as a formula does."""
    start = "https://evil.example/" if column in LINKS else "=1+"
    first = mark_number(column) % len(PAYLOADS)
    payloads = [*PAYLOADS.values()]
    whole = " ".join([SHORT, *payloads[first:], *payloads[:first]])
    if column in LINKS:
        whole = whole.replace(" ", "")
    end = "@x.org" if column.endswith("email") else ""
    return (start + mark_of(column) + whole)[: (limit or 5000) - len(end)] + end


def poison():
    """Write hostile text into every row of every column that may hold one."""
    for column in SHOWN | NEVER_SHOWN:
        model = apps.get_model(column.rpartition(".")[0])
        name = column.rpartition(".")[2]
        model.objects.update(**{name: venom(column, model._meta.get_field(name).max_length)})
    for column, put in INSIDE.items():
        name = column.rpartition(".")[2]
        for row in apps.get_model(column.rpartition(".")[0]).objects.all():
            setattr(row, name, put(getattr(row, name), venom(column, 0)))
            row.save(update_fields=[name])


def test_every_column_that_holds_text_has_a_decision():
    decided = [SHOWN, INSIDE.keys(), NEVER_SHOWN, OURS]
    assert set().union(*decided) == set(text_columns())
    assert sum(map(len, decided)) == len(set().union(*decided))


@pytest.fixture
def filled(things, host):  # noqa: F811 - the fixture
    """Give every column of SHOWN a row on some page; return what the addresses name."""
    ann, eve = things["people"]["ann"], things["people"]["eve"]
    match, now = Match.objects.get(pk=things["match"]), clock.now()
    competition = match.competition
    Profile.objects.create(user=ann)
    rate_phase(phase=shown_phase(competition))
    post_incident(actor=host, title="Slow", text="x")
    record_worker(name="w", slots=1, isolation=2, speed=1.0, checks=[], problem="x")
    Audit.objects.create(match=match, again_id=things["held"], verdict="changed", note="x", judged_at=now)
    Submission.objects.filter(pk=things["unvalidated"]).update(
        state="rejected",
        code=INFRASTRUCTURE_ERROR,
    )
    JoinRequest.objects.create(
        competition=competition, user=eve, state="refused", asked_at=now, answered_at=now, reason="x"
    )
    Contender.objects.create(
        phase=match.phase, submission_id=things["submission"], named_at=now, withdrawn_at=now
    )
    stage = Stage.objects.get(tournament_id=things["tournament"])
    Departure.objects.create(
        stage=stage,
        entrant=Entrant.objects.filter(tournament=stage.tournament_id).first(),
        kind="withdrawn",
        after_round=1,
        at=now,
    )
    Pictures.objects.create(episode=Episode.objects.filter(match=match).first(), asked_at=now, made_at=now)
    competition.announcements.filter(pk=things["announcement"]).update(withdrawn_at=now)
    publish_announcement(competition=competition, actor=host, title="More", text="x")
    hook = Webhook.objects.create(user=ann, url="https://x.example/", made_at=now)
    Webhook.objects.create(user=host, competition=competition, url="https://x.example/", made_at=now)
    told = {"kind": "validated", "key": "k", "body": "{}", "made_at": now, "tried_at": now, "state": "failed"}
    Delivery.objects.create(webhook=hook, **told)
    Entry.objects.filter(team__members=eve).update(disqualified_at=now)
    return {**things, "hook": hook.pk}


def body_of(answer):
    """Return the whole body, also of a stream, unpacked."""
    if answer.streaming and answer.is_async:

        async def collect():
            return b"".join([part async for part in answer.streaming_content])

        return async_to_sync(collect)()
    body = answer.getvalue()
    return gzip.decompress(body) if answer.get("Content-Encoding") == "gzip" else body


OWN = ("home", "mine", "own-team", "submission", "checklist", "match", "account_email", "settings", "tokens")
VISITS = {"staff": ("",), "ann": (*OWN, "webhook", "notices"), "host": ("wizard",)}
"""Who asks for what: addresses whose names begin so."""
ALSO = {
    "webhooks": "/settings/webhooks",
    "webhook": "/settings/webhooks/{hook}/",
    "host-webhooks": "/competitions/c4/host/webhooks",
    "notices": "/notices/",
}


def visits(things, person):  # noqa: F811 - not the fixture
    """Yield the name and the answer of every page, file and feed that this person can ask for."""
    visitor = Browser(things["people"][person])
    table = {name: row.address for name, row in (ACCESS | PRIVATE).items() if row.fields is None} | ALSO
    for name, address in table.items():
        if name.startswith(VISITS[person]):
            answer = visitor.get(address.format(**things))
            if not answer.get("Content-Type", "").startswith("text/event-stream"):
                yield name, answer


def of_page(name, body):
    page = read(body.decode())
    # The page to keep has its style and its script in itself; its policy names them by their hashes.
    own = ["<style>", "<script> {'type': 'module'}"] if name == "replay-page" else []
    return page.text, [trouble for trouble in page.troubles if trouble not in own]


def of_feed(name, body):
    elements = list(ET.fromstring(body).iter())
    pages = [read(element.text or "") for element in elements if element.get("type") == "html"]
    links = [f"<a href='{element.get('href')}'>" for element in elements if element.get("href")]
    plain = " ".join(element.text or "" for element in elements)
    return plain, [trouble for page in [*pages, *map(read, links)] for trouble in page.troubles]


_LINE = re.compile(r"([A-Z-]+:| )[^\r\n]*\Z|\Z")
"""Of a calendar file: one of our names, or the rest of a long line."""


def of_calendar(name, body):
    lines = body.decode().split("\r\n")
    return body.decode().replace("\r\n ", ""), [
        line for line in lines if "\n" in line or line.startswith("evil")
    ]


def of_archive(name, body):
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        tables = [packed.read(each).decode() for each in packed.namelist() if each.endswith(".csv")]
        paths = [each for each in packed.namelist() if ".." in each or each.startswith("/")]
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row]
    return " ".join(cells), paths + [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def of_json(name, body):
    json.loads(body)
    return body.decode(), []


def of_lines(name, body):
    return body.decode(), []


READERS = {
    "text/html": of_page,
    "application/atom+xml": of_feed,
    "text/calendar": of_calendar,
    "application/zip": of_archive,
    "application/json": of_json,
    "application/x-ndjson": of_lines,
    "application/toml": of_lines,
    "text/plain": of_lines,
    "text/csv": of_lines,
}
BYTES = {"application/gzip", "application/octet-stream", "image/svg+xml", "image/webp", "text/x-python"}
"""What browsers never read as a page, and what is no text of people."""


def test_hostile_text_in_every_column_is_shown_as_text_everywhere(filled):
    poison()
    troubles, told = [], ""
    for person in VISITS:
        for name, answer in visits(filled, person):
            kind = answer.get("Content-Type", "").partition(";")[0]
            if answer.status_code in {301, 302} or kind in BYTES:
                continue
            text, found = READERS[kind](name, body_of(answer))
            told += text
            troubles += [(person, name, each) for each in found]
            if answer.status_code >= 500:
                troubles.append((person, name, answer.status_code))
    assert troubles == []
    seen = {column for column in SHOWN | INSIDE.keys() | NEVER_SHOWN if mark_of(column) in told}
    assert seen == SHOWN | INSIDE.keys()


def test_the_incident_banner_is_left_out_while_the_database_is_away(browser, db):
    def away(execute, query, *rest):
        if "league_incident" in query:
            raise OperationalError("away")
        return execute(query, *rest)

    with connection.execute_wrapper(away):
        assert browser().get("/nowhere").status_code == 404
