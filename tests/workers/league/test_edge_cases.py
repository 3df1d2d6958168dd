"""Edge cases of the rating table that stand in its specification, and what fairness asks of it."""

import evalica
import numpy as np
import pytest

from tests.workers.league.worlds import ELO, World, concatenated, random_pairs, rows, series
from workers.league import Comparisons, Episode, Settings, compare_episodes, fit


def seated(comparisons, seats):
    """Return single episodes in which side a sat in the first of two seats."""
    once = Comparisons(*(getattr(comparisons, name)[::2] for name in Comparisons.__dataclass_fields__))
    size = len(once)
    return Comparisons(
        once.match,
        once.side_a,
        once.side_b,
        np.full(size, seats[0]),
        np.full(size, seats[1]),
        once.points,
        once.weight,
    )


def test_twelve_episodes_against_one_opponent_leave_eighty_elo_of_doubt():
    crowd = [result for b in range(1, 9) for result in series(0, b, [1, 0] * 6, start=100 * b)]
    table = fit(rows(*crowd), agents=9)
    assert table.error[1:] == pytest.approx([81] * 8, abs=5)
    assert table.provisional[1:].all()


def test_a_newcomer_among_known_agents_is_centred_and_unranked():
    crowd = [
        result
        for a in range(4)
        for b in range(a)
        for result in series(a, b, [1, 0] * 8, start=100 * a + 20 * b)
    ]
    table = fit(rows(*crowd), agents=5)
    assert table.rank[4] == 0
    # The spread of the field, and what is not known of its mean.
    assert table.error[4] == pytest.approx(table.sigma0 * ELO * np.sqrt(1.25), rel=0.05)
    assert table.low[4] < table.elo[:4].min()
    assert table.high[4] > table.elo[:4].max()


def test_everybody_forfeiting_in_every_match_is_a_tie_of_all():
    episodes = [Episode(number, (number % 3, (number + 1) % 3), (1, 1), gifts=(0, 1)) for number in range(30)]
    table = fit(compare_episodes(episodes), agents=3)
    assert table.elo == pytest.approx([1500] * 3, abs=1e-6)
    assert table.p_best == pytest.approx([1 / 3] * 3, abs=0.05)
    assert (table.error > 30).all()


def test_ties_of_a_whole_table_tell_the_dispersion_and_nothing_else():
    tied = [(match, a, b, 0.5) for match in range(30) for a in range(4) for b in range(a + 1, 4)]
    table = fit(rows(*tied), agents=4)
    assert table.elo == pytest.approx([1500] * 4, abs=1e-6)
    assert table.kappa > 2


def test_tied_ranks_share_their_points():
    table = compare_episodes([Episode(1, (0, 1, 2, 3), (1, 2, 2, 4))])
    points = {(int(a), int(b)): p for a, b, p in zip(table.side_a, table.side_b, table.points, strict=True)}
    assert points == {(0, 1): 1, (0, 2): 1, (0, 3): 1, (1, 2): 0.5, (1, 3): 1, (2, 3): 1}


def test_a_second_league_can_be_joined_by_one_match():
    islands = series(0, 1, [1, 0] * 20) + series(2, 3, [1, 0] * 20, start=100)
    bridge = series(0, 2, [1, 0] * 20, start=200)

    def doubt(played):
        c = fit(rows(*played), agents=4, settings=Settings(sigma_elo=250.0)).covariance
        return ELO * np.sqrt(c[1, 1] + c[3, 3] - 2 * c[1, 3])

    assert doubt(islands) == pytest.approx(257, abs=30)
    assert doubt(islands + bridge) < 0.6 * doubt(islands)


def test_seat_advantages_cancel_and_have_an_error():
    rng = np.random.default_rng(3)
    world = World(np.zeros(6), np.zeros((6, 6)), first_seat=100.0)
    tables = [
        fit(seated(world.play(random_pairs(rng, 6, size), rng), (0, 1)), agents=6) for size in (100, 1600)
    ]
    for table in tables:
        assert table.seat_elo.sum() == pytest.approx(0, abs=1e-6)
        # The first seat leads the second by 100, so that each is 50 off the mean.
        assert np.abs(table.seat_elo - [50, -50]).max() < 3 * table.seat_error[0]
    assert tables[0].seat_error[0] == pytest.approx(4 * tables[1].seat_error[0], rel=0.3)


