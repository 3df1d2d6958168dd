"""Whether an arena can be drawn: by its recorder, and by its environment's own renderer."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from arenas.adapters import Adapter, open_arena
from arenas.adapters.open_spiel import Table
from arenas.certifying.checks import ArenaCheck
from arenas.certifying.playing import Played, random_actions
from arenas.errors import ArenaError
from arenas.recorders import recorder_for
from arenas.spec import ArenaSpec
from arenas.trajectory import decode_trajectory

MOST_BYTES: Final = 2 * 1024 * 1024
"""Of the drawing of one episode; a page loads it whole."""


def check_recorder(adapter: Adapter, played: Played) -> ArenaCheck:
    """Draw the episode that was played, open the drawing again, and see that drawing changed nothing.

    Raises:
        ArenaError: the environment failed.
    """
    rng = np.random.default_rng([played.seed, 0])
    recorder = recorder_for(adapter)
    adapter.reset(played.seed)
    begin = time.perf_counter()
    recorder.start(adapter)
    spent = time.perf_counter() - begin
    turns = 0
    while not adapter.is_over:
        actions = random_actions(adapter, rng)
        adapter.step(actions)
        turns += 1
        actor = next(iter(actions)) if len(actions) == 1 and adapter.spec.kind != "parallel" else -1
        begin = time.perf_counter()
        recorder.turn(adapter, actor)
        spent += time.perf_counter() - begin
    stored = recorder.finish()
    if tuple(adapter.rewards) != played.rewards or turns != played.log.turns:
        return ArenaCheck("recorder", False, float(len(stored)), "the episode went another way while drawn")
    try:
        found = decode_trajectory(stored)
    except ArenaError as error:
        return ArenaCheck("recorder", False, float(len(stored)), f"the drawing does not open: {error}")
    cost = spent / max(1, turns) * 1e6
    told = f"bytes for {turns} turns, scene {found['scene']}, {cost:.0f} us a turn"
    return ArenaCheck("recorder", len(stored) <= MOST_BYTES, float(len(stored)), told)


def check_renderer(spec: ArenaSpec, environment: object) -> ArenaCheck:
    """Ask the environment for a picture, where it says that it can make one. It blocks nothing."""
    metadata = getattr(environment, "metadata", None)
    modes = (
        metadata.get("render_modes") or metadata.get("render.modes") if isinstance(metadata, Mapping) else ()
    )
    if isinstance(environment, Table) or "rgb_array" not in (modes or ()):
        return ArenaCheck(
            "renderer", True, None, "the environment has no renderer for pictures", blocks=False
        )
    wanted = replace(spec, arguments={**spec.arguments, "render_mode": "rgb_array"})
    begin = time.perf_counter()
    try:
        adapter = open_arena(wanted)
        try:
            adapter.reset(0)
            picture = np.asarray(adapter.environment.render())
        finally:
            adapter.close()
    except Exception as error:  # Renderers fail in any way; the recorder does not need them.
        return ArenaCheck("renderer", False, 0.0, f"{type(error).__name__}: {error}"[:200], blocks=False)
    seconds = time.perf_counter() - begin
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
        told = f"no picture: {picture.dtype} {picture.shape}"
        return ArenaCheck("renderer", False, seconds, told, blocks=False)
    return ArenaCheck(
        "renderer", True, seconds, f"seconds, {picture.shape[1]} x {picture.shape[0]}", blocks=False
    )
