"""Pages of seasons and finals: what everybody reads, what an owner names, what a host does."""

import subprocess
import sys
from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.competitions.models import Phase
from coliseum.competitions.phases import announce_final
from coliseum.competitions.queries import final_of, open_phase_of
from coliseum.leaderboards.services import rate_phase
from coliseum.league import conductor
from coliseum.league.dispatch import match_spec
from coliseum.league.seasons import close_season
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, schedule_matches
from coliseum.submissions.models import Contender
from tests.platform.conftest import result_of
from tests.platform.pages.conftest import text_of
from workers.spec import MatchKind

ROOT = "/competitions/c4"


@pytest.fixture
def final(competition, submission, rival):
    """Return an announced final of a competition with two agents."""
    return announce_final(
        competition=competition, actor=None, naming_ends_at=clock.now() + timedelta(days=3), options={}
    )


@pytest.fixture
def begun(final):
    """Return that final under way."""
    Phase.objects.filter(pk=final.pk).update(naming_ends_at=clock.now())
    conductor.tick()
    final.refresh_from_db()
    return final


def test_the_list_shows_seasons_and_the_hall_of_fame(browser, competition, match):
    rate_phase(phase=open_phase_of(competition))
    assert "Season 1 open" in text_of(browser().get(f"{ROOT}/phases"))
    assert "Nobody yet" in text_of(browser().get(f"{ROOT}/phases"))
    close_season(competition=competition, actor=None)
    conductor.tick()
    page = text_of(browser().get(f"{ROOT}/phases"))
    assert "Season 1 closed" in page
    assert "First in Ended four-seasons" in page or "First in Ended column-three" in page
    assert "Nobody yet" not in page


def test_the_commit_is_shown_at_once_and_the_secret_only_at_the_end(browser, competition, match):
    phase = open_phase_of(competition)
    page = browser().get(f"{ROOT}/phases/public-1").content.decode()
    assert phase.seed_commit in page
    assert phase.seed_secret not in page
    close_season(competition=competition, actor=None)
    conductor.tick()
    assert phase.seed_secret in browser().get(f"{ROOT}/phases/public-1").content.decode()


def test_the_proof_on_the_page_runs_and_finds_the_seed(browser, competition, submission, rival, tmp_path):
    schedule_matches(competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, rival))])
    (match,) = claim_batch(limit=1)
    dealt = match_spec(match).episodes
    result = result_of(match)
    episodes = tuple(
        type(each)(**{name: getattr(each, name) for name in each.__struct_fields__} | {"seed": dealt[0].seed})
        for each in result.episodes
    )
    record_results([result_of(match, episodes=episodes)])
    close_season(competition=competition, actor=None)
    conductor.tick()
    page = browser().get(f"{ROOT}/phases/public-1").context["proof"]
    assert f"assert seed == {dealt[0].seed}" in page
    proof = tmp_path / "proof.py"
    proof.write_text(page)
    assert subprocess.run([sys.executable, proof], check=False).returncode == 0
    proof.write_text(page.replace("seed == ", "seed == 1"))
    assert subprocess.run([sys.executable, proof], check=False, capture_output=True).returncode == 1


def test_an_owner_names_finalists_on_the_page(browser, ann, eve, final, submission):
    page = text_of(browser(ann).get(f"{ROOT}/phases/final-1"))
    assert "You named none" in page
    assert "Your finalists" not in text_of(browser().get(f"{ROOT}/phases/final-1"))
    answer = browser(ann).post(f"{ROOT}/phases/final-1/name", finalist=[submission.pk])
    assert answer["Location"] == f"{ROOT}/phases/final-1"
    assert Contender.objects.get(phase=final).named_by == ann
    assert "These are yours" in text_of(browser(ann).get(f"{ROOT}/phases/final-1"))
    answer = browser(eve).post(f"{ROOT}/phases/final-1/name", finalist=[submission.pk])
    assert answer.status_code == 404
    assert "final.not_yours" in answer.content.decode()


def test_a_locked_competition_says_so_where_agents_are_submitted(browser, ann, final):
    assert "final.locked" in text_of(browser(ann).get(f"{ROOT}/submit"))


def test_an_owner_withdraws_only_the_own_finalist(browser, ann, eve, begun, submission, rival):
    address = f"{ROOT}/phases/final-1/withdraw"
    answer = browser(eve).post(address, submission=submission.pk, reason="I want to win.")
    assert (answer.status_code, "final.no_finalist" in answer.content.decode()) == (404, True)
    answer = browser(ann).post(address, submission=submission.pk, reason="")
    assert (answer.status_code, "request.bad_field" in answer.content.decode()) == (400, True)
    browser(ann).post(address, submission=submission.pk, reason="It has a bug.")
    assert "It has a bug." in text_of(browser().get(f"{ROOT}/phases/final-1"))
    assert begun.contenders.get(submission=submission).withdrawn_at


def test_a_host_closes_a_season_and_opens_the_next(browser, host, competition):
    visitor = browser(host)
    answer = visitor.post(f"{ROOT}/host/phases/act", act="close", opens_next="on")
    assert (answer.status_code, 'id="close_reason_error"' in answer.content.decode()) == (400, True)
    visitor.post(f"{ROOT}/host/phases/act", act="close", reason="Spring is over.", opens_next="on")
    assert open_phase_of(competition).title == "Season 2"
    assert "Spring is over." in text_of(browser().get(f"{ROOT}/log"))


def test_a_host_announces_moves_and_cancels_a_final(browser, host, competition):
    visitor = browser(host)
    fields = {"finalists_per_owner": "2", "prize_places": "3", "budget_episodes": "600"}
    for ends, shown in (("2001-01-01T00:00", "final.bad_setting"), ("", "announce_naming_ends_at_error")):
        answer = visitor.post(f"{ROOT}/host/phases/act", act="announce", naming_ends_at=ends, **fields)
        assert (answer.status_code, shown in answer.content.decode()) == (400, True)
    ends = f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    visitor.post(f"{ROOT}/host/phases/act", act="announce", naming_ends_at=ends, **fields)
    assert final_of(competition).state == "draft"
    ends = f"{clock.now() + timedelta(days=4):%Y-%m-%dT%H:%M}"
    visitor.post(f"{ROOT}/host/phases/act", act="move", naming_ends_at=ends, reason="A holiday.")
    assert f"{final_of(competition).naming_ends_at:%Y-%m-%dT%H:%M}" == ends
    assert visitor.post(f"{ROOT}/host/phases/act", act="declare").status_code == 409
    visitor.post(f"{ROOT}/host/phases/act", act="cancel", reason="Next year.")
    assert final_of(competition) is None
    assert visitor.post(f"{ROOT}/host/phases/act", act="dance").status_code == 400


@pytest.mark.parametrize("place", ["public-9", "final-1", "x" * 80, "public-1'"])
def test_a_phase_that_is_not_there_is_not_found(browser, competition, place):
    assert browser().get(f"{ROOT}/phases/{place}").status_code == 404
