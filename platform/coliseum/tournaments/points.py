"""What a finished match gives to each of its line-up."""

from collections.abc import Sequence

from arenas.scoring import TIE
from arenas.spec import ArenaSpec
from coliseum.matches.models import Seat


def points_of(arena: ArenaSpec, seats: Sequence[Seat]) -> tuple[float, ...]:
    """Return points by position in the line-up, 0 to 1: the share of the others that were beaten, a tie half.

    Where every agent has one seat and an episode gives points, it is their mean over the episodes, so that a
    match in both seatings can be drawn; elsewhere what the agents got over the whole match is compared.
    Agents that all forfeited have nothing.

    Args:
        arena: tells what the scores are.
        seats: of a finished match, in order of their positions.
    """
    scores = [seat.score or 0.0 for seat in seats]
    if arena.objective in {"outcome", "rank"} and arena.lineup == arena.seats:
        return tuple(min(1.0, max(0.0, round(score, 9))) for score in scores)
    others = max(1, len(scores) - 1)
    return tuple(
        sum(
            0.5 if abs(own - other) <= TIE else float(own > other) for other in scores[:at] + scores[at + 1 :]
        )
        / others
        for at, own in enumerate(scores)
    )
