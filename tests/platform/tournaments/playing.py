"""Tournaments played with made-up results: real rows, the real queue and recording, no agents."""

from collections.abc import Callable, Sequence

from coliseum import clock
from coliseum.competitions.models import Competition, Entry, Team
from coliseum.league import tourneys
from coliseum.matches.models import Match, Seat
from coliseum.matches.recording import record_results
from coliseum.matches.services import claim_batch, extend_leases
from coliseum.submissions.models import Package, Submission
from coliseum.tournaments.models import Entrant, Tournament
from coliseum.tournaments.services import create_tournament, start_tournament
from coliseum.tournaments.wanted import Wanted
from workers.spec import EpisodeResult, Isolation, MatchResult, Outcome, SeatResult

Referee = Callable[[Sequence[Submission]], Sequence[float]]
"""From the agents of a match to a score of each, 0 to 1, the same in all its episodes."""


def enter_agents(competition: Competition, count: int) -> list[Submission]:
    """Return so many active agents, the first the best by its name, each of a team of its own."""
    now = clock.now()
    made = []
    for number in range(1, count + 1):
        name = f"agent-{competition.pk[-4:]}-{number:03}"
        team = Team.objects.create(name=name, created_at=now)
        entry = Entry.objects.create(competition=competition, team=team, joined_at=now)
        package = Package.objects.create(
            digest=f"{competition.pk}{number:046}",
            file_name="agent.py",
            size_bytes=1,
            unpacked_bytes=1,
            file_count=1,
            entry_point="class",
            stored_at=now,
        )
        made.append(
            Submission.objects.create(
                entry=entry,
                number=1,
                name=f"Agent {number:03}",
                package=package,
                state="ready",
                is_active=True,
                uploaded_at=now,
            )
        )
    return made


def open_tournament(competition: Competition, form: str, **facts: object) -> Tournament:
    """Return a draft."""
    wanted = Wanted(**({"title": "Spring Masters", "format": form} | facts))  # type: ignore[arg-type]
    return create_tournament(competition=competition, actor=None, wanted=wanted)


def started(competition: Competition, form: str, **facts: object) -> Tournament:
    """Return a tournament whose first round is in the queue."""
    return start_tournament(tournament=open_tournament(competition, form, **facts), actor=None)


def better_wins(agents: Sequence[Submission]) -> list[float]:
    """Return the scores where the agent that was entered first wins; at a table by rank."""
    order = sorted(agents, key=lambda agent: agent.name)
    return [1 - order.index(agent) / max(1, len(agents) - 1) for agent in agents]


def all_draw(agents: Sequence[Submission]) -> list[float]:
    """Return half of the points for everybody."""
    return [0.5] * len(agents)


def all_forfeit(agents: Sequence[Submission]) -> list[float]:
    """Return nothing for everybody: two that forfeit in the same turn lose both."""
    return [0.0] * len(agents)


def play_batch(referee: Referee = better_wins, *, most: int = 64) -> int:
    """Play what a worker would claim next; return how many matches it was."""
    batch = claim_batch(limit=most)
    if not batch:
        return 0
    extend_leases(token=batch[0].token, worker="bench:1")
    recorded = record_results([result_of(match, referee) for match in batch])
    assert len(recorded) == len(batch)
    tourneys.on_played(recorded)
    return len(batch)


def play_all(referee: Referee = better_wins, *, most: int = 64) -> int:
    """Play until the queue is empty, with the ticks in between; return how many matches it was."""
    played = 0
    for _ in range(1000):
        now = play_batch(referee, most=most)
        if not now:
            tourneys._advance(tourneys.tournaments_to_advance())
            now = play_batch(referee, most=most)
        if not now:
            return played
        played += now
    raise AssertionError("the tournament does not end")


def result_of(match: Match, referee: Referee) -> MatchResult:
    """Return what a worker would send."""
    seats = list(Seat.objects.filter(match=match).select_related("submission").order_by("position"))
    scores = referee([seat.submission for seat in seats])
    count = len(seats)
    ranks = [1 + sum(other > own for other in scores) for own in scores]
    outcome = Outcome.CRASHED if not any(scores) else Outcome.OK
    episodes = []
    for shift in range(count):
        seating = tuple((seat + shift) % count for seat in range(count))
        episodes.append(
            EpisodeResult(
                seed=shift,
                seating=seating,
                seats=tuple(
                    SeatResult(
                        agent=agent,
                        outcome=outcome,
                        rank=ranks[agent],
                        score=scores[agent],
                        total_reward=scores[agent],
                        turns=3,
                        think_seconds=0.1,
                        slowest_seconds=0.1,
                    )
                    for agent in seating
                ),
                turns=6,
                truncated=False,
                digest="0" * 64,
                actions=b"",
            )
        )
    return MatchResult(
        match=match.pk,
        token=match.token,
        worker="bench:1",
        isolation=Isolation.NAMESPACES,
        episodes=tuple(episodes),
        seconds=0.1,
    )


def names_of(tournament: Tournament) -> dict[int, str]:
    """Return the agents' names by number of entrant."""
    rows = Entrant.objects.filter(tournament=tournament).select_related("submission")
    return {row.number: row.submission.name for row in rows}
