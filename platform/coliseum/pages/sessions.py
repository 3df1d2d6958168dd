"""Where a person is signed in, and ending that."""

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.accounts.sessions import end_session, end_sessions
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.rows import Row
from coliseum.pages.wording import ago
from workers.refusals import RefusedError

_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl", "Python")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")
_TITLES = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS", "CrOS": "ChromeOS"}


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the browsers a person is signed in with, this one first."""
    # One that began before the list was kept is not in it yet.
    UserSession.objects.create_from_request(request)
    found = UserSession.objects.purge_and_list(request.user)
    here = request.session.session_key
    found.sort(key=lambda session: (session.session_key != here, -session.created_at.timestamp()))
    context = {
        "sessions": [_row(session, is_here=session.session_key == here) for session in found],
        "others": sum(session.session_key != here for session in found),
        "settings_part": "sessions",
    }
    response = render(request, "people/sessions.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _row(session: UserSession, *, is_here: bool) -> Row:
    return {
        "id": session.pk,
        "browser": browser_of(session.user_agent),
        "address": session.ip,
        "since": ago(session.created_at),
        "is_here": is_here,
    }


def browser_of(agent: str) -> str:
    """Return a browser and its system in two words, as far as its own long name tells them."""
    browser = next((name for name in _BROWSERS if name in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    named = [_TITLES.get(name, name) for name in (browser, system) if name]
    return " on ".join(named) or _("an unknown browser")


@login_required
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Sign one browser out, or all others."""
    user = cast(User, request.user)
    wanted = request.POST.get("session", "")
    if wanted == "others":
        end_sessions(user=user, but=request.session.session_key or "")
        messages.success(request, _("All other browsers are signed out."))
        return redirect("sessions")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else -1
    found = UserSession.objects.filter(user=user, pk=number).first()
    if found is None:
        raise RefusedError("not_found", kind="session", id=wanted)
    end_session(session=found)
    messages.success(request, _("That browser is signed out."))
    return redirect("sessions")
