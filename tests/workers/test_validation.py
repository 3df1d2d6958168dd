import time
from dataclasses import replace

import pytest

from arenas import registry
from arenas.spec import ArenaSpec, Limits
from tests.arenas.brief import EVERY, brief
from tests.workers.tables import FIRST, SHORT, adapter_for, failing, source
from workers.baselines import baseline_package
from workers.errors import MatchError, ZygoteError
from workers.refusals import OUTCOMES
from workers.sandbox import open_launcher
from workers.spec import Isolation
from workers.validation import Candidate, Ladder

STEPS = ["start", "conformance", "versus_random"]


@pytest.fixture(scope="module")
def launcher():
    with open_launcher(minimum=Isolation.NAMESPACES) as opened:
        yield opened


def climb(launcher, text, *, arena="tictactoe-v3", limits=None, on_check=lambda _: None, seed=5):
    spec = arena if isinstance(arena, ArenaSpec) else registry.get(arena)
    ladder = Ladder(spec, [adapter_for(spec)], launcher, limits or spec.limits, on_check)
    package, name = (source(text), "agent.py") if isinstance(text, str) else text
    return ladder.climb(Candidate(package, name, seed))


@pytest.mark.parametrize("name", EVERY)
def test_a_good_agent_passes_in_every_arena(launcher, name):
    spec = brief(name)
    began = time.monotonic()
    # Slow turns are no matter here: the suite may share its core.
    limits = replace(spec.limits, step_seconds=5.0)
    found = climb(launcher, baseline_package(spec, spec.baselines[0].name), arena=spec, limits=limits)
    print(f"{name}: {time.monotonic() - began:.2f} s, {[check.seconds for check in found.checks]}")
    assert [(check.name, check.ok, check.code) for check in found.checks] == [
        (step, True, "ok") for step in STEPS
    ]
    assert all(check.message and not check.evidence for check in found.checks)
    assert len(found.episodes) == 1 + max(2, spec.seats)
    assert all(episode.trajectory and episode.actions and episode.digest for episode in found.episodes)
    assert found.episodes[0].seating == (0,) * spec.seats
    assert found.usage.cpu_seconds > 0


@pytest.mark.parametrize(
    ("text", "step", "code", "message", "evidence"),
    [
        ("import nosuch", "start", "load_failed", "imports nosuch", "agent.py"),
        ("1 / 0", "start", "load_failed", "ZeroDivisionError", 'File "agent.py", line 1'),
        ("def f(:", "start", "load_failed", "SyntaxError", "agent.py"),
        ("x = 1", "start", "load_failed", "neither a class Agent nor a function agent", ""),
        ("import time\ntime.sleep(60)", "start", "load_failed", "within 0.5 s", ""),
        ("x = bytearray(1 << 34)", "start", "out_of_memory", "128 MiB", ""),
        (failing("1 / 0", at=1), "conformance", "crashed", "ZeroDivisionError", "Observation in turn"),
        (failing("return 99", at=1), "conformance", "illegal_action", "99", "Observation in turn"),
        (failing("return 'x'", at=1), "conformance", "protocol_violation", "", "str: 'x'"),
        (failing("time.sleep(60)", at=1), "conformance", "timed_out", "bank", "Observation in turn"),
        (
            "class Agent:\n    def reset(self): 1 / 0\n    def act(self, o): return 0\n",
            "conformance",
            "crashed",
            "ZeroDivisionError",
            'File "agent.py", line 2, in reset',
        ),
    ],
)
def test_a_bad_agent_stops_at_its_step_and_is_told_why(launcher, text, step, code, message, evidence):
    seen = []
    found = climb(launcher, text, limits=SHORT, on_check=seen.append)
    assert tuple(seen) == found.checks
    assert [check.name for check in found.checks] == STEPS[: STEPS.index(step) + 1]
    assert all(check.ok for check in found.checks[:-1])
    last = found.checks[-1]
    assert (last.ok, last.code) == (False, code)
    assert message in last.message
    assert last.hint == OUTCOMES[code].hint != ""
    assert evidence in last.evidence


def test_an_agent_that_fails_only_in_the_second_seat_of_the_last_step_is_found(launcher):
    text = """
        class Agent:
            episodes = 0
            def reset(self, start):
                self.episodes += 1
                self.seat = start.seat
            def act(self, observation):
                if self.episodes == 2 and self.seat == 1:
                    raise RuntimeError("not twice")
                return int(observation["action_mask"].argmax())
    """
    found = climb(launcher, text)
    assert [check.ok for check in found.checks] == [True, True, False]
    assert found.checks[-1].message == "RuntimeError: not twice"
    assert len(found.episodes) == 3
    assert found.episodes[-1].seats[1].outcome == "crashed"


def test_the_episodes_of_an_agent_that_fails_are_kept(launcher):
    found = climb(launcher, failing("1 / 0", at=2))
    assert [check.name for check in found.checks] == ["start", "conformance"]
    assert len(found.episodes) == 1
    assert found.episodes[0].turns == 4
    assert found.episodes[0].trajectory
    assert found.usage.step_quantiles


def test_the_log_of_an_agent_that_cannot_be_loaded_is_kept(launcher):
    found = climb(launcher, "print('so far so good')\n1 / 0")
    assert "so far so good" in found.usage.log
    assert found.episodes == ()


def test_the_same_candidate_and_seed_give_the_same_episodes(launcher):
    first, again, other = (climb(launcher, FIRST, seed=seed) for seed in (5, 5, 6))
    assert [episode.digest for episode in first.episodes] == [episode.digest for episode in again.episodes]
    assert [episode.digest for episode in first.episodes] != [episode.digest for episode in other.episodes]


def test_losing_against_random_is_no_reason_to_be_refused(launcher):
    # It always loses: both of its moves go where the other does not need to.
    found = climb(launcher, FIRST, arena="connect_four-v3", limits=Limits())
    assert found.checks[-1].ok
    assert "points against random" in found.checks[-1].message


def test_the_seed_of_validation_is_not_the_agents(launcher):
    text = "import numpy\nprint(numpy.random.get_state()[1][0])\n" + FIRST
    found = [climb(launcher, text, seed=seed).usage.log for seed in (1_987_654_321, 7)]
    assert found[0] == found[1]
    assert "1987654321" not in found[0]


def test_a_fault_of_the_sandbox_is_not_the_agents_and_leaves_nothing_running(launcher, monkeypatch):
    start, started = launcher.start, []

    def refuse_second(limits):
        if len(started) == 2:
            raise ZygoteError("the zygote is gone")
        started.append(start(limits))
        return started[-1]

    with monkeypatch.context() as patched:
        patched.setattr(launcher, "start", refuse_second)
        with pytest.raises(MatchError):
            climb(launcher, FIRST)
    assert len(started) == 2
    assert launcher._live == 0
