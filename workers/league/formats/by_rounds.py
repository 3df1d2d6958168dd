"""What all formats share in which a round is paired from the results of the rounds before it."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from workers.league.formats.contract import Due, Field, Pairing
from workers.league.formats.record import Record
from workers.league.formats.settling import Settled, settle, settle_all

PairRound: TypeAlias = Callable[[int, Record, Sequence[Settled]], list[Pairing]]
"""From the number of a round, the checked history, and all settled pairings of the rounds before it."""


def due_by_rounds(
    field: Field, record: Record, pair_round: PairRound, *, rounds: int, matches: int, bye_points: float
) -> tuple[Due, ...]:
    """Return the open pairings of the current round, or the next round when it is complete.

    If part of a round was lost before it was stored, the rest of it is paired again from the rounds before:
    the same pairings come out, since nothing but these rounds goes in.
    """
    current = record.rounds
    if current:
        open_ = _open_of(field, record, pair_round, matches, bye_points)
        if open_:
            return tuple(open_)
    if current >= rounds:
        return ()
    before = settle_all(record.encounters.values(), record, matches=matches, bye_points=bye_points)
    following = pair_round(current + 1, record, before)
    return tuple(Due(pairing, 0 if pairing.is_bye else matches) for pairing in following)


def active_in(field: Field, record: Record, round_: int) -> list[int]:
    """Return who is to be paired in a round, in seed order."""
    return [entry for entry in field.entries if not record.has_left_before(entry, round_)]


def _open_of(
    field: Field, record: Record, pair_round: PairRound, matches: int, bye_points: float
) -> list[Due]:
    current = record.rounds
    encounters = [encounter for (r, _), encounter in record.encounters.items() if r == current]
    open_ = [
        Due(encounter.pairing, matches)
        for encounter in encounters
        if settle(encounter, record, matches=matches, bye_points=bye_points) is None
    ]
    paired = {entry for encounter in encounters for entry in encounter.pairing.lineup}
    if not paired.issuperset(active_in(field, record, current)):
        earlier = [encounter for (r, _), encounter in record.encounters.items() if r < current]
        before = settle_all(earlier, record, matches=matches, bye_points=bye_points)
        numbers = {encounter.pairing.number for encounter in encounters}
        open_ += [
            Due(pairing, 0 if pairing.is_bye else matches)
            for pairing in pair_round(current, record, before)
            if paired.isdisjoint(pairing.lineup) and pairing.number not in numbers
        ]
    return sorted(open_, key=lambda due: due.pairing.number)
