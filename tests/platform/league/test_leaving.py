"""Deleting an account: nothing of the person is left anywhere, and no result changes."""

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.core.files.storage import default_storage
from django.db import models
from PIL import Image

from coliseum import clock, storage
from coliseum.accounts.exports import ask_export
from coliseum.accounts.follows import follow
from coliseum.accounts.models import User
from coliseum.accounts.pictures import read_picture
from coliseum.accounts.profiles import change_picture, change_profile
from coliseum.accounts.services import create_sign_in_link, create_token
from coliseum.accounts.stewards import note_deed
from coliseum.competitions.models import Entry
from coliseum.competitions.services import enter_competition, record_act
from coliseum.competitions.teams import captain_of, invite, rename_team
from coliseum.leaderboards.models import Plot
from coliseum.leaderboards.sealing import seal_ledger
from coliseum.leaderboards.services import rate_phase
from coliseum.league.audit import audit
from coliseum.league.exporting import make_export
from coliseum.league.leaving import delete_account, erase_remains
from coliseum.league.sweeping import sweep
from coliseum.matches.models import Match, Seat
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches
from coliseum.notices.hooks import register_webhook
from coliseum.notices.models import Kind
from coliseum.notices.services import News, tell
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import paired_in, players_in
from coliseum.submissions.services import accept_upload
from tests.platform.conftest import make_ready, result_of, upload_of
from workers.refusals import RefusedError
from workers.spec import AgentUsage, MatchKind

NAME, MAIL = "quentin.zappelphilipp", "qz-private@example.org"


@pytest.fixture
def quentin(db):
    """Return somebody with a name that stands nowhere else."""
    return User.objects.create_user(
        username=NAME, email=MAIL, first_name="Quentin", last_name="Zappelphilipp"
    )


@pytest.fixture
def life(quentin, submission, tmp_path, agent_source, client_of, staff, host):
    """Leave traces of quentin wherever a person can leave them; return the agent."""
    competition = submission.entry.competition
    entry = enter_competition(competition=competition, user=quentin)
    source = agent_source + f"# by {NAME}, {MAIL}\n".encode()
    upload = upload_of(
        source, tmp_path, name=f"{NAME}.py", note=f"mail {MAIL}", idempotency_key=f"{NAME[:7]}-1"
    )
    agent = make_ready(accept_upload(entry=entry, user=quentin, upload=upload)[0])
    Submission.objects.filter(pk=agent.pk).update(
        message=f"{NAME}.py, line 1", usage={"log": f"{NAME} thinks"}
    )
    rename_team(entry=entry, actor=quentin, name=f"Team {NAME}")
    schedule_matches(competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, agent))] * 2)
    (match,) = claim_batch(limit=1)
    extend_leases(token=match.token, worker="bench:1")
    match.refresh_from_db()
    record_results([result_of(match, usage=(AgentUsage(log="x"), AgentUsage(log=f"{NAME} was here")))])
    rate_phase(phase=match.phase)
    seal_ledger(match.phase)
    plot = {"lines": [{"of": f"Team {NAME}"}]}
    Plot.objects.create(phase=match.phase, name="made up", content=plot, computed_at=clock.now())
    change_profile(user=quentin, display_name="Quentin Zappelphilipp", bio=MAIL, affiliation=NAME, link="")
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    change_picture(user=quentin, content=read_picture(io.BytesIO(out.getvalue())))
    create_token(user=quentin, name=f"{NAME}'s laptop", scopes=["read"])
    create_sign_in_link(user=quentin)
    follow(user=quentin, topic="competition:c4")
    client_of(quentin)
    note_deed(actor=staff, subject=quentin, text=f"Let {NAME} host.")
    record_act(
        competition=competition, actor=host, verb="warned", subject=NAME, reason=f"{MAIL} wrote twice."
    )
    invite(entry=entry, actor=quentin)
    make_export(ask_export(user=quentin).pk)
    register_webhook(user=host, url="https://hooks.example.org/", lookup=lambda name, port: ["93.184.216.34"])
    facts = {"agent": f"{NAME}-7 v1", "title": f"{NAME} wins"}
    tell([News(Kind.REJECTED, "k", "/", {quentin.pk, host.pk}, facts)])
    return agent


