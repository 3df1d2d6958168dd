"""Wrappers as data: applied in order inside the arena, shown to agents, refused with a reason."""

from dataclasses import replace

import numpy as np
import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.codec import Box, compile_codec
from arenas.errors import ArenaUnavailableError
from arenas.replay import EpisodeRecorder, replay_episode
from arenas.spec import Wrapper
from arenas.wrapping import find_wrapper, write_wrapper

STACK = Wrapper("gymnasium.wrappers:FrameStackObservation", {"stack_size": 3})
FLAT = Wrapper("gymnasium.wrappers:FlattenObservation")
CHAIN = (
    Wrapper("supersuit:color_reduction_v0", {"mode": "full"}),
    Wrapper("supersuit:resize_v1", {"x_size": 20, "y_size": 42}),
    Wrapper("supersuit:frame_stack_v1", {"stack_size": 4}),
)


def wrapped(name, *wrappers, **changes):
    return replace(registry.get(name), wrappers=wrappers, **changes)


def play(spec, seed=3):
    """Play an episode at random and return its digest, log and first observations."""
    adapter = open_arena(spec)
    rng = np.random.default_rng(seed)
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    recorder = EpisodeRecorder(spec, seed, codecs)
    adapter.reset(seed)
    while not adapter.is_over:
        asked = adapter.asked()
        actions = {each.seat: adapter.random_action(each.seat, rng) for each in asked}
        adapter.step(actions)
        encoded = {seat: codecs[seat].encode(action) for seat, action in actions.items()}
        recorder.add_turn(encoded, adapter.rewards)
    adapter.close()
    return recorder.finish(truncated=adapter.truncated, forfeits={}), recorder.log


def first_seen(spec, seed=3):
    adapter = open_arena(spec)
    try:
        adapter.reset(seed)
        return [np.array(asked.observation) for asked in adapter.asked()]
    finally:
        adapter.close()


def test_wrappers_apply_in_their_order_and_agents_see_what_the_last_one_gives():
    stacked = open_arena(wrapped("CartPole-v1", STACK))
    flat = open_arena(wrapped("CartPole-v1", STACK, FLAT))
    assert stacked.observation_schemas[0].shape == (3, 4)
    assert flat.observation_schemas[0].shape == (12,)
    assert first_seen(flat.spec)[0].shape == (12,)


def test_the_order_of_wrappers_matters():
    flat_first = open_arena(wrapped("CartPole-v1", FLAT, STACK))
    assert flat_first.observation_schemas[0].shape == (3, 4)


def test_the_usual_image_chain_makes_grey_small_stacked_pictures_of_every_seat():
    spec = wrapped("pistonball-v6", *CHAIN)
    adapter = open_arena(spec)
    assert {
        (schema.shape, schema.dtype) for schema in adapter.observation_schemas if isinstance(schema, Box)
    } == {((42, 20, 4), "uint8")}
    seen = first_seen(spec)
    assert len(seen) == spec.seats
    assert all(each.shape == (42, 20, 4) and each.dtype == np.uint8 for each in seen)
    # The oldest three pictures of a stack are empty after reset.
    assert all(not each[:, :, :3].any() and each[:, :, 3].any() for each in seen)


def test_a_wrapped_arena_gives_the_same_episode_again_for_its_seed_and_actions():
    spec = wrapped("multiwalker-v9", Wrapper("supersuit:frame_stack_v1", {"stack_size": 2}))
    digest, log = play(spec)
    assert replay_episode(spec, seed=3, log=log, forfeits={}).digest == digest


def test_what_a_wrapper_draws_at_random_follows_the_seed():
    spec = wrapped(
        "CartPole-v1", Wrapper("gymnasium.wrappers:StickyAction", {"repeat_action_probability": 0.5})
    )
    digest, log = play(spec)
    assert replay_episode(spec, seed=3, log=log, forfeits={}).digest == digest
    assert play(wrapped("CartPole-v1"))[0] != digest


def test_the_recorder_still_sees_the_bare_environment():
    adapter = open_arena(wrapped("CartPole-v1", STACK, FLAT))
    assert type(adapter.environment).__name__ == "CartPoleEnv"


@pytest.mark.parametrize(
    ("wrapper", "words"),
    [
        (Wrapper("resize"), "not written as module:name"),
        (Wrapper("nowhere:resize"), "needs nowhere"),
        (Wrapper("supersuit:resise_v1"), "supersuit has no wrapper resise_v1"),
        (Wrapper("numpy:pi"), "nothing that can be applied"),
        (Wrapper("supersuit:frame_stack_v1", {"size": 3}), "It takes stack_size"),
        (Wrapper("supersuit:resize_v1", {"x_size": 4, "y_size": 4}), "cannot be applied"),
    ],
)
def test_a_wrapper_that_cannot_be_applied_says_why(wrapper, words):
    with pytest.raises(ArenaUnavailableError, match=words):
        open_arena(wrapped("CartPole-v1", wrapper))


def test_games_of_open_spiel_take_no_wrappers():
    with pytest.raises(ArenaUnavailableError, match="take no wrappers"):
        open_arena(wrapped("spiel_tic_tac_toe-v1", STACK))


def test_a_wrapper_is_shown_as_the_line_that_applies_it():
    assert write_wrapper(STACK) == "FrameStackObservation(environment, stack_size=3)"
    assert find_wrapper(STACK).__name__ == "FrameStackObservation"
