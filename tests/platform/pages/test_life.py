"""Pages of an agent's life: suspension, exploits, and a host's own agents."""

import pytest

from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import rate_phase
from coliseum.league import gates
from coliseum.league.panel import advance_checks
from coliseum.matches.models import Match
from coliseum.matches.services import Plan, schedule_matches
from coliseum.submissions.models import Submission, Trial
from coliseum.submissions.suspensions import suspend_submission
from tests.platform.league.strengths import Table
from tests.platform.pages.conftest import text_of
from workers.spec import MatchKind


@pytest.fixture
def rated(competition, submission, rival):
    """Return the table of a competition whose two agents have a place on the board."""
    plans = [Plan(MatchKind.LEAGUE, (submission, rival)) for _ in range(5)]
    schedule_matches(competition=competition, plans=plans)
    table = Table({submission.pk: 0.0, rival.pk: 100.0})
    table.play()
    rate_phase(phase=shown_phase(competition))
    return table


def test_the_owner_is_told_of_a_suspension_and_asks_for_another_validation(browser, ann, submission):
    suspend_submission(submission=submission)
    visitor = browser(ann)
    address = f"/submissions/{submission.pk}/"
    assert "This agent is suspended" in text_of(visitor.get(address))
    assert "suspended" in text_of(visitor.get("/my-agents/"))
    visitor.post(f"{address}retry")
    assert Match.objects.filter(kind="validation", reason="validation again").count() == 1
    assert "It can be validated again in" in text_of(visitor.get(address))
    visitor.post(f"{address}retry")
    assert "submission.retried_today" in text_of(visitor.get(address)) or (
        Match.objects.filter(kind="validation", reason="validation again").count() == 1
    )


def test_an_owner_enters_an_exploiter_and_the_target_page_tells(browser, ann, rated, submission, rival):
    visitor = browser(ann)
    page = text_of(visitor.get(f"/submissions/{submission.pk}/"))
    assert "Exploiter bounty" in page
    visitor.post(f"/submissions/{submission.pk}/exploit", target=submission.pk)
    assert not Trial.objects.exists()
    visitor.post(f"/submissions/{submission.pk}/exploit", target=rival.pk)
    assert Trial.objects.get().opponent == rival
    rated.elo[submission.pk] = 500.0
    for _ in range(30):
        gates.advance_trials()
        rated.play()
    assert "it beats it" in text_of(browser().get("/competitions/c4/exploiters"))
    assert "Worst opponents: exploiters four-seasons v1" in text_of(browser().get(f"/agents/{rival.pk}/"))
    assert "entered exploiter" in text_of(browser().get("/competitions/c4/log"))


def test_the_hosts_page_changes_roles_and_shows_gaps(browser, host, rated, submission, rival):
    rival.entry.team.members.add(host)
    address = "/competitions/c4/host/panel"
    visitor = browser(host)
    answer = visitor.post(address, submission=submission.pk, role="holdout")
    assert (answer.status_code, "role.not_yours" in answer.content.decode()) == (403, True)
    visitor.post(address, submission=rival.pk, role="holdout")
    assert browser().get(f"/agents/{rival.pk}/").status_code == 404
    visitor.post(address, act="check")
    rated.play()
    advance_checks()
    assert "Gaps, the largest first Agent Gap 95 % Episodes four-seasons v1" in text_of(visitor.get(address))
    visitor.post(address, submission=rival.pk, role="main")
    assert Submission.objects.get(pk=rival.pk).is_active
