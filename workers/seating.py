"""Who sits where: the seatings that make one match fair."""

from arenas.spec import ArenaSpec


def seatings(arena: ArenaSpec) -> tuple[tuple[int, ...], ...]:
    """Return the seatings of one match, each the line-up position of every seat, in seat order.

    Where they swap, the members of the line-up take each other's places in turn (two: swapped; more:
    rotated); elsewhere the line-up keeps its order.
    """
    count = arena.lineup
    if not arena.swaps_seats or count == 1:
        return (arena.teams,)
    return tuple(tuple((team + shift) % count for team in arena.teams) for shift in range(count))
