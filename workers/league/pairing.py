"""Who should meet next: newcomers first, then the pairs that would settle the most places.

How it works: a match of two agents shrinks what is unknown about them. Of all allowed pairs the one is taken
whose result is expected to put most wrongly ordered neighbours right; the posterior is updated as if it had
been played, and the next is taken. One slot in ten goes to a pair drawn at random, which keeps the field
connected and the estimate honest.
"""

from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import Final, Literal, TypeAlias

import numpy as np

from workers.league.board import Board, PairingRules, PairingState
from workers.league.comparisons import Booleans, Floats, Integers
from workers.league.seating import seat_lineup

Reason: TypeAlias = Literal["newcomer", "explore", "gain"]
_NEAREST: Final = 4
_TRIES: Final = 200
"""Pairs tried before giving up on filling a line-up."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One match to be played, and why."""

    lineup: tuple[int, ...]
    """Agent index by seat."""
    reason: Reason
    propensity: float
    """Chance with which this slot took this line-up, given those before it."""
    gain: float
    """Expected drop of the number of wrongly ordered pairs, weighed by how close they are."""


def choose_pairs(
    state: PairingState, *, count: int, rng: np.random.Generator, rules: PairingRules | None = None
) -> list[Pairing]:
    """Choose matches to play next.

    Args:
        state: the fitted field.
        count: most matches wanted; fewer come back where the rules leave no pair.
        rng: all chance comes from here.
        rules: the defaults if left out.
    """
    rules = rules or PairingRules()
    board = Board(state, rules, rng)
    if len(state.theta) < state.seats or state.seats < 2:
        return []
    chosen: list[Pairing] = []
    for newcomer in _newcomers(state, count, rules):
        pairing = _welcome(board, newcomer, rng)
        if pairing is not None:
            chosen.append(pairing)
    while len(chosen) < count:
        explore = bool(rng.random() < rules.exploration)
        found = _explore(board, rng) if explore else _best(board, count - len(chosen))
        if not found:
            break
        chosen += found
    return chosen


def choose_solos(episodes: Integers, active: Booleans | Integers, *, count: int) -> list[tuple[int, int]]:
    """Choose episodes of a one-seat arena: fewest first, all agents on the same scenarios.

    Args:
        episodes: (agents,) scenarios each has played or is playing.
        active: (agents,) which agents may play (true or non-zero).
        count: how many episodes.

    Returns:
        Pairs of agent index and scenario index; an agent's next scenario is the number it has played.
    """
    behind = [(int(episodes[agent]), int(agent)) for agent in np.flatnonzero(active)]
    heapify(behind)
    chosen: list[tuple[int, int]] = []
    while behind and len(chosen) < count:
        played, agent = behind[0]
        chosen.append((agent, played))
        heapreplace(behind, (played + 1, agent))
    return chosen


def _newcomers(state: PairingState, count: int, rules: PairingRules) -> list[int]:
    """List who is to be welcomed, fewest matches first; at most the newcomers' share of the slots."""
    most = int(np.ceil(rules.newcomer_share * count)) if count else 0
    missing = np.where(state.active, rules.newcomer_matches - state.load, 0)
    order = np.lexsort((np.arange(len(missing)), state.load))
    wanted = [int(agent) for agent in order for _ in range(max(0, int(missing[agent])))]
    # Everyone once before anyone twice.
    turns: dict[int, int] = {}
    keyed = []
    for agent in wanted:
        turns[agent] = turns.get(agent, 0) + 1
        keyed.append((turns[agent], int(state.load[agent]), agent))
    return [agent for _, _, agent in sorted(keyed)[:most]]


def _welcome(board: Board, newcomer: int, rng: np.random.Generator) -> Pairing | None:
    """Let a newcomer meet one of the agents nearest to a draw of its strength."""
    allowed = np.flatnonzero(board.allowed()[newcomer])
    if not len(allowed):
        return None
    guess = rng.normal(board.theta[newcomer], np.sqrt(max(board.covariance[newcomer, newcomer], 0.0)))
    distance = np.abs(board.theta[allowed] - guess)
    nearest = allowed[np.lexsort((rng.random(len(allowed)), distance))][:_NEAREST]
    opponent = int(rng.choice(nearest))
    return _seated(board, newcomer, opponent, "newcomer", 1.0 / len(nearest))


def _explore(board: Board, rng: np.random.Generator) -> list[Pairing]:
    first, second = np.nonzero(np.triu(board.allowed()))
    while len(first):
        pick = int(rng.integers(len(first)))
        propensity = board.rules.exploration / len(first)
        pairing = _seated(board, int(first[pick]), int(second[pick]), "explore", propensity)
        if pairing is not None:
            return [pairing]
        first, second = np.delete(first, pick), np.delete(second, pick)
    return []


def _best(board: Board, wanted: int) -> list[Pairing]:
    """Take the pair of largest gain; in a large field several disjoint ones before the next update."""
    gain = np.triu(np.where(board.allowed(), board.gain(), -np.inf), 1)
    gain[np.tril_indices_from(gain)] = -np.inf
    several = min(wanted, board.batch())
    chosen: list[Pairing] = []
    busy = np.zeros(len(gain), bool)
    for flat in _largest(gain, 1 if several == 1 else 8 * several, board.jitter):
        first, second = divmod(int(flat), len(gain))
        if busy[first] or busy[second]:
            continue
        pairing = _seated(board, first, second, "gain", 1.0 - board.rules.exploration)
        if pairing is None:
            continue
        chosen.append(pairing)
        busy[list(pairing.lineup)] = True
        if len(chosen) == several:
            break
    return chosen or _any_other(board, gain)


def _largest(gain: Floats, count: int, jitter: Floats) -> Integers:
    """Return flat indices of the largest finite gains, largest first; ties in random order."""
    shaken = (gain * (1.0 + 1e-9 * jitter)).ravel()
    if count == 1:
        best = int(np.argmax(shaken))
        return np.array([best] if np.isfinite(shaken[best]) else [], np.int64)
    count = min(count, len(shaken))
    top = np.argpartition(-shaken, count - 1)[:count]
    top = top[np.isfinite(shaken[top])]
    return np.asarray(top[np.argsort(-shaken[top], kind="stable")], np.int64)


def _any_other(board: Board, gain: Floats) -> list[Pairing]:
    """Try the remaining pairs one by one, for line-ups of many seats that are hard to fill."""
    order = np.argsort(-gain.ravel(), kind="stable")
    for flat in order[: min(_TRIES, int(np.isfinite(gain).sum()))]:
        first, second = divmod(int(flat), len(gain))
        pairing = _seated(board, first, second, "gain", 1.0 - board.rules.exploration)
        if pairing is not None:
            return [pairing]
    return []


def _seated(board: Board, first: int, second: int, reason: Reason, propensity: float) -> Pairing | None:
    """Fill the other seats, write the match on the board, and say who sits where."""
    lineup = board.fill(first, second)
    if not lineup:
        return None
    gain = float(sum(board.gain_of(a, b) for a in lineup for b in lineup if a < b))
    board.play(lineup)
    seats = seat_lineup(lineup, board.state.seat_counts)
    return Pairing(seats, reason, propensity, gain)
