"""An agent's public page: record, rating history, matches, versions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from coliseum.competitions.queries import competition_for
from coliseum.leaderboards.queries import rating_history
from coliseum.matches.queries import matches_of
from coliseum.pages.agent_life import exploit_rows
from coliseum.pages.boards import board_of, board_rows
from coliseum.pages.methods import require_safe
from coliseum.pages.paging import by_id
from coliseum.pages.parameters import known_id
from coliseum.pages.plots import rating_plot
from coliseum.pages.rows import Row, arena_title, match_rows
from coliseum.pages.wording import amount, score
from coliseum.submissions.models import Submission, SubmissionState
from coliseum.submissions.queries import owned_by, public_submission, submissions_of
from workers.refusals import RefusedError


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
    rows, pagination = by_id(request, matches_of(wanted))
    context = {
        "section": "competitions",
        "agent": wanted,
        "name": str(wanted),
        "competition": competition,
        "arena": {"title": arena_title(competition.arena), "url": reverse("arena", args=[competition.arena])},
        "team": wanted.entry.team.name,
        "is_mine": owned_by(wanted, request.user),
        "own_url": reverse("submission", args=[wanted.pk]),
        "stats": _stats(wanted, measure),
        "measure": measure,
        "plot": rating_plot(list(rating_history(wanted)), is_rating=bool(measure["is_rating"])),
        "matches": match_rows(rows),
        "pagination": pagination,
        "versions": _versions(wanted),
        "exploits": exploit_rows(wanted),
    }
    return render(request, "agents/agent.html", context)


def _stats(submission: Submission, measure: Row) -> list[Row]:
    standing = getattr(submission, "standing", None)
    if standing is None:
        return []
    row = board_rows([standing], mine=set(), is_rating=bool(measure["is_rating"]))[0][0]
    rank = f"{row['rank']} ({row['rank_range']})" if row["rank_range"] else row["rank"]
    stats = [("rank", rank), (measure["label"].lower(), f"{row['rating']} ± {row['margin']}")]
    stats.append(("matches", row["matches"]))
    if measure["is_rating"]:
        stats.append(("won / drawn / lost", f"{standing.wins} / {standing.draws} / {standing.losses}"))
        stats.append(("opponents met", f"{standing.opponents:,}"))
    stats.append(("forfeits", f"{standing.forfeits:,}"))
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
        return "not rated"
    played = amount(standing.matches, "match", "matches")
    return f"rank {standing.rank}, {score(round(standing.rating))}, {played}"
