"""OpenSpiel's games behind the turn loop: seeded chance, honest masks, and nobody sees what is hidden."""

import json
from dataclasses import replace

import numpy as np
import pyspiel
import pytest

from arenas.adapters import open_arena
from arenas.certifying.checks import BRIEF
from arenas.certifying.steps import check_arena
from arenas.codec import compile_codec
from arenas.errors import ArenaFaultError, ArenaUnavailableError, IllegalActionError
from arenas.replay import EpisodeRecorder, decode_log, encode_log, replay_episode
from arenas.spec import ArenaSpec
from tests.arenas.games.harness import all_specs, spec_named

SPECS = [spec for spec in all_specs() if spec.kind == "open_spiel"]
BY_ID = [pytest.param(spec, id=spec.id) for spec in SPECS]
CARD_NAMES = [rank + suit for rank in "23456789TJQKA" for suit in "CDHS"]
"""Hearts: cards by their number."""


def spiel(game, **changes):
    """Return the spec of a plug-in's arena on any game of OpenSpiel."""
    spec = ArenaSpec(
        id="plugin-v1",
        title="Plug-in",
        summary="A game.",
        kind="open_spiel",
        environment=game,
        seats=2,
        objective="return",
    )
    return replace(spec, **changes)


def play(adapter, seed, choices=None):
    """Play one episode, the choices first, then at random; return what was seen, and the actions."""
    rng = np.random.default_rng(seed)
    adapter.reset(seed)
    seen, actions = [], []
    while not adapter.is_over:
        (asked,) = adapter.asked()
        legal = np.flatnonzero(asked.mask)
        seen.append((asked.seat, asked.observation["observation"].copy(), legal.tolist()))
        given = choices is not None and len(actions) < len(choices)
        actions.append(choices[len(actions)] if given else int(rng.choice(legal)))
        adapter.step({asked.seat: actions[-1]})
    return seen, actions


@pytest.mark.parametrize("spec", BY_ID)
def test_an_arena_of_open_spiel_passes_every_check(spec):
    assert [check.name for check in check_arena(spec, BRIEF) if not check.ok] == []


@pytest.mark.parametrize("spec", BY_ID)
def test_what_a_seat_is_shown_is_what_the_game_itself_says(spec):
    adapter = open_arena(spec)
    rng = np.random.default_rng(1)
    adapter.reset(1)
    while not adapter.is_over:
        (asked,) = adapter.asked()
        state = adapter.environment.state
        assert asked.seat == state.current_player()
        np.testing.assert_array_equal(asked.mask, state.legal_actions_mask())
        hides = spec.environment in {"leduc_poker", "hearts"}
        told = state.information_state_tensor() if hides else state.observation_tensor()
        np.testing.assert_array_equal(asked.observation["observation"].ravel(), np.float32(told))
        assert asked.observation["action_mask"] is asked.mask
        adapter.step({asked.seat: int(rng.choice(np.flatnonzero(asked.mask)))})


@pytest.mark.parametrize("spec", BY_ID)
def test_rewards_are_the_returns_of_the_game_after_every_turn(spec):
    adapter = open_arena(spec)
    rng = np.random.default_rng(2)
    for seed in range(5):
        adapter.reset(seed)
        assert adapter.rewards == [0.0] * spec.seats
        while not adapter.is_over:
            (asked,) = adapter.asked()
            adapter.step({asked.seat: adapter.random_action(asked.seat, rng)})
            assert adapter.rewards == adapter.environment.state.returns()


@pytest.mark.parametrize("arena", ["spiel_leduc-v1", "spiel_hanabi-v1", "spiel_hearts-v1"])
def test_a_seed_deals_the_same_cards_again_and_another_seed_others(arena):
    adapter, other = open_arena(spec_named(arena)), open_arena(spec_named(arena))
    seen, actions = play(adapter, 7)
    again, _ = play(other, 7, actions)
    for first, second in zip(seen, again, strict=True):
        assert first[0] == second[0]
        assert first[2] == second[2]
        np.testing.assert_array_equal(first[1], second[1])
    dealt = {open_dealt(adapter, seed) for seed in range(10)}
    assert len(dealt) > 3


