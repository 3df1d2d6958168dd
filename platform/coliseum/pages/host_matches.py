"""A host's list of league matches: found by filters; voided, restored or played again, one or many."""

import re
from typing import Any, Final, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.ids import LENGTH
from coliseum.leaderboards.shifts import shifts_in
from coliseum.league.conductor import on_rerun
from coliseum.matches.models import Match, MatchState
from coliseum.matches.queries import league_matches
from coliseum.matches.reruns import MOST, Choice, choose, chosen_matches, count_matches, rerun_matches
from coliseum.pages.host_frame import check_typed, console_frame
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.paging import by_id
from coliseum.pages.parameters import choice, known_only, optional_id
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, match_rows
from coliseum.pages.wording import amount
from coliseum.submissions.queries import agent_names
from workers.refusals import RefusedError

_STATES: Final = (
    MatchState.FINISHED.value,
    MatchState.FAILED.value,
    MatchState.RUNNING.value,
    MatchState.QUEUED.value,
)
_COUNTED: Final = {"yes": gettext_lazy("rated"), "no": gettext_lazy("not rated")}
_SHIFTS: Final = 20
"""Agents whose change of place is listed."""
_ID: Final = re.compile(rf"[0-9a-z]{{{LENGTH}}}")
ACTS: Final = {
    "rerun": gettext_lazy("Play again"),
    "void": gettext_lazy("Void"),
    "restore": gettext_lazy("Restore"),
}


@login_required
@require_safe
def matches(request: HttpRequest, slug: str) -> HttpResponse:
    """List the league matches of a competition, newest first, by state, rating and agent if asked."""
    return _page(request, hosted(request, slug))


def _page(request: HttpRequest, wanted: Competition, error: RefusedError | None = None) -> HttpResponse:
    known_only(request, ("state", "counted", "agent", "older", "newer"))
    state, counted = choice(request, "state", _STATES), choice(request, "counted", list(_COUNTED))
    agent = optional_id(request, "agent")
    rows, pagination = by_id(request, _found(wanted, state, counted, agent))
    names = agent_names(wanted) if agent else {}
    context = console_frame(request, wanted, "host-matches") | {
        "error": alert_of(error),
        "matches": [
            row
            | {"id": match.pk, "is_counted": match.is_counted, "reason": match.reason, "error": match.error}
            for match, row in zip(rows, match_rows(rows), strict=True)
        ],
        "pagination": pagination,
        "states": [
            {"value": value, "label": MatchState(value).label, "is_current": value == state}
            for value in _STATES
        ],
        "counts": [
            {"value": value, "label": label, "is_current": value == counted}
            for value, label in _COUNTED.items()
        ],
        "agent": agent,
        "agent_name": names.get(agent, agent),
        "acts": [{"value": value, "label": label} for value, label in ACTS.items()],
        "most": MOST,
        "is_filtered": bool(state or counted or agent),
    }
    return render(request, "hosting/matches.html", context, status=error.status if error else 200)


def _found(competition: Competition, state: str, counted: str, agent: str) -> QuerySet[Match]:
    found = league_matches(competition)
    if state:
        found = found.filter(state=state)
    if counted:
        found = found.filter(state=MatchState.FINISHED, is_counted=counted == "yes")
    if agent:
        found = found.filter(seats__submission=agent).distinct()
    return found


@login_required
@require_POST
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an act would do with the matches that were chosen; do it once it is confirmed."""
    wanted = hosted(request, slug)
    try:
        name, ids, submission = _asked(request)
        selected = choose(name, chosen_matches(wanted, match_ids=ids, submission=submission))
    except RefusedError as error:
        return _page(request, wanted, error)
    if "confirm" not in request.POST:
        return _confirm(request, wanted, name, selected)
    try:
        check_typed(request, wanted)
        said = _do(wanted, cast(User, request.user), name, selected, request.POST.get("reason", ""))
    except RefusedError as error:
        return _confirm(request, wanted, name, selected, error)
    messages.success(request, said)
    return redirect("host-matches", slug=wanted.slug)


def _asked(request: HttpRequest) -> tuple[str, list[str], str]:
    name = request.POST.get("act", "")
    if name not in ACTS:
        wanted = f"one of {', '.join(ACTS)}"
        raise RefusedError("request.bad_field", name="act", wanted=wanted, field="act")
    ids = request.POST.getlist("match")
    submission = request.POST.get("submission", "")
    if any(not _ID.fullmatch(each) for each in [*ids, *filter(None, [submission])]):
        raise RefusedError("request.bad_field", name="match", wanted="ids of matches", field="match")
    return name, ids, submission


def _do(competition: Competition, user: User, name: str, chosen: Choice, reason: str) -> str:
    """Do it and return what is said about it."""
    facts: dict[str, Any] = {
        "competition": competition,
        "matches": chosen.fit,
        "actor": user,
        "reason": reason,
    }
    if name == "rerun":
        again = rerun_matches(**facts)
        on_rerun(competition)
        return _("%(matches)s in the queue again.") % {"matches": amount(len(again), "match", "matches")}
    changed = count_matches(counted=name == "restore", **facts)
    on_rerun(competition)
    done = _("%(matches)s restored.") if name == "restore" else _("%(matches)s voided.")
    return (done % {"matches": amount(changed, "match", "matches")}) + " " + _("The board follows.")


def _boards(competition: Competition, name: str, chosen: Choice) -> list[Row]:
    """Return how each board would change at once; what is played again counts once it is played."""
    names = agent_names(competition)
    phases = {match.phase.pk: match.phase for match in chosen.fit if match.phase is not None}
    boards = []
    for phase in phases.values():
        ids = [
            match.pk
            for match in chosen.fit
            if match.phase_id == phase.pk and match.state == MatchState.FINISHED
        ]
        found = shifts_in(phase, **{"restored" if name == "restore" else "voided": ids})
        shown = [
            {
                "name": names.get(each.submission_id, each.submission_id),
                "before": each.before,
                "after": each.after,
            }
            for each in (found or [])[:_SHIFTS]
        ]
        more = len(found) - len(shown) if found else 0
        boards.append(
            {"title": phase.shown_title, "is_known": found is not None, "rows": shown, "more": more}
        )
    return boards


def _confirm(
    request: HttpRequest,
    competition: Competition,
    name: str,
    chosen: Choice,
    error: RefusedError | None = None,
) -> HttpResponse:
    """Say how many matches it will be before it happens."""
    failed = sum(match.state == MatchState.FAILED for match in chosen.fit)
    told: Row = {
        "act": name,
        "label": ACTS[name],
        "count": amount(len(chosen.fit), "match", "matches"),
        "failed": amount(failed, "match", "matches") if failed else "",
        "fresh": amount(len(chosen.fit) - failed, "match", "matches") if len(chosen.fit) > failed else "",
        "unfit": amount(chosen.unfit, "match", "matches") if chosen.unfit else "",
        "ids": [] if request.POST.get("submission") else [match.pk for match in chosen.fit],
        "submission": request.POST.get("submission", ""),
    }
    context = console_frame(request, competition, "host-matches") | {"told": told, "error": alert_of(error)}
    context |= {"reason": request.POST.get("reason", "")[:400], "boards": _boards(competition, name, chosen)}
    return render(request, "hosting/matches_confirm.html", context, status=error.status if error else 200)
