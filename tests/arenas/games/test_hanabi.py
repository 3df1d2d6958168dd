"""Hanabi of PettingZoo: what the certificate changes is what its own seat cannot see, and nothing else."""

import numpy as np

from arenas.adapters import open_arena
from arenas.games.hanabi.hiding import redeal
from tests.arenas.games.harness import spec_named


def test_other_cards_are_dealt_to_a_seat_that_sees_no_change():
    adapter, rng = open_arena(spec_named("hanabi-v5")), np.random.default_rng(0)
    environment = adapter.environment
    seats = environment.possible_agents
    changed = 0
    for seed in range(6):
        adapter.reset(seed)
        for _ in range(seed):
            seat = adapter.asked()[0].seat
            adapter.step({seat: adapter.random_action(seat, rng)})
        if adapter.is_over:
            continue
        before = [environment.observe(name)["observation"].copy() for name in seats]
        moves = [move.action for move in environment.hanabi_env.game_state.full_history() if move.player >= 0]
        redeal(environment, 0, rng)
        after = [environment.observe(name)["observation"] for name in seats]
        np.testing.assert_array_equal(after[0], before[0])
        changed += not np.array_equal(after[1], before[1])
        state = environment.hanabi_env.game_state
        assert [move.action for move in state.full_history() if move.player >= 0] == moves
    assert changed > 3
