"""What the plots of a board show: true, capped, and nothing that JSON cannot say."""

import json

import numpy as np
import pytest

from tests.workers.league.boards import fitted, members, returned, scored
from workers.league import pair_pictures, pictures, score_pictures
from workers.league.comparisons import empty_comparisons
from workers.league.pictures import Lineage, Version
from workers.league.rating import fit
from workers.league.residuals import pair_residuals, watch_pairs
from workers.league.returns import Returns, fit_returns

ELO = [0, 150, -200, 400, 60, -30]
FIT, WHO, ROWS = fitted(ELO)
EMPTY = fit(empty_comparisons(), agents=2)


def drawn(table, who, rows):
    """Return every plot of a board of comparisons."""
    played = dict.fromkeys(who.ids, 3)
    return {
        "ladder": pictures.ladder(table, who),
        "superiority": pictures.superiority(table, who),
        "rank_distribution": pictures.rank_distribution(table, who),
        "opponents": pictures.opponents(table, who, played, played),
        "heat_map": pair_pictures.heat_map(table, who, rows),
        "residual_map": pair_pictures.residual_map(table, who, pair_residuals(rows, table)),
        "style_disc": pair_pictures.style_disc(table, who),
        "convergence": pair_pictures.convergence(table, who, rows),
        "calibration": pair_pictures.calibration(table, who, rows),
        "seats": {"seats": pair_pictures.seat_effects(table, ())},
    }


@pytest.mark.parametrize(
    ("table", "who", "rows"),
    [(FIT, WHO, ROWS), (EMPTY, members(2), empty_comparisons()), fitted([0.0, 10.0], matches=1)],
)
def test_every_plot_is_plain_json(table, who, rows) -> None:
    for name, content in drawn(table, who, rows).items():
        assert json.loads(json.dumps(content, allow_nan=False)) == content, name


def test_plots_of_a_large_field_show_the_best_and_say_of_how_many() -> None:
    table, who, rows = fitted([-10.0 * number for number in range(45)], matches=1)
    content = drawn(table, who, rows)
    for name, most in (("heat_map", 40), ("superiority", 40), ("style_disc", 40), ("rank_distribution", 10)):
        assert len(content[name]["agents"]) == most
        assert content[name]["of"] == 45
    best = who.ids[int(np.argmin(np.where(table.rank > 0, table.rank, 99)))]
    assert content["heat_map"]["agents"][0] == best
    assert len(content["ladder"]["rows"]) == 45
    assert content["rank_distribution"]["places"] == 40
    assert [sum(row) for row in content["rank_distribution"]["shares"]] == pytest.approx([1.0] * 10, abs=0.01)


def test_what_one_wins_in_the_heat_map_the_other_loses() -> None:
    content = pair_pictures.heat_map(FIT, WHO, ROWS)
    rate, low, high = (np.array(content[name], float) for name in ("rate", "low", "high"))
    off = ~np.eye(6, dtype=bool)
    assert (rate + rate.T)[off] == pytest.approx(1.0, abs=0.002)
    assert (low + high.T)[off] == pytest.approx(1.0, abs=0.002)
    assert ((low < rate) & (rate < high))[off].all()
    assert (np.array(content["episodes"])[off] == 80).all()
    # The best against the worst: what was seen is about what is expected.
    assert content["points"][0][5] == pytest.approx(content["rate"][0][5], abs=0.06)


def test_two_that_never_met_have_a_rate_but_no_points() -> None:
    rows = fitted([0, 100, 200])[2]
    kept = (rows.side_a != 0) | (rows.side_b != 2)
    part = pair_pictures._only(rows, kept)
    content = pair_pictures.heat_map(fit(part, agents=3), members(3), part)
    one, other = content["agents"].index("a000"), content["agents"].index("a002")
    assert content["points"][one][other] is None
    assert content["episodes"][one][other] == 0
    assert 0 < content["rate"][one][other] < 0.5


def test_whoever_is_ahead_on_the_disc_of_styles_beats_whom_it_should() -> None:
    cycles = 200.0 * np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])
    table, who, _ = fitted([0, 0, 0], matches=150, cycles=cycles)
    content = pair_pictures.style_disc(table, who)
    assert content["share"] == pytest.approx(1.0, abs=0.01)
    place = {agent: at for at, agent in enumerate(content["agents"])}
    x, y = content["x"], content["y"]
    for winner, loser in ((0, 1), (1, 2), (2, 0)):
        one, other = place[f"a{winner:03d}"], place[f"a{loser:03d}"]
        assert x[one] * y[other] - y[one] * x[other] > 0.1
    assert max(np.hypot(x, y)) == pytest.approx(1.0, abs=0.001)


def test_thrown_matches_stand_out_in_the_residuals() -> None:
    _, who, rows = fitted([0, 150, -200, 400, 60, -30, 90, -100, 220, -300])
    thrown = ((rows.side_a == 3) & (rows.side_b == 5)) | ((rows.side_a == 5) & (rows.side_b == 3))
    rows.points[thrown] = np.where(rows.side_a[thrown] == 5, 1.0, 0.0)
    table = fit(rows, agents=10)
    content = pair_pictures.residual_map(table, who, watch_pairs(rows, agents=10))
    at = [content["agents"].index("a005"), content["agents"].index("a003")]
    assert content["flagged"] == [at]
    assert content["z"][at[0]][at[1]] == -content["z"][at[1]][at[0]]
    assert content["elo"][at[0]][at[1]] > 0


