"""What a person was told: the list behind the bell, and how they want to be told."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from coliseum.accounts.models import User
from coliseum.accounts.queries import verified_emails
from coliseum.accounts.services import choose_language
from coliseum.notices.digests import unsubscriber_of
from coliseum.notices.models import Digest, Kind, Notice
from coliseum.notices.queries import MOST_COUNTED, notice_for, notices_of, preference_of, unread_count
from coliseum.notices.services import choose_ways, mark_read, stop_digest
from coliseum.notices.ways import CHOSEN_KINDS, WAYS, ways_of
from coliseum.notices.wording import text_of, title_of
from coliseum.pages.methods import require_form, require_POST, require_safe
from coliseum.pages.paging import by_id
from coliseum.pages.parameters import known_id, known_only
from coliseum.pages.rows import Row, moment
from coliseum.pages.wording import ago
from workers.refusals import RefusedError

_BAD = frozenset({Kind.REJECTED, Kind.SUSPENDED, Kind.HOOK_OFF})


def bell(user: User) -> Row:
    """Return what the bell in the header shows; no number while the database is away, for error pages."""
    try:
        unread = unread_count(user)
    except DatabaseError:
        unread = 0
    label = ngettext("%(count)s unread notice", "%(count)s unread notices", unread) % {"count": unread}
    return {
        "url": reverse("notices"),
        "count": "99+" if unread >= MOST_COUNTED else str(unread or ""),
        "label": label if unread else _("Notices"),
    }


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List what a person was told, newest first."""
    known_only(request, ("older", "newer"))
    user = cast(User, request.user)
    rows, pagination = by_id(request, notices_of(user), per_page=30)
    context = {
        "notices": [_row(each) for each in rows],
        "pagination": pagination,
        "has_unread": unread_count(user) > 0,
    }
    return _private(render(request, "notices/list.html", context))


def _row(notice: Notice) -> Row:
    return {
        "id": notice.pk,
        "url": reverse("notice", args=[notice.pk]),
        "title": title_of(notice.kind, notice.facts),
        "text": text_of(notice.kind, notice.facts),
        "tone": "bad" if notice.kind in _BAD else "calm",
        "is_unread": notice.read_at is None,
        "when": ago(notice.at),
        "when_at": moment(notice.at),
    }


@login_required
@require_safe
def notice(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Go where a notice leads; it is read then."""
    user = cast(User, request.user)
    found = notice_for(known_id("notice", notice_id), user)
    mark_read(user=user, notice=found)
    return redirect(found.path)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Note that one notice, or all, are read."""
    user, wanted = cast(User, request.user), request.POST.get("notice", "")
    mark_read(user=user, notice=notice_for(known_id("notice", wanted), user) if wanted else None)
    return redirect("notices")


@login_required
@require_form
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep how a person wants to be told."""
    user = cast(User, request.user)
    if request.method == "POST":
        digest = request.POST.get("digest", Digest.OFF.value)
        if digest not in Digest.values:
            raise RefusedError(
                "request.bad_field",
                name="digest",
                wanted="off, daily or weekly",
                found=digest,
                field="digest",
            )
        choose_language(user=user, language=get_language() or "")
        choose_ways(user=user, choices=_chosen(request.POST), digest=digest)
        messages.success(request, _("Saved."))
        return redirect("settings-notifications")
    preference = preference_of(user)
    rows = [
        {
            "kind": kind.value,
            "label": kind.label,
            "ways": [
                {"name": way, "is_on": way in ways_of(preference.choices, kind), "label": _WAY_LABELS[way]()}
                for way in WAYS
            ],
        }
        for kind in CHOSEN_KINDS
    ]
    context = {
        "rows": rows,
        "digests": [
            {"value": each.value, "label": each.label, "is_on": each == preference.digest} for each in Digest
        ],
        "sends_mail": settings.SENDS_MAIL,
        "has_address": bool(verified_emails(user)),
    }
    return _private(render(request, "notices/settings.html", context))


_WAY_LABELS = {
    "site": lambda: _("In the site"),
    "mail": lambda: _("In the mail"),
    "webhook": lambda: _("By webhook"),
}


def _chosen(fields: QueryDict) -> dict[str, list[str]]:
    return {kind.value: fields.getlist(kind.value) for kind in CHOSEN_KINDS}


@csrf_exempt
@require_form
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End a person's digests by the signed link of a mail, signed in or not.

    Mail programs post here by themselves (RFC 8058), so that no cookie and no CSRF token can be asked for;
    the signature shows that the link came out of a mail of ours.
    """
    person = unsubscriber_of(token)
    if person is None:
        raise RefusedError("not_found")
    is_done = request.method == "POST"
    if is_done:
        stop_digest(user_id=person)
    return _private(render(request, "notices/unsubscribe.html", {"is_done": is_done}))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
