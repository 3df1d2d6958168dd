import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import msgspec
import pytest

from tests.workers.sandbox.cast import is_running
from tests.workers.tables import FIRST, LIMITS, STILL, arena_of, failing, limits_spec, match_spec
from workers.errors import IsolationError, MatchError
from workers.referee import Referee, limits_of, versions
from workers.referee_process import (
    SOURCE,
    Job,
    RefereeProcess,
    read_frame,
    referee_environment,
    write_frame,
)
from workers.sandbox import open_launcher
from workers.spec import Isolation, MatchKind, MatchResult, Outcome

TIC = "tictactoe-v3"
GOOD, BAD = FIRST.encode(), failing("1 / 0").encode()
PACKAGES = {hashlib.sha256(package).hexdigest(): package for package in (GOOD, BAD, STILL.encode())}
GOOD_ID, BAD_ID, STILL_ID = PACKAGES
DEADLY = """
    import os, signal
    import gymnasium
    from arenas.spec import ArenaSpec
    SPECS = (ArenaSpec(id="deadly-v0", title="Deadly", summary="Kills its referee.", kind="gymnasium",
        environment="arena:Deadly", seats=1, objective="score", swaps_seats=False, max_turns=9),)
    class Deadly(gymnasium.Env):
        observation_space = gymnasium.spaces.Discrete(2)
        action_space = gymnasium.spaces.Discrete(2)
        def reset(self, *, seed=None, options=None):
            return 0, {}
        def step(self, action):
            if action:
                raise RuntimeError("the arena broke")
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def plugins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deadly")
    (folder / "arena.py").write_text(textwrap.dedent(DEADLY))
    return folder


@pytest.fixture(scope="module")
def process(plugins):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLISEUM_ARENAS", str(plugins))
        patched.setenv("CANARY_SECRET", "canary-in-the-environment")
        opened = RefereeProcess(minimum=Isolation.NAMESPACES, cpu=None)
    with opened:
        yield opened


@pytest.fixture(scope="module")
def referee():
    with open_launcher(minimum=Isolation.NAMESPACES) as launcher:
        yield Referee(launcher)


def test_a_referee_says_hello_and_plays(process):
    assert process.hello.isolation is Isolation.NAMESPACES
    assert 0.01 < process.hello.speed < 100
    result = process.play(match_spec(TIC, [GOOD_ID, BAD_ID], episodes=((1, (0, 1)), (1, (1, 0)))), PACKAGES)
    assert (result.match, result.token, result.error) == ("m1", "t1", "")
    assert [seat.outcome for seat in result.episodes[0].seats] == [Outcome.OK, Outcome.CRASHED]
    assert [seat.agent for seat in result.episodes[1].seats] == [1, 0]
    assert len(result.usage) == 2
    assert result.isolation is Isolation.NAMESPACES
    assert result.seconds > 0
    assert {"python", "machine", "numpy", "pettingzoo"} <= result.versions.keys()
    assert result.worker.startswith(os.uname().nodename)


def test_the_referees_environment_holds_nothing_of_ours(process):
    pid = process._process.pid
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"canary" not in environment
    assert {entry.partition(b"=")[0].decode() for entry in environment.split(b"\0") if entry} == set(
        referee_environment()
    )
    assert not Path(f"/proc/{pid}/cmdline").read_bytes().count(b"canary")


def test_the_referee_dies_with_its_parent():
    program = textwrap.dedent(
        f"""
        import sys, time
        sys.path.insert(0, {str(SOURCE)!r})
        from workers.referee_process import RefereeProcess
        from workers.spec import Isolation
        process = RefereeProcess(minimum=Isolation.NAMESPACES, cpu=None)
        print(process._process.pid, flush=True)
        time.sleep(60)
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with parent:
        pid = int(parent.stdout.readline())
        children = _children(pid)
        assert is_running(pid)
        assert children
        parent.kill()
    assert _all_end([pid, *children], seconds=20.0)


