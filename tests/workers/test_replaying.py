import gzip
import struct
from contextlib import closing
from dataclasses import replace as replaced

import msgspec
import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.replay import ActionLog, decode_log, encode_log
from tests.arenas.brief import EVERY, brief
from tests.workers.tables import FIRST, adapter_of, arena_of, failing, play
from workers.baselines import baseline_package
from workers.replaying import ReplayFile, replay_of, verify_replay
from workers.sandbox import open_launcher
from workers.spec import Isolation

TIC = "tictactoe-v3"
SEVERAL = (
    *("BipedalWalker-v3", "LunarLander-v3", "multiwalker-v9", "simple_tag-v3"),
    *("BipedalWalkerHardcore-v3", "CarRacing-v3", "hanabi-v5", "texas_holdem_no_limit-v6"),
)
LAST = "def agent(observation):\n    return int(observation['action_mask'].nonzero()[0][-1])\n"


@pytest.fixture(scope="module")
def launcher():
    with open_launcher(minimum=Isolation.NAMESPACES) as opened:
        yield opened


@pytest.fixture(scope="module")
def episode(launcher):
    return replay_of(play(launcher, arena_of(TIC), [FIRST, LAST])[0][0])


def verdict(name, *episodes):
    return verify_replay(registry.get(name), adapter_of(name), ReplayFile(arena=name, episodes=episodes))


def refused(name, episode):
    (found,) = verdict(name, episode)
    assert not found.ok
    assert found.detail
    return found.detail


def changed(episode, **changes):
    return msgspec.structs.replace(episode, **changes)


def with_seat(episode, at, **changes):
    seats = list(episode.seats)
    seats[at] = msgspec.structs.replace(seats[at], **changes)
    return changed(episode, seats=tuple(seats))


@pytest.mark.parametrize("name", EVERY)
def test_a_real_match_of_every_arena_is_the_same_again(launcher, name):
    arena = brief(name)
    random = baseline_package(arena, "random")
    limits = replaced(arena.limits, step_seconds=5.0)
    episodes, _ = play(launcher, arena, [random] * arena.seats, seeds=(11,), limits=limits)
    with closing(open_arena(arena)) as fresh:
        (found,) = verify_replay(arena, fresh, ReplayFile(arena=name, episodes=(replay_of(episodes[0]),)))
    assert found.ok, found.detail
    assert found.digest == found.expected == episodes[0].digest


@pytest.mark.parametrize("name", SEVERAL)
def test_an_episode_does_not_depend_on_what_was_played_before_it(launcher, name):
    arena = brief(name)
    random = baseline_package(arena, "random")
    limits = replaced(arena.limits, step_seconds=5.0)
    episodes, _ = play(launcher, arena, [random] * arena.seats, seeds=(11, 12, 11), limits=limits)
    for episode in episodes:
        with closing(open_arena(arena)) as fresh:
            (found,) = verify_replay(arena, fresh, ReplayFile(arena=name, episodes=(replay_of(episode),)))
        assert found.ok, found.detail


def test_forfeits_are_the_same_again(launcher):
    for lineup in ([failing("1 / 0", at=2), FIRST], [FIRST, "import nosuch"], ["1 / 0", "1 / 0"]):
        episodes, _ = play(launcher, arena_of(TIC), lineup, seeds=(1, 2))
        for found in verdict(TIC, *map(replay_of, episodes)):
            assert found.ok, found.detail


def test_a_forfeit_among_many_is_the_same_again(launcher):
    still = "def agent(observation):\n    return 0\n"
    lineup = [still, failing("1 / 0", at=5, rest="0"), still]
    episodes, _ = play(launcher, arena_of("simple_spread-v3"), lineup)
    (found,) = verdict("simple_spread-v3", replay_of(episodes[0]))
    assert found.ok, found.detail


def test_a_replay_goes_through_json_unchanged(episode):
    file = ReplayFile(arena=TIC, episodes=(episode,), versions={"numpy": "2"})
    again = msgspec.json.decode(msgspec.json.encode(file), type=ReplayFile)
    assert again == file
    assert verify_replay(registry.get(TIC), adapter_of(TIC), again)[0].ok


def test_a_changed_action_is_found(episode):
    log = decode_log(episode.actions)
    for at in range(len(log.actions)):
        actions = bytearray(log.actions)
        actions[at] = (actions[at] + 1) % 9
        refused(TIC, changed(episode, actions=encode_log(ActionLog(log.turns, bytes(actions)))))


@pytest.mark.parametrize(
    "changes",
    [
        {"total_reward": 5.0},
        {"total_reward": float("nan")},
        {"total_reward": float("inf")},
        {"score": 0.5},
        {"score": float("nan")},
        {"rank": 2},
        {"outcome": "crashed"},
        {"outcome": "crashed", "failed_turn": 3},
        {"outcome": "crashed", "failed_turn": 10**12},
        {"outcome": "crashed", "failed_turn": -(10**12)},
    ],
)
def test_a_changed_result_is_found(episode, changes):
    assert episode.seats[0].rank == 1
    refused(TIC, with_seat(episode, 0, **changes))


def test_another_end_digest_or_seed_is_found(episode):
    assert "digest" in refused(TIC, changed(episode, digest="0" * 32))
    refused(TIC, changed(episode, seed=episode.seed + 1))
    refused(TIC, changed(episode, turns=episode.turns + 1))
    refused(TIC, changed(episode, truncated=True))


def test_a_log_that_is_cut_off_or_too_long_is_found(episode):
    log = decode_log(episode.actions)
    for turns, actions in (
        (log.turns - 1, log.actions[:-1]),
        (log.turns, log.actions[:-1]),
        (log.turns - 1, log.actions),
        (log.turns + 1, log.actions + b"\0"),
        (0, b""),
    ):
        refused(TIC, changed(episode, actions=encode_log(ActionLog(turns, actions))))
    for size in range(0, len(episode.actions), 5):
        refused(TIC, changed(episode, actions=episode.actions[:size]))


def test_garbage_and_a_claim_of_a_thousand_million_turns_are_found(episode):
    claim = gzip.compress(struct.pack("<4sI", b"CLA1", 10**9) + bytes(9))
    for actions in (b"", b"garbage", b"\x1f\x8b" + bytes(40), claim, gzip.compress(b"CLA1")):
        refused(TIC, changed(episode, actions=actions))


def test_a_bomb_of_zeros_is_refused_without_being_unpacked(episode):
    bomb = gzip.compress(struct.pack("<4sI", b"CLA1", 9) + bytes(70 * 1024 * 1024), compresslevel=1)
    assert "more than" in refused(TIC, changed(episode, actions=bomb))


def test_a_replay_of_another_arena_is_refused(episode):
    for name in ("connect_four-v3", "CartPole-v1", "simple_spread-v3", "leduc_holdem-v4"):
        refused(name, episode)
    assert "2 seats" in refused(TIC, changed(episode, seats=episode.seats[:1]))


def test_each_episode_has_a_verdict_of_its_own(episode):
    found = verdict(TIC, episode, changed(episode, digest="0" * 32), episode)
    assert [each.ok for each in found] == [True, False, True]
