"""The no-code lane: one network as an ONNX package and as Python agents, against the same in a bare loop."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final

import numpy as np

from arenas import registry
from workers.bench.bare import BareGames, loop, make_environment
from workers.bench.boards import BOARD
from workers.bench.goals import BARE, SANDBOXED
from workers.bench.measuring import Options, Variant, Workload, rate_of
from workers.bench.sandboxed import SandboxedGames
from workers.environments import MOST_LANES
from workers.local import LocalArena
from workers.nocode.twins import make_twins

_INPUTS: Final = 84
_ACTIONS: Final = 7


class NumpyAgent:
    """The network in NumPy, as the Python agent among the twins has it.

    Args:
        package: that agent, whose weights are used.
    """

    def __init__(self, package: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            weights = np.load(io.BytesIO(archive.read("weights.npz")))
        count = len(weights.files) // 2
        self._layers = [(weights[f"w{at}"], weights[f"b{at}"]) for at in range(count)]

    def act(self, observation: dict[str, np.ndarray]) -> int:
        """Return the legal action with the greatest number."""
        row = observation["observation"].astype(np.float32).reshape(-1)
        *inner, (last, bias) = self._layers
        for matrix, offset in inner:
            row = np.maximum(row @ matrix + offset, 0)
        return int(np.where(observation["action_mask"], row @ last + bias, -np.inf).argmax())


@contextmanager
def _onnx(_options: Options) -> Iterator[Sequence[Variant]]:
    arena = registry.get(BOARD)
    twins = make_twins(_INPUTS, _ACTIONS)
    with ExitStack() as opened:
        local = opened.enter_context(LocalArena.open(arena))

        def begun(package: bytes, lanes: int = 1) -> SandboxedGames:
            return opened.enter_context(closing(SandboxedGames(local, (package, "agent.zip"), lanes=lanes)))

        agents = [NumpyAgent(twins.numpy), NumpyAgent(twins.numpy)]
        bare = loop(arena, make_environment(arena), BareGames(arena, agents))
        yield [
            Variant(SANDBOXED, rate_of(begun(twins.model, MOST_LANES).matches)),
            Variant(BARE, rate_of(lambda: bare() and 1)),
            Variant("model, one lane", rate_of(begun(twins.model).matches), over=SANDBOXED),
            Variant("onnxruntime agent", rate_of(begun(twins.runtime).matches), over=SANDBOXED),
            Variant("NumPy agent", rate_of(begun(twins.numpy).matches), over=SANDBOXED),
        ]


ONNX: Final = Workload(
    "onnx",
    "matches/s",
    "A network of two layers of 64 as a package without code, sixteen games side by side; bare is env() with "
    "the same network in NumPy.",
    _onnx,
)
