"""The libraries' own tests: PettingZoo's and Gymnasium's, on the environment as its library makes it."""

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from arenas.adapters.making import make_whole
from arenas.certifying.checks import ArenaCheck, Effort
from arenas.headless import import_headless
from arenas.spec import ArenaSpec

_MOST_CYCLES: Final = 500
_LEAST_CYCLES: Final = 10
_WARNINGS_SHOWN: Final = 3
_WORDS: Final = 160
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")

Attempt: TypeAlias = tuple[str, Callable[[ArenaSpec, int], None]]


def check_api(spec: ArenaSpec, effort: Effort, turn_seconds: float) -> Iterator[ArenaCheck]:
    """Run the tests of the environment's library, one check each.

    Args:
        spec: the arena.
        effort: bounds how long each test plays.
        turn_seconds: what a turn costs, to choose how many to play.
    """
    if spec.kind == "open_spiel":
        yield ArenaCheck("api", True, None, "OpenSpiel has no test of its API for Python")
        return
    cycles = int(effort.api_seconds / 3 / max(turn_seconds, 1e-6))
    cycles = min(max(cycles, _LEAST_CYCLES), _MOST_CYCLES)
    attempts = {"aec": _AEC, "parallel": _PARALLEL, "gymnasium": _GYMNASIUM}[spec.kind]
    for name, attempt in attempts:
        if name == "seed_test" and spec.is_single:
            told_why = "not run: it plays two environments at once; replay and second_process show the same"
            yield ArenaCheck(name, True, None, told_why)
            continue
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                attempt(spec, cycles)
                wrong = ""
            except Exception as error:  # The libraries' tests raise whatever the environment does.
                wrong = f"{type(error).__name__}: {error}"[:_WORDS]
        yield ArenaCheck(name, not wrong, float(len(told)), wrong or _told(told, cycles))


def _aec_api(spec: ArenaSpec, cycles: int) -> None:
    with _made(spec) as environment:
        import_headless("pettingzoo.test").api_test(environment, num_cycles=cycles)


def _aec_seeds(spec: ArenaSpec, cycles: int) -> None:
    import_headless("pettingzoo.test").seed_test(lambda: make_whole(spec), num_cycles=cycles)


def _parallel_api(spec: ArenaSpec, cycles: int) -> None:
    with _made(spec) as environment:
        import_headless("pettingzoo.test").parallel_api_test(environment, num_cycles=cycles)


def _parallel_seeds(spec: ArenaSpec, cycles: int) -> None:
    import_headless("pettingzoo.test").parallel_seed_test(lambda: make_whole(spec), num_cycles=cycles)


def _gymnasium_api(spec: ArenaSpec, cycles: int) -> None:
    del cycles  # Gymnasium's test takes a few steps, always as many.
    with _made(spec) as environment:
        check = import_headless("gymnasium.utils.env_checker").check_env
        check(environment, skip_render_check=True, skip_close_check=True)


_AEC: Final[tuple[Attempt, ...]] = (("api", _aec_api), ("seed_test", _aec_seeds))
_PARALLEL: Final[tuple[Attempt, ...]] = (("api", _parallel_api), ("seed_test", _parallel_seeds))
_GYMNASIUM: Final[tuple[Attempt, ...]] = (("api", _gymnasium_api),)


@contextmanager
def _made(spec: ArenaSpec) -> Iterator[Any]:  # Any: an environment of a third-party library.
    environment = make_whole(spec)
    try:
        yield environment
    finally:
        environment.close()


def _told(told: list[warnings.WarningMessage], cycles: int) -> str:
    """Return the warnings, the first few in words."""
    words = list(dict.fromkeys(" ".join(_COLOUR.sub("", str(one.message)).split())[:_WORDS] for one in told))
    count = f"{len(told)} warnings in {cycles} cycles"
    more = f" and {len(words) - _WARNINGS_SHOWN} more" if len(words) > _WARNINGS_SHOWN else ""
    return f"{count}: {'; '.join(words[:_WARNINGS_SHOWN])}{more}" if words else "no warnings"
