"""The plug-in folders: light to import, complete, and true to their environments."""

import subprocess
import sys

import numpy as np
import pytest

from arenas.adapters import open_arena
from arenas.spec import ArenaSpec
from tests.arenas.games.harness import all_specs

SPECS = all_specs()
BY_ID = [pytest.param(spec, id=spec.id) for spec in SPECS]
# An emulator takes long to start; all of its games are opened where their baselines play.
LIGHT = [pytest.param(spec, id=spec.id) for spec in SPECS if spec.extra != "atari"]


def test_importing_every_spec_loads_no_environment_library():
    code = (
        "import importlib, pkgutil, sys, arenas.games\n"
        "for m in pkgutil.iter_modules(arenas.games.__path__):\n"
        "    if m.ispkg: importlib.import_module('arenas.games.' + m.name).SPECS\n"
        "heavy = {'numpy', 'gymnasium', 'pettingzoo', 'mpe2', 'Box2D', 'pyspiel', 'pymunk', 'magent2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_arena_of_the_project_is_there_twice():
    ids = [spec.id for spec in SPECS]
    assert len(ids) == len(set(ids)) >= 18


@pytest.mark.parametrize("spec", BY_ID)
def test_a_spec_has_a_readme_a_random_agent_and_a_better_one(spec: ArenaSpec):
    assert spec.folder is not None
    assert (spec.folder / "README.md").is_file()
    names = [baseline.name for baseline in spec.baselines]
    assert names[0] == "random"
    assert len(names) == len(set(names)) >= (1 if spec.id.startswith("atari/") else 2)
    for baseline in spec.baselines:
        path = baseline.path
        assert path.is_file() or (path / "agent.py").is_file()


@pytest.mark.parametrize("spec", BY_ID)
def test_a_spec_has_a_role_for_each_seat_or_none_at_all(spec: ArenaSpec):
    assert len(spec.roles) in (0, spec.seats)
    assert spec.summary
    assert spec.tags
    if spec.lineup == 1:
        assert not spec.swaps_seats
    elif spec.roles or spec.kind != "parallel" or spec.objective in {"outcome", "rank"}:
        assert spec.swaps_seats


@pytest.mark.parametrize("spec", LIGHT)
def test_the_environment_opens_with_the_declared_seats(spec: ArenaSpec):
    adapter = open_arena(spec)
    adapter.reset(3)
    assert len(adapter.seat_names) == spec.seats
    assert 1 <= len(adapter.asked()) <= spec.seats
    adapter.close()


def test_random_play_ends_before_the_turn_limit_of_the_board_arenas():
    for spec in SPECS:
        if (
            spec.id not in {"connect_four-v3", "tictactoe-v3", "leduc_holdem-v4"}
            and spec.kind != "open_spiel"
        ):
            continue
        adapter = open_arena(spec)
        for seed in range(30):
            adapter.reset(seed)
            rng = np.random.default_rng(seed)
            while not adapter.is_over:
                seat = adapter.asked()[0].seat
                adapter.step({seat: adapter.random_action(seat, rng)})
            assert not adapter.truncated
