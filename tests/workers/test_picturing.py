"""Pictures of an episode: made by a child that plays it again, with an end to everything."""

import io

import numpy as np
import pytest
from PIL import Image

from arenas import pictures, registry
from arenas.adapters import open_arena
from arenas.codec import compile_codec
from arenas.pictures import PicturesError, make_pictures, turn_ms
from arenas.replay import ActionLog, EpisodeRecorder, encode_log
from workers.picturing import PicturesSpec, picture_episode


def played(name, seed=5):
    """Return the log and the digest of an episode at random."""
    spec = registry.get(name)
    adapter = open_arena(spec)
    adapter.reset(seed)
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    recorder, rng = EpisodeRecorder(spec, seed, codecs), np.random.default_rng(0)
    while not adapter.is_over:
        actions = {asked.seat: adapter.random_action(asked.seat, rng) for asked in adapter.asked()}
        adapter.step(actions)
        encoded = {seat: codecs[seat].encode(action) for seat, action in actions.items()}
        recorder.add_turn(encoded, adapter.rewards)
    adapter.close()
    return recorder.log, recorder.finish(truncated=adapter.truncated, forfeits={})


@pytest.fixture(scope="module")
def pole() -> tuple[ActionLog, str]:
    return played("CartPole-v1")


def spec_of(pole, **changes):
    log, digest = pole
    content = {"match": "m", "index": 1, "arena": "CartPole-v1", "seed": 5, "actions": encode_log(log)}
    return PicturesSpec(**content | {"digest": digest} | changes)


def test_a_child_makes_the_pictures(pole):
    result = picture_episode(spec_of(pole))
    assert (result.match, result.index, result.problem) == ("m", 1, "")
    image = Image.open(io.BytesIO(result.pictures))
    assert (image.format, image.size) == ("WEBP", (300, 200))
    assert image.n_frames > 5
    assert result.seconds > 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"actions": b"nonsense"}, "no action log"),
        ({"arena": "chequers-v1"}, "chequers-v1"),
        ({"digest": "0" * 32}, "played out otherwise"),
        ({"arena": "spiel_go_9x9-v1"}, "render no pictures"),
    ],
)
def test_what_cannot_be_drawn_says_why(pole, changes, words):
    result = picture_episode(spec_of(pole, **changes))
    assert result.pictures == b""
    assert words in result.problem


def test_a_child_that_takes_too_long_is_ended(pole):
    result = picture_episode(spec_of(pole), seconds=0.05)
    assert result.problem == "It took longer than 0.05 s."


def test_a_long_episode_is_shown_in_every_nth_turn_and_to_its_end(pole, monkeypatch):
    log, digest = pole
    monkeypatch.setattr(pictures, "MOST_PICTURES", 5)
    made = make_pictures(registry.get("CartPole-v1"), seed=5, log=log, forfeits={}, digest=digest)
    image = Image.open(io.BytesIO(made))
    stride = -(-(log.turns + 1) // 5)
    lasted = []
    for number in range(image.n_frames):
        image.seek(number)
        image.load()
        lasted.append(image.info["duration"])
    # CartPole runs at 50 frames a second: a turn lasts 20 ms, in the file as in the player.
    assert sum(lasted) == 20 * (log.turns + 1)
    assert lasted[0] == 20 * stride
    assert len(lasted) <= 6


def test_pictures_that_take_too_many_bytes_are_refused(pole, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    with pytest.raises(PicturesError, match="even at low quality"):
        make_pictures(registry.get("CartPole-v1"), seed=5, log=pole[0], forfeits={})


@pytest.mark.parametrize(("fps", "ms"), [(10, 100), (30, 33), (80, 13), (1000, 8), (0.5, 2000)])
def test_a_turn_lasts_whole_milliseconds(fps, ms):
    assert turn_ms(fps) == ms
