"""What the season's page says: the board as it is, and plainly if a ledger did not give it again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coliseum.competitions.models import Competition
from coliseum.leaderboards.models import Snapshot
from tests.season.evidence import Outcome, Rerating
from tests.season.report import document

ROW = {
    **{"rank": 1, "rank_low": 1, "rank_high": 2, "agent": "ann", "owner": "team-ann", "rating": 1612.4},
    **{"low": 1552.4, "high": 1672.4, "field_rate": 0.61, "p_best": 0.8, "matches": 40, "opponents": 9},
    **{"forfeits": 2, "worst": "bob", "worst_rate": 0.43, "provisional": False},
}
BIN = {"from": 0.5, "to": 0.6, "predicted": 0.55, "observed": 0.54, "low": 0.5, "high": 0.58, "results": 600}


@pytest.fixture
def outcome() -> Outcome:
    """Return a season of one arena whose ledger gave its board again."""
    return Outcome(
        competition=Competition(slug="noughts", title="Noughts, one season", arena="tictactoe-v3"),
        snapshot=Snapshot(matches=400, parameters={"sigma0": 1.0, "kappa": 0.9, "tau": 0.1}),
        rows=[ROW],
        suspended=("eve",),
        calibration={"bins": [BIN], "results": 600, "log_loss": 0.601, "log_loss_coin": 0.693},
        matches=400,
        episodes=800,
        turns=6400,
        forfeits=2,
        failed=0,
        rerating=Rerating(450, 90_000, "a" * 64, "b" * 64, is_same_digest=True, numbers=8, differences=()),
    )


def page(outcome: Outcome) -> str:
    began = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    return document([outcome], [], began=began, minutes=12.0, pictures=["noughts-board.jpg", "other.jpg"])


def test_the_page_shows_a_board_with_its_uncertainty_and_the_calibration(outcome):
    text = page(outcome)
    assert "| 1 (1-2) | ann | team-ann | 1612 | 60 | 61 % | 80 % | 40 | 9 | 2 | bob (43 %) |" in text
    assert "| 0.550 | 0.540 | 0.500 to 0.580 | 600 |" in text
    assert "![Noughts board](season/noughts-board.jpg)" in text
    assert "other.jpg" not in text
    assert "without a place: eve." in text
    assert "all 8 numbers and the digest `bbbbbbbbbbbbbbbb…` are equal" in text


@pytest.mark.parametrize(
    "changes",
    [{"is_same_digest": False}, {"differences": ("ann: rating 1612.4 on the board, 1612.5 offline",)}],
)
def test_a_ledger_that_gives_another_board_is_not_called_equal(outcome, changes):
    text = page(replace(outcome, rerating=replace(outcome.rerating, **changes)))
    assert "**not equal**" in text
    assert "bit for bit" not in text
    assert "| **no** |" in text
