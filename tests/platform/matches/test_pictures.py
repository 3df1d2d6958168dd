"""Pictures on demand: asked for once, made by a worker, kept; too many at a time are refused."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.celery_app import app
from coliseum.league.picturing import keep_pictures, want_pictures
from coliseum.league.tasks import record_pictures as task
from coliseum.matches import pictures
from coliseum.matches.models import Pictures
from coliseum.matches.pictures import made_pictures, pictures_state
from coliseum.matches.queries import episode_of
from workers.picturing import PicturesResult
from workers.refusals import RefusedError


@pytest.fixture
def episode(match):
    return episode_of(match, 0)


@pytest.fixture
def sent(monkeypatch):
    """Return what went to the queue."""
    found = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_: found.append((name, args[0])))
    return found


def answer(episode, **changes):
    return PicturesResult(match=episode.match_id, index=episode.index, **changes)


def test_pictures_are_asked_for_once(episode, sent):
    assert pictures_state(episode).state == "absent"
    want_pictures(episode)
    want_pictures(episode)
    ((name, spec),) = sent
    assert name == "matches.pictures"
    assert (spec["match"], spec["index"], spec["seed"]) == (episode.match_id, 0, episode.seed)
    assert pictures_state(episode).state == "making"


def test_what_the_worker_made_is_kept(episode, sent):
    want_pictures(episode)
    keep_pictures(answer(episode, pictures=b"RIFF", seconds=2.5))
    assert pictures_state(episode).state == "ready"
    assert made_pictures(episode) == b"RIFF"
    # A second answer changes nothing, whatever it says.
    keep_pictures(answer(episode, problem="late"))
    assert made_pictures(episode) == b"RIFF"


def test_a_reason_is_kept_as_well(episode, sent):
    want_pictures(episode)
    keep_pictures(answer(episode, problem="It took longer than 60 s."))
    found = pictures_state(episode)
    assert (found.state, found.message) == ("failed", "It took longer than 60 s.")
    want_pictures(episode)
    assert len(sent) == 1


def test_nobody_can_send_pictures_that_were_not_asked_for(episode):
    keep_pictures(answer(episode, pictures=b"RIFF"))
    assert made_pictures(episode) is None


def test_what_was_never_answered_may_be_asked_for_again(episode, sent):
    want_pictures(episode)
    Pictures.objects.update(asked_at=clock.now() - pictures.PATIENCE - timedelta(seconds=1))
    assert pictures_state(episode).state == "absent"
    want_pictures(episode)
    assert len(sent) == 2


def test_only_so_many_are_made_at_a_time(match, sent, monkeypatch):
    monkeypatch.setattr(pictures, "AT_A_TIME", 1)
    want_pictures(episode_of(match, 0))
    with pytest.raises(RefusedError) as refused:
        want_pictures(episode_of(match, 1))
    assert refused.value.code == "rate.limited"
    keep_pictures(answer(episode_of(match, 0), pictures=b"RIFF"))
    want_pictures(episode_of(match, 1))


def test_the_next_guess_follows_from_what_was_made(match, sent):
    first, second = episode_of(match, 0), episode_of(match, 1)
    want_pictures(first)
    keep_pictures(answer(first, pictures=b"RIFF", seconds=10.0 * first.turns))
    assert pictures_state(second).seconds == 2 + 10 * second.turns


def test_lost_pictures_may_be_made_again(episode, sent, settings):
    want_pictures(episode)
    keep_pictures(answer(episode, pictures=b"RIFF"))
    (settings.MEDIA_ROOT / Pictures.objects.get().key).unlink()
    assert made_pictures(episode) is None
    assert pictures_state(episode).state == "absent"


def test_a_queue_that_is_down_is_said_at_once(episode, monkeypatch):
    def refuse(*_, **__):
        raise OSError("down")

    monkeypatch.setattr(app, "send_task", refuse)
    want_pictures(episode)
    assert "not reachable" in pictures_state(episode).message


def test_what_is_no_answer_is_dropped(episode, sent):
    want_pictures(episode)
    task({"match": 3})
    assert pictures_state(episode).state == "making"
    task({"match": episode.match_id, "index": 0, "pictures": "UklGRg=="})
    assert made_pictures(episode) == b"RIFF"
