"""Episodes of a match played side by side: the same results, in fewer frames."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from arenas.codec import Box, Discrete, compile_codec
from tests.workers.sandbox.cast import LIMITS, source
from tests.workers.tables import arena_of, outcomes
from workers.environments import MOST_LANES, Environments
from workers.match import Table
from workers.protocol import Start
from workers.sandbox import open_launcher
from workers.seat import Seat
from workers.spec import EpisodeSpec, Isolation, Outcome

EACH_ITS_OWN = """
import numpy as np
class Agent:
    lanes = 16
    def reset(self, start):
        self.turn, self.rng = 0, np.random.default_rng((start.seed, start.seat))
    def act(self, observation):
        self.turn += 1
        return int(self.rng.choice(np.flatnonzero(observation['action_mask'])))
"""
ALONE = EACH_ITS_OWN.replace("lanes = 16", "")
ALL_IN_ONE = """
import numpy as np
class Agent:
    def __init__(self):
        self.rngs = {}
    def reset(self, start):
        self.rngs[start.lane] = np.random.default_rng((start.seed, start.seat))
    def act(self, observation):
        return self.act_batch([observation], [0])[0]
    def act_batch(self, observations, lanes):
        return [int(self.rngs[lane].choice(np.flatnonzero(seen['action_mask'])))
                for lane, seen in zip(lanes, observations)]
