import gzip
import json

import pytest

from arenas import registry
from arenas.errors import ArenaFaultError
from tests.arenas.brief import QUICK
from tests.workers.tables import failing
from workers.cli import check as check_command
from workers.inspection import InspectionError

STEPS = ["inspect", "start", "conformance", "versus_random"]


def test_play_gives_one_result_an_episode(coliseum):
    run = coliseum("play", "connect_four-v3", "random", "heuristic", "--matches", "2", "--json")
    assert (run.status, run.err) == (0, "")
    found = run.json
    assert found.keys() >= {"arena", "matches", "episodes", "results", "isolation"}
    assert (found["arena"], found["matches"], found["episodes"]) == ("connect_four-v3", 2, 4)
    assert found["isolation"] == 2
    assert [row["seats"] for row in found["results"][:2]] == [
        ["random", "heuristic"],
        ["heuristic", "random"],
    ]
    assert [row["seed"] for row in found["results"]] == [0, 0, 1, 1]
    for row in found["results"]:
        assert row["outcomes"] == ["ok", "ok"]
        assert sum(row["scores"]) == 1.0
        assert len(row["digest"]) == 32
    again = coliseum("play", "connect_four-v3", "random", "heuristic", "--seed", "1", "--json").json
    assert [row["digest"] for row in again["results"]] == [row["digest"] for row in found["results"][2:]]


def test_play_shows_a_table_and_what_went_wrong(coliseum, tmp_path):
    (tmp_path / "bad.py").write_text(failing("raise ValueError('\\x1b[2J')"))
    run = coliseum("play", "tictactoe-v3", "bad.py", "mine.py")
    assert run.status == 0
    assert run.out.splitlines()[0].split() == ["agent", "mean", "won", "drawn", "lost", "faults"]
    assert "bad: crashed: ValueError" in run.err
    assert "isolation 2 (namespaces+landlock+seccomp)" in run.err
    assert "\x1b" not in run.err


def test_play_keeps_trajectories_where_it_is_asked_to(coliseum, tmp_path):
    assert coliseum("play", "tictactoe-v3", "random", "random", "--save", "kept/here").status == 0
    files = sorted((tmp_path / "kept" / "here").iterdir())
    assert [file.name for file in files] == ["0-0.json.gz", "0-1.json.gz"]
    assert json.loads(gzip.decompress(files[0].read_bytes()))
    run = coliseum("play", "tictactoe-v3", "random", "random", "--save", "mine.py/below")
    assert (run.status, "Cannot write to" in run.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("conect_four", "random", "random"), 4, "arena.unknown"),
        (("tictactoe-v3", "random"), 1, "match.bad_seats"),
        (("tictactoe-v3", "random", "nosuch.py"), 2, "cli.no_such_file"),
        (("tictactoe-v3", "random", "."), 2, "cli.no_agent"),
        (("tictactoe-v3",), 2, "cli.usage"),
        (("tictactoe-v3", "random", "random", "--matches", "0"), 2, "cli.usage"),
        (("tictactoe-v3", "random", "random", "--bogus"), 2, "cli.usage"),
    ],
)
def test_what_play_refuses_has_a_code_a_hint_and_an_exit_status(coliseum, arguments, status, code):
    run = coliseum("play", *arguments)
    assert (run.status, run.out) == (status, "")
    assert run.err.startswith(f"error [{code}] ")
    assert run.err.splitlines()[1].startswith("  ")
    run = coliseum("play", *arguments, "--json")
    assert (run.status, run.error["code"]) == (status, code)
    if code == "arena.unknown":
        assert "Did you mean connect_four-v3" in run.error["message"]


def test_an_arena_that_breaks_is_told_without_a_traceback(coliseum, monkeypatch):
    def broken(self, seed):
        raise ArenaFaultError("CartPole-v1 failed at turn 0.")

    monkeypatch.setattr("arenas.adapters.single.SingleAdapter.reset", broken)
    run = coliseum("play", "CartPole-v1", "linear", "--json")
    assert (run.status, run.error["code"]) == (5, "cli.cannot_play")
    assert coliseum("check", "mine.py", "--arena", "CartPole-v1", "--json").error["code"] == "cli.cannot_play"


