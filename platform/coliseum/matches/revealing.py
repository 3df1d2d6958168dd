"""Who may see how a match was played: its replay, actions, pictures and live frames.

That there was a match, who took part and how it ended is told by `matches.queries`; a host may keep the
playing itself from others, for all of the competition (`Competition.replays`).
"""

from django.db.models import Q, QuerySet

from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import Competition, CompetitionState, Replays
from coliseum.matches.models import Match
from coliseum.matches.queries import is_public
from workers.refusals import RefusedError

_SHOWN_TO = {
    Replays.PARTICIPANTS: "to people who have joined it",
    Replays.AFTER_CLOSE: "to everybody once it is closed; until then to the teams of a match",
}


def are_open(competition: Competition) -> bool:
    """Say whether everybody may see the replays of a competition, so that shared caches may keep them."""
    if competition.replays == Replays.AFTER_CLOSE:
        return competition.state == CompetitionState.CLOSED
    return competition.replays == Replays.PUBLIC


def is_openly_replayed(match: Match) -> bool:
    """Say whether everybody may see how a match was played."""
    return is_public(match) and are_open(match.competition)


def may_see_replay(match: Match, user: Visitor) -> bool:
    """Say whether a person who may see a match may see how it was played.

    Args:
        match: as `matches.queries.match_for` gave it out.
        user: whoever asks.
    """
    competition = match.competition
    if are_open(competition):
        return True
    if not isinstance(user, User):
        return False
    if user.is_staff or competition.hosts.filter(pk=user.pk).exists():
        return True
    if competition.replays == Replays.PARTICIPANTS:
        return user.teams.filter(entries__competition=competition).exists()
    return user.teams.filter(entries__submissions__seats__match=match).exists()


def check_replay(match: Match, user: Visitor) -> None:
    """Refuse to show how a match was played to who may not see it.

    Raises:
        RefusedError: `match.replay_withheld`.
    """
    if not may_see_replay(match, user):
        raise RefusedError("match.replay_withheld", to=shown_to(match.competition))


def shown_to(competition: Competition) -> str:
    """Return to whom replays are shown, as the end of a sentence."""
    return _SHOWN_TO.get(Replays(competition.replays), "to everybody")


def openly_replayed(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Return of some matches those whose replay everybody may see: for front pages, feeds and downloads."""
    is_open = Q(competition__replays=Replays.PUBLIC) | Q(
        competition__replays=Replays.AFTER_CLOSE, competition__state=CompetitionState.CLOSED
    )
    return matches.filter(is_open)
