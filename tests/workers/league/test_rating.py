"""The rating table: edge cases with their numbers, honesty of intervals, and independence of order."""

import time

import choix
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.worlds import ELO, World, concatenated, random_pairs, rows, series, taken
from workers.league import Comparisons, ComparisonsError, Settings, empty_comparisons, fit, superiority


def difference(table, i, j):
    """Return the standard error of a difference of two agents, Elo."""
    c = table.covariance
    return ELO * float(np.sqrt(c[i, i] + c[j, j] - 2 * c[i, j]))


def test_without_matches_everybody_is_unknown_and_unranked():
    table = fit(empty_comparisons(), agents=3)
    assert np.all(table.elo == 1500)
    assert np.all((table.error >= 180) & (table.error <= 310))
    assert table.provisional.all()
    assert np.all(table.rank == 0)
    assert np.all(table.p_best == 0)


@pytest.mark.parametrize("agents", [0, 1])
def test_a_field_too_small_for_matches_gives_a_table(agents):
    table = fit(empty_comparisons(), agents=agents)
    assert len(table.elo) == agents
    assert table.digest()


def test_twenty_wins_to_none_are_far_apart_but_never_infinite():
    table = fit(rows(*series(0, 1, [1] * 20)), agents=2)
    assert table.elo - 1500 == pytest.approx([320, -320], abs=25)
    assert difference(table, 0, 1) == pytest.approx(223, abs=20)
    assert list(table.rank) == [1, 2]


def test_forty_draws_are_equal_agents_known_well():
    table = fit(rows(*series(0, 1, [0.5] * 40)), agents=2)
    assert table.elo == pytest.approx([1500, 1500], abs=1e-6)
    assert difference(table, 0, 1) == pytest.approx(54, abs=8)


def test_all_draws_shrink_the_intervals():
    table = fit(rows(*series(0, 1, [0.5] * 40)), agents=2)
    assert table.kappa == pytest.approx(1.2, abs=0.05)


def test_a_perfect_record_stays_finite():
    results = []
    for a in range(6):
        for b in range(a + 1, 6):
            results += series(a, b, [1, 1] if a == 0 else [0.5, 0.5], start=10 * a + b)
    table = fit(rows(*results), agents=6)
    field = table.elo[0] - table.elo.mean()
    assert field == pytest.approx(341, abs=60)
    assert table.error[0] == pytest.approx(123, abs=40)


def test_one_opponent_only_leaves_an_agent_provisional():
    crowd = [result for b in range(2, 9) for result in series(0, b, [1, 0] * 6, start=100 * b)]
    table = fit(rows(*series(0, 1, [1, 0] * 12), *crowd), agents=9)
    assert table.opponents[1] == 1
    assert table.provisional[1]
    assert not table.provisional[0]


def test_in_a_tiny_field_meeting_everybody_is_enough():
    table = fit(rows(*series(0, 1, [1, 0] * 20)), agents=2)
    assert not table.provisional.any()


def test_two_islands_are_known_within_and_unknown_across():
    results = series(0, 1, [1, 0] * 20) + series(2, 3, [1, 0] * 20, start=100)
    table = fit(rows(*results), agents=4)
    assert difference(table, 0, 1) == pytest.approx(60, abs=20)
    assert difference(table, 0, 2) == pytest.approx(257, abs=40)


