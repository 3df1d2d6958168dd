"""Create the demo competitions with their baselines."""

from typing import Any

from coliseum.league.demo import create_demo
from coliseum.league.management.site_command import SiteCommand


class Command(SiteCommand):
    """Makes what is missing of the demo; running it twice changes nothing."""

    help = "Create the demo competitions with the arenas' baseline agents."

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Create it."""
        made = create_demo()
        if options["verbosity"]:
            self.stdout.write(f"{len(made)} competitions made.")
