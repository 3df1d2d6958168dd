"""Names people can read and tell apart: no hidden characters, and none that looks like somebody else's.

How it works. A name looks like another one if both are the same once compatibility characters are made
plain (NFKC) and characters that Unicode's table of confusables calls alike are made one. How the names of
teams and agents look is kept, unique in each competition, so that of two who ask for one at once only one
gets it. Names of people are plain letters, and those like a new one are looked up.
"""

import re
import string
import unicodedata
from functools import cache

from confusable_homoglyphs.confusables import confusables_data
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from coliseum.accounts.models import TakenName, User
from workers.refusals import RefusedError, printable

CHARACTERS = 80
_OF_PEOPLE = string.ascii_letters + string.digits + "@.+-_"


def check_name(name: str, field: str = "name", *, most: int = CHARACTERS) -> str:
    """Return the trimmed name.

    Raises:
        RefusedError: `name.length` or `name.characters`.
    """
    trimmed = name.strip()
    if not 1 <= len(trimmed) <= most:
        raise RefusedError("name.length", least=1, most=most, field=field)
    for position, character in enumerate(trimmed, start=1):
        if printable(character, limit=8) != character:
            raise RefusedError(
                "name.characters", point=f"U+{ord(character):04X}", position=position, field=field
            )
    return trimmed


def looks_of(name: str) -> frozenset[str]:
    """Return how a name looks as it is written, and in small letters.

    Both count: a capital i looks like a small L, though in small letters they differ.
    """
    plain = unicodedata.normalize("NFKC", " ".join(name.split()))
    return frozenset(_look(written) for written in (plain, plain.casefold()))


def _look(name: str) -> str:
    table = _alike()
    return "".join(table.get(character, character) for character in name).casefold()[:200]


@cache
def _alike() -> dict[str, str]:
    """Return for each character that has look-alikes the first of them.

    Source:
        Unicode Technical Standard 39, section 4, confusables.txt; single characters only.
    """
    first: dict[str, str] = {}

    def root(character: str) -> str:
        while character in first:
            character = first[character]
        return character

    for character, others in confusables_data.items():
        for other in (each["c"] for each in others):
            if len(character) == len(other) == 1:
                low, high = sorted((root(character), root(other)))
                if low != high:
                    first[high] = low
    return {character: root(character) for character in first}


def people_like(name: str) -> list[User]:
    """Return the people whose user names look like this name, the very same one included."""
    looks = looks_of(name)
    patterns = [_pattern(look) for look in sorted(looks)]
    near = "|".join(pattern for pattern in patterns if pattern)
    if not near:
        return []
    # The pattern lets a little more through than looks alike; it is what both databases can search for.
    found = User.objects.filter(username__iregex=rf"^({near})$")[:100]
    return [person for person in found if looks_of(person.username) & looks]


def _pattern(look: str) -> str:
    """Return a pattern for user names with this look, empty if none can have it."""
    choices = ["".join(each for each in _OF_PEOPLE if _look(each) == character) for character in look]
    return "".join(f"[{re.escape(choice)}]" for choice in choices) if all(choices) else ""


def is_taken(*, realm: str, name: str, owner: str = "") -> bool:
    """Say whether a name of somebody else in this realm looks like this one."""
    return _others(realm, name, owner).exists()


def _others(realm: str, name: str, owner: str) -> QuerySet[TakenName]:
    return TakenName.objects.filter(realm=realm, look__in=looks_of(name)).exclude(owner=owner)


def claim_name(*, realm: str, name: str, owner: str, field: str = "name") -> None:
    """Keep a name for its owner; the owner may have several.

    Raises:
        RefusedError: `name.taken` where it looks like a name of somebody else.
    """
    if is_taken(realm=realm, name=name, owner=owner):
        raise RefusedError("name.taken", name=name, field=field)
    own = set(TakenName.objects.filter(realm=realm, owner=owner).values_list("look", flat=True))
    new = [TakenName(realm=realm, look=look, owner=owner) for look in sorted(looks_of(name) - own)]
    try:
        with transaction.atomic():
            TakenName.objects.bulk_create(new)
    except IntegrityError as error:
        raise RefusedError("name.taken", name=name, field=field) from error


def release_names(*, owner: str, realm: str) -> None:
    """Let all names of an owner in a realm go."""
    TakenName.objects.filter(realm=realm, owner=owner).delete()


def hand_over_names(*, realm: str, owner: str, to: str) -> None:
    """Make the names of one owner those of another."""
    TakenName.objects.filter(realm=realm, owner=owner).update(owner=to)
