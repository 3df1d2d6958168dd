"""What a finished match can be watched and verified from."""

import pytest

from arenas.thought import pack_levels
from arenas.trajectory import decode_trajectory
from coliseum import storage
from coliseum.matches.models import Episode
from coliseum.matches.queries import episode_of
from coliseum.matches.replays import replay_file, trajectory_of
from workers.refusals import RefusedError


def test_a_replay_file_holds_nothing_private(match):
    Episode.objects.filter(match=match).update(
        seats=[seat | {"evidence": "SECRET", "message": "SECRET"} for seat in match.episodes.first().seats]
    )
    made = replay_file(match)
    assert "SECRET" not in str(made)
    assert (made["format"], made["match"], len(made["episodes"])) == (1, match.pk, 2)


def test_there_is_no_replay_before_the_end(running):
    with pytest.raises(RefusedError, match="there is nothing to show yet") as refused:
        replay_file(running)
    assert refused.value.code == "match.not_ready"


def test_a_trajectory_is_the_stored_one(match):
    episode = episode_of(match, 0)
    assert trajectory_of(episode) == storage.read_trajectory(episode.trajectory)


def test_a_lost_trajectory_is_drawn_again_alike(match, settings):
    episode = episode_of(match, 1)
    stored = trajectory_of(episode)
    (settings.MEDIA_ROOT / episode.trajectory).unlink()
    assert trajectory_of(episode) == stored
    episode.trajectory = ""
    assert decode_trajectory(trajectory_of(episode))["turns"] == episode.turns


def test_damaged_actions_are_refused(match):
    Episode.objects.filter(match=match).update(actions=b"nonsense", trajectory="")
    with pytest.raises(RefusedError) as refused:
        trajectory_of(episode_of(match, 0))
    assert refused.value.code == "not_found"


def test_times_of_thought_go_with_an_episode_that_is_drawn_from_its_actions(match):
    episode = episode_of(match, 0)
    own = [(episode.turns + 1) // 2, episode.turns // 2]
    levels = [[40 + turn % 3 for turn in range(turns)] for turns in own]
    Episode.objects.filter(pk=episode.pk).update(trajectory="", thought=pack_levels(levels))
    assert decode_trajectory(trajectory_of(episode_of(match, 0)))["thought"] == levels


@pytest.mark.parametrize("packed", [b"", b"\xff" * 9, pack_levels([[1]]), pack_levels([[1] * 999, []])])
def test_times_that_do_not_fit_are_left_out(match, packed):
    Episode.objects.filter(match=match).update(trajectory="", thought=packed)
    assert "thought" not in decode_trajectory(trajectory_of(episode_of(match, 0)))
