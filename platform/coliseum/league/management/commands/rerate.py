"""Compute every leaderboard again from its results."""

import json
from typing import Any

from coliseum.competitions.queries import phases_in_play
from coliseum.leaderboards.queries import snapshot_of
from coliseum.leaderboards.services import rate_phase
from coliseum.league.management.site_command import SiteCommand


class Command(SiteCommand):
    """Refits all boards; the digests printed must be those from before."""

    help = "Compute every leaderboard again from its results; the numbers must stay the same."

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Refit and print before and after."""
        for phase in phases_in_play():
            before = snapshot_of(phase)
            after = rate_phase(phase=phase, is_warm=False)
            same = before is not None and before.digest == after.digest
            line = {
                "competition": phase.competition.slug,
                "phase": phase.slug,
                "matches": after.matches,
                "digest": after.digest,
                "root": after.root,
                "same": same,
            }
            self.stdout.write(json.dumps(line))
