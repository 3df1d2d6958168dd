"""People: the public page, the picture, and the form of one's own profile."""

from typing import IO, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.accounts.pictures import drawn_picture, read_picture
from coliseum.accounts.profiles import change_picture, change_profile, profile_of, read_profile_picture
from coliseum.accounts.queries import person as person_named
from coliseum.matches.queries import matches_with
from coliseum.pages.left_out import tell_left_out
from coliseum.pages.markdown import to_html
from coliseum.pages.methods import require_form, require_POST, require_safe
from coliseum.pages.people_rows import agent_rows, person_row, picture_url, place_rows, team_rows
from coliseum.pages.profile_forms import PictureForm, ProfileForm
from coliseum.pages.rows import match_rows
from coliseum.submissions.presence import agents_in_play, places_of, teams_of
from workers.refusals import RefusedError

_MATCHES = 10
_AGENTS = 50
_PICTURE_SECONDS = 300
"""How long a browser may keep a picture; one of a deleted account is gone everywhere soon after."""


def known_person(name: str) -> User:
    """Return somebody who has an account.

    Raises:
        RefusedError: `not_found`, also for accounts that are deleted.
    """
    if "\0" in name:
        raise RefusedError("not_found", kind="person", id=name)
    found = person_named(name)
    if found.deleted_at is not None:
        raise RefusedError("not_found", kind="person", id=name)
    return found


@require_safe
def person(request: HttpRequest, name: str) -> HttpResponse:
    """Show what a person says, their places, teams, agents in play and latest matches."""
    wanted = known_person(name)
    profile = profile_of(wanted)
    teams = teams_of(wanted).prefetch_related("members", "entries__competition")[:20]
    agents = list(agents_in_play(wanted.teams.all())[:_AGENTS])
    context = {
        "person": person_row(wanted, profile),
        "profile": profile,
        "bio": to_html(profile.bio) if profile else "",
        "since": wanted.date_joined,
        "is_me": request.user.is_authenticated and request.user.pk == wanted.pk,
        "places": place_rows(list(places_of(wanted.teams.all())[:30])),
        "teams": team_rows(teams),
        "agents": agent_rows(agents),
        "matches": match_rows(matches_with(agents)[:_MATCHES]) if agents else [],
    }
    return render(request, "profiles/person.html", context)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Send a person's picture: the uploaded one, else one drawn from the name."""
    wanted = known_person(name)
    content = read_profile_picture(profile_of(wanted))
    if content:
        response = HttpResponse(content, content_type="image/webp")
    else:
        response = HttpResponse(drawn_picture(wanted.username), content_type="image/svg+xml")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = f"public, max-age={_PICTURE_SECONDS}"
    return response


@login_required
@require_form
def own_profile(request: HttpRequest) -> HttpResponse:
    """Show the form of one's profile, or keep what was written."""
    user = cast(User, request.user)
    if request.method != "POST":
        return _own_page(request, user)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _own_page(request, user, form=form, status=400)
    try:
        change_profile(user=user, **form.cleaned_data)
    except RefusedError as error:
        form.refuse(error)
        return _own_page(request, user, form=form, status=error.status)
    messages.success(request, _("Your profile is saved."))
    tell_left_out(request, {_("About you"): form.cleaned_data["bio"]})
    return redirect("settings-profile")


@login_required
@require_POST
def own_picture(request: HttpRequest) -> HttpResponse:
    """Keep an uploaded picture, or go back to the drawn one."""
    user = cast(User, request.user)
    form = PictureForm(request.POST, request.FILES)
    try:
        upload = request.FILES.get("picture")
        if "remove" not in request.POST and upload is None:
            raise RefusedError("image.unsupported", field="picture")
        content = (
            read_picture(cast(IO[bytes], upload.file)) if upload and "remove" not in request.POST else b""
        )
        change_picture(user=user, content=content)
    except RefusedError as error:
        form.refuse(error)
        return _own_page(request, user, picture_form=form, status=error.status)
    done = _("Your picture is changed.") if content else _("Your picture is the drawn one again.")
    messages.success(request, done)
    return redirect("settings-profile")


def _own_page(
    request: HttpRequest,
    user: User,
    *,
    form: ProfileForm | None = None,
    picture_form: PictureForm | None = None,
    status: int = 200,
) -> HttpResponse:
    profile = profile_of(user)
    fields = ("display_name", "affiliation", "link", "bio")
    said = {field: getattr(profile, field) for field in fields} if profile else {}
    context = {
        "form": form or ProfileForm(initial=said),
        "picture_form": picture_form or PictureForm(),
        "has_picture": bool(profile and profile.picture),
        "picture_url": picture_url(user, profile),
        "person_url": reverse("person", args=[user.username]),
    }
    return render(request, "profiles/own.html", context, status=status)
