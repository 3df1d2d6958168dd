"""Particle worlds, butterfly, sisl, Atari, magent2: complete, as declared, with agents that can play."""

from dataclasses import replace

import numpy as np
import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.certifying.hiding import redeal_of
from arenas.games.atari.spec import SKIP, STICKY
from arenas.headless import import_headless
from arenas.spec import ArenaSpec
from tests.arenas.games.harness import baseline, play, spec_named

# Arena, member of the line-up, its agent, episodes, turns, and by how much it must earn more than random does
# in the same seats against random.
ROLES = [
    ("simple_adversary-v3", 0, "decoy", 10, 50, 15.0),
    ("simple_adversary-v3", 1, "decoy", 10, 50, 25.0),
    ("simple_crypto-v3", 0, "cipher", 4, 25, 8.0),
    ("simple_crypto-v3", 1, "cipher", 4, 25, 25.0),
    ("simple_push-v3", 0, "shove", 10, 50, 15.0),
    ("simple_push-v3", 1, "shove", 10, 50, 30.0),
    ("simple_world_comm-v3", 0, "hunt", 3, 100, 100.0),
    ("simple_world_comm-v3", 1, "hunt", 3, 100, 100.0),
    ("magent/battle-v4", 0, "fight", 3, 200, 6.0),
    ("magent/battle-v4", 1, "fight", 3, 200, 6.0),
    ("magent/adversarial_pursuit-v4", 0, "tag", 2, 100, 30.0),
    ("atari/pong-v3", 1, "track", 1, 600, 5.0),
    ("atari/boxing-v2", 0, "jab", 1, 300, 4.0),
    ("cooperative_pong-v6", 0, "follow", 1, 150, 15.0),
    ("cooperative_pong_grey-v6", 0, "follow_grey", 1, 60, 8.0),
    ("knights_archers_zombies-v11", 0, "line", 1, 300, 0.5),
    ("pursuit-v5", 0, "surround", 1, 100, 4.0),
    ("atari/pong_grey-v3", 0, "look", 1, 300, 0.5),
]
SECRETS = [
    "simple_adversary-v3",
    "simple_crypto-v3",
    "simple_push-v3",
    "simple_reference-v3",
    "simple_speaker_listener-v4",
    "simple_world_comm-v3",
    "pursuit-v5",
]


def family(folder: str) -> list[ArenaSpec]:
    """Return the specs of one folder of arenas/games."""
    found = (registry.get(name) for name in registry.names())
    return [spec for spec in found if spec.folder is not None and spec.folder.name == folder]


@pytest.mark.parametrize(("arena", "member", "better", "episodes", "turns", "margin"), ROLES)
def test_an_agent_that_knows_its_role_earns_more_than_one_that_does_not(
    arena, member, better, episodes, turns, margin
):
    spec = replace(spec_named(arena), max_turns=turns)
    good, bad = baseline(spec, better), baseline(spec, "random")
    own = [seat for seat, team in enumerate(spec.teams) if team == member]
    adapter = open_arena(spec)

    def earned(agent):
        seats = [agent if seat in own else bad for seat in range(spec.seats)]
        return np.mean([np.array(play(adapter, seats, seed))[own].mean() for seed in range(episodes)])

    assert earned(good) > earned(bad) + margin


def test_all_worlds_of_mpe2_are_there():
    mpe2 = import_headless("mpe2.all_modules")
    theirs = {name.rpartition("/")[2].replace("_v", "-v") for name in mpe2.mpe_environments}
    assert theirs <= set(registry.names())


@pytest.mark.parametrize(("namespace", "prefix"), [("atari", "atari/"), ("butterfly", ""), ("sisl", "")])
def test_all_games_of_a_family_of_pettingzoo_are_there(namespace, prefix):
    zoo = import_headless("pettingzoo")
    theirs = {known.name for known in zoo.parallel_registry.values() if known.namespace == namespace}
    ours = {registry.get(name).name for name in registry.names()}
    assert {prefix + name for name in theirs} <= ours


def test_every_atari_game_has_sticky_actions_and_skips_frames():
    games = family("atari")
    assert len(games) == 25
    for spec in games:
        assert [wrapper for wrapper in spec.wrappers if wrapper in (STICKY, SKIP)] == [STICKY, SKIP]
        assert spec.extra == "atari"


