"""The board as page, fragment and file."""

import csv
import io
import json
import re

import pytest

from coliseum import clock
from coliseum.competitions.queries import shown_phase
from coliseum.competitions.services import add_phase, open_phase
from coliseum.leaderboards.models import Plot, RatingChange, Snapshot, Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.pages.boards import as_csv, in_scale
from coliseum.submissions.models import Submission
from tests.platform.pages.conftest import text_of
from tests.platform.pages.plots import CONTENTS

BOARD = "/competitions/c4/leaderboard"


@pytest.fixture
def rated(match):
    """Return the board's snapshot after one match."""
    return rate_phase(phase=shown_phase(match.competition))


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
    assert "4 (3-7) four-seasons v1 yours provisional 1 forfeit Four Seasons 1524 ± 40" in text
    assert "3 won 1 drawn 2 lost" in text
    assert "computed from 1 rated match, now" in text


def test_the_fragment_is_rendered_once_for_all_and_anew_after_a_fit_or_for_whoever_has_rows_in_it(
    browser, ann, rated, django_assert_max_num_queries
):
    fragment = "/competitions/c4/standings"
    first = browser().get(fragment).content
    with django_assert_max_num_queries(3):
        assert browser().get(fragment).content == first
    assert b"yours" in browser(ann).get(fragment).content
    Standing.objects.update(rating=1777.0, low=1700.0, high=1800.0)
    assert browser().get(fragment).content == first
    Snapshot.objects.update(computed_at=clock.now())
    assert b"1777" in browser().get(fragment).content


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
    with django_assert_max_num_queries(13):
        visitor.get(BOARD)
    with django_assert_max_num_queries(9):
        visitor.get("/competitions/c4/standings")


