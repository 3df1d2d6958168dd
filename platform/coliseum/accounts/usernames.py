"""What people may call themselves, whichever way they get an account."""

import re
from typing import Final

from coliseum.accounts.names import people_like
from workers.refusals import RefusedError

LEAST: Final = 2
MOST: Final = 40
RESERVED: Final = frozenset({"administrator", "coliseum", "moderator", "root", "staff", "support"})
"""Names that would make others believe what they should not."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_username(name: str) -> None:
    """Refuse a name that cannot be one.

    Raises:
        RefusedError: `name.length` or `name.characters`.
    """
    if not LEAST <= len(name) <= MOST:
        raise RefusedError("name.length", least=LEAST, most=MOST, field="username")
    if not _NAME.fullmatch(name):
        raise RefusedError("name.characters", allowed="letters a to z, digits, and . _ -", field="username")


def check_free(name: str) -> None:
    """Refuse a name that looks like somebody's, or that nobody may have.

    Raises:
        RefusedError: `name.taken`.
    """
    if name.casefold() in RESERVED or people_like(name):
        raise RefusedError("name.taken", name=name, field="username")
