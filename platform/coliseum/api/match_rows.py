"""Matches, seats and episodes as the API sends them."""

from typing import Any

from coliseum.accounts.models import User
from coliseum.api.addresses import page_address
from coliseum.api.match_schemas import (
    AuditRow,
    EpisodeRow,
    EpisodeSeat,
    MatchDetail,
    MatchRow,
    MatchSeat,
    SeatRow,
)
from coliseum.matches.audits import audit_of
from coliseum.matches.models import Episode, Match, Seat
from coliseum.matches.queries import is_sealed, queue_place
from coliseum.submissions.queries import owned_by
from workers.spec import Isolation


def match_row(match: Match) -> MatchRow:
    """Return a match as lists show it."""
    return MatchRow(
        id=match.pk,
        competition=match.competition.slug,
        arena=match.competition.arena,
        phase=match.phase.slug if match.phase else None,
        kind=match.kind,
        state=match.state,
        counted=match.is_counted,
        queued_at=match.queued_at,
        finished_at=match.finished_at,
        seats=[SeatRow(**_seat(seat)) for seat in match.seats.all()],
        url=page_address("match", match.pk),
    )


def match_detail(match: Match, user: User, *, shows_seeds: bool = True) -> MatchDetail:
    """Return all that is told of a match; faults and logs to the agents' owners only."""
    seats = list(match.seats.all())
    owned = {seat.position for seat in seats if owned_by(seat.submission, user)}
    isolation = None if match.isolation is None else Isolation(match.isolation)
    sealed = is_sealed(match) or not shows_seeds
    audit = audit_of(match)
    return MatchDetail(
        **dict(match_row(match)) | {"seats": [_full_seat(seat, seat.position in owned) for seat in seats]},
        queue_place=queue_place(match),
        started_at=match.started_at,
        attempt=match.attempt,
        reason=match.reason,
        propensity=match.propensity,
        error=match.error,
        isolation=isolation,
        isolation_label=isolation.label if isolation is not None else "",
        seconds=match.seconds,
        speed=match.speed,
        limit_factor=match.limit_factor,
        digest=match.digest,
        versions=match.versions,
        audit=AuditRow(verdict=audit.verdict, note=audit.note) if audit else None,
        episodes=[_episode(episode, owned, sealed) for episode in match.episodes.all()],
    )


def _seat(seat: Seat) -> dict[str, Any]:  # Any: the fields of SeatRow
    return {
        "position": seat.position,
        "agent": seat.submission.name,
        "version": seat.submission.number,
        "submission": seat.submission_id,
        "team": seat.submission.entry.team.name,
        "outcome": seat.outcome,
        "score": seat.score,
        "rank": seat.rank,
    }


def _full_seat(seat: Seat, is_owned: bool) -> MatchSeat:
    return MatchSeat(**_seat(seat), forfeits=seat.forfeits, usage=seat.usage if is_owned else None)


def _episode(episode: Episode, owned: set[int], sealed: bool) -> EpisodeRow:
    return EpisodeRow(
        index=episode.index,
        seed=None if sealed else episode.seed,
        seating=episode.seating,
        turns=episode.turns,
        truncated=episode.truncated,
        digest=episode.digest,
        seats=[_episode_seat(seat, seat["agent"] in owned) for seat in episode.seats],
    )


def _episode_seat(
    seat: dict[str, Any], is_owned: bool
) -> EpisodeSeat:  # Any: workers.spec.SeatResult as JSON
    private = {} if is_owned else {"message": None, "evidence": None}
    return EpisodeSeat(**seat | private)
