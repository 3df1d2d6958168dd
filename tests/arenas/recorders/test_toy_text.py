"""Small worlds of cells: the person, the taxi and their luck are where the environment has them."""

import numpy as np
import pytest

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.recorders.grid import GridRecorder
from arenas.trajectory import decode_trajectory
from tests.arenas.games.harness import baseline, new_agent, spec_named, start_of


def recorded(arena, choose, seed=3):
    """Return the decoded trajectory, and the environment's state in each frame."""
    adapter = open_arena(spec_named(arena))
    recorder = recorder_for(adapter)
    assert isinstance(recorder, GridRecorder)
    adapter.reset(seed)
    recorder.start(adapter)
    states = [int(adapter.environment.s)]
    while not adapter.is_over:
        adapter.step({0: choose(adapter)})
        recorder.turn(adapter, 0)
        states.append(int(adapter.environment.s))
    return decode_trajectory(recorder.finish()), states, adapter


def at_random(seed):
    rng = np.random.default_rng(seed)
    return lambda adapter: adapter.random_action(0, rng)


def as_planned(arena, name):
    agents = []

    def choose(adapter):
        if not agents:
            agents.append(new_agent(baseline(spec_named(arena), name)))
            if hasattr(agents[0], "reset"):
                agents[0].reset(start_of(adapter, 0, 1))
        return agents[0].act(adapter.asked()[0].observation)

    return choose


def whole(track, length):
    """Return the numbers of a whole track."""
    return [track] * length if isinstance(track, int) else np.cumsum(track).tolist()


@pytest.mark.parametrize("arena", ["FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalkingSlippery-v1"])
def test_the_person_stands_where_the_environment_has_it(arena):
    found, states, _ = recorded(arena, at_random(1))
    flag, person = found["pieces"]
    assert found["cells"][found["columns"] * flag["y"] + flag["x"]] == 3
    rows, columns = whole(person["y"], len(states)), whole(person["x"], len(states))
    assert [found["columns"] * row + column for row, column in zip(rows, columns, strict=True)] == states
    assert person["seat"] == 0


def test_holes_goal_and_start_lie_where_the_map_has_them():
    found, states, adapter = recorded("FrozenLake-v1", at_random(0))
    assert found["cells"] == [2, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 3]
    assert found["labels"][-1] == "Falls into a hole"
    assert found["cells"][states[-1]] == 1
    assert adapter.rewards == [0.0]


def test_who_slips_is_told_where_to():
    arena = "FrozenLake-v1"
    found, _, adapter = recorded(arena, as_planned(arena, "planned"), seed=5)
    kinds = {label.split()[0] for label in found["labels"][1:-1]}
    assert kinds <= {"Goes", "Wants", "Stays"}
    assert "Wants" in kinds
    assert (found["labels"][-1] == "Arrives") == (adapter.rewards == [1.0])


def test_a_step_over_the_edge_leads_back_to_the_start():
    ways = iter([1, 0, 1, 2, 3])
    found, states, adapter = recorded("CliffWalking-v1", lambda _: next(ways, 3))
    assert states[:6] == [36, 36, 24, 25, 36, 36]
    assert found["labels"][1:6] == [
        "Steps over the edge, back to the start",
        "Goes up",
        "Goes right",
        "Steps over the edge, back to the start",
        "Stays at the edge",
    ]
    assert found["cells"][36:] == [2, *[1] * 10, 3]
    assert adapter.rewards[0] == -200 - 198


def test_who_walks_around_the_cliff_arrives():
    arena = "CliffWalking-v1"
    found, _, adapter = recorded(arena, as_planned(arena, "planned"))
    assert found["labels"] == ["", "Goes up", *["Goes right"] * 11, "Arrives"]
    assert adapter.rewards == [-13.0]


def test_the_taxi_fetches_its_passenger_and_the_way_is_told():
    arena = "Taxi-v4"
    found, states, adapter = recorded(arena, as_planned(arena, "shortest"))
    taxi = next(piece for piece in found["pieces"] if piece["seat"] == 0)
    columns, rows = whole(taxi["x"], len(states)), whole(taxi["y"], len(states))
    places = [adapter.environment.decode(state)[:2] for state in states]
    assert [(row, column // 2) for row, column in zip(rows, columns, strict=True)] == places
    picked = next(i for i, label in enumerate(found["labels"]) if label.startswith("Picks"))
    names = ["red", "green", "yellow", "blue"]
    wanted = names[adapter.environment.decode(states[0])[3]]
    assert found["labels"][picked] == f"Picks the passenger up, who wants to go to {wanted}"
    assert found["labels"][-1] == f"Sets the passenger down at {wanted}, where they wanted to go"
    waiting = next(piece for piece in found["pieces"] if piece["to"] == picked - 1)
    assert waiting["seat"] is None
    assert {label.split()[0] for label in found["labels"][1:-1]} <= {"Drives", "Picks"}


def test_walls_of_the_town_lie_between_two_squares():
    found, _, adapter = recorded("Taxi-v4", at_random(2))
    assert (found["rows"], found["columns"]) == (5, 9)
    walls = {divmod(cell, 9) for cell, look in enumerate(found["cells"]) if look == 1}
    assert walls == {(0, 3), (1, 3), (3, 1), (4, 1), (3, 5), (4, 5)}
    assert all(
        (adapter.environment.desc[row + 1, column + 1] == b"|") == ((row, column) in walls)
        for row in range(5)
        for column in range(9)
    )


def test_orders_that_change_nothing_are_told_as_such():
    adapter = open_arena(spec_named("Taxi-v4"))
    recorder = recorder_for(adapter)
    adapter.reset(0)
    adapter.environment.s = adapter.environment.encode(0, 1, 4, 2)  # aboard, a wall to the right
    recorder.start(adapter)
    for action in (2, 4, 5, 3, 5):
        adapter.step({0: action})
        recorder.turn(adapter, 0)
    assert decode_trajectory(recorder.finish())["labels"][1:] == [
        "Stands before a wall",
        "Nobody gets on",
        "Nobody gets off",
        "Drives left",
        "Sets the passenger down at red, not where they wanted to go",
    ]
