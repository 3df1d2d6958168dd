"""An agent's public page: record, rating history, matches, versions."""

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.competitions.queries import competition_for
from coliseum.leaderboards.queries import rating_history
from coliseum.live import tables
from coliseum.matches.meetings import opponents_of
from coliseum.matches.models import MatchState
from coliseum.matches.queries import matches_of
from coliseum.pages.agent_life import exploit_rows
from coliseum.pages.boards import board_of, board_rows
from coliseum.pages.following import follow_button, topic_of
from coliseum.pages.methods import require_safe
from coliseum.pages.paging import by_id
from coliseum.pages.parameters import known_id
from coliseum.pages.plots import rating_plot
from coliseum.pages.rows import Row, agent_url, arena_title, match_rows, spec_of
from coliseum.pages.wording import amount, counted, score, share
from coliseum.submissions.models import Submission, SubmissionState
from coliseum.submissions.queries import agents_by_id, owned_by, public_submission, submissions_of
from coliseum.submissions.revealing import is_code_open
from workers.live.wire import MOST_SEATS
from workers.refusals import RefusedError

_OPPONENTS: Final = 20
_ENOUGH: Final = 3
"""Matches against one opponent from which it may be called more than a chance meeting."""


@require_safe
def agent(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Show an agent that passed validation to everybody."""
    wanted = public_submission(known_id("agent", submission_id))
    competition = wanted.entry.competition
    try:
        competition_for(competition.slug, request.user)
    except RefusedError:
        raise RefusedError("not_found", kind="agent", id=submission_id) from None
    measure = board_of(competition)
    rows, pagination = by_id(request, matches_of(wanted).exclude(state=MatchState.QUEUED))
    context = {
        "section": "competitions",
        "agent": wanted,
        "name": str(wanted),
        "competition": competition,
        "arena": {"title": arena_title(competition.arena), "url": reverse("arena", args=[competition.arena])},
        "team": wanted.entry.team.name,
        "follow": follow_button(request.user, topic_of(wanted.entry)),
        "is_mine": owned_by(wanted, request.user),
        "own_url": reverse("submission", args=[wanted.pk]),
        "code_url": reverse("agent-package", args=[wanted.pk]) if is_code_open(wanted) else "",
        "stats": _stats(wanted, measure),
        "measure": measure,
        "plot": rating_plot(list(rating_history(wanted)), is_rating=bool(measure["is_rating"])),
        "matches": match_rows(rows),
        "pagination": pagination,
        "versions": _versions(wanted),
        "exploits": exploit_rows(wanted),
        "opponents": opponent_rows(wanted),
        "play_url": play_address(wanted),
    }
    return render(request, "agents/agent.html", context)


def _stats(submission: Submission, measure: Row) -> list[Row]:
    standing = getattr(submission, "standing", None)
    if standing is None:
        return []
    row = board_rows([standing], mine=set(), is_rating=bool(measure["is_rating"]))[0][0]
    rank = f"{row['rank']} ({row['rank_range']})" if row["rank_range"] else row["rank"]
    stats = [
        (_("rank"), rank),
        (_("rating") if measure["is_rating"] else _("score"), f"{row['rating']} ± {row['margin']}"),
    ]
    stats.append((_("matches"), row["matches"]))
    if measure["is_rating"]:
        stats.append((_("won / drawn / lost"), f"{standing.wins} / {standing.draws} / {standing.losses}"))
        stats.append((_("opponents met"), counted(standing.opponents)))
    stats.append((_("forfeits"), counted(standing.forfeits)))
    return [{"label": label, "value": value} for label, value in stats]


def _versions(submission: Submission) -> list[Row]:
    """Return the entry's agents that passed validation, newest first."""
    ready = submissions_of(submission.entry).filter(
        state__in=(SubmissionState.READY, SubmissionState.RETIRED)
    )
    return [
        {
            "name": str(each),
            "url": reverse("agent", args=[each.pk]),
            "is_current": each.pk == submission.pk,
            "is_active": each.is_active,
            "rank": _rank_of(each),
        }
        for each in ready[:50]
    ]


def _rank_of(submission: Submission) -> str:
    standing = getattr(submission, "standing", None)
    if standing is None:
        return _("not rated")
    played = amount(standing.matches, "match", "matches")
    return _("rank %(rank)s, %(rating)s, %(matches)s") % {
        "rank": standing.rank,
        "rating": score(round(standing.rating)),
        "matches": played,
    }


def opponent_rows(submission: Submission) -> list[Row]:
    """Return whom an agent met in its latest matches, those that cost it most first; the ends are named."""
    faced = opponents_of(submission)
    if len(faced) > _OPPONENTS:
        half = _OPPONENTS // 2
        faced = faced[:half] + faced[-half:]
    agents = agents_by_id([each.submission for each in faced])
    known = [each for each in faced if each.matches >= _ENOUGH and each.submission in agents]
    nemesis = known[0].submission if known and known[0].points < 0.5 else ""
    prey = known[-1].submission if known and known[-1].points > 0.5 else ""
    versus = reverse("versus", args=[submission.entry.competition.slug])
    return [
        {
            "name": str(agents[each.submission]),
            "url": agent_url(agents[each.submission]),
            "team": agents[each.submission].entry.team.name,
            "matches": amount(each.matches, "match", "matches"),
            "share": share(each.points),
            "value": round(100 * each.points, 1),
            "word": {nemesis: "lost", prey: "won"}.get(each.submission, ""),
            "label": {nemesis: _("nemesis"), prey: _("prey")}.get(each.submission, ""),
            "versus_url": f"{versus}?a={submission.pk}&b={each.submission}",
        }
        for each in faced
        if each.submission in agents
    ]


def play_address(submission: Submission) -> str:
    """Return where a person plays against an agent; empty where the arena cannot be played by people."""
    competition = submission.entry.competition
    arena = spec_of(competition.arena)
    is_fit = submission.state == SubmissionState.READY and arena is not None and 1 < arena.seats <= MOST_SEATS
    if not is_fit or tables.why_not(competition.arena):
        return ""
    query = urlencode({"competition": competition.slug, "opponent": submission.pk})
    return f"{reverse('play', args=[competition.arena])}?{query}"
