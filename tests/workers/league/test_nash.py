"""Equilibria of choosing an agent: known games, what makes them equilibria, clones, and uncertainty."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.worlds import World, random_pairs, rows
from workers.league import empty_comparisons, fit
from workers.league.alpha_rank import alpha_rank
from workers.league.matchups import matchups
from workers.league.nash import PayoffError, equilibrium, maximum_entropy_equilibrium, nash_view

CYCLE = np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0]], float)
# Five agents' points in hundredths: one cycle of three, a weak agent, and one that is hard to beat.
POINTS = np.array(
    [
        [50, 80, 30, 60, 45],
        [20, 50, 75, 55, 60],
        [70, 25, 50, 65, 35],
        [40, 45, 35, 50, 30],
        [55, 40, 65, 70, 50],
    ]
)
FIVE = (POINTS - POINTS.T) / 100


def entropy(mixture):
    inside = mixture[mixture > 0]
    return float(-(inside * np.log(inside)).sum())


@st.composite
def games(draw):
    """Games of up to eight agents, many of them with ties and clones."""
    size = draw(st.integers(1, 5))
    values = draw(st.lists(st.integers(-3, 3), min_size=size * size, max_size=size * size))
    copies = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=8))
    half = np.array(values, float).reshape(size, size)
    return (half - half.T)[np.ix_(copies, copies)] / 6


def test_rock_paper_scissors_is_chosen_evenly():
    assert maximum_entropy_equilibrium(CYCLE) == pytest.approx([1 / 3] * 3, abs=1e-12)
    assert equilibrium(CYCLE) == pytest.approx([1 / 3] * 3, abs=1e-12)


def test_lopsided_rock_paper_scissors_is_chosen_by_what_the_others_lose():
    game = np.array([[0, 2, -1], [-2, 0, 1], [1, -1, 0]], float)
    assert maximum_entropy_equilibrium(game) == pytest.approx([0.25, 0.25, 0.5], abs=1e-12)


def test_who_beats_everybody_is_chosen_alone():
    game = np.sign(np.arange(6)[None, :] - np.arange(6)[:, None]).astype(float)
    assert maximum_entropy_equilibrium(game) == pytest.approx([1, 0, 0, 0, 0, 0], abs=1e-12)


def test_clones_share_what_one_would_have():
    clones = CYCLE[np.ix_([0, 1, 2, 2, 2], [0, 1, 2, 2, 2])]
    assert maximum_entropy_equilibrium(clones) == pytest.approx([1 / 3, 1 / 3, *[1 / 9] * 3], abs=1e-10)


def test_five_agents_are_chosen_as_open_spiel_chooses_them():
    # open_spiel.python.algorithms.nash_averaging 2.0.2 (cvxpy 1.9.3, Clarabel), precise to about 1e-8.
    theirs = [2.222222224638e-01, 1.111111172577e-01, 9.401866825997e-09, 0, 6.666666487559e-01]
    assert maximum_entropy_equilibrium(FIVE) == pytest.approx(theirs, abs=3e-8)
    assert maximum_entropy_equilibrium(FIVE) == pytest.approx([2 / 9, 1 / 9, 0, 0, 2 / 3], abs=1e-12)


@settings(max_examples=80, deadline=None)
@given(games())
def test_nobody_gains_against_an_equilibrium_and_none_is_spread_more_evenly(game):
    widest, other = maximum_entropy_equilibrium(game), equilibrium(game)
    for mixture in (widest, other):
        assert mixture.sum() == pytest.approx(1)
        assert (mixture >= 0).all()
        assert (game @ mixture).max() <= 1e-8
    assert entropy(widest) >= entropy(other) - 1e-8
    # Between two equilibria lie only equilibria; entropy falls from the widest towards the other.
    for share in (1e-3, 0.1, 0.5):
        assert entropy((1 - share) * widest + share * other) <= entropy(widest) + 1e-9


@settings(max_examples=40, deadline=None)
@given(games(), st.randoms(use_true_random=False))
def test_the_order_of_the_agents_does_not_matter(game, random):
    order = list(range(len(game)))
    random.shuffle(order)
    turned = maximum_entropy_equilibrium(game[np.ix_(order, order)])
    assert turned == pytest.approx(maximum_entropy_equilibrium(game)[order], abs=1e-7)


@pytest.mark.parametrize(
    "payoff", [np.zeros((0, 0)), np.zeros((2, 3)), np.ones((2, 2)), np.full((2, 2), np.nan)]
)
def test_what_is_no_game_is_refused(payoff):
    for solve in (equilibrium, maximum_entropy_equilibrium):
        with pytest.raises(PayoffError):
            solve(payoff)


def league(*, clones=0, matches=600):
    """A straight field of eight; the last `clones` are copies of agent 3, of its owner."""
    rng = np.random.default_rng(1)
    elo = np.concatenate([np.linspace(300, -300, 8), np.full(clones, 42.9)])
    world = World(elo, np.zeros((8 + clones,) * 2))
    table = fit(world.play(random_pairs(rng, 8 + clones, matches), rng), agents=8 + clones)
    owners = [*range(8), *[3] * clones]
    return table, nash_view(matchups(table), counted=table.episodes > 0, owners=owners, draws=60)


def test_in_a_straight_field_the_best_has_most_of_the_support():
    _, view = league()
    assert view.support.sum() == pytest.approx(1)
    assert view.support[0] > 0.8
    assert (view.score <= 0.5 + 1e-9).all()
    assert list(np.argsort(-view.score)) == list(range(8))


def test_few_matches_leave_the_support_spread():
    assert entropy(league(matches=30)[1].support) > entropy(league()[1].support) + 0.3


def test_in_a_cyclic_field_the_support_is_shared():
    results = [(100 * a + n // 2, a, b, 1) for a, b in ((0, 1), (1, 2), (2, 0)) for n in range(60)]
    results += [(1000 + 50 * a + n // 2, a, 3, 1) for a in range(3) for n in range(40)]
    table = fit(rows(*results), agents=4)
    view = nash_view(matchups(table), counted=np.ones(4, bool), draws=60)
    assert view.support[:3] == pytest.approx([1 / 3] * 3, abs=0.1)
    assert view.support[3] < 0.05
    assert view.score[3] < 0.2


def test_clones_of_one_owner_move_no_score():
    _, plain = league()
    _, cloned = league(clones=4, matches=1000)
    assert cloned.score[:8] == pytest.approx(plain.score, abs=0.06)
    assert cloned.owner_support[3] == pytest.approx(cloned.support[[3, 8, 9, 10, 11]].sum())


def test_who_does_not_count_has_no_share():
    table, _ = league()
    counted = np.array([False, *[True] * 7])
    view = nash_view(matchups(table), counted=counted, draws=20)
    assert (view.support[0], view.score[0]) == (0, 0)
    assert view.support[1] > 0.5
    nobody = nash_view(matchups(table), counted=np.zeros(8, bool))
    assert not nobody.support.any()
    assert nash_view(matchups(fit(empty_comparisons(), agents=0)), counted=np.zeros(0, bool)).score.size == 0


def test_the_view_is_the_same_each_time():
    first, second = league(matches=30)[1], league(matches=30)[1]
    assert first.support.max() < 0.9
    assert first.support.tobytes() == second.support.tobytes()


@pytest.mark.parametrize(
    ("alpha", "theirs"),
    [
        # open_spiel.python.egt.alpharank 2.0.2, one population of 50, local selection.
        (
            1.0,
            [
                2.630714089249e-01,
                2.755426940447e-01,
                1.337260576148e-01,
                1.831058806585e-06,
                3.276580083568e-01,
            ],
        ),
        (10.0, [2.103430190893e-01, 3.921510533507e-01, 1.052690860263e-01, 0.0, 2.922368415337e-01]),
    ],
)
def test_evolution_is_found_where_open_spiel_finds_it(alpha, theirs):
    assert alpha_rank(FIVE, alpha=alpha) == pytest.approx(theirs, abs=1e-12)


def test_evolution_goes_round_in_rock_paper_scissors_and_stays_at_the_best():
    assert alpha_rank(CYCLE) == pytest.approx([1 / 3] * 3)
    assert alpha_rank(np.zeros((4, 4))) == pytest.approx([1 / 4] * 4)
    straight = np.sign(np.arange(5)[None, :] - np.arange(5)[:, None]).astype(float)
    assert alpha_rank(straight, alpha=1e4) == pytest.approx([1, 0, 0, 0, 0])
    assert list(alpha_rank(np.zeros((1, 1)))) == [1]


@given(st.floats(0.01, 1e6), games())
def test_evolution_spends_its_time_somewhere_however_sharp_it_is(alpha, game):
    share = alpha_rank(game, alpha=alpha)
    assert np.isfinite(share).all()
    assert (share >= 0).all()
    assert share.sum() == pytest.approx(1)


@pytest.mark.parametrize("payoff", [np.zeros((0, 0)), np.zeros((2, 3)), np.full((2, 2), np.inf)])
def test_evolution_needs_a_square_table(payoff):
    with pytest.raises(PayoffError):
        alpha_rank(payoff)
