"""Whatever a format says of a pairing, a place or a result is said in the language of the page."""

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from coliseum.pages import tournament_whys
from coliseum.pages.tournament_whys import explained, round_label
from tests.workers.league.formats.test_any_format import ANY_STAGE, SEEDS, chance_season
from workers.league.formats import DoubleElimination, SingleElimination


def whys_of(stage, field, history):
    rows = [*history.pairings, *stage.standings(field, history)]
    if isinstance(stage, SingleElimination | DoubleElimination):
        rows += stage.outlooks(field, history)
    return {row.why for row in rows} - {""}


@ANY_STAGE
@settings(max_examples=6, deadline=None)
@given(st.integers(2, 9), SEEDS, st.integers(0, 3))
def test_no_explanation_of_a_format_stays_english(stage, count, seed, leavers):
    field, path = chance_season(stage, count, seed, leavers)
    said = tournament_whys._
    with translation.override("de"):
        tournament_whys._ = lambda text: f"~{text}"
        try:
            for history in path:
                for why in whys_of(stage, field, history):
                    assert explained(why).startswith("~"), why
        finally:
            tournament_whys._ = said


def test_a_page_in_english_has_the_very_words_of_the_format():
    assert explained("Best of 3: 2-1.") == "Best of 3: 2-1."


def test_the_values_of_a_sentence_are_kept_and_an_unknown_one_is_left_as_it_is():
    with translation.override("de"):
        assert "2-1" in explained("Seed 1 against seed 4. Best of 3: 2-1.")
        assert explained("Best of 3: 2-1. The moon is full.") == "Best of 3: 2-1. The moon is full."


def test_rounds_of_a_bracket_keep_their_numbers():
    assert [round_label(each) for each in ("Round of 16", "Losers' round 3", "Semi-final", "Bye")] == [
        *("Round of 16", "Losers' round 3", "Semi-final", "Bye")
    ]
