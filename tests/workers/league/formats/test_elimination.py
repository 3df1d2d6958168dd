"""Single and double elimination: trees, byes, series, resets, places."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.formats.playing import (
    by_chance,
    field_of,
    leave,
    order_of,
    places_of,
    play_stage,
    play_step,
)
from workers.league.formats import (
    Departure,
    DoubleElimination,
    FormatError,
    History,
    Pairing,
    Score,
    SingleElimination,
)
from workers.league.formats.knockout import seed_positions


def winners(*entries):
    """Let these win whenever they are at the table; the first named is the strongest."""

    def play(pairing, match):
        rank = {entry: place for place, entry in enumerate(entries)}
        better = min(pairing.lineup, key=lambda entry: rank.get(entry, 99 + entry))
        return tuple(float(entry == better) for entry in pairing.lineup)

    return play


def losses_of(stage, field, history):
    return Counter(
        one.loser for one in stage.outlooks(field, history) if one.is_played and not one.node.is_for_third
    )


def test_seeds_stand_where_they_always_do():
    assert seed_positions(1) == (1,)
    assert seed_positions(8) == (1, 8, 4, 5, 2, 7, 3, 6)
    assert seed_positions(16) == (1, 16, 8, 9, 4, 13, 5, 12, 2, 15, 7, 10, 3, 14, 6, 11)


@pytest.mark.parametrize(
    ("count", "first"),
    [
        (5, [(4, 5), (2, 3)]),
        (6, [(4, 5), (3, 6)]),
        (7, [(4, 5), (2, 7), (3, 6)]),
        (8, [(1, 8), (4, 5), (2, 7), (3, 6)]),
    ],
)
def test_the_best_seeds_have_the_byes(count, first):
    due = SingleElimination().due(field_of(count), History())
    assert [one.pairing.lineup for one in due] == first


def test_eight_play_as_on_every_poster():
    stage, field = SingleElimination(best_of=1, has_third_place=True), field_of(8)
    history = play_stage(stage, field)
    lineups = {p.name: (p.label, p.lineup) for p in history.pairings}
    assert lineups[2, 1] == ("Semi-final", (1, 4))
    assert lineups[2, 2] == ("Semi-final", (2, 3))
    assert lineups[3, 1] == ("Final", (1, 2))
    assert lineups[3, 2] == ("Match for third place", (3, 4))
    rows = stage.standings(field, history)
    assert places_of(rows) == {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 5, 7: 5, 8: 5}
    assert [row.why for row in rows[:4]] == [
        "Won the final. Best of 1: 1-0.",
        "Out in: Final. Best of 1: 1-0.",
        "Won the match for third place. Best of 1: 1-0.",
        "Lost the match for third place. Best of 1: 1-0.",
    ]
    without = SingleElimination(best_of=1)
    assert places_of(without.standings(field, play_stage(without, field)))[4] == 3


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.integers(0, 2**32 - 1), st.booleans())
def test_single_elimination_ends_for_everybody_with_one_loss(count, seed, third):
    stage, field = SingleElimination(best_of=3, has_third_place=third), field_of(count)
    history = play_stage(stage, field, by_chance(np.random.default_rng(seed)))
    lost = losses_of(stage, field, history)
    champion = stage.standings(field, history)[0].entry
    assert all(lost[entry] == (entry != champion) for entry in field.entries)
    assert len(history.pairings) == count - 1 + (third and count > 3)
    assert max(p.round for p in history.pairings) == (count - 1).bit_length()


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_double_elimination_ends_for_everybody_with_two_losses(count, seed):
    stage, field = DoubleElimination(best_of=1), field_of(count)
    history = play_stage(stage, field, by_chance(np.random.default_rng(seed)))
    lost = losses_of(stage, field, history)
    rows = stage.standings(field, history)
    champion = rows[0].entry
    assert lost[champion] <= 1
    assert all(lost[entry] == 2 for entry in field.entries if entry != champion)
    assert len(history.pairings) == 2 * count - 2 + lost[champion]
    assert rows[1].place == 2


def could_have_met(one, other):
    """Say whether two (place in the tree, winners' round lost) have met where one of them lost."""
    together = (one[0] ^ other[0]).bit_length()
    return min(one[1], other[1]) == together and one[1] != other[1]


@pytest.mark.parametrize(("size", "free"), [(4, 2), (8, 3), (16, 4), (32, 5), (64, 7)])
def test_nobody_can_meet_again_in_the_first_rounds_of_a_double_elimination(size, free):
    """Follow everybody who can come to each node; `free` is the first losers' round of a possible rematch."""
    place = {seed: index for index, seed in enumerate(seed_positions(size))}
    winners_round, there, clashes = {}, {}, []
    for node in DoubleElimination(has_reset=False).tree(size)[:-1]:
        is_winners = node.label.startswith("Winners")
        sides = []
        for source in node.sources:
            if source.kind == "seed":
                sides.append({(place[source.number], 0)})
            elif source.kind == "loser":
                lost = winners_round[source.round, source.number]
                sides.append({(who, lost) for who, _ in there[source.round, source.number]})
            else:
                sides.append(there[source.round, source.number])
        there[node.name] = sides[0] | sides[1]
        if is_winners:
            winners_round[node.name] = 1 if node.round == 1 else node.round // 2 + 1
        elif any(could_have_met(one, other) for one in sides[0] for other in sides[1]):
            clashes.append(node.round - 1)
    assert min(clashes) == free


def test_double_elimination_of_four_with_a_reset():
    stage, field = DoubleElimination(best_of=1), field_of(4)
    # 1 wins all until the final, then 2 comes through the losers' side and beats it twice.
    history = play_stage(stage, field, winners(1, 2, 3, 4))
    assert [(p.label, p.lineup) for p in sorted(history.pairings, key=lambda p: p.name)] == [
        ("Winners' round 1", (1, 4)),
        ("Winners' round 1", (2, 3)),
        ("Winners' final", (1, 2)),
        ("Losers' round 1", (3, 4)),
        ("Losers' final", (2, 3)),
        ("Final", (1, 2)),
    ]
    upset = History(history.pairings, tuple(s for s in history.scores if s.round < 4))
    upset = History(upset.pairings, (*upset.scores, Score(4, 1, 1, (0.0, 1.0))))
    (reset,) = stage.due(field, upset)
    assert (reset.pairing.label, reset.pairing.lineup) == ("Final reset", (1, 2))
    end = play_stage(stage, field, winners(2), history=upset)
    assert order_of(stage.standings(field, end)) == [2, 1, 3, 4]
    one_final = DoubleElimination(best_of=1, has_reset=False)
    assert places_of(one_final.standings(field, upset)) == {2: 1, 1: 2, 3: 3, 4: 4}
    assert one_final.due(field, upset) == ()


def test_a_reset_is_needed_too_when_the_better_seed_comes_from_the_losers_side():
    stage, field = DoubleElimination(best_of=1), field_of(2)
    first = History((Pairing(1, 1, (1, 2)),), (Score(1, 1, 1, (0.0, 1.0)),))
    final = play_step(stage, field, first)
    (reset,) = stage.due(field, final)
    assert reset.pairing.label == "Final reset"


def test_a_series_asks_for_no_more_matches_than_must_be_played():
    stage, field = SingleElimination(best_of=7, extra=2), field_of(2)

    def asked(*points):
        scores = tuple(Score(1, 1, match, (p, 1 - p)) for match, p in enumerate(points, start=1))
        return [one.matches for one in stage.due(field, History((Pairing(1, 1, (1, 2)),), scores))]

    assert asked() == [4]
    assert asked(1.0, 1.0, 1.0) == [4]
    assert asked(1.0, 0.0) == [5]
    assert asked(0.5) == [5]
    assert asked(1.0, 1.0, 1.0, 1.0) == []
    assert asked(*[1.0, 0.0] * 3) == [7]
    assert asked(*[1.0, 0.0] * 3, 0.5) == [8]
    assert asked(*[1.0, 0.0] * 3, 0.5, 0.5) == [9]
    assert asked(*[1.0, 0.0] * 3, 0.5, 1.0) == []


def test_a_series_that_stays_level_goes_to_the_better_seed():
    stage, field = SingleElimination(best_of=1, extra=1), field_of(2)
    for lineup in ((1, 2), (2, 1)):
        level = History((Pairing(1, 1, lineup),), tuple(Score(1, 1, m, (0.5, 0.5)) for m in (1, 2)))
        rows = stage.standings(field, level)
        assert order_of(rows) == [1, 2]
        assert rows[0].why == "Won the final. Level at 1-1 after 1 extra match. The better seed goes on."


def test_the_final_may_be_longer():
    stage, field = SingleElimination(best_of=1, final_best_of=5), field_of(4)
    assert [one.matches for one in stage.due(field, History())] == [1, 1]
    assert [one.matches for one in stage.due(field, play_step(stage, field, History()))] == [3]
    double = DoubleElimination(best_of=1, final_best_of=3)
    history = play_stage(double, field)
    assert Counter(score.round for score in history.scores)[4] == 2


def test_who_leaves_gives_its_open_pairings_and_keeps_what_it_has_won():
    stage, field = SingleElimination(best_of=1), field_of(4)
    history = play_step(stage, field, History())
    for kind, place in (("withdrawn", 2), ("disqualified", 0)):
        gone = leave(history, Departure(1, kind, 1))
        assert stage.due(field, gone) == ()
        rows = stage.standings(field, gone)
        assert rows[0].entry == 2
        assert rows[0].why == "Won the final. A walkover: the opponent has left."
        assert places_of(rows)[1] == place
        # Whom it knocked out stays out.
        assert places_of(rows)[4] > 1


def test_who_went_on_by_a_walkover_and_left_later_did_go_on():
    stage, field = SingleElimination(best_of=1), field_of(4)
    history = leave(History(), Departure(4, "withdrawn", 0))
    history = play_step(stage, field, history)
    assert {p.lineup for p in (one.pairing for one in stage.due(field, history))} == {(1, 2)}
    later = leave(history, Departure(1, "withdrawn", 2))
    assert order_of(stage.standings(field, later))[:2] == [2, 1]
    both = leave(later, Departure(2, "withdrawn", 2))
    assert stage.due(field, both) == ()
    assert places_of(stage.standings(field, both)) == {1: 1, 2: 1, 3: 3, 4: 3}


def test_the_last_one_there_has_won():
    for stage in (SingleElimination(), DoubleElimination()):
        field = field_of(5)
        gone = leave(History(), *(Departure(entry, "withdrawn") for entry in (1, 2, 3, 5)))
        assert stage.due(field, gone) == ()
        assert (stage.standings(field, gone)[0].entry, stage.standings(field, gone)[1].place > 1) == (4, True)


def test_nobody_wins_where_all_had_left_before():
    for stage in (SingleElimination(), DoubleElimination()):
        field = field_of(3)
        gone = leave(History(), *(Departure(entry, "withdrawn") for entry in field.entries))
        rows = stage.standings(field, gone)
        assert places_of(rows) == {1: 1, 2: 1, 3: 1}
        assert not any(row.why.startswith("Won") for row in rows)


def test_two_who_left_before_they_met_are_both_out():
    stage, field = DoubleElimination(best_of=1), field_of(4)
    gone = leave(History(), Departure(1, "withdrawn"), Departure(4, "withdrawn"))
    rows = stage.standings(field, play_stage(stage, field, history=gone))
    assert places_of(rows) == {2: 1, 3: 2, 1: 3, 4: 3}


def test_a_running_elimination_says_who_is_still_in():
    stage, field = SingleElimination(best_of=1), field_of(4)
    rows = stage.standings(field, play_step(stage, field, History()))
    assert [(row.entry, row.place, row.why) for row in rows[:2]] == [
        (1, 1, "Still in. Shares the place with 1 more."),
        (2, 1, "Still in. Shares the place with 1 more."),
    ]


def test_a_pairing_the_tree_does_not_have_is_refused():
    for pairing in (Pairing(1, 1, (1, 3)), Pairing(2, 1, (1, 2)), Pairing(9, 1, (1, 2))):
        with pytest.raises(FormatError, match="another in the tree"):
            SingleElimination().due(field_of(4), History((pairing,)))


def test_a_thousand_are_eliminated():
    field = field_of(1000)
    for stage, pairings in ((SingleElimination(best_of=1), 999), (DoubleElimination(best_of=1), 1998)):
        history = play_stage(stage, field)
        assert len(history.pairings) == pairings
        assert order_of(stage.standings(field, history))[:2] == [1, 2]


@pytest.mark.parametrize(
    "options", [{"best_of": 2}, {"best_of": 0}, {"extra": -1}, {"final_best_of": 4}], ids=str
)
def test_options_that_make_no_sense_are_refused(options):
    for stage in (SingleElimination, DoubleElimination):
        with pytest.raises(FormatError):
            stage(**options)
