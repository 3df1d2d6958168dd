"""Results summed as they come: the same bits as all at once, whatever the order and the portions."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.worlds import World, concatenated, random_pairs, rows, series, taken
from workers.league import ComparisonsError, Episode, compare_episodes, fit
from workers.league.evidence import Gathering, gather
from workers.league.totals import Total, compare_totals

AGENTS = 6
OWNERS = [0, 1, 2, 3, 4, 4]


@st.composite
def tables(draw, number):
    """Draw one match: two to four agents, single or swapped episodes, ties and gifts."""
    seats = draw(st.integers(2, 4))
    lineup = draw(st.permutations(range(AGENTS)))[:seats]
    turns = draw(st.sampled_from([[0], [0, 1], [0, 0, 1]]))
    episodes = []
    for turn in turns:
        ranks = draw(st.lists(st.integers(1, 3), min_size=seats, max_size=seats))
        gifts = draw(st.sampled_from([(), (0,)]))
        order = lineup[turn:] + lineup[:turn]
        episodes.append(Episode(number, tuple(order), tuple(ranks), gifts))
    return episodes


LEAGUES = st.integers(1, 14).flatmap(lambda size: st.tuples(*(tables(number) for number in range(size))))


def the_same(one, other):
    assert one.digest() == other.digest()
    for name in ("theta", "covariance", "elo", "low", "rank", "p_best", "field_rate", "episodes"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@settings(max_examples=40, deadline=None)
@given(LEAGUES, st.integers(1, 5), st.randoms(use_true_random=False))
def test_any_order_and_portions_give_the_bits_of_all_at_once(league, portions, random):
    whole = compare_episodes([episode for match in league for episode in match], owners=OWNERS)
    shuffled = list(league)
    random.shuffle(shuffled)
    gathering = Gathering()
    for start in range(portions):
        part = [episode for match in shuffled[start::portions] for episode in match]
        gathering.add(compare_episodes(part, owners=OWNERS))
        gathering = pickle.loads(pickle.dumps(gathering))
    the_same(fit(gathering.evidence(AGENTS), agents=AGENTS), fit(whole, agents=AGENTS))


@settings(max_examples=25, deadline=None)
@given(LEAGUES, st.permutations(range(AGENTS)))
def test_agents_may_be_numbered_as_they_come_and_renumbered_for_the_fit(league, places):
    episodes = [episode for match in league for episode in match]
    renamed = [
        Episode(each.match, tuple(places[agent] for agent in each.agents), each.ranks, each.gifts)
        for each in episodes
    ]
    gathering = Gathering()
    gathering.add(compare_episodes(episodes))
    the_same(
        fit(gathering.evidence(AGENTS, places=places), agents=AGENTS),
        fit(compare_episodes(renamed), agents=AGENTS),
    )


@settings(max_examples=25, deadline=None)
@given(LEAGUES, LEAGUES)
def test_results_taken_out_leave_no_trace(kept, voided):
    def compared(league, start):
        return compare_episodes(
            [
                Episode(start + each.match, each.agents, each.ranks, each.gifts)
                for match in league
                for each in match
            ]
        )

    gathering = Gathering()
    gathering.add(compared(kept, 0))
    gathering.add(compared(voided, 100))
    gathering.remove(compared(voided, 100))
    the_same(
        fit(gathering.evidence(AGENTS), agents=AGENTS),
        fit(compared(kept, 0), agents=AGENTS),
    )


def test_results_that_were_never_added_cannot_be_taken_out():
    gathering = Gathering()
    gathering.add(rows(*series(0, 1, [1, 0])))
    three = [(7, a, b, 1) for a, b in ((0, 1), (1, 2), (0, 2))]
    for strange in (rows(*series(0, 2, [1, 0])), rows(*series(0, 1, [1, 0, 1, 0])), rows(*three)):
        with pytest.raises(ComparisonsError, match="never added"):
            gathering.remove(strange)


def test_a_refused_portion_changes_nothing():
    gathering = Gathering()
    gathering.add(rows(*series(0, 1, [1, 0])))
    before = fit(gathering.evidence(3), agents=3).digest()
    with pytest.raises(ComparisonsError, match="compared with itself"):
        gathering.add(rows((5, 1, 1, 1.0)))
    assert fit(gathering.evidence(3), agents=3).digest() == before


def test_a_thousand_matches_of_one_pair_take_the_room_of_a_few():
    gathering = Gathering()
    for start in range(10):
        gathering.add(rows(*series(0, 1, [1, 0, 1, 1, 0, 0] * 100, start=1000 * start)))
    assert len(gathering.evidence(2).kind_count) == 1
    assert gathering.evidence(2).kind_count.sum() == 3000


def test_returns_of_whole_matches_add_up_as_well():
    totals = [Total(number, (number % 3, 3, 4), (1.0, number % 2, 0.5)) for number in range(12)]
    gathering = Gathering()
    for at in range(0, 12, 4):
        gathering.add(compare_totals(totals[at : at + 4]))
    the_same(fit(gathering.evidence(5), agents=5), fit(compare_totals(totals), agents=5))


def test_single_episodes_keep_their_seats():
    rng = np.random.default_rng(1)
    both = World.drawn(1, 6, sd=200, first_seat=100).play(random_pairs(rng, 6, 300), rng)
    once = taken(both, np.arange(0, len(both), 2))
    seated = rows(*zip(once.match, once.side_a, once.side_b, once.points, strict=True), seats=[[0, 1]] * 300)
    gathering = Gathering()
    gathering.add(taken(seated, np.arange(100, 300)))
    gathering.add(taken(seated, np.arange(100)))
    table = fit(gathering.evidence(6), agents=6)
    the_same(table, fit(seated, agents=6))
    assert len(table.seat_elo) == 2


def test_an_index_beyond_the_field_is_refused():
    gathering = Gathering()
    gathering.add(rows((1, 0, 5, 1.0)))
    with pytest.raises(ComparisonsError, match="outside 0 to 4"):
        gathering.evidence(5)
    with pytest.raises(ComparisonsError, match="of 6 agents, not of 7"):
        fit(gathering.evidence(6), agents=7)


def test_sums_are_what_they_say():
    mixed = concatenated(
        rows(*series(1, 0, [1, 0.5])), rows((50, 0, 1, 0.0)), rows(*series(0, 1, [1, 1], start=60))
    )
    evidence = gather(mixed, 3)
    assert evidence.weight.tolist() == [5.0]
    assert evidence.points.tolist() == [2.5]
    assert evidence.kind_count.tolist() == [1, 2]
    assert evidence.kind_squares.tolist() == [0.0, 0.25 + 4.0]
    assert evidence.episodes.tolist() == [5, 5, 0]
    assert evidence.opponents.tolist() == [1, 1, 0]
