"""The tank duel's picture: shells and flashes where they were, hit points, the storm, and words on them."""

from math import cos, hypot, sin

import pytest

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.trajectory import decode_trajectory, untrack
from tests.arenas.games.harness import baseline, play, spec_named

SPEC = spec_named("coliseum/tank_duel-v1")
BLUE, ORANGE = "#2f7fc1", "#d4512b"


class Watched:
    """A recorder that remembers what really was there."""

    def __init__(self, adapter):
        self.recorder = recorder_for(adapter)
        self.frames = []

    def start(self, adapter):
        self.recorder.start(adapter)
        self.look(adapter)

    def turn(self, adapter, actor, label=None):
        self.recorder.turn(adapter, actor, label)
        self.look(adapter)

    def look(self, adapter):
        duel, left = adapter.environment.duel, adapter.environment.left
        tanks = [duel.tanks[left], duel.tanks[1 - left]]
        self.frames.append(
            (
                [(tank.x, tank.y, tank.angle + tank.turret) for tank in tanks],
                [(shell.x, shell.y) for shell in duel.shells],
                [tank.armour for tank in tanks],
                duel.radius,
                [event.kind for event in duel.events],
            )
        )


@pytest.fixture(scope="module", params=[(3, "gunner", "random"), (8, "random", "random")])
def recorded(request):
    seed, *names = request.param
    adapter = open_arena(SPEC)
    watched = Watched(adapter)
    play(adapter, [baseline(SPEC, name) for name in names], seed, watched)
    stored = watched.recorder.finish()
    assert len(stored) < 20_000
    return decode_trajectory(stored), watched.frames


def there(found, frame):
    """Return the bodies of a frame: shapes, seat and place."""
    for body in found["bodies"]:
        if body["from"] <= frame <= body["to"]:
            length, at = body["to"] - body["from"] + 1, frame - body["from"]
            place = tuple(untrack(body[axis], length)[at] for axis in ("x", "y", "angle"))
            yield body["shapes"], body["seat"], place


def test_tanks_turrets_and_shells_are_where_they_were(recorded):
    found, frames = recorded
    for frame in range(0, len(frames), 5):
        tanks, shells, *_ = frames[frame]
        bodies = list(there(found, frame))
        for seat, (x, y, gun) in enumerate(tanks):
            (hull,) = [place for _, owner, place in bodies if owner == seat]
            assert hull[:2] == pytest.approx((x, y), abs=6e-4)
            assert any(
                hypot(place[0] - x, place[1] - y) < 2e-3
                and (cos(place[2]), sin(place[2])) == pytest.approx((cos(gun), sin(gun)), abs=2e-3)
                for shapes, owner, place in bodies
                if owner is None and len(shapes) == 2
            )
        drawn = [place[:2] for shapes, _, place in bodies if shapes[0].get("r") == 0.12]
        assert sorted(drawn) == [pytest.approx(at, abs=6e-4) for at in sorted(shells)]


def test_hit_points_are_told_by_squares_and_the_storm_by_the_calm_that_is_left(recorded):
    found, frames = recorded
    for frame in range(0, len(frames), 5):
        _, _, armour, radius, _ = frames[frame]
        shapes = [shapes[0] for shapes, seat, _ in there(found, frame) if seat is None]
        for points, fill in zip(armour, (ORANGE, BLUE), strict=True):
            squares = sum(
                shape["fill"] == fill and len(shape["points"]) == 4
                for shape in shapes[1:]
                if "points" in shape
            )
            assert squares - 1 < max(points, 0) <= squares or (squares == 0 and points <= 0)
        calm = max(hypot(x, y) for x, y in shapes[0]["points"])
        assert calm == pytest.approx(min(radius, hypot(9, 7)), abs=2e-3)


def test_what_happens_is_said_and_the_end_too(recorded):
    found, frames = recorded
    for label, (*_, kinds) in zip(found["labels"], frames, strict=True):
        assert ("fires" in label) == ("fire" in kinds)
        assert ("ricochet" in label) == ("ricochet" in kinds)
        assert ("is hit in the" in label) == bool({"front", "side", "rear"} & set(kinds))
    assert "fires" in "".join(found["labels"])
    last = [untrack(track, len(frames))[-1] for track in found["rewards"]]
    assert found["labels"][-1].startswith(f"{'Orange' if last[0] > 0 else 'Blue'} wins")


def test_a_body_that_stays_is_one_body_and_what_is_over_others_is_drawn_over_them(recorded):
    found, frames = recorded
    bodies = found["bodies"]
    hulls = [body for body in bodies if body["seat"] is not None]
    assert [(body["from"], body["to"]) for body in hulls] == [(0, len(frames) - 1)] * 2
    flashes = [index for index, body in enumerate(bodies) if body["shapes"][0]["fill"] == "#ffb224"]
    assert flashes
    assert min(flashes) > max(bodies.index(body) for body in hulls)
    assert all(bodies[index]["to"] - bodies[index]["from"] < 12 for index in flashes)
    assert found["bounds"] == [-10, -8, 10, 8]
    assert len(found["static"]) == 1