def test_a_family_declares_its_own_seats_as_teams_and_roles_that_fit():
    for folder in ("mpe", "butterfly", "pursuit", "atari", "magent"):
        for spec in family(folder):
            assert len(spec.team_of_seat) in (0, spec.seats)
            assert spec.objective in {"outcome", "rank"} or spec.forfeit_score < 0
            keys = [key for control in spec.controls for key in control.keys]
            assert len(keys) == len(set(keys))


@pytest.mark.parametrize("folder", ["mpe", "butterfly", "pursuit"])
def test_a_person_can_only_choose_actions_that_exist(folder):
    for spec in family(folder):
        adapter = open_arena(spec)
        most = min(schema.n for schema in adapter.action_schemas)
        assert all(control.action < most for control in spec.controls)
        assert spec.idle_action is None or spec.idle_action < most


@pytest.mark.parametrize(
    ("arena", "raw"), [("cooperative_pong_grey-v6", (280, 480, 3)), ("atari/pong_grey-v3", (210, 160, 3))]
)
def test_the_image_chain_gives_four_grey_pictures_the_newest_last(arena, raw):
    spec = spec_named(arena)
    adapter, plain = open_arena(spec), open_arena(replace(spec, wrappers=()))
    assert plain.observation_schemas[0].shape == raw
    for schema in adapter.observation_schemas:
        assert (schema.shape, schema.dtype) == ((84, 84, 4), "uint8")
    adapter.reset(1)
    before = adapter.asked()[0].observation
    assert not before[:, :, :3].any()
    assert before[:, :, 3].any()
    for _ in range(4):
        adapter.step({0: 1, 1: 1})
        now = adapter.asked()[0].observation
        assert np.array_equal(now[:, :, :3], before[:, :, 1:])
        before = now
    assert before.all(axis=2).any()


def test_the_newest_grey_picture_is_the_plain_one_made_grey_and_small():
    spec = spec_named("cooperative_pong_grey-v6")
    adapter, plain = open_arena(spec), open_arena(replace(spec, wrappers=()))
    adapter.reset(4)
    plain.reset(4)
    colours = np.asarray(plain.asked()[0].observation).astype(float)
    grey = colours @ [0.299, 0.587, 0.114]
    small = np.asarray(adapter.asked()[0].observation)[:, :, 3].astype(float)
    assert small.mean() == pytest.approx(grey.mean(), rel=0.1)
    assert small[40:44, 0].min() > 200


def test_in_the_first_turn_of_a_battle_both_teams_do_what_they_chose():
    adapter = open_arena(spec_named("magent/battle-v4"))
    still, right, left = 6, 7, 5
    game = adapter.environment
    for _ in range(2):
        adapter.reset(1)
        before = [game.env.get_pos(handle)[:, 0].copy() for handle in game.handles]
        adapter.step({seat: still if seat < 6 else right for seat in range(12)})
        after = [game.env.get_pos(handle)[:, 0] for handle in game.handles]
        assert (after[0] == before[0]).all()
        assert (after[1] >= before[1]).all()
        assert (after[1] > before[1]).any()
    assert left == still - 1


@pytest.mark.parametrize(
    "arena", ["magent/adversarial_pursuit-v4", "knights_archers_zombies-v11", "pursuit-v5"]
)
def test_an_episode_goes_the_same_way_after_another_one(arena):
    adapter = open_arena(spec_named(arena))

    def views(seed):
        rng = np.random.default_rng(seed)
        adapter.reset(seed)
        for _ in range(25):
            adapter.step({seat.seat: adapter.random_action(seat.seat, rng) for seat in adapter.asked()})
        return [np.asarray(seat.observation).tobytes() for seat in adapter.asked()]

    first = views(3)
    assert views(4) != first
    assert views(3) == first


@pytest.mark.parametrize("arena", SECRETS)
def test_what_a_seat_cannot_see_can_change_without_its_notice(arena):
    adapter = open_arena(spec_named(arena))
    redeal = redeal_of(adapter)
    assert redeal is not None
    rng = np.random.default_rng(0)
    adapter.reset(2)
    for _ in range(3):
        adapter.step({seat.seat: adapter.random_action(seat.seat, rng) for seat in adapter.asked()})
    unseen = 0
    for seat in range(adapter.spec.seats):
        for _ in range(5):
            before = [adapter.environment.observe(name).copy() for name in adapter.seat_names]
            redeal(adapter, seat, rng)
            after = [adapter.environment.observe(name) for name in adapter.seat_names]
            assert np.array_equal(before[seat], after[seat])
            unseen += any(not np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    assert unseen
