"""Seasons and finals: what was played, who was first, who is a finalist, and how to check the seeds."""

from collections import Counter
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition, Entry, Phase, PhaseState
from coliseum.competitions.queries import competition_for, final_of, is_host, phase_in
from coliseum.competitions.services import entry_of
from coliseum.league.finals import finalists_of, least_owners
from coliseum.matches.queries import example_episode, rated_count
from coliseum.pages.competitions import frame
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.parameters import known_slug
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, agent_url, dated_fact, moment
from coliseum.pages.wording import ago, amount, counted, until
from coliseum.submissions.contenders import name_finalists, per_owner, withdraw_contender
from coliseum.submissions.models import Contender
from coliseum.submissions.queries import champions, contenders_of, eligible_finalists, named_by_entry
from workers.refusals import RefusedError

LISTED = 300


@require_safe
def phases(request: HttpRequest, slug: str) -> HttpResponse:
    """List a competition's seasons and finals, and who came first in them."""
    wanted = competition_for(known_slug(slug), request.user)
    context = frame(request, wanted, "phases") | {
        "phases": [phase_row(each) for each in wanted.phases.order_by("-id")],
        "champions": [
            {
                "phase": each.phase.shown_title,
                "url": reverse("phase", args=[wanted.slug, each.phase.slug]),
                "agent": str(each.submission),
                "agent_url": agent_url(each.submission),
                "team": each.submission.entry.team.name,
                "when": f"{each.phase.closed_at:%Y-%m-%d}" if each.phase.closed_at else "",
            }
            for each in champions(wanted)
        ],
    }
    return render(request, "competitions/phases.html", context)


def phase_row(phase: Phase) -> Row:
    """Return a line of the list."""
    label = (
        _("announced") if phase.is_final and phase.state == PhaseState.DRAFT else phase.get_state_display()
    )
    return {
        "title": phase.shown_title,
        "url": reverse("phase", args=[phase.competition.slug, phase.slug]),
        "word": phase.state,
        "label": label,
        "opened": f"{phase.opened_at:%Y-%m-%d %H:%M} UTC" if phase.opened_at else "",
        "closed": f"{phase.closed_at:%Y-%m-%d %H:%M} UTC" if phase.closed_at else "",
        "opened_at": moment(phase.opened_at),
        "closed_at": moment(phase.closed_at),
        "matches": counted(rated_count(phase)),
        "verdict": phase.verdict,
    }


@require_safe
def phase(request: HttpRequest, slug: str, phase_slug: str) -> HttpResponse:
    """Show a season or a final."""
    wanted = competition_for(known_slug(slug), request.user)
    return phase_page(request, wanted, phase_in(wanted, phase_slug))


def phase_page(
    request: HttpRequest, competition: Competition, shown: Phase, error: RefusedError | None = None
) -> HttpResponse:
    """Return the page of a phase, with what was refused on top."""
    entry = entry_of(competition, request.user)
    runs_it = is_host(competition, request.user)
    contenders = list(contenders_of(shown)[:LISTED]) if shown.state != PhaseState.DRAFT else []
    context = frame(request, competition, "phases") | {
        "phase": shown,
        "head": phase_row(shown),
        "error": alert_of(error),
        "facts": _facts(shown),
        "explained": _explained(shown),
        "naming": _naming(shown, entry) if entry else None,
        "contenders": _shared([_contender_row(each, entry, runs_it=runs_it) for each in contenders]),
        "may_withdraw": runs_it or entry is not None,
        "proof": _proof(shown),
    }
    return render(
        request, "competitions/phase.html", context, status=error.status if error is not None else 200
    )


