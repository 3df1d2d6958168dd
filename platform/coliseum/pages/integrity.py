"""Integrity of a competition, for its hosts: what the monitor found, what is not rated, what audits said."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import Competition, Phase
from coliseum.competitions.queries import is_host, shown_phase
from coliseum.league.monitor import Findings, findings_of
from coliseum.matches.audits import audit_counts, set_counted, uncounted_matches
from coliseum.matches.models import AuditVerdict, Match, MatchState
from coliseum.matches.queries import match_for
from coliseum.pages.host_frame import console_frame
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.parameters import known_id
from coliseum.pages.rows import Row, match_rows
from coliseum.pages.wording import share
from coliseum.submissions.queries import agent_names
from workers.refusals import RefusedError
from workers.spec import MatchKind

_VERDICTS = {
    AuditVerdict.REPRODUCED: "every action the same",
    AuditVerdict.REPLAYED: "agents chose otherwise, the record holds",
    AuditVerdict.DIFFERS: "did not hold: in quarantine",
    AuditVerdict.WAITING: "waiting",
    AuditVerdict.UNPLAYED: "could not be played again",
}


@login_required
@require_safe
def integrity(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a person should look at: strange pairs, directed forfeits, clones, quarantine, audits."""
    wanted = hosted(request, slug)
    phase = shown_phase(wanted)
    uncounted = list(uncounted_matches(wanted)[:50])
    context = console_frame(request, wanted, "host-integrity") | {
        "phase": phase,
        "uncounted": match_rows(uncounted),
        "audits": _audit_rows(wanted),
        **_found(wanted, phase),
    }
    response = render(request, "hosting/integrity.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _audit_rows(competition: Competition) -> list[Row]:
    counts = audit_counts(competition)
    return [
        {"label": label, "value": f"{counts[verdict]:,}"}
        for verdict, label in _VERDICTS.items()
        if counts.get(verdict)
    ]


def _found(competition: Competition, phase: Phase) -> Row:
    findings, names = findings_of(phase), agent_names(competition)
    return {
        "was_watched": bool(findings),
        "pairs": [_pair(pair, names) for pair in findings.get("pairs", ())],
        "forfeits": [
            f"{_name(row['agent'], names)} forfeited {row['forfeits']} of {row['episodes']} episodes against "
            f"{_listed(row['agents'], names)}; by chance once in {1 / row['chance']:,.0f} leagues."
            for row in findings.get("forfeits", ())
        ],
        "moved": [
            f"Without {_listed(row['agents'], names)}, {_name(row['agent'], names)} would be number "
            f"{row['rank_without']} instead of {row['rank']}."
            for row in findings.get("moved", ())
        ],
        "clones": [
            f"{_listed(row['agents'], names)}: same {row['why']}; {_name(row['first'], names)} came first."
            for row in findings.get("clones", ())
        ],
    }


def _pair(pair: Findings, names: dict[str, str]) -> Row:
    low, high = (_name(agent, names) for agent in pair["agents"])
    return {
        "agents": [
            {"name": name, "url": reverse("agent", args=[agent])}
            for name, agent in zip((low, high), pair["agents"], strict=True)
        ],
        "text": (
            f"{low} took {share(pair['points'] / pair['episodes'])} of {pair['episodes']:.0f} episodes from "
            f"{high}; the ratings promise {share(pair['expected'] / pair['episodes'])} "
            f"({abs(pair['z']):.1f} standard deviations)."
        ),
    }


def _name(agent: str, names: dict[str, str]) -> str:
    return names.get(agent, agent)


def _listed(agents: list[str], names: dict[str, str]) -> str:
    shown = [_name(agent, names) for agent in agents[:6]]
    return ", ".join(shown) + (f" and {len(agents) - 6} more" if len(agents) > 6 else "")


def count_form(match: Match, user: Visitor) -> Row:
    """Return what a match's page says of its place in the ratings, and the host's form to change it."""
    row: Row = {"notice": "", "action": ""}
    if match.state != MatchState.FINISHED or match.kind != MatchKind.LEAGUE.value:
        return row
    if not match.is_counted:
        row["notice"] = "This match is kept out of the ratings. The public log of the competition says why."
    if is_host(match.competition, user):
        row |= {
            "action": reverse("match-count", args=[match.pk]),
            "to": "void" if match.is_counted else "restore",
            "title": "Take it out of the ratings" if match.is_counted else "Count it again",
            "button": "Void this match" if match.is_counted else "Restore this match",
        }
    return row


@login_required
@require_POST
def count(request: HttpRequest, match_id: str) -> HttpResponse:
    """Void a match, or restore it: the act of a host, with a reason in the public log."""
    user = cast(User, request.user)
    wanted = match_for(known_id("match", match_id), user)
    if not is_host(wanted.competition, user):
        raise RefusedError("not_found", kind="match", id=match_id)
    to = request.POST.get("to", "")
    if to not in {"void", "restore"}:
        raise RefusedError("request.bad_field", name="to", wanted="void or restore", field="to")
    verb = "voided" if to == "void" else "restored"
    reason = request.POST.get("reason", "")
    set_counted(match=wanted, counted=to == "restore", actor=user, verb=verb, reason=reason)
    messages.success(request, f"The match is {verb}; the leaderboard follows at its next fit.")
    return redirect("match", match_id=wanted.pk)