def text_columns():
    """Return every column that can hold text, of all models of all apps."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
    return [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) or field.get_internal_type() in {"BinaryField", "TextField"}
    ]


def traces(words):
    """Return where a word stands: columns of the database, names and contents of stored files."""
    found = []
    for model, field in text_columns():
        for value in model._base_manager.values_list(field.attname, flat=True):
            text = (
                bytes(value).decode("utf-8", "replace")
                if isinstance(value, bytes | memoryview)
                else str(value)
            )
            found += [
                (f"{model.__name__}.{field.name}", text[:60]) for word in words if word in text.casefold()
            ]
    for file in Path(settings.MEDIA_ROOT).rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        found += [
            (str(file), word) for word in words if word in str(file).casefold() or word.encode() in content
        ]
    return found


def kept_in_caches():
    """Return all that the process itself remembers for the site, as text."""
    return repr(caches["default"]._cache).casefold()


def board_of(competition):
    """Return everything that a board, its ledger and its matches consist of."""
    phase = competition.phases.get()
    return {
        "standings": list(phase.standings.order_by("pk").values()),
        "pages": list(phase.ledger_pages.order_by("pk").values()),
        "agents": list(phase.ledger_agents.order_by("pk").values()),
        "results": list(
            Seat.objects.order_by("pk").values("match_id", "submission_id", "score", "rank", "outcome")
        ),
        "players": list(players_in(phase).values_list("pk", flat=True)),
    }


def test_after_deletion_nothing_of_the_person_is_found_and_no_board_changes(
    life, quentin, competition, django_capture_on_commit_callbacks, caplog
):
    cache.set("made-up", f"seen {NAME}", 60)
    assert NAME in kept_in_caches()
    cache.delete("made-up")
    words = (NAME, MAIL, "zappelphilipp")
    assert len({place for place, _ in traces(words)}) > 15
    before, digest = board_of(competition), life.package_id
    differences = audit(with_files=True).differences
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(quentin)
    assert traces(words) == []
    elsewhere = kept_in_caches() + caplog.text.casefold()
    assert not [word for word in words if word in elsewhere]
    assert board_of(competition) == before
    gone = User.objects.get(pk=quentin.pk)
    assert (gone.username, gone.is_active, gone.email) == (f"deleted user {gone.pk}", False, "")
    assert gone.deleted_at
    assert gone.erased_at
    assert not gone.has_usable_password()
    assert not Session.objects.exists()
    with pytest.raises(FileNotFoundError):
        storage.read_package(digest)
    life.refresh_from_db()
    assert life.entry.team.name == f"deleted user {gone.pk}"
    assert not Match.objects.filter(state="queued", seats__submission=life).exists()
    assert life not in paired_in(competition.phases.get())
    rate_phase(phase=competition.phases.get())
    assert [row["rank"] for row in board_of(competition)["standings"]] == [
        row["rank"] for row in before["standings"]
    ]
    assert audit(with_files=True).differences == differences
    assert LogEntry.objects.filter(object_id=str(gone.pk)).exists()


def test_a_team_with_others_goes_on(ann, bob, entry, submission, django_capture_on_commit_callbacks):
    digest = submission.package_id
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(ann)
    entry = Entry.objects.get(pk=entry.pk)
    assert (entry.team.name, captain_of(entry.team)) == ("Four Seasons", bob)
    submission.refresh_from_db()
    assert submission.is_active
    assert submission.original_name == ""
    assert storage.read_package(digest)
    assert submission in paired_in(entry.competition.phases.get())


def test_bytes_that_another_team_sent_too_stay_theirs(
    life, quentin, entry, bob, tmp_path, django_capture_on_commit_callbacks
):
    same = upload_of(storage.read_package(life.package_id), tmp_path, name="same.py")
    enter_competition(competition=entry.competition, user=bob)
    theirs, _ = accept_upload(entry=entry, user=bob, upload=same)
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(quentin)
    assert storage.read_package(theirs.package_id)


def test_what_a_killed_deletion_left_is_swept(life, quentin, monkeypatch):
    monkeypatch.setattr("coliseum.league.leaving.erase_remains", lambda user: None)
    delete_account(quentin)
    assert default_storage.exists(storage.package_key(life.package_id))
    sweep()
    assert not default_storage.exists(storage.package_key(life.package_id))
    erased = User.objects.get(pk=quentin.pk).erased_at
    assert erased
    sweep()
    erase_remains(quentin)
    assert not Seat.objects.filter(submission=life, usage__contains="log of").exists()


def test_the_last_administrator_stays(staff):
    with pytest.raises(RefusedError) as refused:
        delete_account(staff)
    assert refused.value.code == "auth.not_allowed"
    assert User.objects.get(pk=staff.pk).is_active


def test_deleting_twice_is_once(quentin):
    delete_account(quentin)
    first = User.objects.get(pk=quentin.pk).deleted_at
    delete_account(User.objects.get(pk=quentin.pk))
    assert User.objects.get(pk=quentin.pk).deleted_at == first
