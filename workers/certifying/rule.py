"""The one rule: what counts for a rating is played in arenas with a certificate that holds."""

import os
from typing import Final

from arenas.certifying.certificate import what_forbids
from arenas.spec import ArenaSpec
from workers.refusals import RefusedError

VARIABLE: Final = "COLISEUM_UNCERTIFIED_ARENAS"
ALLOW: Final = "allow"


def refuse_uncertified(spec: ArenaSpec, *, field: str = "") -> None:
    """Refuse to open rated play in an arena without a certificate that holds; the operator may waive it.

    Raises:
        RefusedError: `arena.not_certified`, with the reason.
    """
    if os.environ.get(VARIABLE, "").strip().lower() == ALLOW:
        return
    reason = what_forbids(spec)
    if reason:
        raise RefusedError("arena.not_certified", arena=spec.id, reason=reason, field=field)
