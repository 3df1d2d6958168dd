"""What a match of a social dilemma tells of its society."""

import numpy as np

from arenas import registry
from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from coliseum import storage
from coliseum.matches.models import Episode
from tests.platform.pages.conftest import text_of


def drawn_harvest(turns=40):
    """Return the stored trajectory of some turns of random play."""
    adapter = open_arena(registry.get("coliseum/harvest-v1"))
    adapter.reset(3)
    recorder = recorder_for(adapter)
    recorder.start(adapter)
    rng = np.random.default_rng(1)
    for _ in range(turns):
        adapter.step({asked.seat: adapter.random_action(asked.seat, rng) for asked in adapter.asked()})
        recorder.turn(adapter, -1)
    return sum(adapter.rewards), recorder.finish()


def keep(match, drawn, arena="coliseum/harvest-v1"):
    match.competition.arena = arena
    match.competition.save()
    Episode.objects.filter(match=match, index=0).update(trajectory=drawn)


def test_a_match_of_a_dilemma_tells_how_much_how_equally_and_until_when(browser, match):
    earned, content = drawn_harvest()
    keep(match, storage.put_trajectory(match.pk, 0, content))
    text = text_of(browser().get(f"/matches/{match.pk}/"))
    assert f"Collective return {earned:.0f}" in text or f"Collective return {earned:.2f}" in text
    assert "Equality" in text
    assert "Sustainability" in text


def test_other_matches_tell_nothing_of_the_kind(browser, match):
    assert "The society of this episode" not in text_of(browser().get(f"/matches/{match.pk}/"))


def test_a_trajectory_that_is_lost_or_damaged_only_leaves_the_measures_out(browser, match):
    for stored in ("0" * 64, storage.put_trajectory(match.pk, 0, b"no trajectory at all")):
        keep(match, stored)
        page = browser().get(f"/matches/{match.pk}/")
        assert page.status_code == 200
        assert "The society of this episode" not in text_of(page)
