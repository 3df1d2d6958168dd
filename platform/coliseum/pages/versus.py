"""Two agents head to head: what they did against each other, and whether one may be called better."""

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from coliseum.competitions.models import Competition
from coliseum.competitions.queries import competition_for, shown_phase
from coliseum.leaderboards.queries import standings_of
from coliseum.matches.meetings import Meeting, public_meetings, public_solo_meetings
from coliseum.matches.queries import public_matches, with_agent
from coliseum.pages.competitions import frame
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_only, known_slug, optional_id
from coliseum.pages.rows import Row, agent_url, match_rows, spec_of
from coliseum.pages.wording import amount, counted
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import public_submission
from workers.league.sequential import Claim, compare_two
from workers.refusals import RefusedError

OFFERED = 200
LATEST = 20


@require_safe
def versus(request: HttpRequest, slug: str) -> HttpResponse:
    """Compare the agents `a` and `b`; without both, offer the choice."""
    wanted = competition_for(known_slug(slug), request.user)
    known_only(request, ("a", "b"))
    first, second = (_agent(request, wanted, name) for name in ("a", "b"))
    if first and second and first.pk == second.pk:
        raise RefusedError("request.bad_field", name="b", wanted="another agent than a", field="b")
    context = frame(request, wanted, "leaderboard") | {
        "choices": [_choice("a", _("First"), wanted, first), _choice("b", _("Second"), wanted, second)],
        "found": _comparison(wanted, first, second) if first and second else None,
        "matches": _latest(wanted, first, second) if first and second else [],
    }
    return render(request, "competitions/versus.html", context)


def _agent(request: HttpRequest, competition: Competition, name: str) -> Submission | None:
    chosen = optional_id(request, name)
    if not chosen:
        return None
    found = public_submission(chosen)
    if found.entry.competition_id != competition.pk:
        raise RefusedError("not_found", kind="agent", id=chosen)
    return found


def _choice(name: str, label: str, competition: Competition, chosen: Submission | None) -> Row:
    """Return a select of the agents on the board, and of the one chosen."""
    agents = [row.submission for row in standings_of(shown_phase(competition))[:OFFERED]]
    if chosen and chosen.pk not in {each.pk for each in agents}:
        agents.append(chosen)
    return {
        "name": name,
        "label": label,
        "options": [
            {
                "id": each.pk,
                "text": f"{each} ({each.entry.team.name})",
                "is_chosen": chosen is not None and each.pk == chosen.pk,
            }
            for each in agents
        ],
    }


def _comparison(competition: Competition, first: Submission, second: Submission) -> Row:
    arena = spec_of(competition.arena)
    is_solo = arena is not None and arena.lineup == 1
    met = public_solo_meetings(first, second) if is_solo else public_meetings(first, second)
    points = np.array([each.points for each in met])
    episodes = np.array([each.episodes for each in met], np.int64)
    claim = compare_two(points, episodes)
    mean = float(np.average(points, weights=episodes)) if met else 0.5
    return {
        "first": {"name": str(first), "url": agent_url(first), "share": f"{mean:.1%}"},
        "second": {"name": str(second), "url": agent_url(second), "share": f"{1 - mean:.1%}"},
        "has_met": bool(met),
        "share": round(100 * mean, 2),
        "claim": claim_text(claim, str(first), str(second)),
        "stats": _stats(met, claim, is_solo=is_solo),
        "taken": _("All public common scenarios of the two, in the order they were asked for.")
        if is_solo
        else _("All public matches of the two, in the order they were asked for."),
    }


def claim_text(claim: Claim, first: str, second: str) -> str:
    """Return in a sentence what may be said after every match, however often one looks."""
    if claim.winner == "nobody":
        return _("Nobody may be called better yet.")
    better, other = (first, second) if claim.winner == "first" else (second, first)
    return _("%(better)s beats %(other)s: shown after %(meetings)s.") % {
        "better": better,
        "other": other,
        "meetings": amount(claim.matches, "meeting", "meetings"),
    }


def _stats(met: list[Meeting], claim: Claim, *, is_solo: bool) -> list[Row]:
    won = sum(each.points > 0.5 for each in met)
    drawn = sum(each.points == 0.5 for each in met)
    rows = [
        (_("common scenarios") if is_solo else _("matches"), counted(len(met))),
        (_("episodes"), counted(sum(each.episodes for each in met))),
        (_("won / level / lost by the first"), f"{won} / {drawn} / {len(met) - won - drawn}"),
        (
            _("share of points of the first, 95 %"),
            _("%(low)s to %(high)s") % {"low": f"{claim.low:.1%}", "high": f"{claim.high:.1%}"},
        ),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def _latest(competition: Competition, first: Submission, second: Submission) -> list[Row]:
    both = with_agent(with_agent(public_matches(competition), first.pk), second.pk)
    return match_rows(both[:LATEST])
