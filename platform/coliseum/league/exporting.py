"""A person's data as one zip: what the site knows of them, their agents' code, and what those wrote."""

import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Sum
from kombu.exceptions import OperationalError

from coliseum import clock, storage
from coliseum.accounts.exports import (
    account_facts,
    ask_export,
    claim_export,
    fail_export,
    finish_export,
    note_progress,
)
from coliseum.accounts.models import DataExport, User
from coliseum.accounts.profiles import profile_of, read_profile_picture
from coliseum.celery_app import app
from coliseum.competitions.queries import memberships_of
from coliseum.ids import new_id
from coliseum.leaderboards.queries import standings_by
from coliseum.matches.queries import logs_of
from coliseum.notices.queries import told_facts
from coliseum.submissions.models import Submission
from coliseum.submissions.presence import uploads_of

logger = logging.getLogger(__name__)
AT_ONCE_BYTES: Final = 4 * 1024 * 1024
AT_ONCE_AGENTS: Final = 20
"""What is larger is made in the background."""
_README: Final = """\
What Coliseum holds of you.

data.json       your account, profile, teams, agents, ratings, follows, what you were told and how;
                times are UTC
picture.webp    the picture you uploaded, if you did
agents/ID/      each agent you uploaded: the file as you sent it, log.txt of its validation,
                and matches/ID.txt with what it wrote in each match
"""


def want_export(user: User) -> DataExport:
    """Return the person's export: made at once where it is small, else begun in the background."""
    export = ask_export(user=user)
    agents = uploads_of(user)
    size = agents.aggregate(size=Sum("package__size_bytes"))["size"] or 0
    if size <= AT_ONCE_BYTES and agents.count() <= AT_ONCE_AGENTS:
        make_export(export.pk)
    else:
        send_export(export)
    export.refresh_from_db()
    return export


def send_export(export: DataExport) -> None:
    """Have an export made by whoever works off the site's queue."""
    try:
        app.send_task("league.make_export", args=[export.pk])
    except (OperationalError, OSError) as error:
        # The sweeper sends it again.
        logger.warning("broker_unreachable", extra={"problem": type(error).__name__})


def make_export(export_id: str) -> None:
    """Make an export that was asked for, unless another process does."""
    export = claim_export(export_id)
    if export is None:
        return
    try:
        with tempfile.TemporaryFile() as draft:
            write_export(export, draft)
            size = draft.tell()
            draft.seek(0)
            key = default_storage.save(f"exports/{new_id()}.zip", File(draft))
    except Exception:
        # The border of a task: the person is told that it failed, the operator why.
        logger.exception("export_failed", extra={"export": export.pk})
        fail_export(export=export)
        return
    finish_export(export=export, key=key, size_bytes=size)


def write_export(export: DataExport, out: IO[bytes]) -> None:
    """Write the zip, agent by agent, so that memory holds one of them."""
    agents = list(uploads_of(export.user))
    note_progress(export=export, done=0, total=len(agents))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        archive.writestr(
            "data.json", json.dumps(_facts(export.user, agents), cls=DjangoJSONEncoder, indent=1)
        )
        if content := read_profile_picture(profile_of(export.user)):
            archive.writestr("picture.webp", content)
        for number, agent in enumerate(agents, start=1):
            for name, content in _files_of(agent):
                archive.writestr(f"agents/{agent.pk}/{name}", content)
            note_progress(export=export, done=number, total=len(agents))


def _files_of(agent: Submission) -> Iterator[tuple[str, bytes]]:
    if agent.package.erased_at is None:
        yield agent.package.file_name, storage.read_package(agent.package_id)
    if log := str(agent.usage.get("log", "")):
        yield "log.txt", log.encode()
    for match, log in logs_of(agent):
        yield f"matches/{match}.txt", log.encode()


def _facts(user: User, agents: list[Submission]) -> dict[str, Any]:  # Any: JSON
    return {
        "exported_at": clock.now(),
        "account": account_facts(user),
        "teams": memberships_of(user),
        "agents": [_agent_facts(agent) for agent in agents],
        "told": told_facts(user),
        "ratings": standings_by([agent.pk for agent in agents]),
    }


def _agent_facts(agent: Submission) -> dict[str, Any]:  # Any: JSON
    kept = ("name", "number", "note", "original_name", "state", "is_active", "role", "code", "message")
    return {
        "id": agent.pk,
        "competition": agent.entry.competition.slug,
        "team": agent.entry.team.name,
        "sha256": agent.package_id,
        "uploaded_at": agent.uploaded_at,
        "checks": agent.checks,
        "usage": {name: value for name, value in agent.usage.items() if name != "log"},
        **{name: getattr(agent, name) for name in kept},
    }
