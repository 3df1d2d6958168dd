"""Particle worlds that speak, butterfly's games, hunts on grids: drawn as they were, in few bytes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.trajectory import decode_trajectory, untrack
from tests.arenas.games.harness import baseline, play, spec_named
from tests.arenas.recorders.test_shapes2d import at

TOP = 280
CENTRES = {
    "collect_treasure-v1": lambda env: [tuple(agent.state.p_pos) for agent in env.world.agents],
    "simple_world_comm-v3": lambda env: [tuple(agent.state.p_pos) for agent in env.world.agents],
    "cooperative_pong-v6": lambda env: [
        (env.env.ball._rect.x + 5, TOP - env.env.ball._rect.y - 5),
        (env.env.p0.rects[0].x + 5, TOP - env.env.p0.rects[0].y - 20),
    ],
    "knights_archers_zombies-v11": lambda env: [
        (sprite.rect.centerx, 720 - sprite.rect.centery)
        for sprite in [*env.zombie_list, *(player for player in env.agent_map.values() if player.is_alive)]
    ],
}


def record(arena, agent, turns=100, seed=3):
    """Return the adapter after an episode, its decoded trajectory, and its size in bytes."""
    spec = replace(spec_named(arena), max_turns=turns)
    adapter = open_arena(spec)
    adapter.reset(seed)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, agent)] * spec.seats, seed, recorder)
    stored = recorder.finish()
    return adapter, decode_trajectory(stored), len(stored)


@pytest.mark.parametrize("arena", CENTRES)
def test_bodies_are_drawn_where_they_were(arena):
    spec = replace(spec_named(arena), max_turns=60)
    adapter = open_arena(spec)
    adapter.reset(2)
    recorder = recorder_for(adapter)
    recorder.start(adapter)
    rng = np.random.default_rng(2)
    seen = [CENTRES[arena](adapter.environment)]
    while not adapter.is_over:
        adapter.step({asked.seat: adapter.random_action(asked.seat, rng) for asked in adapter.asked()})
        recorder.turn(adapter, -1)
        seen.append(CENTRES[arena](adapter.environment))
    found = decode_trajectory(recorder.finish())
    assert {body["seat"] for body in found["bodies"]} - {None} == set(range(spec.seats))
    for frame, centres in enumerate(seen):
        drawn = np.array([place for body in found["bodies"] if (place := at(body, frame))])
        for centre in centres:
            assert np.abs(drawn - centre).max(axis=1).min() <= 0.00051


def test_what_is_said_stands_beside_the_picture():
    _, found, _ = record("simple_speaker_listener-v4", "point")
    assert found["labels"][0] == ""
    assert set(found["labels"][1:]) <= {"Speaker says A", "Speaker says B", "Speaker says C"}
    _, found, _ = record("simple_crypto-v3", "cipher")
    assert "Alice says" in found["labels"][-1]


def test_woods_and_rocks_lie_below_those_who_move_in_them():
    _, found, _ = record("simple_world_comm-v3", "random", turns=5)
    assert sorted(shape["r"] for shape in found["static"]) == [0.2, 0.3, 0.3]
    assert found["static"][-1]["r"] == 0.2
    assert [body["seat"] for body in found["bodies"]] == [0, 1, 2, 3, 4, 5, None, None]


def test_a_collector_that_carries_a_treasure_has_its_colour():
    _, found, _ = record("collect_treasure-v1", "carry")
    collectors = [body for body in found["bodies"] if body["seat"] == 0]
    colours = [body["shapes"][0]["fill"] for body in collectors]
    assert len(set(colours)) > 1
    # Without a gap, whatever it carries.
    assert all(one["to"] + 1 == other["from"] for one, other in pairwise(collectors))
    treasures = [body for body in found["bodies"] if body["seat"] is None]
    assert len(treasures) > 6
    for body in treasures:
        assert np.abs(untrack(body["x"], body["to"] - body["from"] + 1)).max() <= 1


def test_hunters_and_what_they_catch_move_on_the_grid():
    adapter, found, size = record("pursuit-v5", "surround", turns=60)
    assert (found["scene"], found["rows"], found["columns"]) == ("grid", 16, 16)
    free = adapter.environment.env.evader_layer.n_agents()
    there = [piece for piece in found["pieces"] if piece["seat"] is None and piece["to"] == 60]
    assert len(there) == free < 30
    assert any(label.startswith("Caught") for label in found["labels"])
    places = [tuple(int(n) for n in adapter.environment.env.pursuer_layer.get_position(s)) for s in range(8)]
    last = [piece for piece in found["pieces"] if piece["seat"] is not None]
    assert [(sum(_whole(piece["x"])), sum(_whole(piece["y"]))) for piece in last] == places
    assert size < 8_000


@pytest.mark.parametrize(
    ("arena", "agent"), [("magent/battle-v4", "fight"), ("magent/adversarial_pursuit-v4", "tag")]
)
def test_crowds_stand_beside_walls_and_fall_one_by_one(arena, agent):
    adapter, found, size = record(arena, agent, turns=40)
    walls = {divmod(cell, 16) for cell, look in enumerate(found["cells"]) if look}
    assert {(0, column) for column in range(16)} <= walls
    for piece in found["pieces"]:
        length = piece["to"] - piece["from"] + 1
        rows, columns = (np.cumsum(np.resize(_whole(piece[axis]), length)) if isinstance(piece[axis], list)
                         else np.full(length, piece[axis]) for axis in ("y", "x"))  # fmt: skip
        assert not walls & set(zip(rows.tolist(), columns.tolist(), strict=True))
    living = {piece["seat"] for piece in found["pieces"] if piece["to"] == found["turns"]}
    assert living == {
        seat
        for handle in adapter.environment.handles
        for seat in adapter.environment.env.get_agent_id(handle)
    }
    assert len(found["colours"]) == adapter.spec.seats
    assert size < 5_000


def test_a_whole_siege_is_a_few_kilobytes():
    _, found, size = record("knights_archers_zombies-v11", "line", turns=300)
    assert size < 10_000
    assert len(found["bodies"]) > 20
    assert found["bounds"] == [0, 0, 1280, 720]


def _whole(track):
    return track if isinstance(track, list) else [track]
