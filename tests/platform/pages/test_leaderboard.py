"""The board as page, fragment and file."""

import csv
import io

import pytest

from coliseum import clock
from coliseum.leaderboards.models import RatingChange, Snapshot, Standing
from coliseum.leaderboards.services import rate_competition
from coliseum.pages.boards import as_csv, in_scale
from coliseum.submissions.models import Submission
from tests.platform.pages.conftest import text_of

BOARD = "/competitions/c4/leaderboard"


@pytest.fixture
def rated(match):
    """Return the board's snapshot after one match."""
    return rate_competition(competition=match.competition)


def test_an_empty_board_says_how_it_starts(browser, competition):
    text = text_of(browser().get(BOARD))
    assert "No rated match yet" in text
    assert "Submit an agent" in text


def test_a_row_tells_rank_range_agent_team_and_record(browser, ann, rated):
    Standing.objects.filter(submission__name="four-seasons").update(
        rank=4,
        rank_low=3,
        rank_high=7,
        rating=1524.4,
        low=1480,
        high=1560,
        wins=3,
        draws=1,
        losses=2,
        forfeits=1,
    )
    text = text_of(browser(ann).get(BOARD))
    assert "4 (3-7) four-seasons v1 yours provisional Four Seasons 1524 ± 40" in text
    assert "3 won 1 drawn 2 lost 1 forfeit" in text
    assert "Computed from 1 rated match, now" in text


def test_only_ones_own_rows_are_marked(browser, eve, rated):
    assert (
        browser(eve).get(BOARD).content.decode().count('class="rank-1 mine"')
        + browser(eve).get(BOARD).content.decode().count('class="rank-2 mine"')
        == 1
    )
    assert "yours" not in text_of(browser().get(BOARD))


def test_the_fragment_is_the_board_alone(browser, rated):
    page = browser().get("/competitions/c4/standings").content.decode()
    assert 'id="standings"' in page
    assert 'data-live-url="/competitions/c4/standings"' in page
    assert "<html" not in page


def test_the_board_as_csv_and_json(browser, rated):
    answer = browser().get(f"{BOARD}?format=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="c4-leaderboard.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    told = browser().get(f"{BOARD}?format=json").json()
    assert told["matches"] == 1
    assert [row["agent"] for row in rows] == [row["agent"] for row in told["standings"]]


def test_a_formula_is_no_formula_in_the_csv(rated):
    Submission.objects.filter(name="four-seasons").update(name="=1+1")
    standings = list(Standing.objects.select_related("submission__entry__team"))
    assert ",'=1+1," in as_csv(standings)


@pytest.mark.parametrize(("width", "text"), [(480.0, "3.1"), (50.0, "3.14"), (0.5, "3.142")])
def test_scores_have_the_decimals_their_differences_need(width, text):
    assert in_scale(width)(3.14159) == text


def test_the_board_asks_as_often_for_many_rows_as_for_few(browser, ann, rated, django_assert_max_num_queries):
    visitor = browser(ann)
    visitor.get(BOARD)
    with django_assert_max_num_queries(12):
        visitor.get(BOARD)
    with django_assert_max_num_queries(8):
        visitor.get("/competitions/c4/standings")


def test_the_history_of_an_agent_is_a_plot_with_a_table(browser, submission, rated):
    for matches in range(10, 2000, 10):
        RatingChange.objects.create(
            submission=submission, matches=matches, rating=1500 + matches / 10, low=1400, high=1800, rank=2,
            at=clock.now(),
        )  # fmt: skip
    answer = browser().get(f"/agents/{submission.pk}/")
    page = answer.content.decode()
    assert "<polyline" in page
    assert "after 1,990, rank 2." in text_of(answer)
    assert "style=" not in page


def test_an_agent_without_standing_says_so(browser, submission):
    assert "Not rated yet" in text_of(browser().get(f"/agents/{submission.pk}/"))
    assert not Snapshot.objects.exists()
