"""A host's page of seasons and finals: close, open, announce, move, cancel, declare."""

from collections.abc import Callable
from datetime import UTC
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition, CompetitionState, PhaseState
from coliseum.competitions.phases import (
    FINAL_OPTIONS,
    announce_final,
    cancel_final,
    move_deadline,
    planned_final,
)
from coliseum.competitions.queries import final_of, open_phase_of
from coliseum.league.finals import declare_final
from coliseum.league.seasons import close_season, open_season
from coliseum.pages.forms import RefusableForm
from coliseum.pages.host_frame import console_frame
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.once import once
from coliseum.pages.phase_forms import DeadlineForm, FinalForm, ReasonForm, RemarkForm, SeasonForm
from coliseum.pages.phases import phase_row
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row
from workers.refusals import RefusedError

Values = dict[str, Any]  # Any: the fields of a form, by name


@login_required
@require_safe
def host_phases(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a host what can be done about seasons and finals now."""
    return _page(request, hosted(request, slug))


@login_required
@once
@require_POST
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Do one of the acts, named by `act`."""
    wanted = hosted(request, slug)
    name = request.POST.get("act", "")
    try:
        form_class, do = ACTS[name]
    except KeyError:
        choices = f"one of {', '.join(ACTS)}"
        return _page(request, wanted, error=RefusedError("request.bad_field", name="act", wanted=choices))
    form = form_class(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return _page(request, wanted, name=name, form=form)
    try:
        said = do(wanted, cast(User, request.user), form.cleaned_data)
    except RefusedError as error:
        if error.field in form.fields:
            form.refuse(error)
            return _page(request, wanted, name=name, form=form)
        return _page(request, wanted, error=error)
    messages.success(request, said)
    return redirect("host-phases", slug=wanted.slug)


def _close(competition: Competition, user: User, values: Values) -> str:
    phase = close_season(
        competition=competition,
        actor=user,
        reason=values["reason"],
        keeps_champion=values["keeps_champion"],
    )
    closed = _("%(season)s is closed; its board stands when the last running match is in.")
    said = closed % {"season": phase.shown_title}
    return f"{said} {_open(competition, user, values)}" if values["opens_next"] else said


def _open(competition: Competition, user: User, values: Values) -> str:
    return _("%(season)s is open.") % {"season": open_season(competition=competition, actor=user).title}


def _announce(competition: Competition, user: User, values: Values) -> str:
    phase = announce_final(
        competition=competition,
        actor=user,
        naming_ends_at=values["naming_ends_at"].replace(tzinfo=UTC),
        options={name: values[name] for name in FINAL_OPTIONS},
    )
    return _("%(final)s is announced; owners name their finalists on its page.") % {
        "final": phase.shown_title
    }


def _move(competition: Competition, user: User, values: Values) -> str:
    ends = values["naming_ends_at"].replace(tzinfo=UTC)
    move_deadline(phase=_final(competition), actor=user, naming_ends_at=ends, reason=values["reason"])
    return _("The deadline is moved.")


def _cancel(competition: Competition, user: User, values: Values) -> str:
    cancel_final(phase=_final(competition), actor=user, reason=values["reason"])
    return _("The final is cancelled; submissions are open again.")


def _declare(competition: Competition, user: User, values: Values) -> str:
    declare_final(phase=_final(competition), actor=user, reason=values["reason"])
    return _("The result is official.")


def _final(competition: Competition) -> Any:  # Any: a Phase; mypy knows nothing of the next line's refusal
    phase = final_of(competition)
    if phase is None:
        raise RefusedError("final.wrong_state", state="not announced", action="changed")
    return phase


ACTS: dict[str, tuple[type[RefusableForm], Callable[[Competition, User, Values], str]]] = {
    "close": (SeasonForm, _close),
    "open": (RemarkForm, _open),
    "announce": (FinalForm, _announce),
    "move": (DeadlineForm, _move),
    "cancel": (ReasonForm, _cancel),
    "declare": (RemarkForm, _declare),
}
TITLES = {
    "close": (
        gettext_lazy("Close the season"),
        gettext_lazy("Pairing stops, the field is fixed, the seeds are revealed."),
    ),
    "open": (
        gettext_lazy("Open the next season"),
        gettext_lazy("Fresh seeds and an empty board; agents stay in play."),
    ),
    "announce": (
        gettext_lazy("Announce a final"),
        gettext_lazy(
            "Submissions are locked from now on. The final is played on fresh hidden seeds and counts alone."
        ),
    ),
    "move": (gettext_lazy("Move the deadline"), gettext_lazy("While the final has not begun.")),
    "cancel": (gettext_lazy("Cancel the final"), gettext_lazy("Submissions are open again.")),
    "declare": (
        gettext_lazy("Declare the result"),
        gettext_lazy("What stands on the final's page becomes official."),
    ),
}


def _possible(competition: Competition) -> list[str]:
    """Return the acts that make sense now; the services check them again."""
    current, final = open_phase_of(competition), final_of(competition)
    if competition.state not in {CompetitionState.OPEN, CompetitionState.PAUSED}:
        return ["declare"] if final and final.settled_at and not final.declared_at else []
    if final is None:
        return ["close", "announce"] if current else ["open", "announce"]
    if final.state == PhaseState.DRAFT:
        return ["move", "cancel"]
    if final.settled_at and not final.declared_at:
        return ["declare"]
    return ["open"] if final.declared_at else []


def _page(
    request: HttpRequest,
    competition: Competition,
    *,
    name: str = "",
    form: RefusableForm | None = None,
    error: RefusedError | None = None,
) -> HttpResponse:
    names = _possible(competition)
    acts: list[Row] = [
        {
            "name": each,
            "title": TITLES[each][0],
            "text": TITLES[each][1],
            "form": form
            if each == name and form
            else ACTS[each][0](auto_id=f"{each}_%s", initial=planned_final(competition)),
            "is_open": each == name,
        }
        for each in names + ([name] if name and name not in names else [])
    ]
    context = console_frame(request, competition, "host-phases") | {
        "acts": acts,
        "error": alert_of(error),
        "phases": [phase_row(each) for each in competition.phases.order_by("-id")],
    }
    status = error.status if error else 400 if form else 200
    return render(request, "hosting/phases.html", context, status=status)
