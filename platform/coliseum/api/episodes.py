"""Episodes: how they are drawn, as numbers for the player and as pictures."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from coliseum.accounts.models import Scope
from coliseum.api.addresses import page_address
from coliseum.api.callers import ANYBODY, needs
from coliseum.api.match_schemas import PicturesRow
from coliseum.api.seen import seen_match, user_of
from coliseum.downloads import file_answer
from coliseum.league.picturing import want_pictures
from coliseum.matches.models import Episode, Match, MatchState
from coliseum.matches.pictures import pictures_state
from coliseum.matches.queries import episode_of
from coliseum.matches.replays import trajectory_of
from coliseum.matches.revealing import check_replay, is_openly_replayed
from workers.refusals import RefusedError

router = Router(tags=["matches"])
_EPISODE = "/matches/{match_id}/episodes/{index}"
_MOST_DIGITS = 6
DRAWN = {
    "responses": {
        200: {
            "description": "A gzip-compressed trajectory (.ctr): JSON, see docs/replays.md.",
            "content": {"application/gzip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get(
    f"{_EPISODE}/trajectory",
    response=None,
    auth=ANYBODY,
    operation_id="get_trajectory",
    openapi_extra=DRAWN,
)
def trajectory(request: HttpRequest, match_id: str, index: str) -> HttpResponse:
    """Return an episode's drawn form, as the player shows it: a `.ctr` file. Episodes count from 0."""
    match, episode = _episode(request, match_id, index)
    return file_answer(
        request,
        trajectory_of(episode),
        name=f"{match.pk}-{episode.index}.ctr",
        kind="application/gzip",
        is_public=is_openly_replayed(match),
    )


@router.get(f"{_EPISODE}/pictures", response=PicturesRow, auth=ANYBODY, operation_id="get_pictures")
def pictures(request: HttpRequest, match_id: str, index: str) -> PicturesRow:
    """Say how the pictures of an episode stand, and where they are once they are made."""
    return _pictures(*_episode(request, match_id, index))


@router.post(
    f"{_EPISODE}/pictures", response={202: PicturesRow}, auth=needs(Scope.READ), operation_id="make_pictures"
)
def make(request: HttpRequest, match_id: str, index: str) -> Status[PicturesRow]:
    """Have pictures of an episode made, unless they are there or under way."""
    match, episode = _episode(request, match_id, index)
    want_pictures(episode)
    return Status(202, _pictures(match, episode))


def _episode(request: HttpRequest, match_id: str, index: str) -> tuple[Match, Episode]:
    match = seen_match(request, match_id)
    check_replay(match, user_of(request))
    if match.state != MatchState.FINISHED:
        raise RefusedError("match.not_ready", state=match.state)
    if not (index.isascii() and index.isdigit()) or len(index) > _MOST_DIGITS:
        raise RefusedError("not_found", kind="episode", id=index)
    return match, episode_of(match, int(index))


def _pictures(match: Match, episode: Episode) -> PicturesRow:
    found = pictures_state(episode)
    url = page_address("pictures-file", match.pk, episode.index) if found.state == "ready" else None
    return PicturesRow(state=found.state, message=found.message, seconds=found.seconds, url=url)
