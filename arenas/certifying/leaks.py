"""Whether a seat is shown what it must not see: other seats' secrets, or their moves of the same turn.

How it works. What is secret only the rules know, so there are four tests, each sound where it applies.
Copies: unless all is open (tag `perfect-information`), no two seats always see the same bytes; one array for
all seats looks like that. Looking: what one seat was given does not change while another looks. Redealing:
where something can change what a seat cannot see (`arenas.certifying.hiding`), its view stays the same to the
byte while another's does not. Guessing: where secrets are declared (tag `hidden-information`), positions in
which a seat sees the same must not all look the same to another seat; of small games, resets repeat views.
An arena with declared secrets which none of the last two can reach fails: it has to name a redeal.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations
from typing import Final

import numpy as np

from arenas.adapters import Adapter
from arenas.adapters.aec import AecAdapter
from arenas.adapters.parallel import ParallelAdapter
from arenas.certifying.checks import ArenaCheck, Effort
from arenas.certifying.hiding import Redeal, redeal_of
from arenas.certifying.playing import FIRST_SEED, go_to, observers, random_actions
from arenas.codec import Codec

OPEN: Final = "perfect-information"
HIDDEN: Final = "hidden-information"
_SEEDS: Final = 40
_TURNS: Final = 12
_LEAST: Final = 8
"""Positions that are looked at even on a machine that has no time."""
_GUESSES: Final = 20
"""Repeated views that show enough; fewer show nothing."""
_DEALS: Final = 3


def check_leaks(adapter: Adapter, effort: Effort) -> ArenaCheck:
    """Look for what a seat is shown of another's secrets.

    Raises:
        ArenaError: the environment failed.
    """
    spec = adapter.spec
    if spec.seats == 1:
        return ArenaCheck("leaks", True, 0.0, "one seat: there is nobody to hide from")
    if OPEN in spec.tags:
        return ArenaCheck("leaks", True, 0.0, f"nothing is hidden: the arena is tagged {OPEN}")
    search = _Search(adapter, effort.leak_seconds)
    found = search.copies() or search.overwritten() or search.redealt() or search.guessed()
    if not found and HIDDEN in spec.tags and not search.reached:
        found = "no test reaches what is hidden here: the spec must name a function in `hidden`"
    detail = found or "; ".join(search.notes)
    return ArenaCheck("leaks", not found, float(search.compared), detail)


class _Search:
    """The tests of one arena, and what they have shown."""

    def __init__(self, adapter: Adapter, seconds: float) -> None:
        self.adapter = adapter
        self.codecs = observers(adapter)
        self.compared = 0
        self.reached = False
        """Whether a test looked behind what is hidden."""
        self.notes: list[str] = []
        self._all_seeing: set[int] = set()
        """Seats from which nothing is hidden, by the arena's own word."""
        self._seconds = seconds / 3
        self._rng = np.random.default_rng(FIRST_SEED)

    def copies(self) -> str:
        """Find two seats that always see the same, though what they see changes."""
        seats = range(self.adapter.spec.seats)
        pairs = {(a, b) for a in seats for b in seats if a < b}
        seen: dict[int, set[bytes]] = defaultdict(set)
        for _ in self._positions():
            views = {seat: _plain(self.adapter.peek(seat)) for seat in seats}
            pairs = {(one, other) for one, other in pairs if views[one] == views[other]}
            for seat, view in views.items():
                seen[seat].add(view)
            self.compared += 1
        self.notes.append(f"views compared in {self.compared} positions")
        for one, other in sorted(pairs):
            if len(seen[one]) > 1:
                return (
                    f"seats {one} and {other} always see the same bytes: one array for both, or all is open "
                    f"and the tag {OPEN} is missing"
                )
        return ""

    def overwritten(self) -> str:
        """Find a seat whose observation changes while another seat looks."""
        if not isinstance(self.adapter, AecAdapter):
            return ""
        for _ in self._positions(most=20):
            for one, other in permutations(range(self.adapter.spec.seats), 2):
                given = self.adapter.peek(one)
                before = _frozen(self.codecs[one], given)
                self.adapter.peek(other)
                if _frozen(self.codecs[one], given) != before:
                    return f"what seat {one} was given changes when seat {other} looks: they share an array"
        return ""

    def redealt(self) -> str:
        """Find a seat that sees a change of what it cannot see."""
        redeal = redeal_of(self.adapter)
        if redeal is None:
            return ""
        if isinstance(self.adapter, ParallelAdapter) and not hasattr(self.adapter.environment, "observe"):
            return "with `hidden`, a Parallel environment must offer observe(agent)"
        changed = [0] * self.adapter.spec.seats
        deals = 0
        for _ in self._positions(resets=_DEALS):
            for seat in range(self.adapter.spec.seats):
                told = self._redeal(redeal, seat)
                if told is None:
                    self._all_seeing.add(seat)
                    continue
                deals += 1
                if told:
                    return told
                changed[seat] += self._others_changed
        blind = [seat for seat, times in enumerate(changed) if not times and seat not in self._all_seeing]
        if blind:
            return f"the redeal for seat {blind[0]} never changed what any other seat sees: it shows nothing"
        self.reached = deals > 0
        self.compared += deals
        self.notes.append(f"{deals} redeals of what a seat cannot see left its view the same")
        return ""

    def _redeal(self, redeal: Redeal, seat: int) -> str | None:
        before = self._views()
        if seat not in before or redeal(self.adapter, seat, self._rng) is False:
            return None
        after = self._views()
        self._others_changed = any(
            after.get(other) != view for other, view in before.items() if other != seat
        )
        if after.get(seat) != before[seat]:
            return f"seat {seat} sees a change of what is hidden from it (turn {self.adapter.turns})"
        return ""

    def guessed(self) -> str:
        """Find a seat whose first view always gives away another's; only where secrets are declared."""
        if HIDDEN not in self.adapter.spec.tags:
            self.notes.append(f"no secrets are declared (tag {HIDDEN})")
            return ""
        views: dict[tuple[int, int], dict[bytes, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        until = time.monotonic() + self._seconds
        seed = FIRST_SEED
        while time.monotonic() < until and seed < FIRST_SEED + 20_000:
            self.adapter.reset(seed)
            shown = self._views()
            for one, other in permutations(shown, 2):
                views[one, other][shown[one]].append(shown[other])
            seed += 1
        for (one, other), groups in sorted(views.items()):
            if one in self._all_seeing:
                continue
            repeated = [group for group in groups.values() if len(group) > 1]
            varies = len({view for group in groups.values() for view in group}) > 1
            if not varies or sum(len(group) - 1 for group in repeated) < _GUESSES:
                continue
            self.reached = True
            if all(len(set(group)) == 1 for group in repeated):
                return f"what seat {one} sees at the start always tells what seat {other} sees"
        self.notes.append(f"{seed - FIRST_SEED} starts compared")
        return ""

    def _positions(self, *, most: int = _SEEDS * _TURNS, resets: int = 1) -> Iterator[None]:
        """Go through positions of random play.

        Args:
            most: positions at most.
            resets: how often each position is set up anew; above 1 the caller may spoil it.
        """
        until = time.monotonic() + self._seconds
        for count in range(most):
            if count >= _LEAST and time.monotonic() > until:
                return
            seed, turn = FIRST_SEED + count % _SEEDS, (count * 5) % _TURNS
            for _ in range(resets):
                if go_to(self.adapter, seed, turn):
                    yield

    def _views(self) -> dict[int, bytes]:
        """Return what each living seat sees now."""
        adapter = self.adapter
        views = {}
        for seat in range(adapter.spec.seats):
            seen = adapter.peek(seat)
            if seen is None:
                continue
            if adapter.spec.hidden and isinstance(adapter, ParallelAdapter):
                # The last step's observations are older than a redeal.
                seen = adapter.environment.observe(adapter.seat_names[seat])
                views[seat] = _plain(seen)
            else:
                views[seat] = self.codecs[seat].encode(seen)
        return views


def _plain(seen: object) -> bytes:
    """Return an observation as bytes, without its mask, which only whoever is asked gets."""
    if isinstance(seen, dict):
        return b"".join(_plain(seen[key]) for key in sorted(seen) if key != "action_mask")
    return (
        repr(seen).encode() if isinstance(seen, str | tuple) or seen is None else np.asarray(seen).tobytes()
    )


def _frozen(codec: Codec, seen: object) -> bytes:
    return b"" if seen is None else codec.encode(seen)


def check_simultaneous(adapter: Adapter, effort: Effort) -> ArenaCheck:
    """Try whether seats that act in the same turn see each other's action of that turn.

    Raises:
        ArenaError: the environment failed.
    """
    metadata = getattr(adapter.environment, "metadata", None) or {}
    if isinstance(adapter, ParallelAdapter) and adapter.spec.seats > 1:
        tried, found = _try_parallel(adapter, effort)
    elif isinstance(adapter, AecAdapter) and metadata.get("is_parallelizable"):
        tried, found = _try_round(adapter, effort)
    else:
        return ArenaCheck("simultaneous", True, 0.0, "one seat acts at a time, and the next may see it")
    detail = found or "changed actions of the same turn stayed unseen"
    return ArenaCheck("simultaneous", not found, float(tried), detail)


def _moments(seconds: float) -> Iterator[tuple[int, int]]:
    until = time.monotonic() + seconds / 2
    for count in range(200):
        if count >= _LEAST and time.monotonic() > until:
            return
        yield FIRST_SEED + count, (count * 3) % _TURNS


def _try_parallel(adapter: ParallelAdapter, effort: Effort) -> tuple[int, str]:
    """Compare what a seat holds after two turns that differ in one other seat's action."""
    codecs, tried = observers(adapter), 0
    for seed, turn in _moments(effort.leak_seconds):
        rng = np.random.default_rng(seed)
        held: list[dict[int, bytes]] = []
        if not go_to(adapter, seed, turn):
            continue
        usual = random_actions(adapter, rng)
        changer = int(rng.choice(sorted(usual)))
        for actions in (usual, usual | {changer: adapter.random_action(changer, rng)}):
            go_to(adapter, seed, turn)
            asked = list(adapter.asked())
            adapter.step(actions)
            held.append({one.seat: codecs[one.seat].encode(one.observation) for one in asked})
        tried += 1
        for seat, seen in held[0].items():
            if seat != changer and held[1][seat] != seen:
                return tried, f"what seat {seat} was shown changes with what seat {changer} does in that turn"
    return tried, ""


def _try_round(adapter: AecAdapter, effort: Effort) -> tuple[int, str]:
    """Compare what the later seats of a round see after two different actions of the first one."""
    codecs, tried = observers(adapter), 0
    seats = adapter.spec.seats
    for seed, turn in _moments(effort.leak_seconds):
        begin = turn - turn % seats
        first = _round(adapter, codecs, (seed, begin, 0))
        second = _round(adapter, codecs, (seed, begin, 1))
        if not first or not second:
            continue
        tried += 1
        leader = next(iter(first))
        for seat in list(first)[1:]:
            if seat in second and first[seat] != second[seat]:
                return tried, f"seat {seat} sees in its turn what seat {leader} has just done"
    return tried, ""


def _round(adapter: AecAdapter, codecs: list[Codec], moment: tuple[int, int, int]) -> dict[int, bytes]:
    """Play one round from a moment; return what each seat sees when it is asked."""
    seed, begin, variant = moment
    if not go_to(adapter, seed, begin):
        return {}
    rng = np.random.default_rng(seed)
    other = np.random.default_rng([seed, variant])
    seen: dict[int, bytes] = {}
    for _ in range(adapter.spec.seats):
        if adapter.is_over:
            break
        (asked,) = adapter.asked()
        if asked.seat in seen:
            break
        seen[asked.seat] = codecs[asked.seat].encode(asked.observation)
        adapter.step({asked.seat: adapter.random_action(asked.seat, rng if len(seen) > 1 else other)})
    return seen
