"""A show: agents among themselves at watching pace, told so that whoever comes can follow."""

import json
import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest

from arenas import registry
from arenas.adapters import open_arena
from tests.workers.tables import FIRST, LIMITS, SHORT, failing, outcomes, source
from workers.live import show
from workers.live.ending import result_word
from workers.live.hand import Hand, LeftError
from workers.live.show import ShowTable
from workers.sandbox import open_launcher
from workers.spec import EpisodeSpec, Isolation

TIC = registry.get("tictactoe-v3")
CART = replace(registry.get("CartPole-v1"), max_turns=40)
STILL = "def agent(observation):\n    return 0\n"


@pytest.fixture(scope="module")
def launcher():
    with open_launcher(minimum=Isolation.NAMESPACES) as opened:
        yield opened


@pytest.fixture
def quick(monkeypatch):
    """Play shows faster than anybody can watch."""
    monkeypatch.setattr(show, "SHOW_SECONDS", -1.0)
    monkeypatch.setattr(show, "_HURRY", 1000.0)
    monkeypatch.setattr(show, "_BEGIN_SECONDS", 0.0)


def play(launcher, arena, agents, *, hand=None, limits=LIMITS):
    """Return the result and what was told: pairs of news and all there is."""
    told = []
    with closing(open_arena(arena)) as adapter:
        say = lambda news, whole: told.append((json.loads(json.dumps(news)), whole))  # noqa: E731
        table = ShowTable(arena, adapter, launcher, limits, hand=hand or Hand(), say=say)
        with closing(table):
            for agent in agents:
                table.join(source(agent), "agent.py")
            return table.play_episode(EpisodeSpec(1, tuple(range(arena.seats)))), told


def test_every_turn_of_a_show_is_told_once_and_in_order(launcher, quick):
    result, told = play(launcher, TIC, [FIRST, FIRST])
    states = [state for news, _ in told for state in news["states"]]
    assert [state["turn"] for state in states] == list(range(result.turns + 1))
    assert [state["actor"] for state in states[:4]] == [-1, 0, 1, 0]
    assert (states[1]["label"], states[1]["waits"]) == ("top left", [1])
    assert states[-1]["waits"] == []
    assert states[1]["seconds"][0] > 0
    assert states[1]["seconds"][1] is None
    assert all("scene" not in news for news, _ in told[1:])


def test_who_comes_late_gets_the_scene_the_state_and_the_turns_so_far(launcher, quick):
    _, told = play(launcher, TIC, [FIRST, FIRST])
    news, whole = told[-1]
    assert whole["scene"] == told[0][0]["scene"]
    assert whole["states"] == [news["states"][-1]]
    assert (whole["scene"] | whole["states"][0]["changed"])["cells"].count("") < 5
    assert [row["turn"] for row in whole["log"]] == list(range(whole["states"][0]["turn"] + 1))


def test_bodies_are_told_by_their_places_and_collected(launcher, quick):
    result, told = play(launcher, CART, [STILL])
    states = [state for news, _ in told for state in news["states"]]
    assert len(states) == result.turns + 1
    assert all("places" in state and "changed" not in state for state in states[1:])
    assert len(told) < len(states) / 2
    assert {"places", "changed"} <= set(told[-1][1]["states"][0])


def test_a_turn_is_seen_as_long_as_in_the_replay(launcher, monkeypatch):
    monkeypatch.setattr(show, "_BEGIN_SECONDS", 0.0)
    monkeypatch.setattr(show, "MOST_FPS", 20.0)
    began = time.monotonic()
    result, _ = play(launcher, CART, [STILL])
    assert time.monotonic() - began > (result.turns - 1) / 20.0


def test_a_show_that_nobody_watches_ends_at_once(launcher):
    hand = Hand()
    threading.Timer(0.1, hand.leave, ["away"]).start()
    with pytest.raises(LeftError, match="away"):
        play(launcher, TIC, [FIRST, FIRST], hand=hand)


@pytest.mark.parametrize("seat", [0, 1])
def test_an_agent_that_fails_loses_before_everybodys_eyes(launcher, quick, seat):
    agents = [FIRST, FIRST]
    agents[seat] = failing("1 / 0")
    result, _ = play(launcher, TIC, agents, limits=SHORT)
    assert outcomes(result)[seat] == "crashed"
    word = result_word(TIC, ["Ann", "Bob"], -1, result)
    assert word["text"] == f"{'Bob' if seat == 0 else 'Ann'} won."
    assert word["seats"][seat]["meaning"]
