"""Reads about competitions."""

from django.db.models import Count, Q, QuerySet

from coliseum import clock
from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import Act, Competition, CompetitionState, Entry
from workers.refusals import RefusedError


def visible_competitions(user: Visitor | None) -> QuerySet[Competition]:
    """Return the competitions a person may see: all but other people's drafts, open ones first."""
    competitions = Competition.objects.annotate(entry_count=Count("entries", distinct=True))
    if user is None or not user.is_authenticated:
        competitions = competitions.exclude(state=CompetitionState.DRAFT)
    elif not user.is_staff:
        competitions = competitions.filter(~Q(state=CompetitionState.DRAFT) | Q(hosts=user))
    return competitions.order_by("opens_at", "slug").distinct()


def competition_for(slug: str, user: Visitor) -> Competition:
    """Return a competition that a person may see.

    Raises:
        RefusedError: `not_found`; other people's drafts are not confirmed to exist.
    """
    found = visible_competitions(user).filter(slug=slug).first()
    if found is None:
        raise RefusedError("not_found", kind="competition", id=slug)
    return found


def competitions_of(user: User) -> QuerySet[Competition]:
    """Return the competitions a person hosts, newest first; administrators see all."""
    competitions = Competition.objects.annotate(entry_count=Count("entries", distinct=True))
    if not user.is_staff:
        competitions = competitions.filter(hosts=user)
    return competitions.order_by("-created_at")


def entries_of(competition: Competition) -> QuerySet[Entry]:
    """Return the teams in a competition in the order they joined, with counts for its host.

    Each has `submission_count`, `ready_count` and `rejected_count`.
    """
    return (
        competition.entries.select_related("team")
        .annotate(
            submission_count=Count("submissions"),
            ready_count=Count("submissions", filter=Q(submissions__state="ready")),
            rejected_count=Count("submissions", filter=Q(submissions__state="rejected")),
        )
        .order_by("joined_at")
    )


def teams_in(competition: Competition, user: Visitor) -> set[str]:
    """Return the ids of the person's teams that joined a competition."""
    if not user.is_authenticated:
        return set()
    return set(competition.entries.filter(team__members=user).values_list("team_id", flat=True))


def joined_by(user: Visitor) -> set[str]:
    """Return the ids of the competitions that a person's teams joined."""
    if not user.is_authenticated:
        return set()
    return set(Entry.objects.filter(team__members=user).values_list("competition_id", flat=True))


def is_host(competition: Competition, user: Visitor) -> bool:
    """Say whether a person runs this competition; administrators run all of them."""
    if not user.is_authenticated:
        return False
    return bool(user.is_staff or competition.hosts.filter(pk=user.pk).exists())


def acts_of(competition: Competition) -> QuerySet[Act]:
    """Return the public log, newest first."""
    return competition.acts.select_related("actor")


def competitions_in_play() -> QuerySet[Competition]:
    """Return the competitions whose matches may still come in: all but drafts."""
    return Competition.objects.exclude(state=CompetitionState.DRAFT).order_by("id")


def takes_league_matches(competition: Competition) -> bool:
    """Say whether new league matches are to be played now."""
    now = clock.now()
    return (
        competition.state == CompetitionState.OPEN
        and competition.opens_at <= now
        and (competition.closes_at is None or competition.closes_at > now)
    )


def entry_in(competition: Competition, team_id: str) -> Entry:
    """Return the entry of a team, by the team's id.

    Raises:
        RefusedError: `not_found` when that team did not join.
    """
    found = competition.entries.select_related("team", "competition").filter(team_id=team_id).first()
    if found is None:
        raise RefusedError("not_found", kind="team", id=team_id)
    return found