def _facts(phase: Phase) -> list[Row]:
    rows: list[tuple[str, str, bool]] = []
    if phase.is_final and phase.naming_ends_at:
        ends = f"{phase.naming_ends_at:%Y-%m-%d %H:%M} UTC"
        left = until(phase.naming_ends_at) if phase.state == PhaseState.DRAFT else ""
        rows.append((_("Named until"), f"{ends}, {left}" if left else ends, False))
    if phase.is_final:
        options = phase.options
        rows += [
            (_("Per owner"), str(options.get("finalists_per_owner", "")), False),
            (_("Prize places"), str(options.get("prize_places", "")), False),
            (
                _("Episodes"),
                _("at most %(count)s") % {"count": counted(options.get("budget_episodes", 0))},
                False,
            ),
            (_("Cuts after"), ", ".join(map(str, options.get("cuts", []))) or _("none"), False),
        ]
        if made := options.get("cuts_made"):
            rows.append((_("Cuts made"), ", ".join(map(str, made)), False))
    dates = (
        (_("Opened"), phase.opened_at),
        (_("Closed"), phase.closed_at),
        (_("Declared"), phase.declared_at),
    )
    dated = [dated_fact(label, at) for label, at in dates if at]
    rows.append((_("Matches"), counted(rated_count(phase)), False))
    rows.append((_("Commit"), phase.seed_commit, True))
    rows.append((_("Secret"), phase.seed_secret if phase.revealed_at else _("shown at the end"), True))
    said = [{"label": label, "value": value, "url": "", "is_code": code} for label, value, code in rows]
    return [*dated, *said]


def _explained(phase: Phase) -> str:
    """Say in a sentence or two where the phase stands."""
    if not phase.is_final:
        return {
            PhaseState.OPEN.value: _("Agents play and the board moves until the host closes the season."),
            PhaseState.CLOSED.value: _(
                "This season is over and its board is frozen: nothing that happens to an agent later "
                "changes it, unless a host takes a place away for a reason that stands in the log."
            ),
        }.get(phase.state, _("Not open yet."))
    if phase.state == PhaseState.DRAFT:
        return _waiting(phase)
    if phase.state == PhaseState.OPEN:
        return _(
            "All finalists play the same number of episodes until the next cut; then those leave who have "
            "no chance of the first places any more. Only matches of the final count."
        )
    said = phase.verdict[:1].upper() + phase.verdict[1:] + "." if phase.verdict else ""
    if phase.declared_at:
        told = _("The result is official. Who cannot be told apart shares a place.")
    elif phase.settled_at:
        told = _("The host has still to declare the result.")
    else:
        told = _("The last matches are being played.")
    return f"{said} {told}"


def _waiting(phase: Phase) -> str:
    """Say what a final that has not begun waits for."""
    owners = len({each.entry_id for each in finalists_of(phase)})
    if owners < least_owners(phase):
        return ngettext(
            "A final here needs finalists of %(least)s owners; there is %(owners)s. "
            "It waits until there are more.",
            "A final here needs finalists of %(least)s owners; there are %(owners)s. "
            "It waits until there are more.",
            owners,
        ) % {"least": least_owners(phase), "owners": owners}
    return _("No more submissions. Each owner names finalists; then the final begins by itself.")


def _naming(phase: Phase, entry: Entry) -> Row | None:
    """Return the form by which an owner names finalists, and what the rule would choose."""
    if not phase.is_final or phase.state != PhaseState.DRAFT or entry.is_disqualified:
        return None
    named = set(named_by_entry(phase, entry))
    by_rule = {each.pk for each in finalists_of(phase) if each.entry_id == entry.pk}
    return {
        "url": reverse("final-name", args=[phase.competition.slug, phase.slug]),
        "most": amount(per_owner(phase), "agent", "agents"),
        "ends": until(phase.naming_ends_at) or _("now"),
        "ends_at": moment(phase.naming_ends_at),
        "has_named": bool(named),
        "agents": [
            {
                "id": each.pk,
                "name": str(each),
                "rank": _("rank %(rank)s") % {"rank": each.standing.rank}
                if each.standing
                else _("not rated"),
                "is_named": each.pk in (named or by_rule),
                "is_active": each.is_active,
            }
            for each in eligible_finalists(entry)[:100]
        ],
    }


