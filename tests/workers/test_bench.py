import json

from workers.bench import WORKLOADS, Measurement, Round, connect_four, machine
from workers.speed import measured_speed


def test_the_benchmark_measures_both_sides_in_one_run():
    found = connect_four(rounds=2, seconds=0.1)
    row = json.loads(json.dumps(found.as_row()))
    assert row.keys() == {"name", "rate", "bare_rate", "ratio", "unit", "runs"}
    assert (row["name"], row["unit"], len(row["runs"])) == ("connect-four", "plies/s", 2)
    assert row["rate"] > 0
    assert row["bare_rate"] > 0
    assert 0 < row["ratio"] < 50
    for run in row["runs"]:
        assert run.keys() == {"rate", "bare_rate", "ratio"}
        assert abs(run["ratio"] - run["rate"] / run["bare_rate"]) < 0.001


def test_a_row_holds_the_medians_of_all_rounds():
    rounds = (Round(100.0, 400.0), Round(300.0, 400.0), Round(200.0, 1000.0))
    row = Measurement("x", "plies/s", rounds).as_row()
    assert (row["rate"], row["bare_rate"], row["ratio"]) == (200.0, 400.0, 0.25)


def test_there_is_a_workload_and_the_machine_is_told():
    assert list(WORKLOADS) == ["connect-four"]
    assert "load" in machine()


def test_the_speed_of_this_host_is_a_plausible_number():
    assert 0.001 < measured_speed() < 50
