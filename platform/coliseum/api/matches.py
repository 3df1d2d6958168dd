"""Matches: read one, fetch its replay."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from coliseum.accounts.models import User
from coliseum.api.addresses import page_address
from coliseum.api.callers import ANYBODY, caller_of
from coliseum.api.paging import is_id
from coliseum.api.schemas import (
    EpisodeRow,
    EpisodeSeat,
    MatchDetail,
    MatchRow,
    MatchSeat,
    ReplayFile,
    SeatRow,
)
from coliseum.matches.models import Episode, Match, Seat
from coliseum.matches.queries import is_sealed, match_for, queue_place
from coliseum.matches.replays import replay_file
from coliseum.submissions.queries import owned_by
from workers.refusals import RefusedError
from workers.spec import Isolation

router = Router(tags=["matches"])


@router.get("/{match_id}", response=MatchDetail, auth=ANYBODY, operation_id="get_match")
def show(request: HttpRequest, match_id: str) -> MatchDetail:
    """Return a match with its seats and episodes; faults and logs are told to the agents' owners only."""
    return _detail(_match(request, match_id), caller_of(request).user)


@router.get("/{match_id}/replay", response=ReplayFile, auth=ANYBODY, operation_id="get_replay")
def replay(request: HttpRequest, response: HttpResponse, match_id: str) -> ReplayFile:
    """Return the replay file of a finished match, as `coliseum verify` reads it."""
    match = _match(request, match_id)
    response["Content-Disposition"] = f'attachment; filename="match-{match.pk}.json"'
    return ReplayFile(**replay_file(match))


def _match(request: HttpRequest, match_id: str) -> Match:
    if not is_id(match_id):
        raise RefusedError("not_found", kind="match", id=match_id)
    return match_for(match_id, caller_of(request).user)


def match_row(match: Match) -> MatchRow:
    """Return a match as lists show it."""
    return MatchRow(
        id=match.pk,
        competition=match.competition.slug,
        arena=match.competition.arena,
        kind=match.kind,
        state=match.state,
        queued_at=match.queued_at,
        finished_at=match.finished_at,
        seats=[SeatRow(**_seat(seat)) for seat in match.seats.all()],
        url=page_address("match", match.pk),
    )


def _seat(seat: Seat) -> dict[str, Any]:  # Any: the fields of SeatRow
    return {
        "position": seat.position,
        "agent": seat.submission.name,
        "submission": seat.submission_id,
        "team": seat.submission.entry.team.name,
        "outcome": seat.outcome,
        "score": seat.score,
        "rank": seat.rank,
    }


def _detail(match: Match, user: User) -> MatchDetail:
    seats = list(match.seats.all())
    owned = {seat.position for seat in seats if owned_by(seat.submission, user)}
    isolation = None if match.isolation is None else Isolation(match.isolation)
    return MatchDetail(
        **dict(match_row(match)) | {"seats": [_full_seat(seat, seat.position in owned) for seat in seats]},
        queue_place=queue_place(match),
        attempt=match.attempt,
        isolation=isolation,
        isolation_label=isolation.label if isolation is not None else "",
        seconds=match.seconds,
        speed=match.speed,
        limit_factor=match.limit_factor,
        digest=match.digest,
        versions=match.versions,
        episodes=[_episode(episode, owned, is_sealed(match)) for episode in match.episodes.all()],
    )


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