def _shared(rows: list[Row]) -> list[Row]:
    """Say at each place that several have that it is shared."""
    places = Counter(row["place"] for row in rows if row["place"])
    shared = _("%(place)s shared")
    return [
        row | {"place": shared % {"place": row["place"]}} if places[row["place"]] > 1 else row for row in rows
    ]


def _contender_row(contender: Contender, entry: Entry | None, *, runs_it: bool) -> Row:
    submission = contender.submission
    shown = contender.phase
    is_mine = entry is not None and submission.entry_id == entry.pk
    return {
        "id": submission.pk,
        "agent": str(submission),
        "agent_url": agent_url(submission),
        "team": submission.entry.team.name,
        "is_mine": is_mine,
        "place": str(contender.place or ""),
        "note": _note(contender),
        "is_out": contender.withdrawn_at is not None,
        "withdraw_url": reverse("contender-withdraw", args=[shown.competition.slug, shown.slug])
        if contender.withdrawn_at is None
        and shown.declared_at is None
        and (runs_it or (is_mine and shown.is_final and shown.state == PhaseState.OPEN))
        else "",
    }


def _note(contender: Contender) -> str:
    if contender.withdrawn_at:
        return _("withdrawn %(when)s: %(reason)s") % {
            "when": ago(contender.withdrawn_at),
            "reason": contender.withdrawn_reason,
        }
    if contender.cut_at:
        return _("left at the cut after %(count)s episodes") % {"count": counted(contender.cut_at)}
    if not contender.phase.is_final:
        return ""
    return _("named by its owner") if contender.named_by_id else _("entered by the rule")


def _proof(phase: Phase) -> str:
    """Return a few lines of Python by which anybody checks secret and seeds."""
    if not phase.revealed_at:
        return ""
    lines = [
        "import hashlib, hmac",
        f'secret = bytes.fromhex("{phase.seed_secret}")',
        f'assert hashlib.sha256(secret).hexdigest() == "{phase.seed_commit}"',
    ]
    if example := example_episode(phase):
        source = example.match.seed_source
        lines += [
            f"# seed of the first episode of match {example.match_id}",
            f'seed = int.from_bytes(hmac.digest(secret, b"{source}:0", "sha256")[:4]) >> 1',
            f"assert seed == {example.seed}",
        ]
    return "\n".join(lines)


@login_required
@require_POST
def name(request: HttpRequest, slug: str, phase_slug: str) -> HttpResponse:
    """Name the finalists of one's own entry."""
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    shown = phase_in(wanted, phase_slug)
    try:
        entry = entry_of(wanted, user)
        if entry is None:
            raise RefusedError("competition.not_joined")
        named = name_finalists(
            phase=shown, entry=entry, user=user, ids=request.POST.getlist("finalist")[:100]
        )
    except RefusedError as error:
        return phase_page(request, wanted, shown, error)
    said = (
        _("%(finalists)s named.") % {"finalists": amount(len(named), "finalist", "finalists")}
        if named
        else _("Your best and your latest take part.")
    )
    messages.success(request, said)
    return redirect("phase", slug=wanted.slug, phase_slug=shown.slug)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, phase_slug: str) -> HttpResponse:
    """Take an agent's place: a host anybody's, an owner their own in a final that is under way."""
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    shown = phase_in(wanted, phase_slug)
    chosen = request.POST.get("submission", "")[:40]
    try:
        row = contenders_of(shown).filter(submission=chosen).first()
        entry = entry_of(wanted, user)
        is_own = row is not None and entry is not None and row.submission.entry_id == entry.pk
        if not is_host(wanted, user) and not (is_own and final_of(wanted) == shown):
            raise RefusedError("final.no_finalist", id=chosen)
        gone = withdraw_contender(
            phase=shown, submission_id=chosen, actor=user, reason=request.POST.get("reason", "")
        )
    except RefusedError as error:
        return phase_page(request, wanted, shown, error)
    messages.success(
        request,
        _("%(agent)s takes no place in %(phase)s any more.")
        % {"agent": gone.submission, "phase": shown.shown_title},
    )
    return redirect("phase", slug=wanted.slug, phase_slug=shown.slug)
