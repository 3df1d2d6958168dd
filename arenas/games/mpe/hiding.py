"""What seats of particle worlds cannot see, dealt anew: certificates show with it that nothing leaks.

Each function changes a running world in place so that what the seat sees must stay the same. It returns False
where the seat sees all there is.
"""

from typing import Any

import numpy as np


def move_goal(environment: Any, seat: int, rng: np.random.Generator) -> bool:
    """Decoy: let the other landmark be the goal; the adversary, seat 0, must not notice."""
    if seat == 0:
        _draw_goal(environment.world, rng)
    return seat == 0


def swap_goals(environment: Any, seat: int, rng: np.random.Generator) -> None:
    """Keep away: as in decoy; the agent, seat 1, knows its goal but not how fast the adversary is."""
    world = environment.world
    if seat == 0:
        _draw_goal(world, rng)
    else:
        world.agents[0].state.p_vel = rng.uniform(-1, 1, 2)


def deal_key(environment: Any, seat: int, rng: np.random.Generator) -> bool:
    """Secret message: draw the bit anew, and for Eve, seat 0, the key; Alice, seat 2, knows both."""
    world = environment.world
    if seat == 2:
        return False
    _draw_goal(world, rng)
    if seat == 0:
        world.agents[2].key = world.landmarks[int(rng.integers(2))].color
    return True


def move_own_goal(environment: Any, seat: int, rng: np.random.Generator) -> None:
    """Tell me where: draw the landmark this seat must go to; only the other seat knows it."""
    world = environment.world
    other = world.agents[1 - seat]
    other.goal_b = world.landmarks[int(rng.integers(3))]


def move_listeners_goal(environment: Any, seat: int, rng: np.random.Generator) -> None:
    """Speaker and listener: the listener, seat 1, must not know the goal, the speaker no places."""
    world = environment.world
    if seat == 1:
        world.agents[0].goal_b = world.landmarks[int(rng.integers(3))]
    else:
        world.agents[1].state.p_pos = rng.uniform(-1, 1, 2)


def change_unseen(environment: Any, seat: int, rng: np.random.Generator) -> None:
    """Hunt in the woods: give hunters another speed, move about in woods those whom the seat cannot see."""
    world = environment.world
    own = world.agents[seat]
    around = _woods(own, world)
    for other in world.agents:
        if other is own:
            continue
        if other.adversary:
            other.state.p_vel = rng.uniform(-0.5, 0.5, 2)
        woods = _woods(other, world)
        if own.leader or not woods or any(wood in around for wood in woods):
            continue
        before = other.state.p_pos
        other.state.p_pos = before + rng.uniform(-0.1, 0.1, 2)
        if _woods(other, world) != woods:
            other.state.p_pos = before


def _draw_goal(world: Any, rng: np.random.Generator) -> None:
    others = [mark for mark in world.landmarks if mark is not world.agents[0].goal_a]
    goal = others[int(rng.integers(len(others)))]
    for agent in world.agents:
        agent.goal_a = goal


def _woods(agent: Any, world: Any) -> list[Any]:
    """Return the woods that an agent stands in, even with its rim."""
    return [
        wood
        for wood in world.forests
        if float(np.linalg.norm(agent.state.p_pos - wood.state.p_pos)) < agent.size + wood.size
    ]
