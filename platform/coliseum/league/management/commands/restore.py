"""Put a backup into an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from coliseum.league.backups import restore_backup
from coliseum.league.management.site_command import SiteCommand
from workers.refusals import RefusedError


class Command(SiteCommand):
    """Refuses wherever there is something already; nothing is ever written over."""

    help = "Put what `backup` wrote into an empty database and an empty folder of files."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the backup and --into-empty."""
        parser.add_argument("folder", type=Path, help="the folder that `backup` wrote")
        parser.add_argument(
            "--into-empty",
            default="",
            metavar="WHERE",
            help="a new home's folder (SQLite) or a new database's address (PostgreSQL); "
            "if left out, the ones of the settings, which must be empty",
        )

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Restore it."""
        try:
            note = restore_backup(options["folder"], options["into_empty"])
        except RefusedError as error:
            text = f"error [{error.code}] {error.message} {error.hint}"
            raise CommandError(text, returncode=error.exit_code) from error
        self.stdout.write(f"Restored what was made at {note.made_at}: the database and {note.files} files.")
        self.stdout.write("Put secret_key back, then look at all of it: python manage.py audit")
