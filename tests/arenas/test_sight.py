"""What a person in one seat sees: nothing that only others, or spectators after the match, may know."""

import numpy as np
import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.sight import panels_for, shows_moves
from arenas.spec import ArenaSpec


def opened(name, turns=0, seed=3):
    adapter = open_arena(name if isinstance(name, ArenaSpec) else registry.get(name))
    adapter.reset(seed)
    rng = np.random.default_rng(seed)
    for _ in range(turns):
        if asked := adapter.asked():
            adapter.step({each.seat: adapter.random_action(each.seat, rng) for each in asked})
    return adapter


def spiel(environment, seats):
    return ArenaSpec(
        id=f"{environment}-v0",
        title=environment,
        summary="A game without panels of its own.",
        kind="open_spiel",
        environment=environment,
        seats=seats,
        objective="return",
    )


@pytest.mark.parametrize("seat", range(2))
@pytest.mark.parametrize("arena", ["leduc_holdem-v4", "spiel_leduc-v1"])
def test_cards_of_poker_are_seen_by_their_holder_alone(arena, seat):
    panels = panels_for(opened(arena), seat)
    holding = [panel["seat"] for panel in panels if any("Holds" in line for line in panel["lines"])]
    assert holding == [seat]
    assert panels[-1]["title"] == "Table"


@pytest.mark.parametrize("seat", range(4))
def test_a_hand_of_hearts_is_seen_by_its_holder_alone(seat):
    panels = panels_for(opened("spiel_hearts-v1", turns=16), seat)
    with_suits = [p["seat"] for p in panels[:4] if any(sign in str(p["lines"]) for sign in "♠♥♦♣")]
    assert with_suits == [seat]


def test_in_hanabi_one_sees_all_cards_but_ones_own():
    panels = panels_for(opened("spiel_hanabi-v1", turns=6), 0)
    assert all(line.startswith("Card ") and ": told " in line for line in panels[0]["lines"])
    assert len(panels[0]["lines"]) == 5
    assert all("Card " not in line for line in panels[1]["lines"])


@pytest.mark.parametrize(("environment", "seats"), [("liars_dice", 2), ("kuhn_poker", 2), ("gin_rummy", 2)])
def test_of_an_unknown_game_only_what_it_shows_to_the_seat_is_shown(environment, seats):
    adapter = opened(spiel(environment, seats), turns=1)
    state = adapter.environment.state
    for seat in range(seats):
        (panel,) = panels_for(adapter, seat)
        kind = state.get_game().get_type()
        own = state.observation_string(seat) if kind.provides_observation_string else None
        own = own or state.information_state_string(seat)
        assert all(line in own for line in panel["lines"])
    assert not shows_moves(adapter)


def test_moves_that_are_made_in_the_open_may_be_told():
    assert shows_moves(opened("spiel_leduc-v1"))
    assert not shows_moves(opened("spiel_hearts-v1"))


def test_without_panels_and_words_a_seat_sees_its_own_observation():
    (panel,) = panels_for(opened("simple_tag-v3"), 2)
    assert panel["seat"] == 2
    assert panel["lines"][0].startswith("You see: [")