def test_predictions_are_made_before_and_come_true() -> None:
    content = pair_pictures.calibration(FIT, WHO, ROWS)
    total = int(ROWS.match.max()) + 1
    assert content["results"] == int((ROWS.match >= total // 4).sum())
    assert content["log_loss"] < content["log_loss_coin"]
    for each in content["bins"]:
        assert each["low"] - 0.05 <= each["predicted"] <= each["high"] + 0.05
    assert sum(each["results"] for each in content["bins"]) == content["results"]


def test_results_of_a_coin_are_not_predicted_better_than_by_a_coin() -> None:
    content = pair_pictures.calibration(*fitted([0.0] * 5, matches=60))
    assert content["log_loss"] == pytest.approx(content["log_loss_coin"], abs=0.01)


def test_seats_that_cancel_do_not_show_in_the_calibration() -> None:
    # The first seat always wins and everybody has it equally often: all are equal.
    rows = fitted([0.0, 0.0], matches=40)[2]
    rows.points[:] = 1.0
    rows.side_a[:], rows.side_b[:] = np.arange(len(rows)) % 2, 1 - np.arange(len(rows)) % 2
    content = pair_pictures.calibration(fit(rows, agents=2), members(2), rows)
    assert [each["observed"] for each in content["bins"]] == pytest.approx([0.5], abs=0.01)


def test_a_board_comes_to_rest() -> None:
    content = pair_pictures.convergence(FIT, WHO, ROWS)
    points = content["points"]
    assert points[-1]["tau"] == 1.0
    assert points[-1]["matches"] == int(ROWS.match.max()) + 1
    assert [point["error"] for point in points] == sorted((point["error"] for point in points), reverse=True)
    assert content["wanted"][1]["episodes"] == pytest.approx(4 * content["wanted"][0]["episodes"], rel=0.01)


def test_seats_are_named_by_their_roles() -> None:
    rows = fitted([0.0, 50.0, 100.0])[2]
    seated = pair_pictures._only(rows, np.ones(len(rows), bool))
    seated.seat_a[:], seated.seat_b[:] = 0, 1
    effects = pair_pictures.seat_effects(fit(seated, agents=3), ("runner", "hunter"))
    assert [(each["seat"], each["role"]) for each in effects] == [(0, "runner"), (1, "hunter")]
    assert all(each["low"] < each["rating"] < each["high"] for each in effects)


def test_profiles_fall_and_the_better_agent_is_above() -> None:
    table, who, scores = scored([1.0, 3.0, 2.0])
    content = score_pictures.performance_profiles(table, who, scores)
    assert [each["agent"] for each in content["profiles"]] == ["a001", "a002", "a000"]
    for each in content["profiles"]:
        assert each["share"] == sorted(each["share"], reverse=True)
        assert all(
            low <= share <= high
            for low, share, high in zip(each["low"], each["share"], each["high"], strict=True)
        )
    best, second, _ = (np.array(each["share"]) for each in content["profiles"])
    assert (best >= second).all()
    assert content["common_seeds"] == 40
    assert json.loads(json.dumps(content, allow_nan=False)) == content


def test_a_board_of_scores_without_scores_has_empty_profiles() -> None:
    table, who, scores = scored([])
    assert score_pictures.performance_profiles(table, who, scores)["profiles"] == []


def test_cross_play_tells_company_from_self_play() -> None:
    # Two tables: 0 with 1, then 0 with itself.
    returns = Returns(
        match=np.array([0, 0, 1, 1]),
        episode=np.zeros(4, np.int64),
        seat=np.array([0, 1, 0, 1]),
        agent=np.array([0, 1, 0, 0]),
        value=np.array([2.0, 4.0, 7.0, 9.0]),
    )
    content = score_pictures.cross_play(fit_returns(returns, agents=2), members(2), returns)
    zero, one = content["agents"].index("a000"), content["agents"].index("a001")
    value = content["value"]
    assert (value[zero][one], value[one][zero], value[zero][zero], value[one][one]) == (2.0, 4.0, 8.0, None)
    assert (content["least"], content["most"]) == (2.0, 8.0)
    assert json.loads(json.dumps(content, allow_nan=False)) == content


def test_boards_of_returns_have_ladder_and_order() -> None:
    table, who, _ = returned([1.0, 3.0, 2.0])
    assert pictures.ladder(table, who)["unit"] == "return"
    p = pictures.superiority(table, who)["p"]
    assert p[0][2] > 0.95
    assert p[0][2] + p[2][0] == pytest.approx(1.0, abs=0.002)


def test_lines_of_teams_are_ordered_by_their_best_agent() -> None:
    def version(agent: str, rating: float, rank: int | None) -> Version:
        return Version(agent, 1, "2026-11-22T00:00:00+00:00", rating, rating - 9, rating + 9, rank)

    lines = [
        Lineage("t1", "Ones", False, (version("a", 1400, None), version("b", 1500, 2))),
        Lineage("t2", "Twos", False, (version("c", 1700, 1),)),
    ]
    content = pictures.lineage(FIT, lines)
    assert [line["name"] for line in content["lines"]] == ["Twos", "Ones"]
    assert [point["active"] for point in content["lines"][1]["points"]] == [False, True]


def test_the_histogram_counts_everybody_once() -> None:
    who = members(6)
    faced = {agent: 7 * number for number, agent in enumerate(who.ids)}
    content = pictures.opponents(FIT, who, dict.fromkeys(who.ids, 4), faced)
    assert sum(each["agents"] for each in content["histogram"]) == 6
    assert content["share"] == pytest.approx([1 / 6] * 6, abs=1e-4)
    assert content["mean"] == 4.0
