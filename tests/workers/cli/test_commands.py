import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from arenas import registry
from tests.workers.shapes import answer
from workers.cli.output import show_table
from workers.client.answers.board_answers import Leaderboard, StandingRow
from workers.local import LocalArena, find_agent
from workers.replaying import ReplayFile, replay_of

PROGRAM = Path(sys.executable).parent / "coliseum"
TIC = "tictactoe-v3"


def real(*arguments, **changes):
    """Run the installed program in a process of its own."""
    environment = {**os.environ, **changes}
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, env=environment, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def replay():
    arena = registry.get(TIC)
    with LocalArena.open(arena) as local:
        episodes = local.play_match([find_agent(arena, "random"), find_agent(arena, "minimax")], seed=5)
    return ReplayFile(
        arena=TIC, episodes=tuple(map(replay_of, episodes)), versions={"numpy": "2.2"}, match="m1"
    )


def test_verify_accepts_a_replay_file_and_one_of_the_server(coliseum, signed_in, tmp_path, replay):
    content = msgspec.json.encode(replay)
    (tmp_path / "replay.json").write_bytes(content)
    run = coliseum("verify", "replay.json", "--json")
    assert (run.status, run.json["ok"], len(run.json["episodes"])) == (0, True, 2)
    assert [row["digest"] for row in run.json["episodes"]] == [each.digest for each in replay.episodes]
    signed_in.put("/matches/m1/replay", json.loads(content))
    run = coliseum("verify", "m1")
    assert (run.status, run.out.count("same")) == (0, 2)
    assert run.err == "The recorded result is what these actions give.\n"


def test_verify_finds_a_changed_replay(coliseum, tmp_path, config, replay):
    changed = msgspec.structs.replace(replay.episodes[0], digest="\x1b" * 32)
    bad = msgspec.structs.replace(replay, episodes=(changed, replay.episodes[1]))
    (tmp_path / "replay.json").write_bytes(msgspec.json.encode(bad))
    run = coliseum("verify", "replay.json")
    assert run.status == 1
    assert "DIFFERENT  episode 0" in run.out
    assert "same  episode 1" in run.out
    assert "numpy 2.2" in run.err
    assert coliseum("verify", "replay.json", "--json").json["ok"] is False


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 2, "cli.bad_config"),
        (b"garbage \xff", 2, "cli.bad_config"),
        (b"[" * 100_000, 2, "cli.bad_config"),
        (b"{}", 2, "cli.bad_config"),
        (b'{"arena": "nosuch", "episodes": []}', 4, "arena.unknown"),
        (None, 2, "cli.no_such_file"),
    ],
)
def test_verify_refuses_what_is_no_replay(coliseum, tmp_path, content, status, code):
    if content is not None:
        (tmp_path / "replay.json").write_bytes(content)
    run = coliseum("verify", "replay.json", "--json")
    assert (run.status, run.error["code"]) == (status, code)
    assert coliseum("verify", "x" * 300).status == 3


def test_arenas_are_listed_and_shown(coliseum):
    run = coliseum("arenas", "--json")
    assert [row["id"] for row in run.json["items"]] == list(registry.names())
    assert coliseum("arenas").out.count("\n") == len(registry.names()) + 1
    assert coliseum("arenas", TIC).out.startswith("#")
    assert coliseum("arenas", "nosuch", "--json").status == 4


def test_bench_lists_its_workloads_and_refuses_others(coliseum):
    named = coliseum("bench", "--list", "--json").json["items"]
    assert {"connect-four", "connect-four-lockstep", "boundary", "workers", "cold-start", "onnx"} <= set(
        named
    )
    assert [line.split()[0] for line in coliseum("bench", "--list").out.splitlines()] == named
    assert coliseum("bench", "nosuch", "--json").error["code"] == "cli.usage"


def test_doctor_proves_the_sandbox(coliseum):
    run = coliseum("doctor", "--json")
    assert (run.status, run.json["ok"], run.json["isolation"]) == (0, True, 2)
    checks = {check["name"]: check for check in run.json["checks"]}
    assert {"python", "arenas", "sandbox", "speed"} <= checks.keys()
    assert len(checks) > 30


def test_help_and_versions_and_unknown_commands(coliseum):
    run = coliseum("--help")
    assert (run.status, run.err) == (0, "")
    assert "leaderboard" in run.out
    assert coliseum("play", "-h").status == 0
    assert coliseum("--version").out.startswith("coliseum")
    run = coliseum()
    assert (run.status, run.out, "Commands" in run.err) == (2, "", True)
    assert coliseum("nosuch", "--json").error["code"] == "cli.usage"


def test_a_worker_needs_the_address_of_its_queue(coliseum, monkeypatch):
    monkeypatch.delenv("COLISEUM_BROKER_URL", raising=False)
    run = coliseum("worker")
    assert (run.status, "COLISEUM_BROKER_URL" in run.err) == (2, True)


def test_b85_a_closed_pipe_ends_a_command_quietly():
    for arguments in (("arenas",), ("arenas", "--json"), ("--help",)):
        read, write = os.pipe()
        os.close(read)
        with open(write, "wb") as closed:
            run = subprocess.run(
                [PROGRAM, *arguments], stdout=closed, stderr=subprocess.PIPE, timeout=60, check=False
            )
        assert (run.returncode, run.stderr) == (0, b""), arguments


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "NO_COLOR": "1", "TERM": "dumb"},
    ],
)
def test_b85_json_and_errors_are_valid_in_any_locale(locale):
    run = real("play", "näme€", "random", "--json", **locale)
    assert run.returncode == 4
    assert json.loads(run.stdout)["error"]["code"] == "arena.unknown"
    assert run.stderr == b""
    run = real("play", "näme€", "random", **locale)
    assert (run.returncode, run.stdout) == (4, b"")
    assert run.stderr.startswith(b"error [arena.unknown] ")
    assert b"\x1b" not in run.stderr
    assert b"Traceback" not in run.stderr


def test_text_that_the_terminal_cannot_show_is_escaped(signed_in):
    row = answer(StandingRow, agent="snow \u2603")
    signed_in.put("/competitions/ttt/leaderboard", answer(Leaderboard, items=[row]))
    run = real("leaderboard", "ttt", PYTHONIOENCODING="latin-1")
    assert (run.returncode, run.stderr) == (0, b"")
    assert b"snow \\u2603" in run.stdout


def test_ctrl_c_ends_a_running_match_with_status_130_and_no_process_left():
    running = subprocess.Popen(
        [PROGRAM, "play", TIC, "random", "random", "--matches", "100000", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with running:
        until = time.monotonic() + 20
        while not (children := _children(running.pid)) and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)
    assert running.returncode == 130, err
    assert json.loads(out)["error"]["code"] == "cli.interrupted"
    assert err == b""
    assert children
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def _children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_table_aligns_numbers_to_the_right(capsys):
    show_table(
        [{"name": "a", "n": 1.0, "ok": True}, {"name": "long", "n": 22.5, "ok": False}], ["name", "n", "ok"]
    )
    assert capsys.readouterr().out.splitlines() == ["name  n      ok", "a      1.00  yes", "long  22.50   no"]
