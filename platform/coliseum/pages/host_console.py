"""The first page of a host's console: how the competition goes, and the acts on it as a whole."""

from dataclasses import asdict
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.competitions.calibrations import want_calibration
from coliseum.competitions.models import Competition, CompetitionState
from coliseum.competitions.queries import acts_of, shown_phase
from coliseum.competitions.services import move_competition
from coliseum.league.conductor import on_uploaded
from coliseum.league.demo import enter_baselines
from coliseum.league.monitor import findings_of
from coliseum.league.status import MOST_WAITING, Queue, living_slots, queue_state
from coliseum.matches.audits import uncounted_matches
from coliseum.matches.queries import workers
from coliseum.matches.waiting import why_stuck
from coliseum.pages.calibrations import calibration_section
from coliseum.pages.competitions import act_rows
from coliseum.pages.host_frame import check_typed, console_frame, percent
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row
from coliseum.pages.wording import ago, amount, counted, took
from coliseum.submissions.figures import Funnel, funnel_of, rejections_of
from coliseum.submissions.queries import has_baselines
from workers.refusals import OUTCOMES, RefusedError


@login_required
@require_safe
def console(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a host how the competition goes and what can be done."""
    return console_page(request, hosted(request, slug))


def console_page(
    request: HttpRequest,
    wanted: Competition,
    error: RefusedError | None = None,
) -> HttpResponse:
    """Return the console, with what was refused on top."""
    is_over = wanted.state == CompetitionState.CLOSED
    context = console_frame(request, wanted, "host-console") | {
        "error": alert_of(error),
        "stuck": "" if is_over else why_stuck(wanted.arena, list(workers()[:20])),
        "moves": _moves(wanted),
        "close": _can_close(wanted),
        "funnel": funnel_rows(funnel_of(wanted)),
        "queue": queue_rows(queue_state(slots=living_slots(), competition=wanted)),
        "failures": [
            {"code": each.code, "meaning": meaning_of(each.code), "count": each.submissions}
            for each in rejections_of(wanted)[:3]
        ],
        "suspicions": _suspicions(wanted),
        "calibration": calibration_section(wanted),
        "lacks_baselines": not is_over and not has_baselines(wanted),
        "acts": act_rows(list(acts_of(wanted)[:10])),
    }
    status = error.status if error else 200
    return render(request, "hosting/console.html", context, status=status)


def meaning_of(code: str) -> str:
    """Return what a verdict means, in a sentence; nothing for the code of a refusal."""
    text = OUTCOMES.get(code)
    return _(text.meaning) if text else ""


def funnel_rows(funnel: Funnel) -> list[Row]:
    """Return the bars of the funnel: label, number, share of those who joined, width 0 to 100."""
    labels = {
        "joined": _("joined"),
        "submitted": _("submitted"),
        "validated": _("passed validation"),
        "active": _("in play now"),
    }
    counts = asdict(funnel)
    whole = funnel.joined
    return [
        {
            "label": label,
            "value": counted(counts[name]),
            "share": percent(counts[name], whole) if name != "joined" else "",
            "width": f"{100 * counts[name] / whole:.1f}" if whole else "0",
        }
        for name, label in labels.items()
    ]


def queue_rows(queue: Queue) -> list[Row]:
    """Return the figures of a queue as parts/_stats.html prints them."""
    more = "+" if queue.waiting >= MOST_WAITING else ""
    wait = queue.expected_seconds
    return [
        {"label": _("matches waiting"), "value": f"{counted(queue.waiting)}{more}"},
        {"label": _("being played"), "value": counted(queue.running)},
        {"label": _("matches a second"), "value": rate_text(queue.matches_per_second)},
        {"label": _("until all that waits is played"), "value": wait_text(wait)},
        {"label": _("oldest waits since"), "value": ago(queue.oldest_at) or _("none waits")},
        {"label": _("last one finished"), "value": ago(queue.finished_at) or _("never")},
    ]


def rate_text(rate: float) -> str:
    """Return matches a second without needless digits."""
    return f"{rate:.0f}" if rate >= 10 else f"{rate:.2g}" if rate else "0"


def wait_text(seconds: float | None) -> str:
    """Return an expected wait for people; nobody can say while nobody plays."""
    if seconds is None:
        return _("nobody plays")
    return _("none") if seconds == 0 else _("about %(time)s") % {"time": took(max(1.0, seconds))}


def _suspicions(competition: Competition) -> list[Row]:
    """Return how many findings of each kind a host should look at; empty before the monitor's first look."""
    findings = findings_of(shown_phase(competition))
    if not findings:
        return []
    return [
        {"label": _("strange pairs"), "value": counted(len(findings.get("pairs", ())))},
        {"label": _("forfeits for one team"), "value": counted(len(findings.get("forfeits", ())))},
        {"label": _("agents that are one"), "value": counted(len(findings.get("clones", ())))},
        {"label": _("matches not rated"), "value": counted(uncounted_matches(competition).count())},
    ]


def _moves(competition: Competition) -> list[Row]:
    """Return the moves that can be taken back, each with what it means."""
    opened = _("Teams can join, and submit from the opening time on; the league plays.")
    frozen = _(
        "Nobody can join or submit, and no league match is started. What is being played is finished; "
        "uploads that were accepted are still validated. Board, agents and replays stay."
    )
    moves = {
        CompetitionState.DRAFT: [("open", _("Open it"), opened, True)],
        CompetitionState.OPEN: [("paused", _("Freeze it"), frozen, False)],
        CompetitionState.PAUSED: [("open", _("Unfreeze it"), opened, True)],
    }
    return [
        {"to": to, "label": label, "text": text, "is_primary": is_primary}
        for to, label, text, is_primary in moves.get(CompetitionState(competition.state), [])
    ]


def _can_close(competition: Competition) -> bool:
    return competition.state in {CompetitionState.OPEN, CompetitionState.PAUSED}


@login_required
@require_POST
def change_state(request: HttpRequest, slug: str) -> HttpResponse:
    """Open, freeze, unfreeze or close; closing wants the competition's short name typed, and a reason."""
    wanted = hosted(request, slug)
    to = request.POST.get("to", "") or CompetitionState.CLOSED.value
    reason = request.POST.get("reason", "").strip()[:400]
    try:
        if to not in {"open", "paused", "closed"}:
            raise RefusedError(
                "request.bad_field", name="to", wanted="one of open, paused, closed", field="to"
            )
        if to == "closed":
            check_typed(request, wanted)
        move_competition(competition=wanted, to=to, actor=cast(User, request.user), reason=reason)
    except RefusedError as error:
        return console_page(request, wanted, error)
    said = {"open": _("%(title)s is open now."), "paused": _("%(title)s is frozen now.")}
    message = said.get(to, _("%(title)s is closed now."))
    messages.success(request, message % {"title": wanted.title})
    return redirect("host-console", slug=wanted.slug)


@login_required
@require_POST
def baselines(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter the arena's own agents for the house, so that there is somebody to meet."""
    wanted = hosted(request, slug)
    entered = enter_baselines(wanted)
    for submission in entered:
        on_uploaded(submission)
    said = _("%(baselines)s entered; they are validated first.")
    messages.success(request, said % {"baselines": amount(len(entered), "baseline", "baselines")})
    return redirect("host-console", slug=wanted.slug)


@login_required
@require_POST
def calibrate(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the house's agents play, to find out how matches should be played here."""
    wanted = hosted(request, slug)
    try:
        want_calibration(competition=wanted, actor=cast(User, request.user))
    except RefusedError as error:
        return console_page(request, wanted, error)
    messages.success(request, _("The house's agents will play for it."))
    return redirect(reverse("host-console", args=[wanted.slug]) + "#calibration")
