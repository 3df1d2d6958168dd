"""Every operation against every kind of person, and against every scope of a token."""

from datetime import timedelta

import pytest
from django.db import transaction

from coliseum import clock
from coliseum.accounts.exports import ask_export
from coliseum.api import rates
from coliseum.api.urls import api as the_api
from coliseum.competitions.announcements import publish_announcement
from coliseum.competitions.queries import shown_phase
from coliseum.competitions.teams import invite
from coliseum.leaderboards.models import Plot
from coliseum.leaderboards.services import rate_phase
from coliseum.notices.hooks import ping, register_webhook
from coliseum.submissions.models import Submission
from coliseum.submissions.services import accept_upload
from tests.platform.api.conftest import ROOT, refusal
from tests.platform.api.operations import PEOPLE, RECEIVER, TABLE, send
from tests.platform.conftest import upload_of
from tests.platform.tournaments.playing import open_tournament
from tests.workers.zips import AGENT

SCOPES = ("read", "submit", "host")
ACTIONS = {"submit": "submit agents", "host": "run competitions", "read": "read"}


@pytest.fixture
def people(ann, bob, eve, host, other, staff):
    """Return everybody of PEOPLE; nobody is None."""
    return {"nobody": None, "ann": ann, "bob": bob, "eve": eve, "host": host, "other": other, "staff": staff}


@pytest.fixture
def things(people, match, submission, rival, tmp_path, _names, monkeypatch):
    """Return what the addresses and bodies name; nobody has to wait between his many requests."""
    monkeypatch.setattr(rates, "WRITES", 1000)
    competition = match.competition
    rate_phase(phase=shown_phase(competition))
    Plot.objects.create(
        phase=shown_phase(competition), name="ladder", content={"rows": []}, computed_at=clock.now()
    )
    said = publish_announcement(competition=competition, actor=people["host"], title="Hello", text="Welcome.")
    tournament = open_tournament(competition, "swiss", starts_at=clock.now() + timedelta(days=1))
    broken = upload_of(AGENT + b"# broken\n", tmp_path, name="broken.py")
    rejected, _ = accept_upload(entry=rival.entry, user=people["eve"], upload=broken)
    Submission.objects.filter(pk=rejected.pk).update(state="rejected", code="crashed")
    hooks = [
        register_webhook(user=people["ann"], url=RECEIVER),
        register_webhook(user=people["host"], url=RECEIVER, competition=competition),
    ]
    pings = [ping(webhook=each).pk for each in hooks]
    return {
        "slug": "c4",
        "submission_id": submission.pk,
        "rival_id": rival.pk,
        "team_id": rival.entry.team_id,
        "own_team_id": submission.entry.team_id,
        "secret": invite(entry=submission.entry, actor=people["ann"]),
        "match_id": match.pk,
        "tournament_id": tournament.pk,
        "announcement_id": said.pk,
        "number": "1",
        "webhook_id": hooks[0].pk,
        "delivery_id": pings[0],
        "host_webhook_id": hooks[1].pk,
        "host_delivery_id": pings[1],
        "export_id": ask_export(user=people["ann"]).pk,
    }


def answer_to(api, operation, things):
    """Send an operation, and take back whatever it did."""
    before = transaction.savepoint()
    answer = send(api, operation, things)
    b"".join(answer.streaming_content) if answer.streaming and not answer.is_async else None
    transaction.savepoint_rollback(before)
    return answer


def test_every_operation_stands_in_the_table():
    described = {
        operation["operationId"]: (method, path.removeprefix(ROOT))
        for path, methods in the_api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    }
    assert set(described) == set(TABLE)
    assert {name: TABLE[name].method for name in TABLE} == {name: each[0] for name, each in described.items()}


@pytest.mark.parametrize("person", PEOPLE)
def test_every_operation_answers_as_the_table_says(caller, people, things, person):
    api = caller(people[person], *SCOPES) if people[person] else caller()
    found, wanted = {}, {}
    for name, operation in TABLE.items():
        answer = answer_to(api, operation, things)
        found[name] = answer.status_code
        wanted[name] = operation.statuses[PEOPLE.index(person)]
        if answer.status_code == 401:
            assert refusal(answer) == (401, "auth.required", "Sign in or send an API token."), name
            assert answer["WWW-Authenticate"] == "Bearer"
    assert found == wanted


@pytest.mark.parametrize("held", SCOPES)
def test_b51_a_token_does_what_its_scopes_say(caller, host, things, held):
    api = caller(host, held)
    for name, operation in TABLE.items():
        if name == "revoke_token" or operation.scope == "":
            continue
        if operation.scope == held:
            answer = answer_to(api, operation, things)
            assert answer.status_code != 401, name
            assert answer.status_code < 400 or refusal(answer)[1] != "auth.missing_scope", name
        elif operation.scope != "read":
            scopes = ", ".join(sorted({held, "read"}))
            message = f"This token may not {ACTIONS[operation.scope]}. It has: {scopes}."
            assert refusal(send(api, operation, things)) == (403, "auth.missing_scope", message), name
