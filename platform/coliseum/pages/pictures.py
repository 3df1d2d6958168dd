"""Pictures of an episode: a page that works without scripts, their state for the player, the file."""

from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coliseum.accounts.models import User
from coliseum.league.picturing import want_pictures
from coliseum.matches.models import Episode, Match, MatchState
from coliseum.matches.pictures import made_pictures, pictures_state
from coliseum.matches.queries import episode_of, match_for
from coliseum.matches.revealing import check_replay, is_openly_replayed
from coliseum.pages.methods import require_form, require_safe
from coliseum.pages.parameters import known_id
from coliseum.pages.rows import Row
from workers.refusals import RefusedError


def _episode(request: HttpRequest, match_id: str, index: int) -> tuple[Match, Episode]:
    wanted = match_for(known_id("match", match_id), cast(User, request.user))
    check_replay(wanted, cast(User, request.user))
    if wanted.state != MatchState.FINISHED:
        raise RefusedError("match.not_ready", state=wanted.state)
    return wanted, episode_of(wanted, index)


def _state(match: Match, episode: Episode) -> Row:
    found = pictures_state(episode)
    return {
        "state": found.state,
        "seconds": found.seconds,
        "message": found.message,
        "url": reverse("pictures-file", args=[match.pk, episode.index]) if found.state == "ready" else "",
    }


@require_form
def pictures(request: HttpRequest, match_id: str, index: int) -> HttpResponse:
    """Show the pictures of an episode, or how making them stands; a form asks for them."""
    match, episode = _episode(request, match_id, index)
    if request.method == "POST":
        want_pictures(episode)
        if "json" in request.headers.get("Accept", ""):
            return JsonResponse(_state(match, episode), headers={"Cache-Control": "no-store"})
        return redirect("pictures", match.pk, index)
    context = {
        "section": "matches",
        "match": match,
        "number": index + 1,
        "pictures": _state(match, episode),
        "match_url": f"{reverse('match', args=[match.pk])}?episode={index + 1}",
    }
    answer = render(request, "replays/pictures.html", context)
    if context["pictures"]["state"] == "making":  # type: ignore[index]  # a Row
        # Without scripts the page asks again by itself.
        answer["Refresh"] = "2"
    return answer


@require_safe
def state(request: HttpRequest, match_id: str, index: int) -> HttpResponse:
    """Say how the pictures of an episode stand, for the player."""
    match, episode = _episode(request, match_id, index)
    return JsonResponse(_state(match, episode), headers={"Cache-Control": "no-store"})


@require_safe
def file(request: HttpRequest, match_id: str, index: int) -> HttpResponse:
    """Send the pictures of an episode, an animated WebP."""
    match, episode = _episode(request, match_id, index)
    content = made_pictures(episode)
    if content is None:
        raise RefusedError("not_found", kind="picture", id=f"{match.pk}.{index + 1}")
    response = HttpResponse(content, content_type="image/webp")
    is_open = is_openly_replayed(match)
    response["Cache-Control"] = "public, max-age=86400" if is_open else "private, max-age=3600"
    return response