def open_dealt(adapter, seed):
    """Return the text of the state after the deal."""
    adapter.reset(seed)
    return str(adapter.environment.state)


def test_chance_falls_as_often_as_the_game_says():
    adapter = open_arena(spec_named("spiel_leduc-v1"))
    hands = []
    for seed in range(3000):
        adapter.reset(seed)
        hands.append(adapter.environment.state.private_card(0))
    counts = np.bincount(hands, minlength=6)
    assert counts.sum() == 3000
    # 500 of each are expected with a deviation of 20; five of them are never reached by chance.
    assert (np.abs(counts - 500) < 100).all()


def test_a_leduc_hand_cannot_be_told_from_what_the_other_seat_sees():
    adapter = open_arena(spec_named("spiel_leduc-v1"))
    shown = {}
    for seed in range(200):
        seen, _ = play(adapter, seed, [2, 1])  # a raise and a call, so the public card comes next
        hands = [adapter.environment.state.private_card(seat) for seat in (0, 1)]
        public = adapter.environment.state.public_card()
        for turn, (seat, tensor, _) in enumerate(seen[:3]):
            key = (turn, hands[seat], public if turn == 2 else None)
            shown.setdefault(key, (tensor, set()))
            np.testing.assert_array_equal(shown[key][0], tensor)
            shown[key][1].add(hands[1 - seat])
    assert any(len(rivals) > 3 for _, rivals in shown.values())


def test_a_hanabi_seat_sees_the_other_hand_and_never_its_own():
    game = pyspiel.load_game("hanabi", {"players": 2})
    adapter = open_arena(spec_named("spiel_hanabi-v1"))

    def shown(deal, player):
        """Return what a seat sees after a deal: five cards to seat 0, then five to seat 1."""
        state = game.new_initial_state()
        for card in deal:
            state.apply_action(card)
        adapter.reset(0)
        adapter._state = adapter.environment.state = state
        adapter._next, adapter._asked = player, None
        return adapter.asked()[0].observation["observation"].copy()

    rival = [20, 21, 22, 23, 24]
    np.testing.assert_array_equal(shown([0, 1, 2, 3, 4, *rival], 0), shown([9, 8, 7, 6, 5, *rival], 0))
    assert (shown([0, 1, 2, 3, 4, *rival], 0) != shown([0, 1, 2, 3, 4, *rival[::-1]], 0)).any()


def test_hearts_shows_a_hand_the_tricks_and_the_points_where_its_readme_says():
    adapter = open_arena(spec_named("spiel_hearts-v1"))
    rng = np.random.default_rng(4)
    received = []
    for seed in range(8):
        adapter.reset(seed)
        while not adapter.is_over:
            (asked,) = adapter.asked()
            told = json.loads(adapter.environment.state.to_json())
            seen = asked.observation["observation"] > 0.5
            assert named(seen[160:212]) == set(told["hands"][asked.seat])
            assert named(seen[56:108]) == set(told["passed_cards"][asked.seat])
            taken = [int(thermometer.sum()) - 10 for thermometer in seen[212:356].reshape(4, 36)]
            assert taken == told["points"]
            plays = [
                (int(place) % 4, int(card)) for _, place, card in np.argwhere(seen[356:].reshape(13, 7, 52))
            ]
            wanted = [("NESW".index(seat), card) for trick in told["tricks"] for seat, card in trick]
            assert [(seat, CARD_NAMES[card]) for seat, card in plays] == wanted
            received.append((int(seen[:4].argmax()), bool(seen[108:160].any()), told["phase"]))
            adapter.step({asked.seat: int(rng.choice(np.flatnonzero(asked.mask)))})
    # Cards come in when all have passed, and never where nobody passes.
    assert {has for way, has, phase in received if phase == "Pass"} == {False}
    assert {has for way, has, phase in received if phase == "Play" and way} == {True}
    assert {has for way, has, phase in received if not way} == {False}


