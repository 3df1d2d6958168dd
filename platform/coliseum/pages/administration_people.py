"""The administrator's list of people: who may host, who is barred; and the log of what administrators did."""

from typing import cast

from django.contrib import messages
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.accounts.queries import people, person
from coliseum.accounts.services import allow_hosting, create_sign_in_link
from coliseum.accounts.sessions import end_sessions
from coliseum.accounts.stewards import bar_person, deeds, let_in_person, note_deed
from coliseum.competitions.queries import all_acts
from coliseum.pages.administration import administration_page, administrator
from coliseum.pages.competitions import act_rows
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.paging import by_number
from coliseum.pages.parameters import choice, known_only, search_text, with_query
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, moment
from coliseum.pages.wording import ago
from workers.refusals import RefusedError

_ACTS = ("sign_out", "bar", "let_in")


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the people by name, or those whose name holds a text."""
    administrator(request)
    return _page(request)


def _page(
    request: HttpRequest, *, link: Row | None = None, error: RefusedError | None = None
) -> HttpResponse:
    known_only(request, ("q", "page"))
    search = search_text(request)
    found = people(search)
    rows, pagination = by_number(request, found, total=found.count(), per_page=50)
    context = {
        "people": [_row(each, cast(User, request.user)) for each in rows],
        "pagination": pagination,
        "search": search,
        "link": link,
        "error": alert_of(error),
    }
    return administration_page(
        request,
        "administration-people",
        "administration/people.html",
        context,
        error.status if error else 200,
    )


def _row(user: User, reader: User) -> Row:
    return {
        "id": user.pk,
        "name": user.username,
        "is_staff": user.is_staff,
        "may_host": user.may_host,
        "is_active": user.is_active,
        "is_me": user.pk == reader.pk,
        "joined": f"{user.date_joined:%Y-%m-%d}",
        "seen": ago(user.last_login) or _("never"),
    }


@login_required
@require_POST
def hosting(request: HttpRequest) -> HttpResponse:
    """Let a person open competitions, or no longer."""
    user = administrator(request)
    wanted = person(_name(request))
    allow_hosting(user=wanted, may_host=request.POST.get("may_host") == "yes")
    note_deed(actor=user, subject=wanted, text="may host" if wanted.may_host else "may no longer host")
    answer = _("%(name)s may open competitions now.") if wanted.may_host else ""
    answer = answer or _("%(name)s may no longer open competitions.")
    messages.success(request, answer % {"name": wanted.username})
    return redirect("administration-people")


@login_required
@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """Make a link that signs a person in once, and show it this once."""
    user = administrator(request)
    wanted = person(_name(request))
    made = create_sign_in_link(user=wanted)
    note_deed(actor=user, subject=wanted, text="made a sign-in link")
    return _page(request, link={"name": wanted.username, "url": made})


@login_required
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Sign a person out everywhere; bar her with a reason and her name typed, or let her in again."""
    user = administrator(request)
    wanted = person(_name(request))
    name, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    try:
        if name not in _ACTS:
            choices = f"one of {', '.join(_ACTS)}"
            raise RefusedError("request.bad_field", name="act", wanted=choices, field="act")
        if name == "bar" and request.POST.get("confirm", "").strip() != wanted.username:
            raise RefusedError("request.bad_field", name="confirm", wanted=wanted.username, field="confirm")
        said = _do(name, wanted, user, reason)
    except RefusedError as error:
        return _page(request, error=error)
    messages.success(request, said % {"name": wanted.username})
    return redirect("administration-people")


def _do(name: str, wanted: User, user: User, reason: str) -> str:
    if name == "bar":
        bar_person(user=wanted, actor=user, reason=reason)
        return _("%(name)s is barred and signed out everywhere.")
    if name == "let_in":
        let_in_person(user=wanted, actor=user, reason=reason)
        return _("%(name)s can sign in again.")
    end_sessions(user=wanted)
    note_deed(actor=user, subject=wanted, text="signed out everywhere")
    return _("%(name)s is signed out everywhere. Tokens go on; bar somebody to stop these too.")


def _name(request: HttpRequest) -> str:
    """Return the posted name of a person.

    Raises:
        RefusedError: `not_found` for a text that is nobody's name.
    """
    name = request.POST.get("person", "")
    if not name or len(name) > 150 or "\0" in name:
        raise RefusedError("not_found", kind="person", id=name)
    return name


@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show what administrators did on the site, or what hosts did in all competitions, newest first."""
    administrator(request)
    known_only(request, ("of", "page"))
    of = choice(request, "of", ("site", "competitions")) or "site"
    if of == "site":
        found = deeds()
        entries, pagination = by_number(request, found, total=found.count(), per_page=50)
        rows = [_deed_row(each) for each in entries]
    else:
        acts = all_acts()
        shown, pagination = by_number(request, acts, total=acts.count(), per_page=50)
        rows = [
            row | {"where": each.competition.title, "url": reverse("log", args=[each.competition.slug])}
            for each, row in zip(shown, act_rows(shown), strict=True)
        ]
    context = {
        "rows": rows,
        "pagination": pagination,
        "is_site": of == "site",
        "site_url": with_query(request, of="", page=""),
        "competitions_url": with_query(request, of="competitions", page=""),
    }
    return administration_page(request, "administration-log", "administration/log.html", context)


def _deed_row(each: LogEntry) -> Row:
    flags = {ADDITION: _("added"), DELETION: _("deleted")}
    kind = each.content_type.name if each.content_type else ""
    return {
        "actor": each.user.get_username(),
        "verb": flags.get(each.action_flag) or each.get_change_message(),
        "subject": f"{kind} {each.object_repr}".strip(),
        "reason": "",
        "when": ago(each.action_time),
        "when_at": moment(each.action_time),
    }
