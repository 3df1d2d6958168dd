"""The download of a phase's ledger: a stream of its stored pages."""

from typing import cast

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from coliseum.accounts.models import User
from coliseum.competitions.models import Phase
from coliseum.competitions.queries import competition_for, shown_phase
from coliseum.leaderboards.queries import ledger_pages, stream_ledger
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_only, known_slug


@require_safe
async def ledger(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Give the ledger of the shown phase, or of `?phase=`, as `coliseum rerate` reads it."""
    known_only(request, ("phase",))
    user = cast(User, await request.auser())
    phase, contents = await sync_to_async(_ledger_of)(slug, request.GET.get("phase", ""), user)
    response = StreamingHttpResponse(stream_ledger(contents), content_type="application/x-ndjson")
    name = f"{phase.competition.slug}-{phase.slug}-ledger.jsonl"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _ledger_of(slug: str, phase_slug: str, user: User) -> tuple[Phase, list[str]]:
    phase = shown_phase(competition_for(known_slug(slug), user), phase_slug)
    return phase, list(ledger_pages(phase).values_list("content", flat=True))