def test_ctrl_c_while_playing_is_told_and_not_a_traceback(coliseum, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("workers.local.LocalArena.play_match", stop)
    run = coliseum("play", "tictactoe-v3", "random", "random", "--json")
    assert (run.status, run.error["code"]) == (130, "cli.interrupted")


@pytest.mark.parametrize("name", QUICK)
def test_every_arena_plays_from_the_command_line(coliseum, name):
    spec = registry.get(name)
    # Nothing but JSON, whatever the environment's libraries say when they are imported.
    found = coliseum("play", name, *["random"] * spec.lineup, "--json")
    assert (found.status, found.err) == (0, "")
    assert {outcome for row in found.json["results"] for outcome in row["outcomes"]} == {"ok"}


def test_check_passes_a_good_agent(coliseum):
    run = coliseum("check", "mine.py", "--arena", "tictactoe-v3", "--json")
    assert (run.status, run.err, run.json["ok"]) == (0, "", True)
    assert [step["name"] for step in run.json["steps"]] == STEPS
    for step in run.json["steps"]:
        assert step.keys() >= {"name", "ok", "code", "message", "hint", "seconds"}
        assert step["code"] == "ok"
    run = coliseum("check", "mine.py", "--arena", "tictactoe-v3")
    assert (run.status, run.err) == (0, "Ready to submit.\n")
    assert [line.split()[1] for line in run.out.splitlines()] == STEPS


@pytest.mark.parametrize(
    ("text", "steps", "code"),
    [
        ("def f(:", ["inspect"], "source.syntax_error"),
        ("import nosuch\n" + failing("pass"), ["inspect", "start"], "load_failed"),
        (failing("return 99"), STEPS[:3], "illegal_action"),
        (failing("1 / 0"), STEPS[:3], "crashed"),
    ],
)
def test_check_stops_at_the_first_step_that_fails_with_status_6(coliseum, tmp_path, text, steps, code):
    (tmp_path / "bad.py").write_text(text)
    run = coliseum("check", "bad.py", "--arena", "tictactoe-v3", "--json")
    assert (run.status, run.json["ok"]) == (6, False)
    assert [step["name"] for step in run.json["steps"]] == steps
    last = run.json["steps"][-1]
    assert (last["ok"], last["code"]) == (False, code)
    assert last["message"]
    assert last["hint"]
    run = coliseum("check", "bad.py", "--arena", "tictactoe-v3")
    assert run.status == 6
    assert f"[{code}]" in run.out
    assert run.err == "The server would reject this agent.\n"


def test_an_inspection_that_breaks_is_not_the_agents_fault(coliseum, monkeypatch):
    def broken(*_, **__):
        raise InspectionError("no process could be started")

    monkeypatch.setattr(check_command, "inspect_in_child", broken)
    run = coliseum("check", "mine.py", "--arena", "tictactoe-v3", "--json")
    assert (run.status, run.error["code"]) == (5, "cli.cannot_play")


def test_without_a_sandbox_the_result_says_so(coliseum):
    run = coliseum("play", "tictactoe-v3", "mine.py", "random", "--unsandboxed-i-wrote-this-agent")
    assert run.status == 0
    assert "Played without a sandbox" in run.err


@pytest.mark.parametrize(
    "limit", ["step_seconds", "step_seconds=-1", "step_seconds=nan", "speed=2", "threads=x"]
)
def test_check_takes_the_limits_of_a_competition_as_names_with_numbers(coliseum, limit):
    run = coliseum("check", "random", "--arena", "tictactoe-v3", "--limit", limit)
    assert run.status == 2
    assert "--limit takes NAME=NUMBER, with one of load_seconds" in run.err


def test_check_holds_the_agent_to_a_limit_given_and_seeds_it_as_told(coliseum, tmp_path):
    (tmp_path / "slow.py").write_text(
        "import random, time\n"
        "class Agent:\n"
        "    def act(self, observation):\n"
        "        print(random.random())\n"
        "        time.sleep(0.3)\n"
        "        raise ValueError(random.random())\n"
    )
    options = ("check", "slow.py", "--arena", "tictactoe-v3", "--json", "--agent-seed")
    one, same, other = (coliseum(*options, seed).json["steps"][-1]["message"] for seed in "778")
    assert one == same != other
    limits = ("--limit", "step_seconds=0.05", "--limit", "bank_seconds=0.05")
    assert coliseum(*options, "7", *limits).json["steps"][-1]["code"] == "timed_out"
