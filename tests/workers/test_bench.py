import json
import sys
from contextlib import ExitStack, closing, nullcontext
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from click.testing import CliRunner

from arenas import registry
from workers.bench import refits
from workers.bench.bare import BareGames, agent_class, loop, make_environment
from workers.bench.boards import LOCKSTEP, fresh_seed, play_fresh
from workers.bench.catalogue import GROWTH, WORKLOADS, machine
from workers.bench.goals import GOALS, Goal
from workers.bench.growth import Law, by_agents, by_matches, by_observation, tag_with
from workers.bench.kaggle import open_kaggle
from workers.bench.league import league_of, rate_online
from workers.bench.machines import proportional_mb
from workers.bench.measuring import Measurement, Options, Round, Variant, Workload, measure, pause_of, rate_of
from workers.bench.naive import naive_loop
from workers.bench.report import BEGIN, END, results_section, write_section
from workers.bench.sandboxed import SandboxedGames, random_package
from workers.cli.bench import bench
from workers.errors import MatchError
from workers.league import fit
from workers.local import LocalArena
from workers.refusals import RefusedError
from workers.speed import measured_speed

FIELDS = {
    "name",
    "rate",
    "bare_rate",
    "ratio",
    "unit",
    "runs",
    "min",
    "max",
    "variants",
    "goal",
    "aim",
    "goals",
}
PLAYED_ALIKE = ("connect_four-v3", "tictactoe-v3", "simple_tag-v3", "multiwalker-v9", "LunarLander-v3")
TWO_SIDED = Measurement(
    "boundary",
    "µs",
    (Round(30.0, 10.0, {"336 B, 16 lanes": 40.0}), Round(50.0, 20.0, {"336 B, 16 lanes": 60.0})),
)


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKLOADS)
def test_a_workload_measures_all_its_variants(name, monkeypatch):
    # As many variants as there are, of smaller fields: the largest takes ten seconds.
    monkeypatch.setattr(refits, "FIELDS", dict(zip(refits.FIELDS, (20, 40, 80), strict=True)))
    found = measure(WORKLOADS[name], rounds=1, seconds=0.01)
    row = json.loads(json.dumps(found.as_row()))
    assert row.keys() == FIELDS
    assert (row["name"], row["unit"], len(row["runs"])) == (name, WORKLOADS[name].unit, 1)
    assert row["rate"] > 0
    assert row["bare_rate"] > 0
    for run in row["runs"]:
        assert run.keys() == {"rate", "bare_rate", "ratio"}
    assert list(row["variants"])[:2] == ["sandboxed", "bare"]
    for variant in row["variants"].values():
        assert variant["over"] in row["variants"]
        assert 0 < variant["min"] <= variant["ratio"] <= variant["max"]
    for goal in row["goals"]:
        assert (goal["value"] is None) == ("kaggle" in goal["what"])


def test_every_goal_is_one_of_a_workload_and_says_the_project_s_figure():
    assert GOALS.keys() <= WORKLOADS.keys()
    assert {goal.id for goals in GOALS.values() for goal in goals} == {
        *(f"G{number}" for number in range(1, 10)),
        "G15",
        "G18",
        "G21",
        "L1",
        "L2",
    }
    for goals in GOALS.values():
        for goal in goals:
            assert goal.aim is None or (goal.aim <= goal.bound if goal.at_most else goal.aim >= goal.bound)


@pytest.mark.parametrize("name", PLAYED_ALIKE)
def test_both_sides_play_the_same_games(name):
    arena = registry.get(name)
    make = agent_class(arena.baselines[0].path)
    agents = [make() for _ in range(arena.seats)]
    bare = loop(arena, make_environment(arena), BareGames(arena, agents))
    with LocalArena.open(arena) as local, closing(SandboxedGames(local, random_package(arena))) as ours:
        assert [ours.play() for _ in range(5)] == [bare() for _ in range(5)]


def test_side_by_side_and_apart_the_same_games_are_played():
    arena = registry.get("connect_four-v3")
    with LocalArena.open(arena) as local, ExitStack() as opened:
        many, one = (
            opened.enter_context(closing(SandboxedGames(local, random_package(arena), lanes=lanes)))
            for lanes in (16, 1)
        )
        turns = [result.turns for result in many.results()]
        assert [one.play() for _ in range(12)] == turns[:12]
        make = agent_class(arena.baselines[0].path)
        with naive_loop(arena, arena.baselines[0].path) as naive:
            assert [naive() for _ in range(6)] == turns[:6]
        bare = loop(arena, make_environment(arena), BareGames(arena, [make(), make()]))
        assert [bare() for _ in range(12)] == turns[:12]


