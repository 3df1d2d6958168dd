"""Writes about what a competition is: its texts, dates and quotas; and the rules that people accept again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import final_of, has_started
from coliseum.competitions.rules import note_rules
from coliseum.competitions.services import check_name, check_settings, record_act
from workers.refusals import RefusedError


@transaction.atomic
def change_competition(
    *,
    competition: Competition,
    actor: User,
    title: str,
    closes_at: datetime | None,
    **fields: Any,  # the other columns that a host may change: texts and limits; checked by check_settings
) -> Competition:
    """Change texts, end and limits; the arena, the address and the start stay as they were made.

    Raises:
        RefusedError: `name.length`, `name.characters`, `competition.bad_setting`, `competition.started` for
            the target of matches, or `final.rules_fixed` for what decides a final that is under way.
    """
    if closes_at != competition.closes_at:
        check_settings(competition.opens_at, closes_at, fields)
    else:
        check_settings(competition.opens_at, None, fields)
    wanted = {"title": check_name(title, "title"), "closes_at": closes_at, **fields}
    changed = sorted(name for name, value in wanted.items() if getattr(competition, name) != value)
    check_rules_stand(competition, changed)
    if "target_matches" in changed and has_started(competition):
        raise RefusedError("competition.started", keys="quotas.target_matches", field="target_matches")
    if changed:
        for name in changed:
            setattr(competition, name, wanted[name])
        competition.save(update_fields=changed)
        record_act(competition=competition, actor=actor, verb="changed", subject=", ".join(changed)[:120])
        renew_rules(competition=competition, actor=actor)
    return competition


def renew_rules(*, competition: Competition, actor: User | None) -> None:
    """Ask everybody to accept the rules again if they are others than those that were accepted."""
    version = note_rules(competition)
    if version is not None:
        record_act(
            competition=competition,
            actor=actor,
            verb="changed the rules",
            subject=f"version {version.number}",
            reason="Whoever submits from now on accepts them first; agents in play go on playing.",
        )


_RULES = frozenset({"rules", "daily_submissions", "active_submissions", "target_matches", "limits"})
"""What a host may not change between the announcement of a final and the declaration of its result."""


def check_rules_stand(competition: Competition, changed: Sequence[str]) -> None:
    """Refuse to change what decides a final that is under way.

    Args:
        competition: with the final.
        changed: names of columns.

    Raises:
        RefusedError: `final.rules_fixed`.
    """
    final = final_of(competition)
    fixed = [name.replace("_", " ") for name in changed if name in _RULES]
    if fixed and final is not None and final.declared_at is None:
        raise RefusedError("final.rules_fixed", name=", ".join(fixed), title=final.title, field=changed[0])
