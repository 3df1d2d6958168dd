"""What a match costs beside being played: its share of a rating fit, and the bytes that keep it."""

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final

import numpy as np

from arenas import registry
from arenas.codec import compile_codec
from arenas.replay import decode_log
from workers.bench.boards import BOARD
from workers.bench.goals import BARE, SANDBOXED
from workers.bench.measuring import Gauge, Options, Variant, Workload, pause_of
from workers.bench.sandboxed import SandboxedGames, random_package
from workers.league import Comparisons, fit
from workers.local import LocalArena
from workers.seating import seatings
from workers.spec import EpisodeResult

_AGENTS: Final = 100
_MATCHES: Final = 10_000


def league_of(agents: int, matches: int, rng: np.random.Generator) -> Comparisons:
    """Return matches of random pairs, each played in both seatings, drawn from true strengths."""
    strength = rng.normal(0, 1.7, agents)
    first = rng.integers(agents, size=matches)
    second = (first + rng.integers(1, agents, matches)) % agents
    match, side_a, side_b = (np.repeat(each, 2) for each in (np.arange(matches), first, second))
    chance = 1 / (1 + np.exp(strength[side_b] - strength[side_a]))
    nowhere = np.full(2 * matches, -1)
    points = (rng.random(2 * matches) < chance).astype(np.float64)
    return Comparisons(match, side_a, side_b, nowhere, nowhere, points, np.ones(2 * matches))


def rate_online(comparisons: Comparisons, agents: int) -> list[float]:
    """Return Elo ratings, one episode after the other in plain Python."""
    ratings = [1500.0] * agents
    columns = (comparisons.side_a.tolist(), comparisons.side_b.tolist(), comparisons.points.tolist())
    for a, b, points in zip(*columns, strict=True):
        step = 16 * (points - 1 / (1 + math.pow(10, (ratings[b] - ratings[a]) / 400)))
        ratings[a] += step
        ratings[b] -= step
    return ratings


@contextmanager
def _rating(_options: Options) -> Iterator[Sequence[Variant]]:
    comparisons = league_of(_AGENTS, _MATCHES, np.random.default_rng(0))

    def shared(whole: Gauge) -> Gauge:
        return lambda seconds: whole(seconds) / _MATCHES

    yield [
        Variant(SANDBOXED, shared(pause_of(lambda: fit(comparisons, agents=_AGENTS)))),
        Variant(BARE, shared(pause_of(lambda: rate_online(comparisons, _AGENTS)))),
    ]


@contextmanager
def _replay_bytes(_options: Options) -> Iterator[Sequence[Variant]]:
    arena = registry.get(BOARD)
    with ExitStack() as opened:
        local = opened.enter_context(LocalArena.open(arena))
        games = opened.enter_context(closing(SandboxedGames(local, random_package(arena))))
        decode = compile_codec(local.environments[0].action_schemas[0])
        episodes = arena.episodes * len(seatings(arena))
        played: list[EpisodeResult] = []

        def stored(seconds: float) -> float:
            """Play a few matches and return the bytes that are kept of one."""
            played[:] = [
                result for _ in range(max(1, int(20 * seconds)) * episodes) for result in games.results()
            ]
            return sum(len(result.actions) for result in played) * episodes / len(played)

        def as_json(_seconds: float) -> float:
            if not played:
                stored(0)
            logs = [decode_log(result.actions).actions for result in played]
            lists = [
                [decode.decode(log[at : at + decode.size]) for at in range(0, len(log), decode.size)]
                for log in logs
            ]
            return sum(len(json.dumps(actions)) for actions in lists) * episodes / len(played)

        yield [Variant(SANDBOXED, stored), Variant(BARE, as_json)]


RATING: Final = Workload(
    "rating",
    "µs",
    f"A whole fit of {_AGENTS} agents after {_MATCHES} matches, intervals and places too, divided by the "
    "matches; bare is Elo, match by match in plain Python. Less is better.",
    _rating,
)
REPLAY_BYTES: Final = Workload(
    "replay-bytes",
    "B",
    "Bytes that are kept to play a connect-four match again (two games, sides changed); bare is its actions "
    "as JSON. Less is better.",
    _replay_bytes,
)