"""
FUNCTION = "def agent(observation):\n    return int(observation['action_mask'].argmax())\n"
CONNECT_FOUR = arena_of("connect_four-v3")
EPISODES = [EpisodeSpec(seed=seed, seating=(seed % 2, 1 - seed % 2)) for seed in range(10)]


@pytest.fixture(scope="module")
def launcher():
    with open_launcher(minimum=Isolation.NAMESPACES) as opened:
        yield opened


@pytest.fixture(scope="module")
def environments():
    with closing(Environments(CONNECT_FOUR)) as opened:
        yield opened


def table_with(launcher, environments, *agents, arena=CONNECT_FOUR, limits=LIMITS):
    table = Table(arena, environments, launcher, limits, records=False)
    for position, text in enumerate(agents):
        table.join(source(text), "agent.py", seed=position)
    return table


def digests(results):
    return [result.digest for result in results]


@pytest.mark.parametrize("other", [EACH_ITS_OWN, ALL_IN_ONE], ids=["an instance a lane", "one for all"])
def test_side_by_side_gives_what_one_after_the_other_gives(launcher, environments, other):
    with closing(table_with(launcher, environments, ALONE, ALONE)) as table:
        assert table.lanes == 1
        expected = table.play_episodes(EPISODES)
    with closing(table_with(launcher, environments, other, EACH_ITS_OWN)) as table:
        assert table.lanes == MOST_LANES
        got = table.play_episodes(EPISODES)
    assert digests(got) == digests(expected)
    assert [result.seed for result in got] == [episode.seed for episode in EPISODES]
    assert [seat.turns for result in got for seat in result.seats] == [
        seat.turns for result in expected for seat in result.seats
    ]


@pytest.mark.parametrize("other", [FUNCTION, ALONE])
def test_one_agent_that_knows_no_lanes_has_the_match_played_one_after_the_other(
    launcher, environments, other
):
    with closing(table_with(launcher, environments, EACH_ITS_OWN, other)) as table:
        assert table.lanes == 1
        assert [outcomes(result) for result in table.play_episodes(EPISODES[:2])] == [["ok", "ok"]] * 2


def test_an_agent_may_take_fewer_lanes_than_there_are(launcher, environments):
    three = EACH_ITS_OWN.replace("lanes = 16", "lanes = 3")
    with closing(table_with(launcher, environments, three, EACH_ITS_OWN)) as table:
        assert table.lanes == 3
        assert len(table.play_episodes(EPISODES)) == len(EPISODES)


@pytest.mark.parametrize("lanes", ["'many'", "0", "-4", "None", "True", "10 ** 30"])
def test_what_is_no_number_of_lanes_does_no_harm(launcher, environments, lanes):
    odd = EACH_ITS_OWN.replace("lanes = 16", f"lanes = {lanes}")
    with closing(table_with(launcher, environments, odd, EACH_ITS_OWN)) as table:
        assert table.lanes == (16 if lanes == "10 ** 30" else 1)
        assert outcomes(table.play_episodes(EPISODES[:1])[0]) == ["ok", "ok"]


def test_a_fault_in_one_lane_ends_the_agent_in_all(launcher, environments):
    failing = EACH_ITS_OWN.replace("self.turn += 1", "self.turn += 1\n        if self.turn == 3: 1 / 0")
    with closing(table_with(launcher, environments, failing, EACH_ITS_OWN)) as table:
        results = table.play_episodes(EPISODES[:4])
        assert table.members[0].fault.outcome is Outcome.CRASHED
        assert table.members[1].fault is None
    for result in results:
        by_agent = {seat.agent: seat for seat in result.seats}
        assert by_agent[0].outcome is Outcome.CRASHED
        assert (by_agent[1].outcome, by_agent[1].score) == (Outcome.OK, 1.0)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return [0]", "one for each observation"),
        ("return None", "TypeError"),
        ("raise RuntimeError('lost')", "RuntimeError: lost"),
        ("return [99] * len(lanes)", "99"),
    ],
)
def test_a_wrong_batch_is_the_agents_fault(launcher, environments, body, message):
    head, _, _ = ALL_IN_ONE.partition("        return [int(")
    with closing(table_with(launcher, environments, head + "        " + body, EACH_ITS_OWN)) as table:
        table.play_episodes(EPISODES[:4])
        assert message in table.members[0].fault.message + table.members[0].fault.evidence
        assert table.members[1].fault is None


def test_the_step_limit_of_a_frame_is_that_of_all_its_turns(launcher, environments):
    slow = EACH_ITS_OWN.replace("self.turn += 1", "import time; time.sleep(0.05)")
    limits = replace(LIMITS, step_seconds=0.08, bank_seconds=0.5)
    with closing(table_with(launcher, environments, slow, EACH_ITS_OWN, limits=limits)) as table:
        results = table.play_episodes(EPISODES[:6])
    assert [outcomes(result) for result in results] == [["ok", "ok"]] * 6
    slow_seats = [seat for result in results for seat in result.seats if seat.agent == 0]
    assert all(0.04 < seat.slowest_seconds < 0.4 for seat in slow_seats)


def test_seats_with_other_spaces_stand_side_by_side(launcher):
    text = """
        class Agent:
            lanes = 2
            def reset(self, start):
                self.size = start.observation_space.shape[0]
            def act(self, observation):
                return len(observation) if len(observation) == self.size else 0
    """
    small = Start("odd-v0", 0, 2, Box((2,), "float32"), Discrete(300), lane=0)
    large = Start("odd-v0", 1, 2, Box((200,), "float64"), Discrete(70_000), lane=1)
    seat = Seat(launcher, LIMITS)
    try:
        seat.load(source(text), "agent.py", lanes=2)
        for start in (small, large):
            seat.reset(start)
        seen = b"".join(
            compile_codec(start.observation_schema, trusted=True).encode(np.zeros(size))
            for start, size in ((small, 2), (large, 200))
        )
        answer = bytes(seat.act(seen, bytes([0, 1])))
    finally:
        seat.close()
    decode_small, decode_large = (compile_codec(start.action_schema) for start in (small, large))
    assert decode_small.decode(answer[: decode_small.size]) == 2
    assert decode_large.decode(answer[decode_small.size :]) == 200


def test_large_observations_come_through_the_window_unharmed(launcher):
    text = """
        class Agent:
            lanes = 16
            def act(self, observation):
                total = int(observation.sum(dtype='int64'))
                observation[:] = 0
                return total % 1000
    """
    start = Start("image-v0", 0, 1, Box((200, 200, 3), "uint8", 0, 255), Discrete(1000))
    codec = compile_codec(start.observation_schema, trusted=True)
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 256, (200, 200, 3), np.uint8) for _ in range(3)]
    seat = Seat(launcher, LIMITS)
    try:
        seat.load(source(text), "agent.py", lanes=3)
        for lane in range(3):
            seat.reset(replace_lane(start, lane))
        for _ in range(2):
            answer = bytes(seat.act(b"".join(codec.encode(image) for image in images), bytes([0, 1, 2])))
            decoded = [compile_codec(start.action_schema).decode(answer[2 * k : 2 * k + 2]) for k in range(3)]
            assert decoded == [int(image.sum(dtype=np.int64)) % 1000 for image in images]
    finally:
        seat.close()


def replace_lane(start, lane):
    return Start(**{name: getattr(start, name) for name in Start.__struct_fields__} | {"lane": lane})