def test_rock_paper_scissors_is_a_tie_and_seen_as_cyclic():
    results = [(index, a, b, 1) for index in range(40) for a, b in ((0, 1), (1, 2), (2, 0))]
    results = [(3 * match // 2 + a, a, b, point) for match, a, b, point in results]
    table = fit(rows(*results), agents=3)
    assert table.elo == pytest.approx([1500] * 3, abs=1e-6)
    assert table.intransitivity_elo == pytest.approx(347, abs=30)
    assert table.error == pytest.approx([142] * 3, abs=25)


def test_a_withdrawn_agent_keeps_its_rating_and_takes_no_place():
    played = rows(*series(0, 1, [1, 0, 1, 1]), *series(1, 2, [1, 0], start=50))
    active = np.array([True, False, True])
    everybody, without = fit(played, agents=3), fit(played, agents=3, active=active)
    assert np.array_equal(everybody.elo, without.elo)
    assert without.rank[1] == 0
    assert sorted(without.rank[[0, 2]]) == [1, 2]


def test_a_gift_moves_the_winner_by_at_most_a_quarter_of_a_win():
    base = [result for b in range(1, 6) for result in series(0, b, [1, 0] * 8, start=100 * b)]
    win = rows((9999, 0, 1, 1))
    gift = Comparisons(
        *(getattr(win, n) for n in ("match", "side_a", "side_b", "seat_a", "seat_b", "points")),
        np.array([0.25]),
    )
    plain = Settings(sigma_elo=300, kappa=1.0, tau_elo=0.0)
    before, by_win, by_gift = (
        fit(part, agents=6, settings=plain).elo[0]
        for part in (rows(*base), concatenated(rows(*base), win), concatenated(rows(*base), gift))
    )
    assert 0 < by_gift - before <= 0.27 * (by_win - before)


def test_equal_ratings_go_by_episodes_then_by_submission():
    results = series(0, 1, [1, 0] * 4) + series(2, 3, [1, 0] * 8, start=100)
    assert list(fit(rows(*results), agents=4).rank) == [3, 4, 1, 2]


def test_house_anchors_fix_the_scale():
    rng = np.random.default_rng(1)
    world = World.drawn(1, 8, sd=200)
    played = world.play(random_pairs(rng, 8, 900), rng)
    table = fit(played, agents=8, anchors=(1, 3, 5))
    assert table.elo[[1, 3, 5]].mean() == pytest.approx(1500)
    assert fit(played, agents=8, anchors=(1, 3)).elo[[1, 3]].mean() != pytest.approx(1500, abs=0.5)


def test_clones_of_one_owner_weigh_as_one_in_the_centre():
    rng = np.random.default_rng(2)
    world = World(np.array([300.0, -300, 0, 0, 0, 0]), np.zeros((6, 6)))
    played = world.play(random_pairs(rng, 6, 1500), rng)
    table = fit(played, agents=6, owners=[0, 1, 2, 2, 2, 2])
    best = table.elo[2:].max()
    assert (table.elo[0] + table.elo[1] + best) / 3 == pytest.approx(1500)


def test_the_first_seat_is_not_skill():
    rng = np.random.default_rng(3)
    pairs = random_pairs(rng, 6, 1500)
    both = World(np.zeros(6), np.zeros((6, 6)), first_seat=150.0).play(pairs, rng)
    once = taken(both, np.arange(0, len(both), 2))
    seated = Comparisons(
        once.match,
        once.side_a,
        once.side_b,
        np.zeros(1500, int),
        np.ones(1500, int),
        once.points,
        once.weight,
    )
    table = fit(seated, agents=6)
    assert table.seat_elo[0] - table.seat_elo[1] == pytest.approx(150, abs=30)
    assert np.abs(table.elo - 1500).max() < 60


def test_ties_in_a_many_seat_match_move_nothing():
    results = [(0, a, b, 0.5) for a in range(4) for b in range(a + 1, 4)]
    table = fit(rows(*results), agents=4)
    assert table.elo == pytest.approx([1500] * 4, abs=1e-6)
    assert table.episodes == pytest.approx([1] * 4)


def test_many_seats_are_ranked_and_their_dependence_is_learned():
    rng = np.random.default_rng(4)
    strength = np.linspace(2, -2, 9)
    results = []
    for match in range(400):
        seated = rng.choice(9, 4, replace=False)
        form = strength[seated] + rng.gumbel(size=4)
        order = seated[np.argsort(-form)]
        results += [(match, order[i], order[j], 1) for i in range(4) for j in range(i + 1, 4)]
    table = fit(rows(*results), agents=9)
    assert list(np.argsort(table.rank)) == list(range(9))
    assert 0.5 < table.kappa < 0.9


RESULTS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.integers(0, 5),
        st.integers(1, 5),
        st.sampled_from([0, 0.5, 1]),
        st.integers(-1, 1),
        st.sampled_from([0.25, 1.0]),
    ),
    min_size=1,
    max_size=40,
)


def built(results):
    match, a, step, points, seat, weight = (np.array(column) for column in zip(*results, strict=True))
    other = np.where(seat < 0, -1, 1 - seat)
    return Comparisons(match, a, (a + step) % 6, seat, other, points.astype(float), weight)


