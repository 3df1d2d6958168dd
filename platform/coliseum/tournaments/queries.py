"""Reads about tournaments."""

from django.db.models import Q, QuerySet

from arenas import registry
from arenas.errors import UnknownArenaError
from arenas.spec import ArenaSpec
from coliseum import clock
from coliseum.accounts.models import Visitor
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import is_host, open_phase_of, shown_phase
from coliseum.leaderboards.queries import ratings_of
from coliseum.matches.models import Match, MatchState
from coliseum.submissions.models import Submission, SubmissionState
from coliseum.tournaments.models import (
    Departure,
    Entrant,
    PairedMatch,
    Pairing,
    Tournament,
    TournamentState,
)
from workers.league.formats import FormatError
from workers.refusals import RefusedError

INTERVAL = 2 * 1.96
"""Width of a 95 % interval in standard deviations."""


def arena_of(competition: Competition) -> ArenaSpec:
    """Return the arena of a competition.

    Raises:
        FormatError: it is not installed any more, so nothing can be planned or counted in it.
    """
    try:
        return registry.get(competition.arena)
    except UnknownArenaError as error:
        raise FormatError(f"the arena {competition.arena} is not installed") from error


def visible_tournaments(competition: Competition, user: Visitor) -> QuerySet[Tournament]:
    """Return a competition's tournaments, newest first; drafts without a date are for its hosts."""
    tournaments = competition.tournaments.all()
    if not is_host(competition, user):
        tournaments = tournaments.exclude(state=TournamentState.DRAFT, starts_at__isnull=True)
    return tournaments.order_by("-created_at", "-id")


def tournament_for(tournament_id: str, user: Visitor) -> Tournament:
    """Return a tournament that a person may see.

    Raises:
        RefusedError: `not_found`; drafts of others are not confirmed to exist.
    """
    found = Tournament.objects.select_related("competition").filter(pk=tournament_id).first()
    if found is None:
        raise RefusedError("not_found", kind="tournament", id=tournament_id)
    hidden = found.competition.state == "draft" or not found.is_announced
    if hidden and not is_host(found.competition, user):
        raise RefusedError("not_found", kind="tournament", id=tournament_id)
    return found


def sees_everything(tournament: Tournament, user: Visitor) -> bool:
    """Say whether a person may see results that are held back."""
    return is_host(tournament.competition, user)


def tournaments_to_advance() -> list[str]:
    """Return the ids of the tournaments that are behind their results."""
    over = (MatchState.FINISHED, MatchState.FAILED, MatchState.CANCELLED)
    behind = PairedMatch.objects.filter(
        points__isnull=True, match__state__in=over, pairing__stage__tournament__state=TournamentState.RUNNING
    )
    ids = set(behind.values_list("pairing__stage__tournament_id", flat=True))
    return sorted(ids | set(_left_but_unnoted().values_list("tournament_id", flat=True)))


def tournaments_to_start() -> list[Tournament]:
    """Return the drafts whose time has come."""
    due = Tournament.objects.filter(state=TournamentState.DRAFT, starts_at__lte=clock.now())
    return list(due.select_related("competition").order_by("starts_at"))


def tournaments_with(matches: list[str]) -> list[str]:
    """Return the ids of the running tournaments that these matches belong to."""
    paired = PairedMatch.objects.filter(match__in=matches)
    return sorted(set(paired.values_list("pairing__stage__tournament_id", flat=True)))


def _left_but_unnoted() -> QuerySet[Entrant]:
    return Entrant.objects.filter(
        submission__entry__disqualified_at__isnull=False,
        tournament__state__in=(TournamentState.RUNNING, TournamentState.PAUSED, TournamentState.FINISHED),
    ).exclude(departures__kind="disqualified")


def newly_disqualified(tournament: Tournament) -> QuerySet[Entrant]:
    """Return the entrants whose team was disqualified from the competition since the last look."""
    return _left_but_unnoted().filter(tournament=tournament)


def entrants_of(tournament: Tournament) -> QuerySet[Entrant]:
    """Return the entrants by number, with agents and teams."""
    return tournament.entrants.select_related("submission__entry__team").order_by("number")


def entrant_of(tournament: Tournament, submission_id: str) -> Entrant:
    """Return an entrant by its agent.

    Raises:
        RefusedError: `not_found`.
    """
    found = entrants_of(tournament).filter(submission=submission_id).first()
    if found is None:
        raise RefusedError("not_found", kind="entrant", id=submission_id)
    return found


def pairing_of(match: Match) -> PairedMatch | None:
    """Return the place of a match in its tournament."""
    return (
        PairedMatch.objects.filter(match=match)
        .select_related("pairing__stage__tournament__competition")
        .first()
    )


def paired_matches(tournament: Tournament) -> QuerySet[PairedMatch]:
    """Return the matches of all pairings, with their pairings."""
    return (
        PairedMatch.objects.filter(pairing__stage__tournament=tournament)
        .select_related("pairing", "match")
        .order_by("pairing__stage_id", "pairing__round", "pairing__number", "number")
    )


def held_pairings(tournament: Tournament) -> QuerySet[Pairing]:
    """Return the pairings whose results are held back, in order."""
    held = Pairing.objects.filter(stage__tournament=tournament, is_released=False)
    return held.select_related("stage").order_by("stage__number", "round", "number")


def ready_agents(competition: Competition) -> QuerySet[Submission]:
    """Return the agents that may take part: validated, of teams that are not disqualified."""
    return (
        Submission.objects.filter(entry__competition=competition, entry__disqualified_at__isnull=True)
        .filter(state=SubmissionState.READY)
        .select_related("entry__team")
        .order_by("id")
    )


def known_ratings(competition: Competition) -> dict[str, tuple[float, float]]:
    """Return rating and standard deviation, Elo, of every agent on the board, by submission."""
    phase = open_phase_of(competition)
    try:
        rows = ratings_of(phase or shown_phase(competition))
    except RefusedError:
        return {}
    return {agent: (rating, (high - low) / INTERVAL) for agent, (rating, low, high) in rows.items()}


def tournaments_to_simulate(*, runs: int) -> Tournament | None:
    """Return a started tournament of which fewer simulations were run."""
    lacking = Tournament.objects.filter(crowning_runs__lt=runs).exclude(
        Q(state=TournamentState.DRAFT) | Q(state=TournamentState.CANCELLED)
    )
    return lacking.select_related("competition").order_by("-started_at").first()


def tournaments_of(competition: Competition) -> QuerySet[Tournament]:
    """Return the tournaments of a competition that have started, newest first."""
    return competition.tournaments.exclude(state=TournamentState.DRAFT).order_by("-created_at")


def waiting_in(tournament_id: str, *, most: int) -> int:
    """Return how many matches of a tournament are queued, counted up to `most`."""
    waiting = PairedMatch.objects.filter(
        points__isnull=True, match__state=MatchState.QUEUED, pairing__stage__tournament=tournament_id
    )
    return waiting.order_by()[:most].count()


def departures_of(tournament: Tournament) -> QuerySet[Departure]:
    """Return who left, in order of time."""
    return Departure.objects.filter(stage__tournament=tournament).order_by("at", "pk")


def running_with(submissions: QuerySet[Submission]) -> QuerySet[Entrant]:
    """Return the places of some agents in tournaments that run or are paused."""
    going_on = (TournamentState.RUNNING, TournamentState.PAUSED)
    found = Entrant.objects.filter(submission__in=submissions, tournament__state__in=going_on)
    return found.select_related("tournament__competition", "submission__entry__team")
