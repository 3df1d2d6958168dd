"""The live referee as a process of its own: several tables at once, and what it says of the arenas."""

import json
import os
import signal
import textwrap
import time
from pathlib import Path

import pytest

from arenas import registry
from tests.workers.tables import FIRST, failing, limits_spec
from workers.errors import MatchError
from workers.live.referee_process import LiveRefereeProcess
from workers.live.wire import Chair, Order, Press, TableSpec
from workers.spec import AgentRef, Isolation

TIC = "tictactoe-v3"
SEALED = """
    import gymnasium
    from arenas.spec import ArenaSpec
    SPECS = tuple(ArenaSpec(id=f"{name}-v0", title=name.title(), summary="For tests.", kind="gymnasium",
        environment=f"arena:{name.title()}", seats=1, objective="score", swaps_seats=False)
        for name in ("broken", "crowd"))
    class Broken(gymnasium.Env):
        def __init__(self):
            raise RuntimeError("no such world")
    class Crowd(gymnasium.Env):
        observation_space = gymnasium.spaces.Discrete(2)
        action_space = gymnasium.spaces.Discrete(2)
        def reset(self, *, seed=None, options=None):
            return 0, {}
        def step(self, action):
            raise RuntimeError("the world broke")
"""


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sealed")
    (folder / "arena.py").write_text(textwrap.dedent(SEALED))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLISEUM_ARENAS", str(folder))
        opened = LiveRefereeProcess(minimum=Isolation.NAMESPACES, cpu=None)
    with opened:
        surveyed = opened.receive()
        assert surveyed.table == ""
        opened.arenas = json.loads(surveyed.body)
        yield opened


def order(table, *agents, arena=TIC, seat=0):
    chairs = [Chair(f"agent {n}", agent=AgentRef("s", str(n), "agent.py")) for n, _ in enumerate(agents)]
    chairs.insert(seat, Chair("You"))
    spec = TableSpec(table, "owner", arena, seat, tuple(chairs), 1, limits_spec(), time.time())
    return Order(table, spec=spec, packages={str(n): text.encode() for n, text in enumerate(agents)})


def play_all(process, orders):
    """Open tables, answer every question with the first legal move; return the last word of each."""
    for each in orders:
        process.send(each)
    last = {}
    while len(last) < len(orders):
        word = process.receive()
        told = json.loads(word.body)
        if told.get("ask"):
            process.send(Order(word.table, press=Press(told["ask"]["moves"][0][0], told["turn"])))
        if word.is_over:
            last[word.table] = (told, word)
    return last


def test_the_referee_tells_where_people_can_play_and_why_not_elsewhere(process):
    assert process.hello.confined
    assert process.arenas[TIC] == process.arenas["spiel_hearts-v1"] == ""
    assert "discrete actions" in process.arenas["BipedalWalker-v3"]
    assert "no such world" in process.arenas["broken-v0"]
    assert set(process.arenas) > set(registry.names())


def test_several_tables_are_played_at_once(process):
    last = play_all(process, [order(f"t{number}", FIRST) for number in range(4)])
    for told, word in last.values():
        assert (told["kind"], told["why"], told["replay"]) == ("over", "finished", True)
        assert [row["outcome"] for row in told["seats"]] == ["ok", "ok"]
        assert word.is_whole
        assert word.replay[:2] == b"\x1f\x8b"


def test_the_person_reads_who_failed_and_how(process):
    ((told, _),) = play_all(process, [order("t", failing("1 / 0"))]).values()
    assert told["text"] == "You won."
    row = told["seats"][1]
    assert (row["label"], row["name"]) == ("crashed", "agent 0")
    assert "raised an exception" in row["meaning"]
    assert "ZeroDivisionError" in row["message"]


@pytest.mark.parametrize(
    ("arena", "agents", "words"),
    [
        ("BipedalWalker-v3", (), "people can play arenas with discrete actions"),
        ("nothing_like-v1", (), "There is no arena 'nothing_like-v1'"),
        ("broken-v0", (), "no such world"),
        ("crowd-v0", (), "the world broke"),
    ],
)
def test_an_arena_that_cannot_be_played_says_why_and_the_others_go_on(process, arena, agents, words):
    last = play_all(process, [order("bad", *agents, arena=arena), order("good", FIRST)])
    assert words in last["bad"][0]["text"]
    assert last["good"][0]["why"] == "finished"


def test_who_leaves_is_gone_and_presses_for_no_table_are_dropped(process):
    process.send(Order("nobody", press=Press(1, 1)))
    process.send(Order("nobody", leave="left"))
    process.send(order("t", FIRST))
    process.send(Order("t", leave="left"))
    while not (word := process.receive()).is_over:
        pass
    assert json.loads(word.body) == {
        "kind": "over", "why": "left", "text": "You left the table.", "seats": [], "replay": False
    }  # fmt: skip


def test_its_agents_sit_in_jails_without_network_or_files(process):
    look = "import os\nseen = os.path.exists('/etc/passwd') or os.path.exists('/proc/1')\n"
    refuse = FIRST.replace("    return", "    assert not seen\n    return")
    ((told, _),) = play_all(process, [order("t", look + refuse)]).values()
    assert [row["outcome"] for row in told["seats"]] == ["ok", "ok"]
    environment = Path(f"/proc/{process._process.pid}/environ").read_bytes()
    assert b"redis" not in environment
    assert b"COLISEUM_BROKER_URL" not in environment


def test_a_referee_that_was_killed_is_noticed_by_reader_and_writer():
    with LiveRefereeProcess(minimum=Isolation.NAMESPACES, cpu=None) as process:
        process.receive()  # What can be played is told first.
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()
        with pytest.raises(MatchError, match="broke off"):
            process.receive()
        with pytest.raises(MatchError, match="gone"):
            process.send(order("t", FIRST))