def test_a_hearts_seat_sees_nothing_of_the_hands_of_others():
    game = pyspiel.load_game("hearts")
    adapter = open_arena(spec_named("spiel_hearts-v1"))

    def shown(hands):
        """Return what seat 0 sees when these hands were dealt and nobody passes."""
        state = game.new_initial_state()
        for card in [0, *(hands[number % 4][number // 4] for number in range(52))]:
            state.apply_action(card)
        adapter.reset(0)
        adapter._state = adapter.environment.state = state
        adapter._next, adapter._asked = 0, None
        return adapter.asked()[0].observation["observation"].copy()

    own, second, third, fourth = (list(range(first, 52, 4)) for first in range(4))
    np.testing.assert_array_equal(shown([own, second, third, fourth]), shown([own, fourth, second, third]))
    assert (shown([own, second, third, fourth]) != shown([second, own, third, fourth])).any()


def named(cards):
    """Return the names of the cards that are marked."""
    return {CARD_NAMES[card] for card in np.flatnonzero(cards)}


@pytest.mark.parametrize("spec", BY_ID)
def test_a_stored_log_is_played_again_to_the_same_digest(spec):
    adapter = open_arena(spec)
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    recorder = EpisodeRecorder(spec, 5, codecs)
    rng = np.random.default_rng(5)
    adapter.reset(5)
    while not adapter.is_over:
        seat = adapter.asked()[0].seat
        action = adapter.random_action(seat, rng)
        adapter.step({seat: action})
        recorder.add_turn({seat: codecs[seat].encode(action)}, adapter.rewards)
    stored = encode_log(recorder.log)
    digest = recorder.finish(truncated=adapter.truncated, forfeits={})
    assert replay_episode(spec, seed=5, log=decode_log(stored), forfeits={}).digest == digest
    assert len(stored) < 2000


def test_an_episode_is_cut_off_at_its_turn_limit():
    adapter = open_arena(replace(spec_named("spiel_go_9x9-v1"), max_turns=7))
    play(adapter, 0)
    assert (adapter.turns, adapter.truncated, adapter.is_over) == (7, True, True)
    assert adapter.asked() == []
    whole = open_arena(spec_named("spiel_go_9x9-v1"))
    play(whole, 0)
    assert not whole.truncated


def test_an_illegal_action_is_refused_by_the_mask_and_named_when_it_breaks_the_game():
    adapter = open_arena(spec_named("spiel_tic_tac_toe-v1"))
    adapter.reset(0)
    adapter.step({0: 4})
    (asked,) = adapter.asked()
    with pytest.raises(IllegalActionError):
        adapter.check_legal(asked, 4)
    with pytest.raises(IllegalActionError):
        adapter.step({1: 4})


def test_a_game_that_fails_on_a_legal_action_is_charged_to_the_arena():
    adapter = open_arena(spec_named("spiel_tic_tac_toe-v1"))
    adapter.reset(0)
    adapter.asked()
    adapter._state = None
    with pytest.raises(ArenaFaultError):
        adapter.step({0: 4})


@pytest.mark.parametrize(
    ("game", "reason"),
    [
        ("goofspiel", "one seat moves at a time"),
        ("matrix_pd", "one seat moves at a time"),
        ("mfg_crowd_modelling", "one seat moves at a time"),
        ("connect_for", "The nearest: connect_four"),
        ("no such game at all", "OpenSpiel has no game"),
        ("phantom_go", "declares 3 seats"),
    ],
)
def test_a_game_that_has_no_place_here_is_refused_with_the_reason(game, reason):
    with pytest.raises(ArenaUnavailableError, match=reason):
        open_arena(spiel(game, seats=3))


def test_wrong_parameters_are_refused_with_what_to_check():
    with pytest.raises(ArenaUnavailableError, match="check the arena's arguments"):
        open_arena(spiel("go", arguments={"board_size": "wide"}))
    with pytest.raises(ArenaUnavailableError, match="check the arena's arguments"):
        open_arena(spiel("go", arguments={"colour": 3}))


@pytest.mark.parametrize(
    ("game", "seats"), [("backgammon", 2), ("kuhn_poker", 2), ("hearts", 4), ("2048", 1)]
)
def test_a_plug_in_may_take_another_game_of_open_spiel(game, seats):
    adapter = open_arena(spiel(game, seats=seats))
    seen, _ = play(adapter, 3)
    assert adapter.is_over
    assert {seat for seat, _, _ in seen} == set(range(seats))
