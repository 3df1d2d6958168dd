"""The fast profile: every gate it can decide, decided; and the report that tells it."""

import json
from dataclasses import replace

import pytest

from workers.simulation import PROFILES, as_markdown, as_object, jobs, judge_gates, run
from workers.simulation.experiments import CROWD, NEAR, OURS, Finding, Job
from workers.simulation.measures import Count, Step
from workers.simulation.profiles import cost
from workers.simulation.worlds import WORLDS

FAST, FULL = PROFILES["fast"], PROFILES["full"]
HALF = replace(FAST, replicates=FAST.replicates // 2)
"""Decides the same gates in half a minute."""
MISSED = {
    "6 coliseum: longest mean wait of an agent, in mean waits",
    "6 coliseum: longest wait of all, in mean waits",
    "6 coliseum, large field: longest wait of all, in mean waits",
}
"""Goals we know to be missed; docs/evaluation.md says why. Whoever reaches one takes it off both lists."""


@pytest.mark.slow
def test_the_fast_profile_holds_every_gate_but_those_we_know_of():
    findings = [run(job) for job in jobs(HALF, seed=1)]
    gates = judge_gates(findings, HALF)
    assert {gate.name for gate in gates if not gate.ok} <= MISSED, gates
    assert {gate.name.split()[0] for gate in gates} == {str(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12)}
    found = json.loads(json.dumps(as_object(findings, HALF)))
    assert set(found["worlds"]) == {*WORLDS, CROWD}
    assert set(found["reference"]) == {"kaggle-like", NEAR}
    for world in found["worlds"].values():
        assert {"matches_to_tau90", "matches_to_tau95", "coverage"} <= world.keys()
        assert all(0 <= share <= 1 for share in world["coverage"].values())


def steps(*taus):
    return tuple(Step(8 * 2**at, tau, 0.95, 1.0) for at, tau in enumerate(taus))


def curve(engine, world, *taus):
    return Finding(Job(engine, world, 0, 100, 1024, 1), steps(*taus))


def gate_of(findings, start, profile=FULL):
    (gate,) = [gate for gate in judge_gates(findings, profile) if gate.name.startswith(start)]
    return gate


def test_the_same_job_finds_the_same():
    job = Job(OURS, "W4", 0, 10, 16, 5)
    assert run(job) == run(job)
    assert run(job) != run(Job(OURS, "W4", 1, 10, 16, 5))


def test_every_engine_rates_the_same_agents():
    one, other = (run(Job(engine, "W1", 0, 10, 8, 5)) for engine in (OURS, "elo k=8, random pairs"))
    assert [step.episodes for step in one.steps] == [step.episodes for step in other.steps] == [8]


def test_an_experiment_that_is_not_there_is_no_job():
    with pytest.raises(LookupError):
        run(Job("astrology", "", 0, 10, 8, 5))


def test_a_profile_lists_each_job_once_and_the_longest_first():
    for profile in (FAST, FULL):
        listed = jobs(profile, seed=1)
        assert len(set(listed)) == len(listed)
        assert [cost(job) for job in listed] == sorted((cost(job) for job in listed), reverse=True)
        assert all(job.replicate < profile.replicates for job in listed if job.experiment == OURS)
    assert sum(job.runs for job in jobs(FULL, seed=1) if job.experiment == "finals") == 200


def test_only_the_named_worlds_are_simulated():
    listed = jobs(FAST, seed=1, worlds=("W2", CROWD), with_trials=False)
    assert {job.world for job in listed} == {"W2", CROWD}
    assert {job.experiment for job in listed if job.world == CROWD} == {OURS, NEAR}


def test_a_ladder_that_never_arrives_counts_as_long_as_it_was_given():
    findings = [curve(OURS, "W4", 0.5, 0.95), curve("kaggle-like", "W4", 0.5, 0.6)]
    gate = gate_of(findings, "1 ")
    assert gate.ok
    assert gate.got < 16 / 1024


def test_what_was_never_reached_is_missed():
    findings = [curve(OURS, "W4", 0.5, 0.6), curve("kaggle-like", "W4", 0.5, 0.95)]
    gate = gate_of(findings, "1 ")
    assert (gate.got, gate.ok) == (None, False)
    assert "| never | **no** |" in as_markdown(as_object(findings, FULL))


@pytest.mark.parametrize(("hits", "is_fine"), [(92, True), (91, False)])
def test_a_share_below_its_goal_is_missed(hits, is_fine):
    findings = [Finding(Job("finals", "W1", 0, 32, 600, 1), counts={"final claims": Count(hits, 100)})]
    assert gate_of(findings, "10 claims").ok is is_fine


@pytest.mark.parametrize(("seconds", "is_fine"), [(0.049, True), (0.051, False)])
def test_a_slow_refit_is_missed(seconds, is_fine):
    findings = [Finding(Job("speed", "", 0, 100, 32, 1), ranges={"seconds 100": (seconds, 2.0)})]
    assert gate_of(findings, "11 ").ok is is_fine


def test_narrow_and_wide_intervals_are_both_missed():
    for coverage, is_fine in ((0.92, False), (0.95, True), (0.98, False)):
        looks = tuple(Step(look, 0.9, coverage, 1.0) for look in (32, 64, 512))
        findings = [Finding(Job(OURS, world, 0, 100, 1024, 1), looks) for world in WORLDS]
        assert gate_of(findings, "3 coliseum: coverage at 32 to 512, mean").ok is is_fine
        assert gate_of(findings, "3 coliseum: coverage, least").ok


def test_gates_without_evidence_are_left_out():
    assert judge_gates([], FULL) == []
    assert as_object([], FAST)["gates"] == []
    assert "0 replicates" in as_markdown(as_object([], FAST))


def test_the_report_has_a_row_for_each_world_and_engine():
    findings = [curve(OURS, "W2", 0.92, 0.96), curve("kaggle-like", "W2", 0.5, 0.91)]
    text = as_markdown(as_object(findings, FULL))
    assert "| W2: strengths alone, far apart (sd 400) | 8 / 14 | 16 / never |" in text
    assert "| W2 | coliseum |" in text
