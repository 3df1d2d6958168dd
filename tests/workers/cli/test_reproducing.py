"""A match of the server again, with one's own agent at its place."""

import json

import msgspec
import pytest

from arenas import registry
from tests.workers.shapes import answer
from workers.client.answers.competition_answers import CompetitionDetail
from workers.client.answers.match_answers import MatchDetail, MatchSeat
from workers.local import LocalArena, find_agent
from workers.replaying import ReplayFile, replay_of

TIC = "tictactoe-v3"
SAME = "def agent(observation):\n    return int(observation['action_mask'].nonzero()[0][0])\n"
OTHER = "def agent(observation):\n    return int(observation['action_mask'].nonzero()[0][-1])\n"
FALLS = "def agent(observation):\n    raise ValueError('mine')\n"


@pytest.fixture(scope="module")
def replay(tmp_path_factory):
    """A match of an agent that takes the first free field, in the second place, against minimax."""
    path = tmp_path_factory.mktemp("agent") / "first.py"
    path.write_text(SAME)
    arena = registry.get(TIC)
    with LocalArena.open(arena) as local:
        lineup = [find_agent(arena, "minimax"), find_agent(arena, str(path))]
        episodes = local.play_match(lineup, seed=5)
    return msgspec.json.encode(ReplayFile(arena=TIC, episodes=tuple(map(replay_of, episodes)), match="m1"))


@pytest.fixture
def match(signed_in, replay):
    """The same match on the server, where the second agent is one's own."""
    own = answer(MatchSeat, usage={"log": ""})
    signed_in.put("/matches/m1/replay", json.loads(replay))
    signed_in.put("/matches/m1", answer(MatchDetail, competition="ttt", seats=[answer(MatchSeat), own]))
    signed_in.put("/competitions/ttt", answer(CompetitionDetail, limits={"step_seconds": 2.0}))
    return "m1"


def turns_of(replay):
    """Count the turns of the second agent."""
    seats = [seat for episode in json.loads(replay)["episodes"] for seat in episode["seats"]]
    return sum(seat["turns"] for seat in seats if seat["agent"] == 1)


def test_the_agent_that_played_answers_as_it_did(coliseum, match, tmp_path, replay):
    (tmp_path / "same.py").write_text(SAME)
    run = coliseum("reproduce", match, "same.py", "--json")
    assert (run.status, run.json["differences"], run.json["fault"]) == (0, [], None)
    assert run.json["turns"] == turns_of(replay)


def test_another_one_is_told_where_it_differs_and_sees_what_was_seen(coliseum, match, tmp_path, replay):
    (tmp_path / "other.py").write_text(OTHER)
    run = coliseum("reproduce", match, "other.py")
    assert run.status == 1
    assert run.out.startswith("episode 1, turn 1: did ")
    assert f"It was asked in {turns_of(replay)} turns and answered otherwise in " in run.err


def test_one_that_fails_is_told_with_its_traceback(coliseum, config, tmp_path, replay):
    (tmp_path / "falls.py").write_text(FALLS)
    (tmp_path / "match.json").write_bytes(replay)
    run = coliseum("reproduce", "match.json", "falls.py", "--place", "2")
    assert run.status == 6
    assert "error [crashed]" in run.err
    assert "ValueError: mine" in run.out
    run = coliseum("reproduce", "match.json", "falls.py", "--json")
    assert "Which of the 2 agents is yours?" in run.error["message"]
    assert coliseum("reproduce", "match.json", "falls.py", "--place", "3").status == 2


def test_a_replay_that_does_not_fit_is_refused(coliseum, config, tmp_path, replay):
    (tmp_path / "same.py").write_text(SAME)
    found = json.loads(replay)
    for change in ({"actions": "AA=="}, {"seating": [0]}):
        bad = found | {"episodes": [found["episodes"][0] | change]}
        (tmp_path / "bad.json").write_text(json.dumps(bad))
        run = coliseum("reproduce", "bad.json", "same.py", "--place", "1", "--json")
        assert (run.status, run.error["code"]) == (5, "cli.cannot_play")