def test_fresh_agents_play_the_bare_loop_s_games():
    arena = registry.get("connect_four-v3")
    make = agent_class(arena.baselines[0].path)
    bare = loop(arena, make_environment(arena), BareGames(arena, [make(), make()], fresh_seed))
    with LocalArena.open(arena) as local:
        assert [play_fresh(local, number) for number in (1, 2, 3)] == [bare() for _ in range(3)]


def test_an_agent_that_fails_is_never_measured():
    arena = registry.get("connect_four-v3")
    with (
        LocalArena.open(arena) as local,
        closing(SandboxedGames(local, (b"def agent(seen):\n    return 99\n", "agent.py"))) as games,
        pytest.raises(MatchError, match=r"illegal_action|protocol_violation"),
    ):
        games.play()


def test_a_row_holds_the_medians_of_all_rounds():
    rounds = (Round(100.0, 400.0), Round(300.0, 400.0), Round(200.0, 1000.0))
    row = Measurement("x", "plies/s", rounds).as_row()
    assert (row["rate"], row["bare_rate"], row["ratio"]) == (200.0, 400.0, 0.25)
    assert (row["min"], row["max"], row["goal"], row["goals"]) == (0.2, 0.75, None, [])


def test_a_goal_is_the_median_of_what_each_round_gives():
    difference, in_lanes = TWO_SIDED.as_row()["goals"]
    assert (difference["value"], difference["min"], difference["max"]) == (25.0, 20.0, 30.0)
    assert difference["reached"] == "goal"
    assert (in_lanes["value"], in_lanes["reached"]) == (35.0, "missed")


@pytest.mark.parametrize(
    ("value", "at_most", "verdict"),
    [
        (1.0, False, "goal"),
        (2.0, False, "aim"),
        (0.9, False, "missed"),
        (None, False, "not measured"),
        (1.0, True, "goal"),
        (0.5, True, "aim"),
        (1.1, True, "missed"),
    ],
)
def test_a_value_reaches_the_goal_or_the_aim_or_misses_it(value, at_most, verdict):
    goal = Goal("G0", "", 1.0, 0.5 if at_most else 2.0, at_most=at_most)
    assert goal.verdict(value) == verdict


def test_variants_take_turns_and_each_round_begins_with_another():
    calls = []

    def gauge(name):
        def measured(seconds):
            calls.append(name)
            return seconds + 1

        return measured

    variants = [Variant(name, gauge(name)) for name in ("sandboxed", "bare", "third")]
    workload = Workload("w", "x/s", "", lambda _options: nullcontext(variants))
    found = measure(workload, rounds=3, seconds=1.0)
    warm_up, rounds = calls[:3], [calls[at : at + 3] for at in (3, 6, 9)]
    assert warm_up == ["sandboxed", "bare", "third"]
    assert [each[0] for each in rounds] == ["sandboxed", "bare", "third"]
    assert all(set(each) == {"sandboxed", "bare", "third"} for each in rounds)
    assert found.rounds == (Round(2.0, 2.0, {"third": 2.0}),) * 3


def test_a_gauge_works_at_least_once():
    assert rate_of(lambda: 3)(0.0) > 0
    assert pause_of(lambda: None)(0.0) > 0


def test_an_interpreter_without_kaggle_environments_is_refused(tmp_path):
    for program in (sys.executable, tmp_path / "nothing"):
        with pytest.raises(RefusedError) as refused, open_kaggle(program):
            pass
        assert refused.value.code == "cli.usage"


def test_kaggle_environments_is_one_of_the_variants_where_it_is_given(tmp_path):
    fake = tmp_path / "python"
    fake.write_text(
        f"#!{sys.executable}\nimport sys\nprint('1.0', flush=True)\n"
        "for line in sys.stdin:\n    print('10.0 0.5', flush=True)\n"
    )
    fake.chmod(0o755)
    row = measure(LOCKSTEP, rounds=1, seconds=0.01, options=Options(kaggle=fake)).as_row()
    assert row["variants"]["kaggle"]["rate"] == 10.0
    by_what = {goal["what"]: goal for goal in row["goals"]}
    assert by_what["plies, over kaggle-environments in one process"]["value"] == pytest.approx(
        row["rate"] / 10, rel=1e-3
    )


def test_a_drawn_league_is_rated_alike_by_both_ways():
    comparisons = league_of(20, 3000, np.random.default_rng(1))
    fitted = fit(comparisons, agents=20).elo
    assert np.corrcoef(fitted, rate_online(comparisons, 20))[0, 1] > 0.9


