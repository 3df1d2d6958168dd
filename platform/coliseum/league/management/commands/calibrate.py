"""Ask for the calibration of a competition, or print what it found."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from coliseum.competitions.calibrations import calibration_of, want_calibration
from coliseum.competitions.models import Competition
from coliseum.league.management.site_command import SiteCommand
from workers.refusals import RefusedError


class Command(SiteCommand):
    """Prints the state; the matches are played by the site's workers."""

    help = "Print what the calibration of a competition found; --again asks for one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the competition's short name."""
        parser.add_argument("slug")
        parser.add_argument("--again", action="store_true", help="Ask for a calibration.")

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Ask if wanted, and print."""
        competition = Competition.objects.filter(slug=options["slug"]).first()
        if competition is None:
            raise CommandError(f"There is no competition {options['slug']}.")
        if options["again"]:
            try:
                want_calibration(competition=competition, actor=None)
            except RefusedError as error:
                raise CommandError(error.message) from error
        self.stdout.write(json.dumps({"competition": competition.slug, **calibration_of(competition)}))
