"""Backups: what is kept, where it may be put back, and what is refused (B86)."""

import errno
import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from coliseum.accounts.models import User
from coliseum.league.backups import NOTE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="tests/faults keeps and restores PostgreSQL"),
]


@pytest.fixture
def kept(tmp_path, settings, ann):
    """Return a backup of a site with one account and one stored file."""
    settings.MEDIA_ROOT = tmp_path / "site" / "files"
    (settings.MEDIA_ROOT / "packages").mkdir(parents=True)
    (settings.MEDIA_ROOT / "packages" / "one").write_bytes(b"an agent")
    (settings.MEDIA_ROOT / "packages" / ".two.draft").write_bytes(b"half an ag")
    call_command("backup", str(tmp_path / "kept"))
    return tmp_path / "kept"


def refusal_of(*command):
    with pytest.raises(CommandError) as refused:
        call_command(*command)
    assert refused.value.returncode == 1
    code, _, text = str(refused.value).removeprefix("error [").partition("] ")
    assert code == "ops.refused"
    return text


def test_what_was_kept_is_there_again_in_a_new_home(kept, tmp_path, capsys):
    call_command("restore", str(kept), "--into-empty", str(tmp_path / "new"))
    with closing(sqlite3.connect(tmp_path / "new" / "coliseum.sqlite3")) as database:
        names = [name for (name,) in database.execute("SELECT username FROM accounts_user")]
    assert names == list(User.objects.values_list("username", flat=True))
    assert "ann" in names
    assert (tmp_path / "new" / "files" / "packages" / "one").read_bytes() == b"an agent"
    assert capsys.readouterr().out.splitlines()[-1].endswith("python manage.py audit")


def test_a_file_that_is_just_being_written_is_no_part_of_a_backup(kept):
    assert [each.name for each in (kept / "files" / "packages").iterdir()] == ["one"]
    assert json.loads((kept / NOTE).read_text())["files"] == 1


def test_b86_nothing_is_restored_over_a_filled_database(kept, tmp_path):
    said = "Refused: the database is not empty. Use --into-empty with a new one."
    assert refusal_of("restore", str(kept)).startswith(said)
    call_command("restore", str(kept), "--into-empty", str(tmp_path / "new"))
    before = (tmp_path / "new" / "coliseum.sqlite3").read_bytes()
    assert refusal_of("restore", str(kept), "--into-empty", str(tmp_path / "new")).startswith(said)
    assert (tmp_path / "new" / "coliseum.sqlite3").read_bytes() == before


def test_b86_files_alone_make_a_home_that_is_not_empty(kept, tmp_path):
    (tmp_path / "new" / "files").mkdir(parents=True)
    (tmp_path / "new" / "files" / "old").touch()
    assert "not empty" in refusal_of("restore", str(kept), "--into-empty", str(tmp_path / "new"))
    assert not (tmp_path / "new" / "coliseum.sqlite3").exists()


def test_a_backup_is_never_written_over_another(kept):
    assert "File exists. Name a folder that is not there yet." in refusal_of("backup", str(kept))


def test_a_disk_that_is_full_leaves_no_backup_that_looks_whole(tmp_path, monkeypatch, ann):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("coliseum.league.backups._copy_files", full)
    assert "No space left on device" in refusal_of("backup", str(tmp_path / "kept"))
    assert "is no whole backup" in refusal_of(
        "restore", str(tmp_path / "kept"), "--into-empty", str(tmp_path / "n")
    )


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda kept: (kept / NOTE).unlink(), "is no whole backup"),
        (lambda kept: (kept / NOTE).write_text("[1, 2]"), "is no whole backup"),
        (lambda kept: (kept / NOTE).write_bytes(b"\xff" * 99), "is no whole backup"),
        (lambda kept: shutil.rmtree(kept), "is no whole backup"),
        (lambda kept: (kept / "database.sqlite3").unlink(), "is no whole backup"),
        (lambda kept: (kept / "database.sqlite3").write_bytes(b"SQLite format 3"), "is damaged"),
        (lambda kept: shutil.rmtree(kept / "files"), "is damaged"),
        (lambda kept: note_says(kept, database="../../etc/passwd"), "is no whole backup"),
        (lambda kept: note_says(kept, format=2), "is damaged"),
        (lambda kept: note_says(kept, migrations=["matches.9999_later"]), "it has matches.9999_later"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_whole_backup_is_refused(kept, tmp_path, spoil, words):
    spoil(kept)
    assert words in refusal_of("restore", str(kept), "--into-empty", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def note_says(kept, **other):
    said = json.loads((kept / NOTE).read_text())
    (kept / NOTE).write_text(json.dumps(said | other))
