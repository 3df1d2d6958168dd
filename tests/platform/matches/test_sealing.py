"""Seeds that others will still play stay unknown, whichever door is asked."""

import pytest

from coliseum.competitions.services import create_competition, move_competition
from coliseum.matches.models import Episode, Match
from coliseum.matches.queries import is_sealed
from coliseum.matches.replays import replay_file
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def common(match: Match) -> Match:
    """A finished match, as if it had been played on a scenario that everybody plays."""
    Match.objects.filter(pk=match.pk).update(scenario="common-3")
    Episode.objects.filter(match=match).update(seed=1_234_567_891)
    match.refresh_from_db()
    return match


def test_a_match_of_its_own_scenario_is_open(match: Match) -> None:
    assert not is_sealed(match)
    assert replay_file(match)["episodes"][0]["seed"] >= 0


def test_the_replay_of_a_common_scenario_is_kept_until_the_competition_closes(common: Match, host) -> None:
    with pytest.raises(RefusedError) as caught:
        replay_file(common)
    assert caught.value.code == "match.sealed"
    move_competition(competition=common.competition, to="closed", actor=host)
    assert replay_file(common)["episodes"]


def test_no_page_and_no_answer_names_its_seed(common: Match, client_of, ann, eve) -> None:
    seeds = [str(seed) for seed in Episode.objects.filter(match=common).values_list("seed", flat=True)]
    addresses = [
        f"/matches/{common.pk}/",
        f"/api/v1/matches/{common.pk}",
        f"/api/v1/matches/{common.pk}/replay",
    ]
    for person in (ann, eve):
        for address in [*addresses, f"/matches/{common.pk}/replay.json"]:
            answer = client_of(person).get(address)
            text = answer.content.decode()
            assert not [seed for seed in seeds if seed in text], address


def test_a_new_competition_has_seeds_of_its_own(host) -> None:
    made = [
        create_competition(host=host, slug=slug, title=slug, arena="CartPole-v1") for slug in ("one", "two")
    ]
    assert made[0].seed_secret != made[1].seed_secret
