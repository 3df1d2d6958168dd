"""Keep the whole installation in a folder, while it runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from coliseum.league.backups import make_backup
from coliseum.league.management.site_command import SiteCommand
from workers.refusals import RefusedError


class Command(SiteCommand):
    """Writes database and files; `manage.py restore` reads them."""

    help = "Copy the database and all stored files into a new folder, while the site runs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Write it."""
        try:
            note = make_backup(options["folder"])
        except RefusedError as error:
            text = f"error [{error.code}] {error.message} {error.hint}"
            raise CommandError(text, returncode=error.exit_code) from error
        self.stdout.write(f"{options['folder']}: the database ({note.engine}) and {note.files} files.")
        self.stdout.write("Keep secret_key, or COLISEUM_SECRET_KEY, apart from it.")
