"""A host's page of announcements: write, pin, edit, take back; and where people talk."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.competitions.announcements import (
    announcement_for,
    announcements_for,
    change_announcement,
    publish_announcement,
    set_forum,
    withdraw_announcement,
)
from coliseum.competitions.models import Announcement, Competition
from coliseum.pages.forms import RefusableForm
from coliseum.pages.host_forms import AnnouncementForm, ForumForm
from coliseum.pages.host_frame import check_typed, console_frame
from coliseum.pages.hosting import hosted
from coliseum.pages.left_out import tell_left_out
from coliseum.pages.methods import require_form
from coliseum.pages.notices import announcement_row
from coliseum.pages.once import once
from coliseum.pages.paging import by_id
from coliseum.pages.parameters import known_id, known_only
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row
from workers.refusals import RefusedError


@login_required
@once
@require_form
def announcements(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was announced, with the forms; do one of the acts, named by `act`."""
    wanted = hosted(request, slug)
    if request.method != "POST":
        known_only(request, ("older", "newer"))
        return _page(request, wanted)
    name = request.POST.get("act", "")
    form = _form(name, request)
    try:
        if name not in ACTS:
            choices = f"one of {', '.join(ACTS)}"
            raise RefusedError("request.bad_field", name="act", wanted=choices, field="act")
        if form is not None and not form.is_valid():
            return _page(request, wanted, name=name, form=form)
        said = ACTS[name](request, wanted, form)
    except RefusedError as error:
        if form is not None and error.field in form.fields:
            form.refuse(error)
            return _page(request, wanted, name=name, form=form)
        return _page(request, wanted, error=error)
    messages.success(request, said)
    return redirect("host-announcements", slug=wanted.slug)


def _form(name: str, request: HttpRequest) -> RefusableForm | None:
    if name in {"post", "change"}:
        prefix = request.POST.get("announcement", "")[:40] if name == "change" else "new"
        return AnnouncementForm(request.POST, auto_id=f"{prefix}_%s")
    return ForumForm(request.POST) if name == "forum" else None


def _post(request: HttpRequest, competition: Competition, form: RefusableForm | None) -> str:
    assert form is not None
    publish_announcement(competition=competition, actor=cast(User, request.user), **form.cleaned_data)
    tell_left_out(request, {_("Your announcement"): form.cleaned_data["text"]})
    return _("It is announced.")


def _change(request: HttpRequest, competition: Competition, form: RefusableForm | None) -> str:
    assert form is not None
    change_announcement(
        announcement=_named(request, competition), actor=cast(User, request.user), **form.cleaned_data
    )
    tell_left_out(request, {_("Your announcement"): form.cleaned_data["text"]})
    return _("Saved; it says that it was edited.")


def _withdraw(request: HttpRequest, competition: Competition, form: RefusableForm | None) -> str:
    found = _named(request, competition)
    check_typed(request, competition)
    withdraw_announcement(
        announcement=found, actor=cast(User, request.user), reason=request.POST.get("reason", "")
    )
    return _("It is taken back; its title stays, with your reason.")


def _forum(request: HttpRequest, competition: Competition, form: RefusableForm | None) -> str:
    assert form is not None
    set_forum(competition=competition, actor=cast(User, request.user), url=form.cleaned_data["forum_url"])
    return _("Saved.")


def _named(request: HttpRequest, competition: Competition) -> Announcement:
    wanted = known_id("announcement", request.POST.get("announcement", ""))
    return announcement_for(competition, wanted, cast(User, request.user))


ACTS: dict[str, Callable[[HttpRequest, Competition, RefusableForm | None], str]] = {
    "post": _post,
    "change": _change,
    "withdraw": _withdraw,
    "forum": _forum,
}


def _page(
    request: HttpRequest,
    competition: Competition,
    *,
    name: str = "",
    form: RefusableForm | None = None,
    error: RefusedError | None = None,
) -> HttpResponse:
    user = cast(User, request.user)
    rows, pagination = by_id(request, announcements_for(competition, user), per_page=20)
    context = console_frame(request, competition, "host-announcements") | {
        "error": alert_of(error),
        "form": form if name == "post" and form else AnnouncementForm(auto_id="new_%s"),
        "forum_form": form
        if name == "forum" and form
        else ForumForm(initial={"forum_url": competition.forum_url}),
        "is_forum_open": name == "forum",
        "announcements": [_row(each, request, form if name == "change" else None) for each in rows],
        "pagination": pagination,
    }
    status = error.status if error else 400 if form else 200
    return render(request, "hosting/announcements.html", context, status=status)


def _row(each: Announcement, request: HttpRequest, form: RefusableForm | None) -> Row:
    is_this = form is not None and request.POST.get("announcement") == each.pk
    initial = {"title": each.title, "text": each.text, "is_pinned": each.is_pinned}
    return announcement_row(each) | {
        "form": form if is_this else AnnouncementForm(initial=initial, auto_id=f"{each.pk}_%s"),
        "is_open": is_this,
        "for": each.entries.count() if not each.is_public else 0,
    }
