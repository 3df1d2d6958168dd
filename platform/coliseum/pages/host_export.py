"""A host's export: one archive of the competition, and how to cite it."""

from collections.abc import AsyncIterator, Iterator
from typing import cast

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.league.archive import archive, citation
from coliseum.league.tables import TABLES
from coliseum.pages.host_frame import console_frame, no_filters
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import choice, known_only


@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the archive holds, and the citation."""
    wanted = hosted(request, slug)
    no_filters(request)
    context = console_frame(request, wanted, "host-export") | {
        "citation": citation(wanted),
        "tables": list(TABLES),
        "rerate": f"coliseum rerate {wanted.slug}-public-1-ledger.jsonl",
        "archive_url": reverse("host-archive", args=[wanted.slug]),
    }
    return render(request, "hosting/export.html", context)


@require_safe
async def download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send the archive while it is being made; `?replays=no` leaves the replays out."""
    known_only(request, ("replays",))
    user = cast(User, await request.auser())
    if not user.is_authenticated:
        return redirect(f"{reverse('sign-in')}?next={request.path}")
    request.user = user
    with_replays = choice(request, "replays", ("yes", "no")) != "no"
    wanted: Competition = await sync_to_async(hosted)(request, slug)
    pieces = archive(wanted, with_replays=with_replays)
    response = StreamingHttpResponse(_stream(pieces), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{wanted.slug}.zip"'
    response["Cache-Control"] = "private, no-store"
    # Whatever buffers answers on the way would hold the archive until it is whole.
    response["X-Accel-Buffering"] = "no"
    return response


async def _stream(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what there is, with other requests in between."""
    while (piece := await sync_to_async(_next)(pieces)) is not None:
        if piece:
            yield piece


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)
