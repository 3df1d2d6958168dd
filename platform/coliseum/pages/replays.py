"""Replays outside the match page: two at once, one file to keep, a frame for other sites, own files."""

import re
from typing import Final, cast

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from arenas.trajectory import decode_trajectory
from coliseum.accounts.models import User, Visitor
from coliseum.accounts.queries import token_of
from coliseum.downloads import file_answer
from coliseum.ids import LENGTH
from coliseum.matches.models import Match
from coliseum.matches.pictures import made_pictures
from coliseum.matches.queries import episode_of, match_for
from coliseum.matches.replays import trajectory_of
from coliseum.matches.revealing import check_replay, is_openly_replayed
from coliseum.pages.exporting import Exported, exported_page
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_id
from coliseum.pages.playing import player
from coliseum.pages.retelling import message_of
from coliseum.pages.rows import Row
from workers.refusals import RefusedError

_NAMED: Final = re.compile(rf"([0-9a-z]{{{LENGTH}}})(?:/|\.|\b)(?:\?episode=)?([0-9]{{1,6}})?")
_LONGEST: Final = 300
IMMUTABLE: Final = "public, max-age=31536000, immutable"


def _shown(
    request: HttpRequest, match_id: str, index: int, *, user: Visitor | None = None
) -> tuple[Match, Row]:
    """Return a match that a person, by default the one signed in, may see, and what its player takes.

    Raises:
        RefusedError: `not_found`, or `match.replay_withheld`.
    """
    person = cast(User, user or request.user)
    wanted = match_for(known_id("match", match_id), person)
    check_replay(wanted, person)
    replay = player(wanted, index)
    if replay is None:
        raise RefusedError("not_found", kind="replay", id=f"{match_id}.{index + 1}")
    return wanted, replay


def _cached(response: HttpResponse, match: Match, name: str = "") -> HttpResponse:
    response["Cache-Control"] = IMMUTABLE if is_openly_replayed(match) else "private, max-age=3600"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def file(request: HttpRequest, match_id: str, index: int) -> HttpResponse:
    """Send an episode's trajectory as a file to keep."""
    wanted, _replay = _shown(request, match_id, index)
    content = trajectory_of(episode_of(wanted, index))
    name = f"{wanted.pk}-{index + 1}.ctr"
    return _cached(file_answer(request, content, name=name, kind="application/gzip"), wanted)


def _bearer(request: HttpRequest, match_id: str) -> User | None:
    """Return whose API token came along, if one did.

    Raises:
        RefusedError: `auth.bad_token`, or `auth.other_competition` for one that is for another competition.
    """
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    token = token_of(secret.strip())
    if token is None:
        raise RefusedError("auth.bad_token")
    place = match_for(known_id("match", match_id), token.user).competition
    if token.competition not in {"", place.slug}:
        raise RefusedError("auth.other_competition", competition=token.competition)
    return token.user


@require_safe
def export(request: HttpRequest, match_id: str, index: int) -> HttpResponse:
    """Send an episode as one page that plays without network; `coliseum replay` comes with a token."""
    wanted, replay = _shown(request, match_id, index, user=_bearer(request, match_id))
    episode = episode_of(wanted, index)
    stored = trajectory_of(episode)
    # Pictures weigh more than all the rest: they go along only where there is nothing else to see.
    needs_pictures = decode_trajectory(stored)["scene"] == "frames"
    page = exported_page(
        Exported(
            title=replay["title"],
            trajectory=stored,
            seats=replay["seats"],
            source_url=f"{settings.SITE_URL}{reverse('match', args=[wanted.pk])}?episode={index + 1}",
            pictures=(made_pictures(episode) or b"") if needs_pictures else b"",
        )
    )
    response = HttpResponse(page)
    # Pictures may be made later, and the player's code grows: no copy is kept for ever.
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = f'attachment; filename="{wanted.pk}-{index + 1}.html"'
    return response


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # django-csp's types know views without arguments only
def embed(request: HttpRequest, match_id: str, index: int) -> HttpResponse:
    """Show the player alone, for a frame on another site; public matches only."""
    wanted, replay = _shown(request, match_id, index)
    if not is_openly_replayed(wanted):
        raise RefusedError("not_found", kind="replay", id=f"{match_id}.{index + 1}")
    address = f"{settings.SITE_URL}{reverse('match', args=[wanted.pk])}?episode={index + 1}"
    return render(request, "replays/embed.html", {"replay": replay, "address": address})


@require_safe
def own_file(request: HttpRequest) -> HttpResponse:
    """Offer to watch a trajectory from this person's disk; it is not sent anywhere."""
    return render(request, "replays/file.html", {"section": "matches"})


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show two episodes of one arena beside each other, with one clock, and a form to choose them."""
    texts = [request.GET.get(name, "").strip()[:_LONGEST] for name in ("a", "b")]
    context: Row = {
        "section": "matches",
        "choices": [
            {"name": name, "label": label, "value": text, "problem": ""}
            for name, label, text in zip("ab", (_("First replay"), _("Second replay")), texts, strict=True)
        ],
        "pair": [],
        "problem": "",
    }
    found = [_named(request, text, choice) for text, choice in zip(texts, context["choices"], strict=True)]
    matches = [each[0] for each in found if each is not None]
    if len(matches) == 2:
        arenas = [match.competition.arena for match in matches]
        if arenas[0] != arenas[1]:
            told = {"first": arenas[0], "second": arenas[1]}
            context["problem"] = _("The first was played in %(first)s, the second in %(second)s.") % told
        else:
            context["pair"] = [each[1] for each in found if each is not None]
    return render(request, "replays/compare.html", context)


def _named(request: HttpRequest, text: str, choice: Row) -> tuple[Match, Row] | None:
    """Return what somebody named by address, by id or by id and episode: `4f…` or `4f….2`."""
    if not text:
        return None
    named = _NAMED.search(text)
    if named is None:
        choice["problem"] = _("Paste a match's address, or its id, with .2 behind it for the second episode.")
        return None
    try:
        return _shown(request, named[1], int(named[2] or 1) - 1)
    except RefusedError as error:
        choice["problem"] = message_of(error)
        return None
