"""Versions of what whoever joins agrees to: who accepted which, and exactly what changed since.

How it works. The rules in force are the version with the highest number. A version is the text, and what is
shown of an agent to whom. While nobody has accepted the latest version it is written over; from then on every
change is a version of its own, and submitting waits until the person has accepted it.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction

from coliseum import clock
from coliseum.accounts.models import User, Visitor
from coliseum.clock import shown
from coliseum.competitions.models import Acceptance, Competition, RulesVersion
from workers.refusals import RefusedError

TERMS = ("replays", "code")
"""Columns of Competition that whoever joins relies on, beside the text."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]+")
_MOST_LINES = 400
"""Lines of a text that are compared word by word; longer ones line by line alone, which takes less time."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: as it was, taken out, or put in."""

    kind: Literal["same", "out", "in"]
    text: str


Line = tuple[Piece, ...]


def current_rules(competition: Competition) -> RulesVersion:
    """Return the version in force."""
    found = competition.rules_versions.order_by("-number").first()
    return found or _write(competition, 1)


def accepted_rules(competition: Competition, user: Visitor) -> Acceptance | None:
    """Return the person's latest acceptance of a version of these rules, with the version."""
    if not user.is_authenticated:
        return None
    found = Acceptance.objects.select_related("version").filter(version__competition=competition, user=user)
    return found.order_by("-version__number").first()


def has_accepted(competition: Competition, user: Visitor) -> bool:
    """Say whether a person accepted the version in force."""
    accepted = accepted_rules(competition, user)
    return accepted is not None and accepted.version.number == current_rules(competition).number


def check_accepted(competition: Competition, user: Visitor) -> None:
    """Refuse to take agents of somebody who has not agreed to the rules as they are now.

    Agents that are in play go on playing: only what is sent from now on needs the new rules.

    Raises:
        RefusedError: `competition.not_joined` for who never accepted any, `competition.rules_changed`.
    """
    accepted = accepted_rules(competition, user)
    if accepted is None:
        raise RefusedError("competition.not_joined")
    current = current_rules(competition)
    if accepted.version.number != current.number:
        raise RefusedError("competition.rules_changed", at=shown(current.made_at), number=current.number)


def accept_rules(*, competition: Competition, user: User, number: int | None = None) -> Acceptance:
    """Note that a person accepted the version in force; doing it twice is once.

    Args:
        competition: with the rules.
        user: who accepts.
        number: of the version that was shown; None where nothing else can have been.

    Raises:
        RefusedError: `competition.rules_changed` where they changed while the person was reading.
    """
    current = current_rules(competition)
    if number is not None and number != current.number:
        raise RefusedError("competition.rules_changed", at=shown(current.made_at), number=current.number)
    accepted, _ = Acceptance.objects.get_or_create(
        version=current, user=user, defaults={"accepted_at": clock.now()}
    )
    return accepted


@transaction.atomic
def note_rules(competition: Competition) -> RulesVersion | None:
    """Keep the rules as they are now; return the version if it is a new one that people must accept again."""
    latest = competition.rules_versions.order_by("-number").first()
    if latest is None:
        _write(competition, 1)
        return None
    if (latest.text, latest.terms) == (competition.rules, terms_of(competition)):
        return None
    if latest.acceptances.exists():
        return _write(competition, latest.number + 1)
    latest.text, latest.terms, latest.made_at = competition.rules, terms_of(competition), clock.now()
    latest.save(update_fields=["text", "terms", "made_at"])
    return None


def terms_of(competition: Competition) -> dict[str, Any]:  # Any: JSON
    """Return who sees what of an agent, by name."""
    return {name: getattr(competition, name) for name in TERMS}


def changed_terms(before: RulesVersion, after: RulesVersion) -> tuple[str, ...]:
    """Return the names of the terms in which two versions differ."""
    return tuple(name for name in TERMS if before.terms.get(name) != after.terms.get(name))


def changes_between(before: str, after: str) -> list[Line]:
    """Return the lines of two texts one below the other, each in pieces that stayed, went and came."""
    old, new = before.splitlines(), after.splitlines()
    by_words = len(old) + len(new) <= _MOST_LINES
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            lines += [(Piece("same", line),) for line in old[start:end]]
            continue
        both = min(end - start, new_end - new_start) if by_words else 0
        lines += map(_changes_in_line, old[start : start + both], new[new_start : new_start + both])
        lines += [(Piece("out", line),) for line in old[start + both : end]]
        lines += [(Piece("in", line),) for line in new[new_start + both : new_end]]
    return lines


def _changes_in_line(before: str, after: str) -> Line:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return tuple(_pieces(matcher, old, new))


def _pieces(matcher: difflib.SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if end > start:
            yield Piece("out", "".join(old[start:end]))
        if new_end > new_start:
            yield Piece("in", "".join(new[new_start:new_end]))


def _write(competition: Competition, number: int) -> RulesVersion:
    version, _ = RulesVersion.objects.get_or_create(
        competition=competition,
        number=number,
        defaults={"text": competition.rules, "terms": terms_of(competition), "made_at": clock.now()},
    )
    return version
