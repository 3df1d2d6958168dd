"""Who should meet next in a large field: those played least, against agents of about their strength.

How it works. Weighing every pair against every other costs the square of the field for each match. In a large
field that buys nothing: there always is an opponent near by. So each round takes the agents with the fewest
matches, draws a strength for each from what is known of it, sorts, and seats neighbours together: the cost of
a match grows with the logarithm of the field. One line-up in ten is drawn at random, as in small fields.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.board import PairingRules
from workers.league.comparisons import Booleans, Floats, Integers
from workers.league.pairing import Pairing, Reason

_LEAST_SPREAD: Final = 0.3
"""Logits by which even well-known strengths are shaken, so that neighbours change from round to round."""
_PASSES: Final = 4
"""How often the agents of refused line-ups are regrouped before they wait for the next round."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of agents as pairing by neighbours sees it."""

    theta: Floats
    """(agents,) logits."""
    deviation: Floats
    """(agents,) logits: how well each strength is known."""
    load: Integers
    """(agents,) matches of each agent, queued ones included."""
    owner: Integers
    """(agents,) agents of one owner never meet; give house agents an owner each."""
    active: Booleans
    seats: int = 2


def choose_neighbours(
    field: Field,
    *,
    count: int,
    rng: np.random.Generator,
    rules: PairingRules | None = None,
    waiting: Iterable[frozenset[int]] = (),
) -> list[Pairing]:
    """Choose matches to play next.

    Args:
        field: what is known of the agents.
        count: most matches wanted; fewer come back where the rules leave no line-up.
        rng: all chance comes from here.
        rules: the defaults if left out; `floor`, `cap` and `pair_share` follow from the order of choice.
        waiting: line-ups that are queued already.
    """
    rules = rules or PairingRules()
    at_once = Counter(waiting)
    load = field.load.astype(float)
    chosen: list[Pairing] = []
    while len(chosen) < count:
        found = []
        for reason, lineup in _round(field, load, count - len(chosen), rules, rng):
            key = frozenset(lineup)
            if at_once[key] < rules.repeats:
                at_once[key] += 1
                found.append(_pairing(field, reason, lineup, rules))
        if not found:
            break
        chosen += found
        np.add.at(load, np.array([pairing.lineup for pairing in found]).ravel(), 1.0)
    return chosen


def _round(
    field: Field, load: Floats, wanted: int, rules: PairingRules, rng: np.random.Generator
) -> Iterator[tuple[Reason, tuple[int, ...]]]:
    """Yield line-ups in which no agent sits twice."""
    members = _members(field, load, wanted, rules, rng)
    rng.shuffle(members)
    groups = len(members) // field.seats
    exploring = field.seats * int(rng.binomial(groups, rules.exploration))
    for lineup in _grouped(field, members[:exploring]):
        yield "explore", lineup
    rest = members[exploring:]
    shaken = rng.normal(field.theta[rest], np.maximum(field.deviation[rest], _LEAST_SPREAD))
    for lineup in _grouped(field, rest[np.argsort(shaken, kind="stable")]):
        is_new = min(load[list(lineup)]) < rules.newcomer_matches
        yield ("newcomer" if is_new else "gain"), tuple(rng.permutation(lineup).tolist())


def _members(
    field: Field, load: Floats, wanted: int, rules: PairingRules, rng: np.random.Generator
) -> Integers:
    """Return the agents of this round: those with the fewest matches, newcomers in half of the places."""
    active = np.flatnonzero(field.active)
    places = min(len(active), wanted * field.seats)
    order = active[np.lexsort((rng.random(len(active)), load[active]))]
    is_new = load[order] < rules.newcomer_matches
    known = order[~is_new]
    most = max(-(-places // 2), places - len(known))
    new = order[is_new][:most]
    return np.concatenate([new, known[: places - len(new)]])


def _grouped(field: Field, order: Integers) -> Iterator[tuple[int, ...]]:
    """Yield neighbours in this order as line-ups; those of one owner are tried again with others."""
    for shift in range(_PASSES):
        order = np.concatenate([order[shift:], order[:shift]]) if shift else order
        whole = len(order) - len(order) % field.seats
        groups = order[:whole].reshape(-1, field.seats)
        owners = np.sort(field.owner[groups], axis=1)
        is_fine = (np.diff(owners, axis=1) > 0).all(axis=1)
        for lineup in groups[is_fine].tolist():
            yield tuple(lineup)
        order = np.concatenate([groups[~is_fine].ravel(), order[whole:]])
        if len(order) < field.seats:
            return


def _pairing(field: Field, reason: Reason, lineup: tuple[int, ...], rules: PairingRules) -> Pairing:
    theta = field.theta[list(lineup)]
    likely = 0.5 + 0.5 * np.tanh(0.5 * (theta[:, None] - theta[None, :]))
    # The information of a match between them, summed over its pairs; 1/4 for two equals.
    gain = float(np.triu(likely * (1.0 - likely), 1).sum())
    propensity = rules.exploration if reason == "explore" else 1.0 - rules.exploration
    return Pairing(lineup, reason, propensity, gain)
