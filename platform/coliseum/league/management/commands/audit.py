"""Recompute everything and print the differences."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from coliseum.league.audit import audit
from coliseum.league.management.site_command import SiteCommand


class Command(SiteCommand):
    """Prints counts and differences; exit status 1 if there is any difference."""

    help = "Recompute results, verdicts, files and leaderboards; print the differences."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --json and --no-files."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--no-files", action="store_true", help="do not read the stored packages")

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Print the report."""
        report = audit(with_files=not options["no_files"])
        if options["json"]:
            answer = {"ok": report.ok, "counts": dict(report.counts), "differences": report.differences}
            self.stdout.write(json.dumps(answer))
        else:
            for name, count in sorted(report.counts.items()):
                self.stdout.write(f"{count:>10}  {name}")
            self.stdout.write(f"{len(report.differences):>10}  differences")
            for line in report.differences[:50]:
                self.stdout.write(f"            {line}")
        if not report.ok:
            raise CommandError(f"{len(report.differences)} differences.")
