"""What must go in time: exports whose day is over, and the remains of accounts that were deleted."""

import time
from typing import Final

from coliseum.accounts.exports import drop_export, old_exports, waiting_exports
from coliseum.accounts.queries import unerased_people
from coliseum.league.baton import baton
from coliseum.league.exporting import send_export
from coliseum.league.leaving import erase_remains

LOOK_SECONDS: Final = 60.0
_looked: dict[str, float] = {}


def sweep_people() -> None:
    """Look once a minute; one process at a time."""
    now = time.monotonic()
    if now - _looked.get("at", -LOOK_SECONDS) < LOOK_SECONDS:
        return
    _looked["at"] = now
    with baton("people", seconds=300) as mine:
        if mine:
            sweep()


def sweep() -> None:
    """Delete what is over, and take up what a process left behind."""
    for export in old_exports():
        drop_export(export=export)
    for export in waiting_exports():
        send_export(export)
    for person in unerased_people():
        erase_remains(person)