@pytest.mark.slow
def test_the_growth_laws_have_a_size_and_a_cost_each():
    laws = [*by_agents(1, 0.01, chasers=(1, 2, 3, 4)), *by_observation(1, 0.01), *by_matches(24)]
    rows = [json.loads(json.dumps(law.as_row())) for law in laws]
    assert len(rows) == 5
    for row in rows:
        assert len(row["sizes"]) == len(row["costs"]) >= 4
        assert all(small < large for small, large in pairwise(row["sizes"]))
        assert isinstance(row["ok"], bool)


def test_a_law_holds_if_slope_and_fixed_cost_are_within_bounds():
    straight = Law("x", "", "n", "µs", (1.0, 2.0, 4.0), (7.0, 9.0, 13.0), bound=2.0, most_fixed=5.0)
    assert straight.line == pytest.approx((2.0, 5.0))
    assert not replace(straight, bound=1.9).as_row()["ok"]
    assert not replace(straight, bound=2.1, most_fixed=4.9).as_row()["ok"]
    assert replace(straight, bound=2.1, most_fixed=5.1).as_row()["ok"]
    square = Law("y", "", "n", "µs", (1.0, 2.0, 4.0), (3.0, 12.0, 48.0), bound=1.2, is_power=True)
    assert square.line[0] == pytest.approx(2.0)
    assert not square.as_row()["ok"]
    noise = replace(square, costs=(3.0, -1.0, 48.0)).as_row()
    assert (noise["slope"], noise["ok"]) == (None, False)


def test_tag_is_played_with_any_number_of_predators():
    arena = tag_with(5)
    assert (arena.seats, arena.lineup, arena.roles[-1]) == (6, 2, "prey")
    assert len(make_environment(arena).possible_agents) == 6


def test_the_results_section_replaces_the_old_one(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nthe last figures\n{END}\nafter\n")
    rows = [TWO_SIDED.as_row(), Measurement("openspiel", "matches/s", (Round(3.0, 1.0),)).as_row()]
    law = Law("growth of x", "X", "n", "µs", (1.0, 2.0), (1.0, 1.0), 0.5).as_row()
    write_section(page, results_section([rows, rows], [law], [machine()] * 2))
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "the last figures" not in text
    assert (
        "| G4 | boundary | µs an act beyond the work itself, 336 bytes | 25.0 (20.0 to 30.0) | 25.0" in text
    )
    assert "| matches/s, over bare | 3.00 (3.00 to 3.00) |" in text
    assert "growth of x" in text
    for line in text.splitlines():
        assert "None" not in line


def test_a_page_without_the_marks_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing here")
    with pytest.raises(RefusedError) as refused:
        write_section(page, "section")
    assert refused.value.code == "cli.usage"
    assert page.read_text() == "nothing here"


def test_the_machine_is_told():
    found = machine()
    assert found["cores"] >= 1
    assert found["isolation"].startswith("level ")
    assert GROWTH not in WORKLOADS


def test_the_memory_of_a_process_is_read_from_the_kernel():
    with open("/proc/self/stat") as line:
        assert proportional_mb(int(line.read().split()[0])) > 10


def test_the_speed_of_this_host_is_a_plausible_number():
    assert 0.001 < measured_speed() < 50


def command(*arguments):
    """Run `coliseum bench`; return what it printed as data."""
    run = CliRunner().invoke(bench, list(map(str, arguments)), catch_exceptions=False)
    assert run.exit_code == 0
    return run.stdout


def test_the_command_names_every_workload():
    names = [*WORKLOADS, "growth"]
    assert json.loads(command("--list", "--json")) == {"items": names}
    assert [line.split()[0] for line in command().splitlines()] == names


def test_the_command_prints_a_workload_s_fields_and_the_machine():
    row = json.loads(command("replay-bytes", "--json", "--rounds", 2, "--seconds", 0.05))
    assert row.keys() == FIELDS | {"machine"}
    assert row["machine"].keys() >= {"cores", "load", "busy", "isolation"}


def test_runs_may_be_repeated_and_written_into_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}\n{END}\n")
    found = json.loads(
        command("rating", "--json", "--rounds", 1, "--seconds", 0.01, "--repeat", 2, "--into", page)
    )
    assert [(row["name"], row["run"]) for row in found["items"]] == [("rating", 1), ("rating", 2)]
    assert "| run 1 | run 2 |" in page.read_text()
    assert "| G15 | rating |" in page.read_text()
