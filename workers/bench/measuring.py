"""Measure variants of the same work in rotation; the ratio within a round is the result."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final, TypeAlias

from workers.bench.goals import BARE, GOALS, SANDBOXED, Goal

ROUNDS: Final = 9
ROUND_SECONDS: Final = 1.0
_WARM_UP: Final = 0.2
"""Share of a round's seconds each variant runs before the first round."""

Gauge: TypeAlias = Callable[[float], float]
"""Works for about so many seconds and returns a figure in the workload's unit."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to do a workload's work."""

    name: str
    gauge: Gauge
    over: str = BARE
    """The variant that its ratio is taken over."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is compared beside the bare loops."""

    kaggle: Path | None = None
    """A Python interpreter that has kaggle-environments."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Some work that can be measured; the first variant is ours, the second bare."""

    name: str
    unit: str
    says: str
    """What is measured, in a sentence."""
    open: Callable[[Options], AbstractContextManager[Sequence[Variant]]]


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a workload: every variant, one after the other."""

    rate: float
    bare_rate: float
    others: Mapping[str, float] = field(default_factory=dict)
    """Figures of further variants by name."""

    @property
    def ratio(self) -> float:
        """Return sandboxed over bare; of rates, 1 is as fast as no sandbox."""
        return self.rate / self.bare_rate

    @property
    def figures(self) -> dict[str, float]:
        """Return the figure of every variant by its name."""
        return {SANDBOXED: self.rate, BARE: self.bare_rate, **self.others}


@dataclass(frozen=True, slots=True)
class Measurement:
    """All rounds of a workload."""

    name: str
    unit: str
    rounds: tuple[Round, ...]
    overs: Mapping[str, str] = field(default_factory=dict)
    """For each variant the one its ratio is over; `bare` where nothing is said."""

    def as_row(self) -> dict[str, object]:
        """Return medians and every round, as `coliseum bench --json` prints it."""
        ratios = [each.ratio for each in self.rounds]
        goals = self.goals()
        return {
            "name": self.name,
            "rate": _middle([each.rate for each in self.rounds]),
            "bare_rate": _middle([each.bare_rate for each in self.rounds]),
            "ratio": round(median(ratios), 4),
            "unit": self.unit,
            "runs": [
                {
                    "rate": _short(each.rate),
                    "bare_rate": _short(each.bare_rate),
                    "ratio": round(each.ratio, 4),
                }
                for each in self.rounds
            ],
            "min": round(min(ratios), 4),
            "max": round(max(ratios), 4),
            "variants": {name: self._variant(name) for name in self.rounds[0].figures},
            "goal": goals[0]["goal"] if goals else None,
            "aim": goals[0]["aim"] if goals else None,
            "goals": goals,
        }

    def _variant(self, name: str) -> dict[str, object]:
        over = self.overs.get(name, BARE)
        ratios = [each.figures[name] / each.figures[over] for each in self.rounds]
        return {
            "rate": _middle([each.figures[name] for each in self.rounds]),
            "ratio": round(median(ratios), 4),
            "min": round(min(ratios), 4),
            "max": round(max(ratios), 4),
            "over": over,
        }

    def goals(self) -> list[dict[str, object]]:
        """Return each goal of the workload with its value here; None where a variant was not measured."""
        return [self._goal(goal) for goal in GOALS.get(self.name, ())]

    def _goal(self, goal: Goal) -> dict[str, object]:
        values = [goal.value(each.figures) for each in self.rounds]
        known = [value for value in values if value is not None]
        value = round(median(known), 4) if known else None
        row: dict[str, object] = {"id": goal.id, "what": goal.what, "value": value}
        if known:
            row |= {"min": round(min(known), 4), "max": round(max(known), 4)}
        return row | {"goal": goal.bound, "aim": goal.aim, "reached": goal.verdict(value)}


def measure(
    workload: Workload,
    *,
    rounds: int = ROUNDS,
    seconds: float = ROUND_SECONDS,
    options: Options | None = None,
) -> Measurement:
    """Measure a workload; its start-up is outside the clock.

    Args:
        workload: what to measure.
        rounds: how often each variant is measured, at least 1.
        seconds: how long each is measured, about.
        options: what to compare with beside the bare loop.

    Raises:
        RefusedError: it cannot be measured here.
        MatchError: an agent failed, so that nothing was measured.
    """
    with workload.open(options or Options()) as variants:
        for variant in variants:
            variant.gauge(seconds * _WARM_UP)
        measured = tuple(_round(variants, number, seconds) for number in range(rounds))
    overs = {variant.name: variant.over for variant in variants}
    return Measurement(workload.name, workload.unit, measured, overs)


def _round(variants: Sequence[Variant], number: int, seconds: float) -> Round:
    """Measure every variant once; each round begins with another one."""
    turn = number % len(variants)
    figures = {each.name: each.gauge(seconds) for each in (*variants[turn:], *variants[:turn])}
    ours, bare, *others = (variant.name for variant in variants)
    return Round(figures[ours], figures[bare], {name: figures[name] for name in others})


def rate_of(play: Callable[[], int]) -> Gauge:
    """Return a gauge of how much `play` gets done a second."""

    def gauge(seconds: float) -> float:
        done = 0
        started = time.perf_counter()
        while (elapsed := time.perf_counter() - started) < seconds or not done:
            done += play()
        return done / elapsed

    return gauge


def pause_of(act: Callable[[], object]) -> Gauge:
    """Return a gauge of how many microseconds a call of `act` takes, as the median of all calls."""

    def gauge(seconds: float) -> float:
        now = time.perf_counter
        times: list[float] = []
        until = now() + seconds
        while (began := now()) < until or not times:
            act()
            times.append(now() - began)
        return median(times) * 1e6

    return gauge


def _middle(figures: Sequence[float]) -> float:
    return _short(median(figures))


def _short(figure: float) -> float:
    """Return a figure without digits that say nothing."""
    return round(figure, 1 if figure >= 10 else 4)
