"""Integrity of a competition, for its hosts: what the monitor found, what is not rated, what audits said."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
from coliseum.pages.wording import counted, share
from coliseum.submissions.queries import agent_names
from workers.refusals import RefusedError
from workers.spec import MatchKind

_VERDICTS = {
    AuditVerdict.REPRODUCED: gettext_lazy("every action the same"),
    AuditVerdict.REPLAYED: gettext_lazy("agents chose otherwise, the record holds"),
    AuditVerdict.DIFFERS: gettext_lazy("did not hold: in quarantine"),
    AuditVerdict.WAITING: gettext_lazy("waiting"),
    AuditVerdict.UNPLAYED: gettext_lazy("could not be played again"),
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
        {"label": label, "value": counted(counts[verdict])}
        for verdict, label in _VERDICTS.items()
        if counts.get(verdict)
    ]


def _found(competition: Competition, phase: Phase) -> Row:
    findings, names = findings_of(phase), agent_names(competition)
    return {
        "was_watched": bool(findings),
        "pairs": [_pair(pair, names) for pair in findings.get("pairs", ())],
        "forfeits": [
            _(
                "%(agent)s forfeited %(forfeits)s of %(episodes)s episodes against %(others)s; "
                "by chance once in %(leagues)s leagues."
            )
            % {
                "agent": _name(row["agent"], names),
                "forfeits": row["forfeits"],
                "episodes": row["episodes"],
                "others": _listed(row["agents"], names),
                "leagues": counted(1 / row["chance"]),
            }
            for row in findings.get("forfeits", ())
        ],
        "moved": [
            _("Without %(others)s, %(agent)s would be number %(without)s instead of %(rank)s.")
            % {
                "others": _listed(row["agents"], names),
                "agent": _name(row["agent"], names),
                "without": row["rank_without"],
                "rank": row["rank"],
            }
            for row in findings.get("moved", ())
        ],
        "clones": [
            _("%(agents)s: same %(why)s; %(first)s came first.")
            % {
                "agents": _listed(row["agents"], names),
                "why": _(row["why"]),
                "first": _name(row["first"], names),
            }
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
        "text": _(
            "%(low)s took %(share)s of %(episodes)s episodes from %(high)s; the ratings promise %(promised)s "
            "(%(deviations)s standard deviations)."
        )
        % {
            "low": low,
            "high": high,
            "share": share(pair["points"] / pair["episodes"]),
            "promised": share(pair["expected"] / pair["episodes"]),
            "episodes": f"{pair['episodes']:.0f}",
            "deviations": f"{abs(pair['z']):.1f}",
        },
    }


def _name(agent: str, names: dict[str, str]) -> str:
    return names.get(agent, agent)


def _listed(agents: list[str], names: dict[str, str]) -> str:
    shown = ", ".join(_name(agent, names) for agent in agents[:6])
    more = len(agents) - 6
    if more <= 0:
        return shown
    return ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more) % {
        "names": shown,
        "more": more,
    }


def count_form(match: Match, user: Visitor) -> Row:
    """Return what a match's page says of its place in the ratings, and the host's form to change it."""
    row: Row = {"notice": "", "action": ""}
    if match.state != MatchState.FINISHED or match.kind != MatchKind.LEAGUE.value:
        return row
    if not match.is_counted:
        row["notice"] = _(
            "This match is kept out of the ratings. The public log of the competition says why."
        )
    if is_host(match.competition, user):
        row |= {
            "action": reverse("match-count", args=[match.pk]),
            "to": "void" if match.is_counted else "restore",
            "title": _("Take it out of the ratings") if match.is_counted else _("Count it again"),
            "button": _("Void this match") if match.is_counted else _("Restore this match"),
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
    said = {
        "voided": _("The match is voided; the leaderboard follows at its next fit."),
        "restored": _("The match is restored; the leaderboard follows at its next fit."),
    }
    messages.success(request, said[verb])
    return redirect("match", match_id=wanted.pk)
