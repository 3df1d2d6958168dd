"""Rows that the pages of people and teams share: agents with ratings, places, teams."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.models import Profile, User
from coliseum.competitions.models import Team
from coliseum.leaderboards.queries import standings_at
from coliseum.pages.boards import board_of, in_scale
from coliseum.pages.rows import Row
from coliseum.submissions.models import Contender, Submission


def person_row(user: User, profile: Profile | None = None) -> Row:
    """Return name, address and picture of a person."""
    return {
        "name": user.username,
        "display_name": profile.display_name if profile else "",
        "url": reverse("person", args=[user.username]),
        "picture_url": picture_url(user, profile),
    }


def picture_url(user: User, profile: Profile | None) -> str:
    """Return where a person's picture is; another picture has another address."""
    version = profile.picture.rpartition("/")[2][:18] if profile and profile.picture else ""
    return reverse("person-picture", args=[user.username]) + (f"?v={version}" if version else "")


def agent_rows(agents: Iterable[Submission]) -> list[Row]:
    """Return the lines of a list of agents with their ratings."""
    return [_agent_row(agent) for agent in agents]


def _agent_row(agent: Submission) -> Row:
    competition = agent.entry.competition
    return {
        "name": str(agent),
        "url": reverse("agent", args=[agent.pk]),
        "competition": competition.title,
        "competition_url": reverse("competition", args=[competition.slug]),
        "team": agent.entry.team.name,
        "team_url": reverse("team", args=[agent.entry.team_id]),
        **_rating(agent),
    }


def _rating(agent: Submission) -> Row:
    standing = agent.standing
    if standing is None:
        return {"rank": "", "rating": "", "margin": "", "measure": ""}
    measure = board_of(agent.entry.competition)
    shown = (lambda value: f"{value:.0f}") if measure["is_rating"] else in_scale(standing.high - standing.low)
    rank = str(standing.rank)
    if standing.rank_low != standing.rank_high:
        rank += f" ({standing.rank_low}-{standing.rank_high})"
    return {
        "rank": rank,
        "rating": shown(standing.rating),
        "margin": shown((standing.high - standing.low) / 2),
        "measure": measure["label"],
    }


def place_rows(places: Sequence[Contender]) -> list[Row]:
    """Return the lines of a list of places in what is over, each with its 95 % interval."""
    standings = standings_at([(place.phase_id, place.submission_id) for place in places])
    rows = []
    for place in places:
        standing = standings.get((place.phase_id, place.submission_id))
        competition = place.phase.competition
        interval = ""
        if standing and standing.rank_low != standing.rank_high:
            interval = _("95 %% interval: %(low)s to %(high)s") % {
                "low": standing.rank_low,
                "high": standing.rank_high,
            }
        rows.append(
            {
                "place": place.place,
                "is_podium": place.place is not None and place.place <= 3,
                "interval": interval,
                "agent": str(place.submission),
                "agent_url": reverse("agent", args=[place.submission_id]),
                "title": competition.title,
                "phase": place.phase.shown_title,
                "url": reverse("phase", args=[competition.slug, place.phase.slug]),
                "when": place.phase.settled_at,
            }
        )
    return rows


def team_rows(teams: Iterable[Team]) -> list[Row]:
    """Return the lines of a list of teams; needs `members` and `entries__competition` prefetched."""
    return [
        {
            "name": team.name,
            "url": reverse("team", args=[team.pk]),
            "members": [person_row(member) for member in team.members.all()],
            "competitions": [
                {
                    "title": entry.competition.title,
                    "url": reverse("competition", args=[entry.competition.slug]),
                }
                for entry in team.entries.all()
                if entry.competition.state != "draft"
            ],
        }
        for team in teams
    ]
