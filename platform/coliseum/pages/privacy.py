"""One's own data: a zip of all of it, and the end of the account."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.accounts.erasing import alias_of, check_deletable
from coliseum.accounts.exports import LIVES, export_for
from coliseum.accounts.models import DataExport, ExportState, User
from coliseum.league.exporting import want_export
from coliseum.league.leaving import delete_account
from coliseum.pages.methods import require_form, require_POST, require_safe
from coliseum.pages.parameters import known_id
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row
from coliseum.pages.wording import ago, size, until
from coliseum.submissions.presence import agents_in_play, teams_of
from workers.refusals import RefusedError


@login_required
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """Show the two things a person can do with all of their data."""
    user = cast(User, request.user)
    latest = user.exports.first()
    row = _export_row(latest) if latest and latest.asked_at + LIVES > clock.now() else None
    return _private(render(request, "privacy/data.html", {"export": row}))


@login_required
@require_POST
def ask_export(request: HttpRequest) -> HttpResponse:
    """Make a zip of what the site holds of the person: at once, or in the background where it is much."""
    export = want_export(cast(User, request.user))
    return redirect("export-state", export_id=export.pk)


@login_required
@require_safe
def export(request: HttpRequest, export_id: str) -> HttpResponse:
    """Show how far a zip is, and the link once it is there."""
    wanted = export_for(known_id("export", export_id), cast(User, request.user))
    row = _export_row(wanted)
    template = "privacy/_export.html" if request.headers.get("HX-Request") else "privacy/export.html"
    return _private(render(request, template, {"export": row}))


@login_required
@require_safe
def export_file(request: HttpRequest, export_id: str) -> HttpResponseBase:
    """Send the zip to the person it is of."""
    wanted = export_for(known_id("export", export_id), cast(User, request.user))
    if wanted.state != ExportState.READY or not default_storage.exists(wanted.key):
        raise RefusedError("not_found", kind="export", id=export_id)
    response = FileResponse(
        default_storage.open(wanted.key),
        as_attachment=True,
        filename=f"coliseum-{wanted.user.username}-{wanted.asked_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return _private(response)


@login_required
@require_form
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is not typed
def delete(request: HttpRequest) -> HttpResponse:
    """Say what deleting the account means, and do it once the name is typed."""
    user, error, status = cast(User, request.user), None, 200
    try:
        check_deletable(user)
        if request.method == "POST":
            typed = request.POST.get("confirm", "").strip()
            if typed != user.username:
                wanted = "your user name, typed exactly"
                raise RefusedError("request.bad_field", name="confirm", wanted=wanted, field="confirm")
            delete_account(user)
            logout(request)
            messages.success(request, _("Your account is deleted. Thank you for having been here."))
            return redirect("home")
    except RefusedError as refused:
        error, status = refused, refused.status
    context = {
        "error": alert_of(error),
        "alias": alias_of(user),
        "name": user.username,
        "teams": [team.name for team in teams_of(user) if team.members.count() > 1],
        "agents": agents_in_play(user.teams.all()).count(),
    }
    return _private(render(request, "privacy/delete.html", context, status=status))


def _export_row(export: DataExport) -> Row:
    is_under_way = export.state in {ExportState.WAITING, ExportState.MAKING}
    return {
        "state": export.state,
        "label": export.get_state_display(),
        "is_under_way": is_under_way,
        "is_ready": export.state == ExportState.READY,
        "url": reverse("export-state", args=[export.pk]),
        "file_url": reverse("export-file", args=[export.pk]),
        "asked": ago(export.asked_at),
        "size": size(export.size_bytes),
        "ends": until(export.asked_at + LIVES),
        "progress": {
            "label": _("Agents written"),
            "done": export.done,
            "total": export.total or 1,
            "left": "",
        },
    }


def _private(response: HttpResponseBase) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)
