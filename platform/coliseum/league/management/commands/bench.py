"""Measure the site's own speed in a scratch database."""

import json
from typing import Any

from django.core.management.base import CommandParser

from coliseum.league.bench import growth, recording, scheduling
from coliseum.league.management.site_command import SiteCommand
from coliseum.league.scratch import scratch_database

WORKLOADS = ("recording", "scheduling", "growth")


class Command(SiteCommand):
    """Prints one line a workload; with --json what `coliseum bench --json` prints."""

    help = "Measure recording, scheduling and how both grow, in a scratch database beside the configured one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the workloads and --json."""
        parser.add_argument("workload", choices=WORKLOADS)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Run a workload and print what came out."""
        rows = [each.as_row() for each in self._measured(options["workload"])]
        if options["json"]:
            self.stdout.write(json.dumps(rows[0] if len(rows) == 1 else rows))
            return
        for row in rows:
            what = "slope" if "bound" in row else "of the bare driver"
            self.stdout.write(f"{row['name']:32} {row['rate']:>10} {row['unit']:10} {row['ratio']:>8} {what}")

    @staticmethod
    def _measured(workload: str) -> list[Any]:  # Any: measurements and laws, each with as_row
        with scratch_database():
            if workload == "growth":
                return list(growth())
            return [recording() if workload == "recording" else scheduling()]
