"""Finding an agent on the board, one's own rows, what moved since yesterday, and boards of past days."""

import datetime
from urllib.parse import quote

import pytest

from coliseum import clock
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards import studies
from coliseum.leaderboards.models import BoardDay, Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.matches.models import Seat
from tests.platform.pages.conftest import text_of

BOARD = "/competitions/c4/leaderboard"
FIRST = datetime.datetime(2026, 11, 20, 22, 0, tzinfo=datetime.UTC)


@pytest.fixture
def board(match, monkeypatch):
    """Return the phase of a board that was computed late on November 20th, and the way to another time."""

    def at(moment: datetime.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    at(FIRST)
    phase = shown_phase(match.competition)
    rate_phase(phase=phase)
    return phase, at


def test_the_last_board_of_a_day_is_kept_once_and_never_changes(board):
    phase, at = board
    ranked = list(
        Standing.objects.filter(phase=phase).order_by("rank").values_list("submission_id", flat=True)
    )
    at(FIRST + datetime.timedelta(hours=1))
    rate_phase(phase=phase)
    assert not BoardDay.objects.exists()
    at(FIRST + datetime.timedelta(hours=3))
    rate_phase(phase=phase)
    Standing.objects.filter(phase=phase).update(rating=0.0)
    rate_phase(phase=phase)
    kept = BoardDay.objects.get()
    assert kept.day == FIRST.date()
    assert [row[1] for row in kept.rows] == ranked
    assert kept.rows[0][2] > 0


def test_a_past_day_shows_its_board_and_says_when_nothing_changed_after_another(browser, board):
    phase, at = board
    at(FIRST + datetime.timedelta(days=3))
    assert "As it stood on" not in text_of(browser().get(BOARD))
    rate_phase(phase=phase)
    assert "As it stood on" in text_of(browser().get(BOARD))
    text = text_of(browser().get(f"{BOARD}?on=2026-11-20"))
    assert "end of 2026-11-20" in text
    assert "four-seasons v1" in text
    assert "Computed from 1 rated match." in text
    assert "Nothing changed after 2026-11-20." in text_of(browser().get(f"{BOARD}?on=2026-11-22"))
    assert "No board was kept on that day" in text_of(browser().get(f"{BOARD}?on=2026-11-19"))


@pytest.mark.parametrize("day", ["2026-11-23", "2027-01-01"])
def test_today_and_a_day_to_come_are_the_live_board(browser, board, day):
    _, at = board
    at(FIRST + datetime.timedelta(days=3))
    assert "computed from 1 rated match" in text_of(browser().get(f"{BOARD}?on={day}"))


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "20261120", "2026-11-20T00", "-1", "x" * 5000])
def test_what_is_no_day_is_refused(browser, board, day):
    answer = browser().get(f"{BOARD}?on={day}")
    assert answer.status_code == 400
    assert "a day as 2026-11-23" in text_of(answer)


def test_a_row_says_how_many_places_it_moved_since_the_day_before(browser, board):
    phase, at = board
    at(FIRST + datetime.timedelta(days=1))
    Standing.objects.filter(phase=phase, submission__name="four-seasons").update(rank=9)
    rate_phase(phase=phase)
    rank = Standing.objects.get(phase=phase, submission__name="four-seasons").rank
    page = browser().get(BOARD)
    assert f"up {9 - rank} places" in text_of(page)
    assert "compared with the last board of 2026-11-20" in page.content.decode()


@pytest.mark.parametrize(("text", "found"), [("FOUR", True), ("seasons", True), ("%", False), ("_", False)])
def test_an_agent_is_found_by_its_name_or_its_teams(browser, board, text, found):
    answer = browser().get(f"{BOARD}?q={quote(text)}")
    assert ("four-seasons" in text_of(answer)) == found
    assert ("Nobody of that name is on this board" in text_of(answer)) != found


def test_ones_own_agents_stand_on_top_of_a_page_they_are_not_on(browser, ann, eve, board, monkeypatch):
    monkeypatch.setattr("coliseum.pages.leaderboard.PER_PAGE", 1)
    phase, _ = board
    last = Standing.objects.filter(phase=phase).order_by("rank").last()
    owner = next(each for each in (ann, eve) if each.teams.filter(pk=last.submission.entry.team_id).exists())
    page = browser(owner).get(BOARD).content.decode()
    assert f'id="own-agent-{last.submission_id}"' in page
    assert "pinned" in page
    assert "pinned" not in browser(owner).get(f"{BOARD}?page=2").content.decode()
    assert "pinned" not in browser().get(BOARD).content.decode()


def test_a_row_tells_how_long_a_turn_takes(browser, board):
    phase, _ = board
    Seat.objects.filter(submission__name="four-seasons").update(
        usage={"step_quantiles": [0.001, 0.004, 0.0123, 0.02]}
    )
    studies.study_phase(phase=phase)
    assert "99 % of its turns take less 12 ms" in text_of(browser().get(BOARD))
