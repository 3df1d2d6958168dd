"""Who sits where, and with which seed: what makes one match fair and repeatable."""

import hashlib
import struct

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


def episode_seed(agent_seed: int, number: int) -> int:
    """Return the seed of an agent's own generators in one episode; 0 to 2**31 - 1.

    Args:
        agent_seed: of the agent's process in this match.
        number: of the episode at its table, from 1 in the order in which they begin.
    """
    mixed = hashlib.blake2b(struct.pack("<QQ", agent_seed % 2**64, number), digest_size=4)
    return int.from_bytes(mixed.digest(), "little") >> 1
