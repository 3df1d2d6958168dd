"""OpenSpiel's compiled games as arenas, against the same games of PettingZoo."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from arenas import registry
from arenas.adapters import Adapter
from workers.bench.bare import BareGames, agent_class, loop, make_environment
from workers.bench.goals import BARE, SANDBOXED
from workers.bench.measuring import Options, Variant, Workload, rate_of
from workers.bench.sandboxed import BATCH, SandboxedGames, random_package
from workers.environments import MOST_LANES
from workers.local import LocalArena

_TWINS: Final = {
    "connect four": ("spiel_connect_four-v1", "connect_four-v3"),
    "tic-tac-toe": ("spiel_tic_tac_toe-v1", "tictactoe-v3"),
    "leduc": ("spiel_leduc-v1", "leduc_holdem-v4"),
    "chess": ("spiel_chess-v1", "chess-v6"),
}
_LONG: Final = "chess"
"""Games of hundreds of moves: fewer of them are begun together."""


def unjailed(adapter: Adapter, games: BareGames) -> Callable[[], int]:
    """Return a function that plays one game on the arena's own adapter, with the agents in this process."""

    def play() -> int:
        agents = games.begin()
        adapter.reset(games.number)
        while asked := adapter.asked():
            adapter.step({each.seat: agents[each.seat].act(each.observation) for each in asked})
        return 1

    return play


@contextmanager
def _spiel(_options: Options) -> Iterator[Sequence[Variant]]:
    with ExitStack() as opened:
        variants: list[Variant] = []
        for name, (spiel, zoo) in _TWINS.items():
            arena, twin = registry.get(spiel), registry.get(zoo)
            make = agent_class(arena.baselines[0].path)
            local = opened.enter_context(LocalArena.open(arena))
            batch = MOST_LANES if name == _LONG else BATCH
            games = SandboxedGames(local, random_package(arena), lanes=MOST_LANES, batch=batch)
            ours = opened.enter_context(closing(games))
            adapter = local.environments[0]
            bare = loop(twin, make_environment(twin), BareGames(twin, [make(), make()]))
            is_first = not variants
            over = BARE if is_first else f"{name}, PettingZoo"
            variants += [
                Variant(SANDBOXED if is_first else name, rate_of(ours.matches), over),
                Variant(over, rate_of(_counted(bare)), over),
                Variant(
                    f"{name}, no sandbox",
                    rate_of(unjailed(adapter, BareGames(arena, [make(), make()]))),
                    over,
                ),
            ]
        yield variants


def _counted(play: Callable[[], int]) -> Callable[[], int]:
    """Return a function that plays a game and counts it as one."""

    def game() -> int:
        play()
        return 1

    return game


OPENSPIEL: Final = Workload(
    "openspiel",
    "matches/s",
    "Random games of connect four on OpenSpiel, sixteen side by side; bare is the same game in PettingZoo's "
    "env() loop. Then tic-tac-toe, leduc hold'em and chess likewise.",
    _spiel,
)
