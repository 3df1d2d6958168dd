"""What the replay player needs to know of an episode."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.matches.models import Episode, Match, MatchState
from coliseum.matches.queries import is_sealed
from coliseum.matches.revealing import is_openly_replayed
from coliseum.pages.rows import BOARDS, Row, agent_url, spec_of
from coliseum.pages.wording import amount, outcome_label, score
from workers.spec import Outcome

OPPONENT = "random"
"""What the untested seats of a validation are called: they are in no line-up."""


def player(match: Match, index: int) -> Row | None:
    """Return what parts/_player.html takes for an episode; None where there is nothing to play."""
    episodes = list(match.episodes.all())
    if match.state != MatchState.FINISHED or not 0 <= index < len(episodes):
        return None
    episode = episodes[index]
    spec = spec_of(match.competition.arena)
    names = seat_names(match, episode)
    return {
        "url": reverse("trajectory", args=[match.pk, episode.index]),
        "board": BOARDS.get(spec.name, "") if spec else "",
        "title": _(" against ").join(dict.fromkeys(name["name"] for name in names)),
        "match_url": f"{reverse('match', args=[match.pk])}?episode={index + 1}",
        "pictures": {
            "state_url": reverse("pictures-state", args=[match.pk, index]),
            "page_url": reverse("pictures", args=[match.pk, index]),
        },
        "acts": _acts(match, index),
        "download_url": "" if is_sealed(match) else reverse("replay", args=[match.pk]),
        "seats": names,
    }


def _acts(match: Match, index: int) -> list[Row]:
    """Return what else one can do with a replay, for the line below the player."""
    place = [match.pk, index]
    this_one = urlencode({"a": f"{match.pk}.{index + 1}"})
    rows: list[Row] = [
        {"label": _("Save as one HTML page"), "url": reverse("replay-page", args=place), "saves": True},
        {"label": _("Save the .ctr file"), "url": reverse("trajectory-file", args=place), "saves": True},
        {"label": _("Compare with another replay"), "url": f"{reverse('compare')}?{this_one}"},
        {"label": _("Pictures"), "url": reverse("pictures", args=place)},
    ]
    if is_openly_replayed(match):
        rows.append({"label": _("Embed"), "url": reverse("embed", args=place)})
    return rows


def seat_names(match: Match, episode: Episode) -> list[Row]:
    """Return who sat where in an episode."""
    spec = spec_of(match.competition.arena)
    members = {seat.position: seat.submission for seat in match.seats.all()}
    rows = []
    for seat, agent in enumerate(episode.seating):
        member = members.get(agent)
        role = spec.role_of(seat) if spec and spec.roles and seat < len(spec.roles) else ""
        name = str(member) if member else OPPONENT
        rows.append(
            {
                "seat": seat,
                "name": f"{name} ({role})" if role else name,
                "url": agent_url(member) if member else "",
            }
        )
    return rows


def episode_rows(match: Match, current: int) -> list[Row]:
    """Return the tabs of a match's episodes: who sat where, what each got, how it ended."""
    rows = []
    for episode in match.episodes.all():
        names = seat_names(match, episode)
        seats = [
            name
            | {
                "score": score(result["score"]),
                "reward": score(result["total_reward"]),
                "rank": result["rank"],
                "outcome": result["outcome"],
                "outcome_label": outcome_label(result["outcome"]),
                "is_clean": result["outcome"] == Outcome.OK.value,
            }
            for name, result in zip(names, episode.seats, strict=False)
        ]
        rows.append(
            {
                "number": episode.index + 1,
                "url": f"?episode={episode.index + 1}#player",
                "is_current": episode.index == current,
                "seats": seats,
                "turns": amount(episode.turns, "turn", "turns"),
                "is_truncated": episode.truncated,
                "seed": "" if is_sealed(match) else str(episode.seed),
                "digest": episode.digest,
            }
        )
    return rows
