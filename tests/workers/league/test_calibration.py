"""A trial of the house's agents: what it tells about luck, seats, draws and cost, and what it advises."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.league import ComparisonsError, Episode
from workers.league.calibration import Calibration, Trial, calibrate, calibrate_scores

ELO = 173.718


def play(
    strengths: list[float],
    *,
    matches: int = 200,
    seat: float = 0.0,
    luck: float = 0.0,
    draws: float = 0.0,
    pairs: float = 0.0,
    seed: int = 1,
) -> tuple[Episode, ...]:
    """Play swapped matches; strengths, the first seat's worth, the seed's luck and pair effects in Elo."""
    rng = np.random.default_rng(seed)
    count = len(strengths)
    effect = rng.normal(0, pairs / ELO, (count, count)) if pairs else np.zeros((count, count))
    episodes = []
    lineups = list(combinations(range(count), 2))
    for match in range(matches):
        a, b = lineups[match % len(lineups)]
        # A lucky seed favours one seat, whoever sits there.
        fortune = rng.normal(0, luck / ELO) if luck else 0.0
        for first, second in ((a, b), (b, a)):
            gap = (strengths[first] - strengths[second] + seat) / ELO + fortune
            gap += effect[a, b] if first == a else -effect[a, b]
            drawn, won = rng.random() < draws, rng.random() < 1 / (1 + np.exp(-gap))
            ranks = (1, 1) if drawn else (1, 2) if won else (2, 1)
            episodes.append(Episode(match, (first, second), ranks))
    return tuple(episodes)


def judged(episodes: tuple[Episode, ...], agents: int = 6, **facts: object) -> Calibration:
    return calibrate(Trial(agents, episodes, **facts))  # type: ignore[arg-type]


FIELD = [0.0, 60.0, 120.0, 200.0, 300.0, 400.0]


def codes(found: Calibration) -> list[str]:
    return [warning.code for warning in found.warnings]


def test_a_plain_arena_has_nothing_to_warn_of() -> None:
    found = judged(play(FIELD), weakest=0)
    assert codes(found) == []
    assert found.advice.swaps
    assert (found.matches, found.different) == (200, 200)
    assert found.separation is not None
    assert found.separation > 0.99
    assert np.argsort(found.elo).tolist() == [0, 1, 2, 3, 4, 5]


def test_what_the_first_seat_is_worth_is_found_with_its_interval() -> None:
    found = judged(play([0.0] * 6, matches=400, seat=160))
    first, second = found.seats
    assert first.low < 80 < first.high
    assert first.elo == pytest.approx(-second.elo, abs=1e-6)
    assert codes(found) == ["seat_advantage", "seat_advantage"]


def test_a_small_advantage_is_told_and_not_warned_of() -> None:
    assert "seat_advantage" not in codes(judged(play(FIELD, seat=30)))


def test_swapping_takes_the_luck_of_the_seed_out() -> None:
    lucky, plain = judged(play(FIELD, luck=400, matches=400)), judged(play(FIELD, matches=400))
    assert lucky.phi < 0.8 * lucky.phi_single
    assert plain.phi == pytest.approx(plain.phi_single, abs=0.12)
    assert lucky.episodes_for(50) < plain.episodes_for(50)


def test_the_planning_formula_is_that_of_the_design() -> None:
    found = judged(play(FIELD))
    assert found.episodes_for(50) == pytest.approx(185 * found.phi, rel=0.01)
    assert found.episodes_for(25) == pytest.approx(740 * found.phi, rel=0.01)


def test_seats_are_swapped_unless_there_is_no_luck_and_pairs_matter_much() -> None:
    circular = judged(play([0.0] * 8, matches=900, pairs=400), agents=8)
    assert circular.intransitivity_elo > 150
    assert not circular.advice.swaps
    assert judged(play([0.0] * 8, matches=900, pairs=400, luck=400), agents=8).advice.swaps
    assert judged(play([0.0] * 8, matches=90, pairs=400), agents=8).advice.swaps


def test_many_draws_are_warned_of_and_call_for_extra_matches() -> None:
    found = judged(play(FIELD, draws=0.8))
    assert found.draws == pytest.approx(0.8, abs=0.05)
    assert "draws" in codes(found)
    assert found.advice.draws == "extra_matches"
    assert judged(play(FIELD, draws=0.1)).advice.draws == "half_points"


def test_a_best_agent_that_does_not_beat_chance_is_no_separation() -> None:
    assert "no_separation" in codes(judged(play([0.0] * 6, matches=60), weakest=0))
    assert "no_separation" not in codes(judged(play([0.0] * 6, matches=60)))


def test_matches_that_went_the_same_count_once() -> None:
    episodes = play([0.0, 800.0], matches=50, seed=3)
    same = tuple("x" if episode.agents == (0, 1) else "y" for episode in episodes)
    found = judged(episodes, agents=2, digests=same, weakest=0)
    assert (found.matches, found.different) == (50, 1)
    assert codes(found) == ["no_variety", "no_separation", "few_matches"]
    assert found.advice.episodes == 1
    varied = judged(episodes, agents=2, digests=tuple(map(str, range(100))), weakest=0)
    assert varied.different == 50


@pytest.mark.parametrize(
    ("repeats", "expected"), [((), None), ((("a", "a"), ("b", "b")), True), ((("a", "a"), ("b", "c")), False)]
)
def test_an_arena_that_does_not_repeat_is_warned_of(repeats, expected) -> None:
    found = judged(play(FIELD), repeats=repeats)
    assert found.is_repeatable is expected
    assert ("not_repeatable" in codes(found)) == (expected is False)


@pytest.mark.parametrize(
    ("match_seconds", "start_seconds", "episodes"),
    [(0.03, 0.02, 6), (0.021, 0.02, 8), (1.0, 0.02, 1), (0.0, 0.0, 1)],
)
def test_short_episodes_share_a_match(match_seconds, start_seconds, episodes) -> None:
    found = judged(play(FIELD), match_seconds=(match_seconds,) * 9, start_seconds=start_seconds)
    assert found.advice.episodes == episodes


def test_a_table_of_four_is_judged_by_its_pairs() -> None:
    rng = np.random.default_rng(5)
    episodes = []
    for match in range(60):
        lineup = rng.permutation(6)[:4]
        for shift in range(4):
            seated = np.roll(lineup, shift)
            ability = np.array([FIELD[agent] / ELO for agent in seated]) + rng.gumbel(size=4)
            ranks = (-ability).argsort().argsort() + 1
            episodes.append(Episode(match, tuple(map(int, seated)), tuple(map(int, ranks))))
    found = calibrate(Trial(6, tuple(episodes), weakest=0), seatings=4)
    assert found.separation is not None
    assert found.separation > 0.95
    assert found.matches == 60


def test_nothing_played_tells_nothing() -> None:
    found = judged((), agents=2, weakest=0)
    assert (found.matches, found.draws, found.separation, found.seats) == (0, 0.0, None, ())
    assert codes(found) == ["few_matches"]


@pytest.mark.parametrize(
    "trial",
    [
        Trial(2, play([0, 0], matches=2), digests=("a",)),
        Trial(1, play([0, 0], matches=2)),
        Trial(2, (), weakest=2),
        Trial(2, (), match_seconds=(float("nan"),)),
    ],
)
def test_what_does_not_fit_together_is_refused(trial: Trial) -> None:
    with pytest.raises(ComparisonsError):
        calibrate(trial)


@settings(max_examples=30)
@given(
    st.integers(2, 5).flatmap(
        lambda agents: st.tuples(
            st.just(agents),
            st.lists(
                st.tuples(
                    st.integers(0, 9),
                    st.permutations(range(agents)).map(lambda order: tuple(order[:2])),
                    st.sampled_from([(1, 1), (1, 2), (2, 1)]),
                    st.sampled_from("abc"),
                ),
                max_size=30,
            ),
        )
    )
)
def test_any_trial_gives_finite_numbers_that_do_not_depend_on_order(drawn) -> None:
    agents, rows = drawn
    episodes = [Episode(match, seated, ranks) for match, seated, ranks, _ in rows]
    digests = [digest for *_, digest in rows]
    found = calibrate(Trial(agents, tuple(episodes), tuple(digests)))
    numbers = (found.phi, found.phi_single, found.draws, *found.elo, *(seat.elo for seat in found.seats))
    assert np.isfinite(numbers).all()
    assert 0.25 <= found.phi <= 4
    assert found.different <= found.matches
    assert 1 <= found.advice.episodes <= 8


def test_scores_on_common_scenarios_are_judged_by_scenario() -> None:
    rng = np.random.default_rng(2)
    luck = rng.normal(0, 50, 30)
    rows = [(s, agent, 100 * agent + luck[s] + rng.normal(0, 5)) for s in range(30) for agent in range(3)]
    found = calibrate_scores(*zip(*rows, strict=True), weakest=0, seconds=[0.2] * 90, repeats=[("a", "a")])
    assert found.scenarios == 30
    assert found.luck > 0.9
    assert found.separation is not None
    assert found.separation > 0.99
    assert found.episode_seconds == pytest.approx(0.2)
    assert found.warnings == ()


def test_scores_that_are_all_the_same_separate_nobody() -> None:
    rows = [(s, agent, 1.0) for s in range(25) for agent in range(2)]
    found = calibrate_scores(*zip(*rows, strict=True), weakest=0, repeats=[("a", "b")])
    assert [warning.code for warning in found.warnings] == ["no_separation", "not_repeatable"]
    assert found.luck == 0.0
    assert calibrate_scores([], [], []).scenarios == 0
