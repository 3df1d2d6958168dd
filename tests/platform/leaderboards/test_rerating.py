"""The site's table and the one fitted from a ledger of the same results are equal to the last bit."""

import pytest

from arenas import registry
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.fitting import compute
from coliseum.matches.models import Match, MatchState
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches
from coliseum.submissions.models import Submission
from tests.platform.conftest import result_of
from tests.platform.episodes import play_episode
from workers.league.ledger import Agent, EpisodeResult, MatchResult, Opening, SeatResult, seal, unseal
from workers.league.rerating import add_up, rerate
from workers.spec import MatchKind


@pytest.fixture
def played(competition: Competition, submission: Submission, rival: Submission) -> Competition:
    """Return a competition with six finished matches of random moves."""
    schedule_matches(
        competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, rival)) for _ in range(6)]
    )
    results = []
    arena = registry.get(competition.arena)
    for number, match in enumerate(claim_batch(limit=6)):
        extend_leases(token=match.token, worker="bench:1")
        match.refresh_from_db()
        seatings = ((0, 1), (1, 0)) if number % 2 else ((0, 1),)
        episodes = tuple(play_episode(arena, seed=number, seating=seating) for seating in seatings)
        results.append(result_of(match, episodes=episodes))
    record_results(results)
    return competition


def events(competition: Competition):
    """Yield what a ledger of this competition holds."""
    arena = registry.get(competition.arena)
    objective = "score" if arena.lineup == 1 else "return" if arena.objective == "return" else "rank"
    yield Opening(league=competition.slug, arena=arena.id, objective=objective)
    for each in Submission.objects.filter(entry__competition=competition).select_related("entry__team"):
        owner = each.pk if each.entry.team.is_house else str(each.entry.team_id)
        yield Agent(agent=each.pk, owner=owner, active=each.is_active and not each.entry.is_disqualified)
    for match in Match.objects.filter(competition=competition, state=MatchState.FINISHED):
        episodes = tuple(
            EpisodeResult(
                seed=episode.seed,
                digest=episode.digest,
                seats=tuple(
                    SeatResult(
                        agent=seat["agent"],
                        rank=seat["rank"],
                        reward=float(seat["total_reward"]),
                        score=float(seat["score"]),
                        gift=seat["outcome"] != "ok" and seat["failed_turn"] <= 1,
                    )
                    for seat in episode.seats
                ),
            )
            for episode in match.episodes.order_by("index")
        )
        lineup = match.seats.order_by("position").values_list("submission_id", flat=True)
        yield MatchResult(match=match.pk, lineup=tuple(lineup), episodes=episodes)


def test_the_ledger_of_a_league_gives_the_table_of_the_site(played: Competition) -> None:
    site = compute(shown_phase(played))
    table = rerate(add_up(unseal(line for line, _ in seal(events(played)))))
    assert table.digest == site.digest
    assert table.parameters == site.parameters
    assert table.matches == site.matches == 6
    assert [(row.agent, row.rank, row.rating, row.low, row.high, row.p_best) for row in table.rows] == [
        (row.submission_id, row.rank, row.rating, row.low, row.high, row.p_best) for row in site.rows
    ]
