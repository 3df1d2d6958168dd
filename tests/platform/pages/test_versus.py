"""Head to head, trials on the submission's page, and the wish to play only if better."""

import pytest

from coliseum.league import gates
from coliseum.matches.services import Plan, schedule_matches
from coliseum.submissions.models import Purpose, Submission, Trial
from coliseum.submissions.services import accept_upload
from coliseum.submissions.trials import open_trial
from tests.platform.conftest import make_ready, upload_of
from tests.platform.league.strengths import Table
from tests.platform.pages.conftest import text_of
from workers.spec import MatchKind


@pytest.fixture
def second(entry, ann, submission, tmp_path, agent_source):
    """Return the team's second agent, which waits for its gate."""
    upload = upload_of(agent_source + b"# two\n", tmp_path, only_if_better=True)
    return make_ready(accept_upload(entry=entry, user=ann, upload=upload)[0])


def test_two_agents_that_never_met_may_not_be_told_apart(browser, competition, submission, rival):
    page = text_of(browser().get(f"/competitions/c4/versus?a={submission.pk}&b={rival.pk}"))
    assert "Nobody may be called better yet." in page
    assert "They have not met yet." in page


def test_a_claim_is_made_once_it_is_sure(browser, competition, submission, rival):
    plans = [Plan(MatchKind.LEAGUE, (submission, rival)) for _ in range(60)]
    schedule_matches(competition=competition, plans=plans)
    Table({submission.pk: 300.0, rival.pk: 0.0}).play()
    page = text_of(browser().get(f"/competitions/c4/versus?a={rival.pk}&b={submission.pk}"))
    assert "four-seasons v1 beats column-three v1: shown after" in page
    assert "60" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?a={a}", 200),
        ("?a={a}&b={a}", 400),
        ("?a=x&b={a}", 400),
        ("?a=" + "0" * 18, 404),
        ("?a={a}&sort=1", 400),
    ],
)
def test_a_bad_pair_is_refused(browser, competition, submission, query, status):
    answer = browser().get("/competitions/c4/versus" + query.format(a=submission.pk))
    assert answer.status_code == status


def test_an_agent_of_another_competition_is_not_found(browser, competition, submission, draft):
    assert browser().get(f"/competitions/secret-cup/versus?a={submission.pk}").status_code == 404


def test_a_held_result_is_not_among_the_meetings(browser, competition, submission, rival):
    plans = [Plan(MatchKind.TOURNAMENT, (submission, rival), is_held=True) for _ in range(3)]
    schedule_matches(competition=competition, plans=plans)
    Table({submission.pk: 300.0, rival.pk: 0.0}).play()
    page = text_of(browser().get(f"/competitions/c4/versus?a={rival.pk}&b={submission.pk}"))
    assert "They have not met yet." in page


def test_the_owner_sees_the_gate_and_what_hangs_on_it(browser, ann, second, submission):
    assert not second.is_active
    page = text_of(browser(ann).get(f"/submissions/{second.pk}/"))
    assert "Better than four-seasons v1 ? open" in page
    assert "0 of 800" in page
    assert "It goes into play if it is better." in page
    table = Table({second.pk: 400.0, submission.pk: 0.0})
    for _ in range(40):
        gates.advance_trials()
        table.play()
    page = text_of(browser(ann).get(f"/submissions/{second.pk}/"))
    assert "Better than four-seasons v1 ? better" in page
    assert "of the points" in page


def test_the_wish_is_taken_from_the_form(browser, ann, entry, submission, agent_source, tmp_path):
    path = tmp_path / "agent.py"
    path.write_bytes(agent_source + b"# three\n")
    with path.open("rb") as file:
        browser(ann).post("/competitions/c4/submit", file=file, only_if_better="on")
    assert Submission.objects.get(number=2).only_if_better


def test_at_the_cap_only_what_replaces_another_is_taken(
    browser, ann, entry, submission, agent_source, tmp_path
):
    entry.competition.active_submissions = 1
    entry.competition.save()
    answers = []
    for number, wish in ((1, {}), (2, {"only_if_better": "on"})):
        path = tmp_path / "agent.py"
        path.write_bytes(agent_source + b"# %d\n" % number)
        with path.open("rb") as file:
            answers.append(browser(ann).post("/competitions/c4/submit", file=file, **wish).status_code)
    assert answers == [409, 302]


def test_a_trial_is_opened_once(second, submission):
    open_trial(submission=second, opponent=submission, purpose=Purpose.GATE)
    assert Trial.objects.count() == 1
