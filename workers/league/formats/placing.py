"""Places of an elimination: the further an entry came, the better; out in the same round is level."""

from collections import Counter
from collections.abc import Sequence

from workers.league.formats.contract import Field, Standing
from workers.league.formats.knockout import OPEN, Outlook
from workers.league.formats.record import Record

_STILL_IN = 10**6
_CHAMPION = 2 * _STILL_IN
_Reach = tuple[float, str, str]
"""How far an entry came, more is further; what people call it; how."""


def place_all(
    field: Field, record: Record, outlooks: Sequence[Outlook], *, losses: int
) -> tuple[Standing, ...]:
    """Return the table; those who share a place are in order of seeds, disqualified ones last without one.

    Args:
        field: everybody.
        record: tells who was disqualified.
        outlooks: the whole tree, in order of rounds.
        losses: so many end it for an entry.
    """
    reached = _reach_all(field, outlooks, losses)
    won = Counter(outlook.winner for outlook in outlooks if outlook.is_played)
    played = Counter(side for outlook in outlooks if outlook.is_played for side in outlook.sides)
    fair = [entry for entry in field.entries if not record.is_disqualified(entry)]
    ranked = sorted(fair, key=lambda entry: -reached[entry][0])
    sharing = Counter(reached[entry][0] for entry in fair)
    rows: list[Standing] = []
    for index, entry in enumerate(ranked):
        reach, _, why = reached[entry]
        following = reached[ranked[index + 1]][0] if index + 1 < len(ranked) else None
        decided = "" if following is None else "seed" if following == reach else "round"
        shares = f" Shares the place with {sharing[reach] - 1} more." if sharing[reach] > 1 else ""
        is_level = bool(index) and reached[ranked[index - 1]][0] == reach
        place = rows[-1].place if is_level else index + 1
        rows.append(Standing(entry, place, float(won[entry]), played[entry], decided, (), why + shares))
    for entry in field.entries:
        if record.is_disqualified(entry):
            why = "Disqualified: what it had decided by play stands, the rest was a walkover."
            rows.append(Standing(entry, 0, float(won[entry]), played[entry], "", (), why))
    return tuple(rows)


def _reach_all(field: Field, outlooks: Sequence[Outlook], losses: int) -> dict[int, _Reach]:
    reached: dict[int, _Reach] = {entry: (_STILL_IN, "", "Still in.") for entry in field.entries}
    lost = dict.fromkeys(field.entries, 0)
    for outlook in outlooks:
        node = outlook.node
        if node.is_for_third:
            _place_third(outlook, reached)
            continue
        for side in outlook.sides:
            if not isinstance(side, int) or outlook.winner in {side, OPEN}:
                continue
            lost[side] += 1
            if outlook.loser != side:
                lost[side] = losses
            if lost[side] >= losses:
                reached[side] = (node.round, node.label, f"Out in: {node.label}. {outlook.why}")
    if outlooks:
        champion = outlooks[-1].winner if not outlooks[-1].node.is_for_third else outlooks[-2].winner
        if isinstance(champion, int):
            last = next(one for one in reversed(outlooks) if champion in one.sides and one.winner == champion)
            for entry, (reach, _, _) in reached.items():
                if reach == _STILL_IN:
                    reached[entry] = (
                        last.node.round,
                        last.node.label,
                        f"Out in: {last.node.label}. {last.why}",
                    )
            reached[champion] = (_CHAMPION, "", f"Won the {last.node.label.lower()}. {last.why}")
    elif field.entries:
        reached[field.entries[0]] = (_CHAMPION, "", "Nobody else was there.")
    return reached


def _place_third(outlook: Outlook, reached: dict[int, _Reach]) -> None:
    """Put the winner of the match for third place ahead of its loser, both where they went out."""
    first, second = outlook.sides
    if not (isinstance(first, int) and isinstance(second, int) and isinstance(outlook.winner, int)):
        return
    for side in (first, second):
        reach, label, _ = reached[side]
        step, word = (0.5, "Won") if side == outlook.winner else (0.25, "Lost")
        reached[side] = (reach + step, label, f"{word} the match for third place. {outlook.why}")
