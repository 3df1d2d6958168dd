"""Command lines that are too old to be understood."""

import re
from typing import Final

from django.http import HttpRequest

from workers.refusals import RefusedError

OLDEST: Final = (0, 1, 0)
"""Version of the command line that this API still understands."""
_AGENT: Final = re.compile(r"coliseum/(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?(?!\d)")


def refuse_old(request: HttpRequest) -> None:
    """Refuse a command line that says it is older than this API understands; others say nothing.

    Raises:
        RefusedError: `cli.version`.
    """
    found = _AGENT.match(request.headers.get("User-Agent", ""))
    if found is None:
        return
    version = tuple(int(part or 0) for part in found.groups())
    if version < OLDEST:
        needed, have = (".".join(map(str, each)) for each in (OLDEST, version))
        raise RefusedError("cli.version", needed=needed, have=have)
