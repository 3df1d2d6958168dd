"""Write a competition's ledger: all results, one a line, as `coliseum rerate` reads them."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from coliseum.competitions.models import Competition
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.queries import read_ledger
from coliseum.leaderboards.services import publish_table
from coliseum.league.management.site_command import SiteCommand
from workers.refusals import RefusedError


class Command(SiteCommand):
    """`manage.py ledger SLUG` seals what is final and prints the lines."""

    help = "Seal what is final and write the ledger of a phase."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the competition, --phase and --output."""
        parser.add_argument("slug")
        parser.add_argument("--phase", default="", help="public-1, final-1 ...; the one shown, if left out")
        parser.add_argument("--output", type=Path, help="a file instead of the screen")

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Seal, then write."""
        competition = Competition.objects.filter(slug=options["slug"]).first()
        if competition is None:
            raise CommandError(f"There is no competition {options['slug']!r}.", returncode=4)
        try:
            phase = shown_phase(competition, options["phase"])
        except RefusedError as error:
            raise CommandError(f"error [{error.code}] {error.message}", returncode=4) from error
        snapshot = publish_table(phase=phase)
        if options["output"]:
            with options["output"].open("wb") as out:
                out.writelines(read_ledger(phase))
        else:
            for lines in read_ledger(phase):
                self.stdout.write(lines.decode("ascii"), ending="")
        self.stderr.write(f"root {snapshot.root or '(results are held back)'}  digest {snapshot.digest}")
