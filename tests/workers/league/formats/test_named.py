"""Formats by name, as forms and files give them, and how long they will be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.league.formats import Chance, Field, FormatError
from workers.league.formats.crowning import play_out
from workers.league.formats.extents import extent_of
from workers.league.formats.named import FORMATS, check_options, formats_for, named_plan

SHORT = {
    "single_elimination": {"best_of": 3},
    "double_elimination": {"best_of": 3},
    "groups_and_knockout": {"groups": 2, "cut": 4, "best_of": 1},
    "swiss_and_cut": {"rounds": 3, "cut": 4, "best_of": 3},
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_plan_by_its_defaults(name):
    chosen = check_options(name, {})
    assert named_plan(name, chosen, seats=2).parts
    assert set(chosen) == {option.name for option in FORMATS[name].options}


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("ladder", {}, "there is no format 'ladder'"),
        ("swiss", {"lives": 3}, "swiss has no option 'lives'; there are rounds, matches, accelerated"),
        ("swiss", {"rounds": "9"}, "rounds must be a whole number"),
        ("swiss", {"rounds": True}, "rounds must be a whole number"),
        ("swiss", {"rounds": -1}, "rounds is -1; it must be 0 to 200"),
        ("swiss", {"accelerated": 1}, "accelerated must be true or false"),
        ("single_elimination", {"best_of": 4}, "best_of is 4; it must be odd"),
        ("double_elimination", {"final_best_of": 2}, "it must be odd"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(name, options, words):
    with pytest.raises(FormatError) as refused:
        named_plan(name, options, seats=2)
    assert words in str(refused.value)


def test_formats_suit_the_seats_of_an_arena():
    assert formats_for(1) == ()
    assert [one.name for one in formats_for(4)] == ["tables"]
    assert len(formats_for(2)) == len(FORMATS)
    with pytest.raises(FormatError, match="fitting: tables"):
        named_plan("swiss", {}, seats=4)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.integers(2, 9), st.integers(0, 10_000))
def test_a_tournament_is_as_long_as_was_said(name, count, seed):
    plan = named_plan(name, SHORT.get(name, {}), seats=2)
    extent = extent_of(plan, count)
    rng = np.random.default_rng(seed)
    field = Field(tuple(range(count)), lot=seed)
    strength = dict(enumerate(rng.normal(0, 1, count).tolist()))
    # One episode a match, so that no series is level.
    _, histories = play_out(plan, field, strength, rng=rng, chance=Chance(episodes=1))
    played = sum(len(history.scores) for history in histories)
    pairings = sum(not pairing.is_bye for history in histories for pairing in history.pairings)
    rounds = sum(len({pairing.round for pairing in history.pairings}) for history in histories)
    assert extent.least_matches <= played <= extent.most_matches
    assert pairings - extent.pairings in ({0, 1} if name == "double_elimination" else {0})
    assert 0 <= extent.rounds - rounds <= 1 or rounds - extent.rounds in {0, 1}


def test_a_table_of_four_is_counted_too():
    extent = extent_of(named_plan("tables", {"rounds": 5}, seats=4), 10)
    assert (extent.rounds, extent.pairings, extent.most_matches) == (5, 10, 10)
