"""Every format from its first round to its champion, with recorded results."""

import pytest

from coliseum.matches.models import Match, MatchState
from coliseum.tournaments.history import read_course
from coliseum.tournaments.models import PairedMatch, Pairing, Tournament, TournamentState
from coliseum.tournaments.queries import tournaments_to_advance
from tests.platform.tournaments.playing import (
    all_draw,
    all_forfeit,
    better_wins,
    enter_agents,
    names_of,
    play_all,
    play_batch,
    started,
)
from workers.league.formats.extents import extent_of

pytestmark = pytest.mark.django_db

FORMATS = {
    "round_robin": {},
    "swiss": {},
    "single_elimination": {"best_of": 3},
    "double_elimination": {"best_of": 3},
    "groups_and_knockout": {"groups": 2, "cut": 4, "best_of": 3},
    "swiss_and_cut": {"rounds": 3, "cut": 4, "best_of": 3},
}


def table_of(tournament: Tournament) -> list[tuple[int, str]]:
    names = names_of(tournament)
    return [(row.place, names[row.entry]) for row in read_course(tournament).standings()]


@pytest.mark.parametrize("count", [2, 3, 5, 8])
@pytest.mark.parametrize("form", FORMATS)
def test_the_best_agent_wins_and_everybody_has_a_place(noughts, form, count):
    agents = enter_agents(noughts, count)
    tournament = started(noughts, form, options=FORMATS[form], seeding="draw")
    played = play_all()
    tournament.refresh_from_db()
    table = table_of(tournament)
    assert tournament.state == TournamentState.FINISHED
    assert table[0] == (1, "Agent 001")
    assert sorted(name for _, name in table) == [agent.name for agent in agents]
    extent = extent_of(read_course(tournament).plan, count)
    assert extent.least_matches <= played <= extent.most_matches
    assert tournaments_to_advance() == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("referee", [all_draw, all_forfeit])
def test_a_tournament_ends_where_every_match_is_level(noughts, form, referee):
    enter_agents(noughts, 6)
    tournament = started(noughts, form, options=FORMATS[form])
    play_all(referee)
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED
    table = read_course(tournament).standings()
    assert len(table) == 6
    if "elimination" in form:
        # Four extra matches each, then the better seed.
        assert table[0].entry == tournament.stages.get().entries[0]
        longest = max(Pairing.objects.all(), key=lambda row: row.paired.count())
        assert longest.paired.count() == 3 + 4


def test_tables_of_four_seat_everybody(cards):
    enter_agents(cards, 10)
    tournament = started(cards, "tables", options={"rounds": 3})
    play_all()
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED
    sizes = [len(row.lineup) for row in Pairing.objects.filter(round=1)]
    assert sorted(sizes) == [1, 1, 4, 4]
    points = {len(paired.points) for paired in PairedMatch.objects.all()}
    assert points == {4}
    assert len(table_of(tournament)) == 10


def test_the_best_wins_where_nobody_sits_out(cards):
    enter_agents(cards, 8)
    tournament = started(cards, "tables", options={"rounds": 3, "by_score": True})
    play_all()
    assert table_of(tournament)[0] == (1, "Agent 001")


def test_byes_are_stored_with_their_reason_and_without_a_match(noughts):
    enter_agents(noughts, 5)
    tournament = started(noughts, "swiss")
    (bye,) = [row for row in Pairing.objects.all() if len(row.lineup) == 1]
    assert bye.label == "Bye"
    assert bye.why
    assert not bye.paired.exists()
    assert Match.objects.count() == 2
    assert tournament.stages.get().pairings.count() == 3


def test_a_pairing_of_several_matches_swaps_the_lineup(noughts):
    enter_agents(noughts, 2)
    started(noughts, "round_robin", options={"matches": 2})
    play_batch()
    first, second = PairedMatch.objects.order_by("number")
    lineups = [[seat.submission.name for seat in each.match.seats.all()] for each in (first, second)]
    assert lineups[0] == lineups[1][::-1]
    # The same agent won both: its points stand at its place of the pairing's line-up in both.
    assert first.points == second.points
    assert sorted(first.points) == [0.0, 1.0]


def test_tournament_matches_go_before_the_league_and_have_seeds_of_their_own(noughts):
    enter_agents(noughts, 2)
    started(noughts, "round_robin")
    match = Match.objects.get()
    assert (match.kind, match.state, match.phase, match.scenario) == (
        "tournament",
        MatchState.QUEUED,
        None,
        "",
    )
    assert 5 < match.priority < 10


def test_seeds_follow_the_board_and_unrated_agents_come_last(noughts, monkeypatch):
    agents = enter_agents(noughts, 4)
    known = {agents[2].pk: (1700.0, 20.0), agents[1].pk: (1500.0, 20.0)}
    monkeypatch.setattr("coliseum.tournaments.services.known_ratings", lambda competition: known)
    tournament = started(noughts, "single_elimination")
    order = list(tournament.entrants.order_by("seed").values_list("submission_id", flat=True))
    assert order[:2] == [agents[2].pk, agents[1].pk]
    assert set(order[2:]) == {agents[0].pk, agents[3].pk}
    assert tournament.stages.get().ratings[:2] == [1700.0, 1500.0]
    assert tournament.entrants.get(submission=agents[0]).rating is None


def test_a_series_ends_as_soon_as_it_is_decided(noughts):
    enter_agents(noughts, 2)
    started(noughts, "single_elimination", options={"best_of": 7})
    assert play_all(better_wins, most=1) == 4


def test_the_final_is_played_again_when_it_is_the_winners_first_loss(noughts):
    enter_agents(noughts, 2)
    tournament = started(noughts, "double_elimination", options={"best_of": 1}, seeding="draw")
    results = iter([1, 0, 0])
    seeds = dict(tournament.entrants.values_list("submission_id", "seed"))

    def upset(agents):
        """Let seed 1 win the first series, seed 2 both finals."""
        winner = 2 - next(results)
        return [float(seeds[agent.pk] == winner) for agent in agents]

    play_all(upset, most=1)
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED
    assert [row.label for row in Pairing.objects.all()] == ["Winners' final", "Final", "Final reset"]
    assert read_course(tournament).standings()[0].entry == tournament.entrants.get(seed=2).number
