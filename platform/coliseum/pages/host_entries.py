"""A host's list of entries: who is in, how far they came; disqualified for a reason, and let back in."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition, Entry
from coliseum.competitions.queries import entries_of
from coliseum.competitions.services import disqualify_entry, reinstate_entry
from coliseum.league.conductor import on_disqualified, on_reinstated
from coliseum.pages.forms import DisqualifyForm
from coliseum.pages.host_frame import console_frame
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.paging import by_number
from coliseum.pages.parameters import known_only, search_text
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row
from workers.refusals import RefusedError


@login_required
@require_safe
def entries(request: HttpRequest, slug: str) -> HttpResponse:
    """List the entries in the order they joined, or those whose team's name holds a text."""
    return _page(request, hosted(request, slug))


def _page(request: HttpRequest, wanted: Competition, error: RefusedError | None = None) -> HttpResponse:
    known_only(request, ("q", "page"))
    search = search_text(request)
    # Counted without what is annotated to each: that would read every submission.
    total = wanted.entries.filter(team__name__icontains=search).count()
    found = entries_of(wanted).filter(team__name__icontains=search)
    rows, pagination = by_number(request, found, total=total, per_page=50)
    context = console_frame(request, wanted, "host-entries") | {
        "error": alert_of(error),
        "entries": [_row(entry) for entry in rows],
        "pagination": pagination,
        "search": search,
    }
    return render(request, "hosting/entries.html", context, status=error.status if error else 200)


def _row(entry: Entry) -> Row:
    counted = cast(Any, entry)  # Any: the counts are annotated by entries_of
    return {
        "id": entry.pk,
        "team": entry.team.name,
        "joined": f"{entry.joined_at:%Y-%m-%d %H:%M}",
        "submissions": counted.submission_count,
        "ready": counted.ready_count,
        "rejected": counted.rejected_count,
        "is_house": entry.team.is_house,
        "reason": entry.disqualified_reason,
        "is_disqualified": entry.is_disqualified,
    }


@login_required
@require_POST
def disqualify(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an entry out, for a reason everybody can read; wants the team's name typed."""
    wanted = hosted(request, slug)
    try:
        entry, reason = _asked(request, wanted)
        if entry.team.is_house:
            raise RefusedError("auth.not_allowed", action="disqualify the house")
        disqualify_entry(entry=entry, actor=cast(User, request.user), reason=reason)
    except RefusedError as error:
        return _page(request, wanted, error)
    on_disqualified(entry)
    messages.success(request, _("%(team)s is disqualified.") % {"team": entry.team.name})
    return redirect("host-entries", slug=wanted.slug)


@login_required
@require_POST
def reinstate(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a disqualified entry back in, for a reason everybody can read; wants the team's name typed."""
    wanted = hosted(request, slug)
    try:
        entry, reason = _asked(request, wanted)
        reinstate_entry(entry=entry, actor=cast(User, request.user), reason=reason)
    except RefusedError as error:
        return _page(request, wanted, error)
    on_reinstated(entry)
    said = _("%(team)s is back in. Its agents stay out of play until their owners put them back.")
    messages.success(request, said % {"team": entry.team.name})
    return redirect("host-entries", slug=wanted.slug)


def _asked(request: HttpRequest, competition: Competition) -> tuple[Entry, str]:
    """Return the entry that was named twice, by number and by its team's name, and the reason."""
    form = DisqualifyForm(request.POST)
    form.full_clean()
    number = form.cleaned_data.get("entry")
    found = (
        entries_of(competition).filter(pk=number).first()
        if isinstance(number, int) and 0 < number < 2**62
        else None
    )
    if found is None:
        raise RefusedError("not_found", kind="entry", id=str(number or ""))
    if form.cleaned_data.get("confirm", "").strip() != found.team.name:
        raise RefusedError(
            "request.bad_field", name="confirm", wanted="the team's name, typed exactly", field="confirm"
        )
    return found, form.cleaned_data.get("reason", "")