def test_seats_have_no_term_where_both_seatings_were_played():
    table = fit(rows(*series(0, 1, [1, 0] * 4)), agents=2)
    assert table.seat_elo.size == table.seat_error.size == 0


def test_errors_of_seats_are_as_large_as_their_scatter():
    off = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        world = World(rng.normal(0, 200, 6), np.zeros((6, 6)), first_seat=100.0)
        table = fit(seated(world.play(random_pairs(rng, 6, 200), rng), (0, 1)), agents=6)
        off.append((table.seat_elo[0] - 50) / table.seat_error[0])
    assert np.std(off) == pytest.approx(1, abs=0.3)


def test_one_agent_under_two_names_gets_one_rating():
    apart = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        world = World.drawn(seed, 12, sd=250)
        world.elo[7] = world.elo[3]
        table = fit(world.play(random_pairs(rng, 12, 300), rng), agents=12)
        c = table.covariance
        deviation = ELO * np.sqrt(c[3, 3] + c[7, 7] - 2 * c[3, 7])
        apart += bool(abs(table.elo[3] - table.elo[7]) > 2 * deviation)
    assert apart <= 4


def test_clones_that_lose_to_their_master_move_nobody():
    rng = np.random.default_rng(4)
    elo = np.linspace(400, -400, 20)
    honest = World(elo, np.zeros((20, 20))).play(random_pairs(rng, 20, 1600), rng)
    # Five weak clones of agent 12, of its owner: beaten by most, and by their master on purpose.
    owners = [*range(20), *[12] * 5]
    clones = World(np.concatenate([elo, np.full(5, elo[12] - 150)]), np.zeros((25, 25)))
    against = [(clone, other) for clone in range(20, 25) for other in range(20) if other != 12] * 4
    met = clones.play(against, rng, start=10_000)
    thrown = [
        Episode(20_000 + number, (12, clone), (1, 2))
        for clone in range(20, 25)
        for number in range(20 * clone, 20 * clone + 16)
    ]
    forbidden = compare_episodes(thrown, owners=owners)
    assert len(forbidden) == 0
    before = fit(honest, agents=20, owners=owners[:20])
    after = fit(concatenated(honest, met, forbidden), agents=25, owners=owners)
    assert after.rank[12] == before.rank[12]
    assert after.field_rate[12] == pytest.approx(before.field_rate[12], abs=0.03)


def test_a_perfect_record_of_a_thousand_wins_is_finite():
    table = fit(rows(*series(0, 1, [1] * 1000)), agents=2)
    assert np.isfinite(table.elo).all()
    assert table.elo[0] - table.elo[1] < 2500
    assert table.p_best[0] > 0.99


def test_without_prior_the_estimate_with_draws_is_that_of_evalica():
    wins = [[0, 7, 9, 4], [5, 0, 6, 8], [3, 4, 0, 9], [1, 2, 5, 0]]
    results = [(a, b, 1.0) for a in range(4) for b in range(4) for _ in range(wins[a][b])]
    results += [(0, 1, 0.5)] * 3 + [(1, 2, 0.5)] * 2 + [(0, 3, 0.5)]
    played = rows(*[(match, *result) for match, result in enumerate(results)])
    table = fit(played, agents=4, settings=Settings(sigma_elo=1e7, kappa=1.0, tau_elo=0.0))
    theirs = np.log(_by_evalica(played, 4))
    assert table.theta - table.theta.mean() == pytest.approx(theirs - theirs.mean(), abs=1e-6)


def test_without_prior_the_estimate_of_a_whole_field_is_that_of_evalica():
    rng = np.random.default_rng(5)
    played = World.drawn(5, 30, sd=200).play(random_pairs(rng, 30, 3000), rng)
    table = fit(played, agents=30, settings=Settings(sigma_elo=1e7, kappa=1.0, tau_elo=0.0))
    theirs = np.log(_by_evalica(played, 30))
    assert table.theta - table.theta.mean() == pytest.approx(theirs - theirs.mean(), abs=1e-6)


def _by_evalica(played, agents):
    winner = {1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}
    answer = evalica.bradley_terry(
        [f"{each:03d}" for each in played.side_a],
        [f"{each:03d}" for each in played.side_b],
        [winner[each] for each in played.points.tolist()],
        tolerance=1e-15,
        limit=100_000,
    )
    assert len(answer.scores) == agents
    return answer.scores.sort_index().to_numpy()