def test_the_history_of_an_agent_is_a_plot_with_a_table(browser, submission, rated):
    for matches in range(10, 2000, 10):
        RatingChange.objects.create(
            phase=rated.phase, submission=submission, matches=matches, rank=2,
            rating=1500 + matches / 10, low=1400, high=1800,
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


@pytest.fixture
def several_views(rated):
    """Return the board's rows, with numbers for every view."""
    first, second = Standing.objects.filter(phase=rated.phase).order_by("rank")
    Standing.objects.filter(pk=first.pk).update(
        field_rate=0.41, nash=0.0, worst_opponent=second.submission, worst_rate=0.31, p_best=0.8,
        roles=[{"role": "wolf", "rating": 1400.0, "low": 1350.0, "high": 1450.0}],
    )  # fmt: skip
    Standing.objects.filter(pk=second.pk).update(
        field_rate=0.59, nash=1.0, band=1, episodes_to_next=340.2, flags=["strange_pair", "few_opponents"],
        roles=[{"role": "wolf", "rating": 1600.0, "low": 1550.0, "high": 1650.0}],
    )  # fmt: skip
    return first.submission, second.submission


def order_on(page):
    """Return the names of the agents as the board lists them."""
    return re.findall(r'class="agent" href="[^"]*">([^<]*)<', page)


def test_a_row_tells_field_rate_chance_and_worst_opponent(browser, several_views):
    text = text_of(browser().get(BOARD))
    assert "41 % 80 %" in text
    assert f"31 % against {several_views[1].name} v1" in text


def test_a_row_tells_how_much_longer_it_takes_to_know(browser, several_views):
    page = browser().get(BOARD).content.decode()
    assert "About 340 more episodes of each to tell it from the one above." in page
    assert 'class="rank-2 band-start"' in page or "band-start" in page


@pytest.mark.parametrize(
    ("view", "shown"),
    [("field", "59 %"), ("nash", "100 %"), ("role-wolf", "1600 ± 50")],
)
def test_the_board_can_be_ordered_otherwise(browser, several_views, view, shown):
    first, second = (each.name for each in several_views)
    by_rating = browser().get(BOARD).content.decode()
    answer = browser().get(f"{BOARD}?view={view}")
    assert order_on(by_rating) == [first, second]
    assert order_on(answer.content.decode()) == [second, first]
    assert shown in text_of(answer)


def test_a_view_the_board_does_not_have_is_refused(browser, rated):
    assert browser().get(f"{BOARD}?view=role-wolf").status_code == 400


def test_where_styles_beat_each_other_in_circles_the_field_rate_comes_first(browser, several_views):
    Snapshot.objects.update(parameters={"intransitivity": 140.0})
    answer = browser().get(BOARD)
    assert order_on(answer.content.decode())[0] == several_views[1].name
    assert "by 140 points between two agents" in text_of(answer)
    assert order_on(browser().get(f"{BOARD}?view=rating").content.decode())[0] == several_views[0].name


def test_flags_are_chips_and_reasons_of_provisional_rows_their_titles(browser, several_views):
    page = browser().get(BOARD).content.decode()
    assert "strange pair" in page
    assert 'title="It has met fewer than 6 different agents."' in page


def test_the_fragment_keeps_the_view_of_the_page(browser, several_views):
    page = browser().get(f"{BOARD}?view=field").content.decode()
    assert 'data-live-url="/competitions/c4/standings?view=field"' in page
    fragment = browser().get("/competitions/c4/standings?view=field").content.decode()
    assert order_on(fragment)[0] == several_views[1].name


def test_a_closed_season_keeps_its_board_beside_the_new_one(browser, rated, competition):
    open_phase(competition=competition, phase=add_phase(competition=competition))
    now = browser().get(BOARD)
    assert "No rated match yet" in text_of(now)
    assert "?phase=public-1" in now.content.decode()
    before = text_of(browser().get(f"{BOARD}?phase=public-1"))
    assert "four-seasons" in before
    assert "this board does not change any more" in before
    assert browser().get(f"{BOARD}?phase=public-9").status_code == 404


def test_a_plot_is_a_page_with_picture_table_and_file(browser, rated):
    agents = list(Standing.objects.order_by("rank").values_list("submission_id", flat=True))
    renamed = dict(zip(("agent-a", "agent-b"), agents, strict=True))
    sample = json.dumps(CONTENTS["ladder"])
    content = json.loads(re.sub("agent-[ab]", lambda found: renamed[found[0]], sample)) | {"matches": 12}
    for name, numbers in (("ladder", content), ("calibration", CONTENTS["calibration"])):
        Plot.objects.create(phase=rated.phase, name=name, content=numbers, computed_at=clock.now())
    assert "/competitions/c4/plots?phase=public-1" in browser().get(BOARD).content.decode()
    answer = browser().get("/competitions/c4/plots")
    assert "<svg" in answer.content.decode()
    assert "1612 1550 to 1675" in text_of(answer)
    assert "from 12 matches" in text_of(answer)
    other = browser().get("/competitions/c4/plots?plot=calibration")
    assert "280 results" in text_of(other)
    assert browser().get("/competitions/c4/plots?plot=ladder&format=json").json()["rows"] == content["rows"]


def test_a_board_without_plots_says_so(browser, competition):
    assert "No plot yet" in text_of(browser().get("/competitions/c4/plots"))
    assert browser().get("/competitions/c4/plots?plot=pie").status_code == 400
    assert browser().get("/competitions/c4/plots?plot=ladder").status_code == 404


def test_a_field_in_divisions_can_be_looked_at_one_by_one(browser, rated):
    _, second = Standing.objects.filter(phase=rated.phase).order_by("rank")
    assert "Division" not in text_of(browser().get(BOARD))
    Standing.objects.filter(pk=second.pk).update(division=1)
    page = browser().get(BOARD)
    assert "All Division 1 Division 2" in text_of(page)
    assert len(order_on(page.content.decode())) == 2
    shown = browser().get(f"{BOARD}?division=2").content.decode()
    assert order_on(shown) == [second.submission.name]
    assert 'data-live-url="/competitions/c4/standings?division=2"' in shown
    assert browser().get(f"{BOARD}?division=x").status_code == 400
