"""Traffic on SUMO: it starts with today's PettingZoo, is reproducible, and is drawn; needs the extra."""

import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.errors import ArenaUnavailableError
from arenas.extras import install_line, is_installed
from arenas.recorders import recorder_for
from arenas.trajectory import decode_trajectory
from tests.arenas.games.harness import baseline, play

GRID, ARTERIAL = "coliseum/traffic_grid-v1", "coliseum/traffic_arterial-v1"
INSTALLED = is_installed(registry.get(GRID))
both = pytest.mark.parametrize("name", [GRID, ARTERIAL])
installed = pytest.mark.skipif(not INSTALLED, reason="needs the extra `traffic`: make test-traffic")


@pytest.mark.skipif(INSTALLED, reason="the extra is installed")
def test_without_the_extra_the_arena_is_listed_and_says_what_to_install():
    spec = registry.get(GRID)
    assert install_line(spec) == "pip install 'coliseum-rl[traffic]'"
    with pytest.raises(ArenaUnavailableError, match=r"coliseum-rl\[traffic\]"):
        open_arena(spec)


@installed
@both
def test_the_same_seed_is_the_same_day_also_after_another_one_and_another_world(name):
    spec = registry.get(name)
    adapter, agents = open_arena(spec), [baseline(spec, "fixed")] * 4
    first = play(adapter, agents, 3)
    assert play(adapter, agents, 4) != first
    open_arena(registry.get(ARTERIAL if name == GRID else GRID)).reset(1)
    assert play(adapter, agents, 3) == first
    assert adapter.turns == spec.max_turns
    adapter.close()


@installed
@both
def test_who_looks_at_the_queues_does_better_than_the_clock(name):
    spec = registry.get(name)
    adapter = open_arena(spec)
    earned = {agent: sum(play(adapter, [baseline(spec, agent)] * 4, 5)) for agent in ("fixed", "actuated")}
    adapter.close()
    assert earned["actuated"] > 0.8 * earned["fixed"]


@installed
@both
def test_every_car_is_drawn_from_when_it_comes_to_when_it_leaves(name):
    spec = registry.get(name)
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, "actuated")] * 4, 1, recorder)
    adapter.close()
    stored = recorder.finish()
    drawn = decode_trajectory(stored)
    assert drawn["scene"] == "shapes2d"
    assert len(drawn["bodies"]) > 300
    assert len(stored) < 50_000
