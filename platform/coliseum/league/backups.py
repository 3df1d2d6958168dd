"""A whole installation kept as a folder: the database as it was at one moment, and every stored file."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import dj_database_url
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from coliseum.clock import now
from workers.refusals import RefusedError, printable

FORMAT: Final = 1
NOTE: Final = "backup.json"
"""Written last: a folder without it is a backup that was not finished."""
_LARGEST_NOTE: Final = 1 << 20
_NEW_FOLDER: Final = "Name a folder that is not there yet."
_OTHER_BACKUP: Final = "Name the folder that `manage.py backup` wrote."


@dataclass(frozen=True, slots=True)
class Note:
    """What a backup says of itself.

    Args:
        engine: "sqlite" or "postgresql".
        made_at: ISO 8601 with zone.
        database: the database's file in the folder.
        sha256: of that file.
        files: how many stored files were copied.
        migrations: names like "matches.0012_find_by_agent", all that had been applied.
    """

    format: int
    engine: str
    made_at: str
    database: str
    sha256: str
    files: int
    migrations: list[str]


def make_backup(folder: Path) -> Note:
    """Copy database and files into a new folder while the site runs.

    The database comes first: files are never changed once written, so each row finds its file in the copy.

    Raises:
        RefusedError: `ops.refused` where the folder is there already, or the database's own program fails.
    """
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise refused(f"{printable(str(folder))} cannot be made: {error.strerror}", _NEW_FOLDER) from error
    try:
        return _keep(folder)
    except (OSError, DatabaseError) as error:
        remedy = "Remove it, and run the command again where there is room."
        raise refused(f"{printable(str(folder))} is not whole: {printable(str(error))}", remedy) from error


def _keep(folder: Path) -> Note:
    engine = connection.vendor
    database = folder / ("database.sqlite3" if engine == "sqlite" else "database.dump")
    if engine == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(database)])
    else:
        _run_postgres("pg_dump", ["--format=custom", f"--file={database}"], settings.DATABASES["default"])
    files = _copy_files(Path(settings.MEDIA_ROOT), folder / "files")
    applied = sorted(f"{app}.{each}" for app, each in MigrationLoader(connection).applied_migrations)
    note = Note(FORMAT, engine, now().isoformat(), database.name, _digest(database), files, applied)
    (folder / NOTE).write_text(json.dumps(asdict(note), indent=1) + "\n")
    return note


def restore_backup(folder: Path, into: str = "") -> Note:
    """Put a backup into an empty installation, and change nothing where there is one already.

    Args:
        folder: what `make_backup` wrote.
        into: a new home's folder (SQLite) or a database's address (PostgreSQL); empty for the one that the
            settings name.

    Raises:
        RefusedError: `ops.refused` where the database is not empty, the folder is no whole backup of this or
            an older version, or the database's own program fails.
    """
    note = _read_note(folder)
    if note.engine == "sqlite":
        files = _restore_sqlite(folder, note, into)
    else:
        files = _restore_postgres(folder, note, into)
    _copy_files(folder / "files", files)
    return note


def _restore_sqlite(folder: Path, note: Note, into: str) -> Path:
    if not into and connection.vendor != "sqlite":
        raise refused(
            "the backup is one of SQLite and the settings name PostgreSQL",
            "Use --into-empty with a new folder.",
        )
    home = Path(into) if into else settings.HOME
    target = home / "coliseum.sqlite3" if into else Path(settings.DATABASES["default"]["NAME"])
    files = home / "files" if into else Path(settings.MEDIA_ROOT)
    if _has_tables_of_sqlite(target) or (files.is_dir() and any(files.iterdir())):
        raise _not_empty()
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in ("-wal", "-shm"):  # A log of an empty database must not be read into this one.
            target.with_name(target.name + left).unlink(missing_ok=True)
        shutil.copyfile(folder / note.database, target)
    except OSError as error:
        raise refused(
            f"{printable(str(target))}: {error.strerror}", "Name a folder that can be written to."
        ) from error
    return files


def _restore_postgres(folder: Path, note: Note, into: str) -> Path:
    if not into and connection.vendor != "postgresql":
        raise refused(
            "the backup is one of PostgreSQL and the settings name SQLite",
            "Set COLISEUM_DATABASE_URL to a new database.",
        )
    target: Mapping[str, Any] = settings.DATABASES["default"]
    if into:
        try:
            target = dj_database_url.parse(into)
        except (ValueError, KeyError) as error:
            raise refused(
                f"{printable(into)} is no address of a database", "Like postgres://user@host/new."
            ) from error
    tables = "SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1"
    files = Path(settings.MEDIA_ROOT)
    if _run_postgres("psql", ["--tuples-only", "--command", tables], target).strip():
        raise _not_empty()
    # One transaction: the database is whole afterwards, or as empty as it was.
    restore = ["--single-transaction", "--no-owner", "--exit-on-error", str(folder / note.database)]
    _run_postgres("pg_restore", [f"--dbname={target['NAME']}", *restore], target, named=False)
    return files


def _read_note(folder: Path) -> Note:
    """Return what the backup says of itself, once that is true of its database."""
    try:
        with (folder / NOTE).open("rb") as file:
            said = json.loads(file.read(_LARGEST_NOTE))
        note = Note(**said)
        whole = note.format == FORMAT and _digest(folder / Path(note.database).name) == note.sha256
        known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
        newer = sorted(set(note.migrations) - known)
        datetime.fromisoformat(note.made_at)
    except (OSError, ValueError, TypeError) as error:
        raise refused(f"{printable(str(folder))} is no whole backup", _OTHER_BACKUP) from error
    if not whole or note.engine not in {"sqlite", "postgresql"} or not (folder / "files").is_dir():
        raise refused(
            f"{printable(str(folder))} is damaged: its database is not the one written", _OTHER_BACKUP
        )
    if newer:
        raise refused(f"a newer version made the backup: it has {newer[0]}", "Restore it with that version.")
    return note


def refused(reason: str, remedy: str) -> RefusedError:
    """Return the refusal of a command on a wrong state."""
    return RefusedError("ops.refused", reason=reason, remedy=remedy)


def _not_empty() -> RefusedError:
    return refused("the database is not empty", "Use --into-empty with a new one.")


def _has_tables_of_sqlite(file: Path) -> bool:
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            return bool(opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall())
    except sqlite3.DatabaseError:
        return True  # Whatever it is, it is not empty.


def _copy_files(stored: Path, target: Path) -> int:
    """Copy files and return how many: no links, and no drafts, whose names begin with a dot."""
    copied = 0
    target.mkdir(parents=True, exist_ok=True)
    for folder, _, names in os.walk(stored):
        for file in (Path(folder, name) for name in names):
            if file.name.startswith(".") or file.is_symlink():
                continue
            copy = target / file.relative_to(stored)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # Deleted meanwhile, with its row.
                shutil.copyfile(file, copy)
                copied += 1
    return copied


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _run_postgres(
    program: str, arguments: Sequence[str], database: Mapping[str, Any], *, named: bool = True
) -> str:
    """Run one of PostgreSQL's own programs; the password goes by its environment, never by its arguments."""
    wanted = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    given = {variable: str(database[key]) for key, variable in wanted.items() if database.get(key)}
    dbname = {"PGDATABASE": str(database["NAME"])} if named else {}
    where = {"PATH": os.environ.get("PATH", ""), **given, **dbname}
    try:
        run = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [program, *arguments], env=where, capture_output=True, text=True, check=True
        )
    except FileNotFoundError as error:
        remedy = "Install PostgreSQL's client programs."
        raise refused(f"{program} is not installed here", remedy) from error
    except subprocess.CalledProcessError as error:
        lines = printable(error.stderr.strip()).splitlines() or [f"status {error.returncode}"]
        raise refused(
            f"{program} failed: {lines[-1]}", "Mend what it names and run the command again."
        ) from error
    return run.stdout