def _children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _all_end(pids, *, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(is_running(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def test_a_closed_referee_takes_its_zygote_along():
    with RefereeProcess(minimum=Isolation.LANDLOCK_SECCOMP, cpu=0) as process:
        pid = process._process.pid
        children = _children(pid)
        assert os.sched_getaffinity(pid) == {0}
    assert not process.is_alive
    assert _all_end([pid, *children], seconds=20.0)


def test_a_level_this_host_lacks_is_refused_with_the_reason():
    with pytest.raises(IsolationError, match=r"\w+ \w+"):
        RefereeProcess(minimum=Isolation.VIRTUAL_MACHINE, cpu=None)


def test_an_arena_that_kills_the_referee_is_a_match_error_and_a_fresh_one_plays(process, plugins):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLISEUM_ARENAS", str(plugins))
        doomed = RefereeProcess(minimum=Isolation.NAMESPACES, cpu=None)
    spec = match_spec("deadly-v0", [STILL_ID], episodes=((1, (0,)),))
    with doomed, pytest.raises(MatchError, match="The referee broke off"):
        doomed.play(spec, PACKAGES)
    assert not doomed.is_alive
    assert process.play(match_spec(TIC, [GOOD_ID, GOOD_ID]), PACKAGES).error == ""


def test_an_arena_that_breaks_is_a_result_with_an_error_and_nobody_is_charged(process):
    one = b"def agent(observation):\n    return 1\n"
    digest = hashlib.sha256(one).hexdigest()
    result = process.play(match_spec("deadly-v0", [digest], episodes=((1, (0,)),)), {digest: one})
    assert "the arena broke" in result.error
    assert result.episodes == ()
    assert process.play(match_spec(TIC, [GOOD_ID, GOOD_ID]), PACKAGES).error == ""


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (match_spec("nosuch-v9", [GOOD_ID, GOOD_ID]), "There is no arena 'nosuch-v9'"),
        (match_spec(TIC, [GOOD_ID, "f" * 64]), "without the package ffffffffffff"),
        (match_spec(TIC, [GOOD_ID, GOOD_ID], episodes=()), "no match of tictactoe-v3"),
        (match_spec(TIC, [GOOD_ID, GOOD_ID], episodes=((1, (0, 2)),)), "no match of tictactoe-v3"),
        (match_spec(TIC, [GOOD_ID, GOOD_ID], episodes=((1, (0, 1, 0)),)), "no match of tictactoe-v3"),
        (match_spec(TIC, [GOOD_ID, GOOD_ID], agent_seeds=(1,)), "no match of tictactoe-v3"),
        (match_spec(TIC, [], kind=MatchKind.VALIDATION, episodes=()), "no match of tictactoe-v3"),
        (match_spec(TIC, [GOOD_ID, GOOD_ID], version=99), "version 99"),
    ],
)
def test_a_job_that_cannot_be_played_is_a_result_with_an_error(process, spec, message):
    result = process.play(spec, PACKAGES)
    assert message in result.error
    assert (result.match, result.token, result.episodes) == (spec.match, spec.token, ())
    assert process.is_alive


def test_a_validation_gives_checks_and_episodes(process):
    spec = match_spec(TIC, [BAD_ID], kind=MatchKind.VALIDATION, episodes=(), seed=3, agent_seeds=(9,))
    result = process.play(spec, PACKAGES)
    assert [(check.name, check.ok) for check in result.checks] == [("start", True), ("conformance", False)]
    assert len(result.episodes) == len(result.usage) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\x05\0\0\0hello",
        b"\xff\xff\xff\xffxx",
        b"\x02",
        b"\x01\0\0\0\x80",
        b"\x04\0\0\0\xde\xad\xbe\xef",
        b"\x05\0\0\0\x81\xa1\xff\xa1\xff",
        pytest.param(b"\x83\x13\0\0\x81\xa1x" + b"\x91" * 4992, id="nested without end"),
    ],
)
def test_broken_job_bytes_end_a_referee_cleanly(data):
    environment = referee_environment()
    program = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from workers.referee import main; main()"
    run = subprocess.run(
        [sys.executable, "-I", "-c", program, "--minimum=1"],
        input=data,
        capture_output=True,
        env=environment,
        timeout=30,
        check=False,
    )
    assert run.returncode in (0, 1)
    assert b"Traceback" not in run.stderr
    assert run.stdout


def test_an_answer_to_another_match_is_never_taken(plugins):
    with RefereeProcess(minimum=Isolation.NAMESPACES, cpu=None) as process:
        stale = Job(spec=match_spec(TIC, [GOOD_ID, GOOD_ID], match="stale"), packages=PACKAGES)
        write_frame(process._process.stdin.fileno(), stale)
        with pytest.raises(MatchError, match="another match"):
            process.play(match_spec(TIC, [GOOD_ID, GOOD_ID], match="fresh"), PACKAGES)
        assert not process.is_alive


def test_an_idle_referee_that_was_killed_is_a_match_error():
    with RefereeProcess(minimum=Isolation.NAMESPACES, cpu=None) as process:
        os.kill(process._process.pid, signal.SIGKILL)
        with pytest.raises(MatchError):
            process.play(match_spec(TIC, [GOOD_ID, GOOD_ID]), PACKAGES)


def test_frames_are_read_whole_in_time_or_not_at_all():
    out, into = os.pipe()
    try:
        write_frame(into, Job(spec=match_spec(TIC, [GOOD_ID]), packages={"x": b"y" * 9000}))
        job = msgspec.msgpack.decode(read_frame(out, seconds=1.0), type=Job)
        assert job.packages["x"] == b"y" * 9000
        with pytest.raises(TimeoutError):
            read_frame(out, seconds=0.05)
        os.write(into, b"\x09\0\0\0half")
        with pytest.raises(TimeoutError):
            read_frame(out, seconds=0.05)
    finally:
        os.close(into)
        os.close(out)


def test_a_referee_keeps_its_environment_for_the_next_match(referee):
    spec = match_spec(TIC, [GOOD_ID, GOOD_ID])
    first = referee.play(spec, PACKAGES)
    adapter = referee._environments[TIC]
    again = referee.play(spec, PACKAGES)
    assert referee._environments[TIC] is adapter
    assert first.episodes[0].digest == again.episodes[0].digest
    assert versions() is versions()
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(again), type=MatchResult) == again


def test_a_match_may_change_limits_and_leave_the_drawing_out(referee):
    limits = limits_spec(LIMITS)
    arena = arena_of(TIC)
    spec = match_spec(TIC, [GOOD_ID, GOOD_ID], limits=limits, records=False)
    found = limits_of(arena, spec)
    assert found.memory_bytes == LIMITS.memory_bytes
    assert found.package_bytes == arena.limits.package_bytes
    assert referee.play(spec, PACKAGES).episodes[0].trajectory == b""


def test_an_agent_in_several_seats_gets_as_many_processes(referee):
    spec = match_spec("simple_spread-v3", [STILL_ID], episodes=((1, (0, 0, 0)),))
    result = referee.play(spec, PACKAGES)
    assert [seat.turns for seat in result.episodes[0].seats] == [50, 50, 50]
    assert len(result.usage) == 1
