"""Run a target: a strategy that makes cases, a check that raises on what must not be."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

ROUND = 500
CASE = "case: "
LONGEST = 4000


@dataclass(frozen=True)
class Target:
    name: str
    cases: SearchStrategy[Any]
    check: Callable[[Any], None]


@dataclass
class Campaign:
    """What came of many cases; `problem` tells the smallest failing one, and `seed` makes it again."""

    target: Target
    seed: int
    cases: int = 0
    seconds: float = 0.0
    problem: str = ""


def attack(target: Target, *, cases: int, seed: int, counted: Callable[[], None] = lambda: None) -> None:
    """Check about that many cases; the failing one is made as small as can be and raised."""

    @hypothesis.seed(seed)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )
    @given(target.cases)
    def go(case):
        counted()
        try:
            target.check(case)
        except Exception as error:
            error.add_note(f"{CASE}{case!r}"[:LONGEST])
            raise

    go()


def campaign(target: Target, *, seconds: float, seed: int) -> Campaign:
    """Attack with one seed after the other until the time is up or something is found."""
    done = Campaign(target, seed)
    began = time.monotonic()

    def counted() -> None:
        done.cases += 1

    while True:
        try:
            attack(target, cases=ROUND, seed=done.seed, counted=counted)
        except Exception as error:  # Whatever a target lets out is the finding.
            notes = [note for note in getattr(error, "__notes__", ()) if note.startswith(CASE)]
            done.problem = "\n".join([f"{type(error).__name__}: {error}"[:LONGEST], *notes])
        done.seconds = time.monotonic() - began
        if done.problem or done.seconds >= seconds:
            return done
        done.seed += 1