@settings(max_examples=40, deadline=None)
@given(RESULTS, st.randoms(use_true_random=False))
def test_the_order_of_results_changes_no_bit(results, random):
    shuffled = list(results)
    random.shuffle(shuffled)
    one, other = fit(built(results), agents=6), fit(built(shuffled), agents=6)
    assert one.digest() == other.digest()
    for name in ("theta", "covariance", "elo", "low", "high", "rank", "rank_low", "p_best", "field_rate"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@settings(max_examples=25, deadline=None)
@given(RESULTS)
def test_which_side_is_written_first_changes_no_bit(results):
    one = built(results)
    other = Comparisons(one.match, one.side_b, one.side_a, one.seat_b, one.seat_a, 1 - one.points, one.weight)
    assert fit(one, agents=6).digest() == fit(other, agents=6).digest()


@settings(max_examples=40, deadline=None)
@given(RESULTS)
def test_every_table_is_finite_and_in_order(results):
    table = fit(built(results), agents=7)
    for name in ("elo", "error", "low", "high", "p_best", "field_rate"):
        assert np.isfinite(getattr(table, name)).all()
    ranked = np.flatnonzero(table.rank)
    assert sorted(table.rank[ranked]) == list(range(1, len(ranked) + 1))
    assert np.all((table.rank_low <= table.rank) & (table.rank <= table.rank_high))
    shown = np.round(
        table.elo[np.argsort(np.where(table.rank > 0, table.rank, 99), kind="stable")][: len(ranked)]
    )
    assert np.all(np.diff(shown) <= 0)
    assert 0.25 <= table.kappa <= 4
    assert 0 <= table.tau <= 2


def test_without_prior_the_estimate_is_that_of_choix():
    rng = np.random.default_rng(5)
    played = World.drawn(5, 12, sd=200).play(random_pairs(rng, 12, 800), rng)
    wins = np.where(
        played.points[:, None] == 1,
        np.stack([played.side_a, played.side_b], 1),
        np.stack([played.side_b, played.side_a], 1),
    )
    wanted = choix.opt_pairwise(12, [tuple(row) for row in wins.tolist()], tol=1e-12)
    table = fit(played, agents=12, settings=Settings(sigma_elo=1e7, kappa=1.0, tau_elo=0.0))
    assert table.theta - table.theta.mean() == pytest.approx(wanted - wanted.mean(), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plain", {"sd": 250}),
        ("luck", {"sd": 300, "luck": 300, "first_seat": 100}),
        ("cycles", {"sd": 300, "cyclic": 150}),
    ],
)
def test_intervals_hold_the_truth_as_often_as_they_say(name, kind):
    inside = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        world = World.drawn(seed, 30, **kind)
        table = fit(world.play(random_pairs(rng, 30, 30 * 24), rng), agents=30)
        off = (table.elo - table.elo.mean()) - world.truth()
        inside.append(np.abs(off) <= 1.96 * table.error)
    assert 0.90 <= np.mean(inside) <= 0.995, name


def test_luck_of_the_seed_is_not_counted_as_evidence_twice():
    rng = np.random.default_rng(6)
    pairs = random_pairs(rng, 30, 1500)
    calm = fit(World.drawn(6, 30, sd=200).play(pairs, rng), agents=30)
    lucky = fit(World.drawn(6, 30, sd=200, luck=400).play(pairs, rng), agents=30)
    assert calm.kappa == pytest.approx(1.0, abs=0.12)
    assert lucky.kappa > 1.25


def test_cycles_are_found_where_they_are_and_not_elsewhere():
    rng = np.random.default_rng(7)
    pairs = random_pairs(rng, 30, 4000)
    straight = fit(World.drawn(7, 30, sd=300).play(pairs, rng), agents=30)
    cyclic = fit(World.drawn(7, 30, sd=300, cyclic=200).play(pairs, rng), agents=30)
    assert straight.intransitivity_elo < 80
    assert cyclic.intransitivity_elo == pytest.approx(200, abs=80)


def test_superiority_is_a_chance_and_its_complement():
    rng = np.random.default_rng(8)
    world = World.drawn(8, 10, sd=300)
    table = fit(world.play(random_pairs(rng, 10, 800), rng), agents=10)
    chance = superiority(table.theta, table.covariance)
    assert chance + chance.T == pytest.approx(np.ones((10, 10)))
    order = np.argsort(table.rank)
    assert chance[order[0], order[-1]] > 0.99


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"side_a": [5]}, "outside 0 to 1"),
        ({"side_b": [0]}, "compared with itself"),
        ({"points": [0.7]}, "points must be"),
        ({"weight": [0.0]}, "weights must be positive"),
        ({"weight": [np.nan]}, "weights must be positive"),
        ({"seat_a": [-2]}, "below -1"),
        ({"match": [1, 2]}, "differ in length"),
    ],
)
def test_broken_comparisons_are_refused(change, message):
    good = {
        "match": [1],
        "side_a": [0],
        "side_b": [1],
        "seat_a": [-1],
        "seat_b": [-1],
        "points": [1.0],
        "weight": [1.0],
    }
    columns = {name: np.array(value) for name, value in {**good, **change}.items()}
    with pytest.raises(ComparisonsError, match=message):
        fit(Comparisons(**columns), agents=2)


def test_speed_of_a_refit(capsys):
    rng = np.random.default_rng(9)
    played = World.drawn(9, 100, sd=300, luck=200).play(random_pairs(rng, 100, 3200), rng)
    began = time.perf_counter()
    fit(played, agents=100)
    with capsys.disabled():
        print(f"\nrefit of 100 agents, 6,400 episodes: {1000 * (time.perf_counter() - began):.0f} ms")
