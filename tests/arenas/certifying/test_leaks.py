"""Leaks: what seats hide stays hidden, and every way of showing it that is planted here is found."""

from contextlib import closing
from dataclasses import replace

import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.certifying.checks import BRIEF
from arenas.certifying.leaks import HIDDEN, OPEN, check_leaks, check_simultaneous
from arenas.errors import ArenaUnavailableError
from tests.arenas.certifying.secretive import secret_spec


def leaks(spec):
    with closing(open_arena(spec)) as adapter:
        return check_leaks(adapter, BRIEF)


def simultaneous(spec):
    with closing(open_arena(spec)) as adapter:
        return check_simultaneous(adapter, BRIEF)


@pytest.mark.parametrize("arena", ["leduc_holdem-v4", "spiel_leduc-v1", "spiel_hanabi-v1", "simple_tag-v3"])
def test_our_arenas_keep_their_secrets(arena):
    found = leaks(registry.get(arena))
    assert found.ok, found.detail
    assert found.value > 1


@pytest.mark.parametrize("hidden", ["", "secrets_kept:redeal"])
def test_a_hand_that_is_kept_is_no_leak(tmp_path, hidden):
    found = leaks(secret_spec(tmp_path, "Cards", tags=(HIDDEN,), hidden=hidden))
    assert found.ok, found.detail


@pytest.mark.parametrize(
    ("vice", "hidden", "words"),
    [
        ("shows the other hand", "", "what seat 0 sees at the start always tells what seat 1 sees"),
        ("shows the other hand", "secrets_kept:redeal", "seat 0 sees a change of what is hidden from it"),
        (
            "shows the other hand late",
            "secrets_kept:redeal",
            "seat 0 sees a change of what is hidden from it",
        ),
        ("", "secrets_kept:redeal_nothing", "never changed what any other seat sees"),
        ("", "secrets_kept:redeal_never", "no test reaches what is hidden here"),
        ("one array for all", "", "they share an array"),
    ],
)
def test_a_hand_that_is_shown_is_found(tmp_path, vice, hidden, words):
    found = leaks(secret_spec(tmp_path, "Cards", vice, tags=(HIDDEN,), hidden=hidden))
    assert not found.ok
    assert words in found.detail


def test_a_seat_that_sees_all_there_is_leaks_nothing(tmp_path):
    spec = secret_spec(
        tmp_path, "Cards", "shows the other hand", tags=(HIDDEN,), hidden="secrets_kept:redeal_south"
    )
    found = leaks(spec)
    assert found.ok, found.detail


def test_one_array_for_all_seats_of_a_parallel_arena_is_found(tmp_path):
    assert leaks(secret_spec(tmp_path, "Rooms")).ok
    found = leaks(secret_spec(tmp_path, "Rooms", "one array for all"))
    assert not found.ok
    assert "seats 0 and 1 always see the same bytes" in found.detail


def test_an_arena_where_all_is_open_says_so_and_may_show_the_same_to_all(tmp_path):
    found = leaks(secret_spec(tmp_path, "Rooms", "one array for all", tags=(OPEN,)))
    assert found.ok
    assert OPEN in found.detail


def test_declared_secrets_that_no_test_reaches_are_a_failure(tmp_path):
    found = leaks(secret_spec(tmp_path, "Throws", tags=(HIDDEN,)))
    assert not found.ok
    assert "the spec must name a function in `hidden`" in found.detail


def test_a_redeal_in_a_parallel_arena_needs_a_way_to_look(tmp_path):
    found = leaks(secret_spec(tmp_path, "Rooms", hidden="secrets_kept:redeal"))
    assert not found.ok
    assert "observe(agent)" in found.detail


@pytest.mark.parametrize("hidden", ["secrets_kept:nowhere", "redeal"])
def test_a_redeal_that_cannot_be_had_is_told(tmp_path, hidden):
    with pytest.raises(ArenaUnavailableError, match=hidden):
        leaks(secret_spec(tmp_path, "Cards", hidden=hidden))


def test_moves_of_the_same_turn_stay_unseen(tmp_path):
    for spec in (secret_spec(tmp_path, "Throws"), secret_spec(tmp_path, "Rooms")):
        found = simultaneous(spec)
        assert found.ok, found.detail
        assert found.value > 1


@pytest.mark.parametrize(
    ("game", "vice", "words"),
    [
        ("Throws", "shows the throw", "seat 1 sees in its turn what seat 0 has just done"),
        ("Rooms", "writes moves into what was shown", "what seat 0 was shown changes with what seat 1 does"),
    ],
)
def test_a_move_of_the_same_turn_that_is_seen_is_found(tmp_path, game, vice, words):
    found = simultaneous(secret_spec(tmp_path, game, vice))
    assert not found.ok
    assert words in found.detail


def test_where_one_seat_acts_at_a_time_the_next_may_see_it(tmp_path):
    assert simultaneous(secret_spec(tmp_path, "Cards")).ok
    assert leaks(replace(registry.get("CartPole-v1"))).detail == "one seat: there is nobody to hide from"
