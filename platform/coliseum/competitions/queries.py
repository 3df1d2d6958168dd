"""Reads about competitions."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from coliseum import clock
from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import (
    Act,
    Competition,
    CompetitionState,
    Entry,
    Invitation,
    Phase,
    PhaseKind,
    PhaseState,
    Team,
)
from workers.refusals import RefusedError


def _counted() -> QuerySet[Competition]:
    """Return all competitions with `entry_count`; a join would group their whole rows for it."""
    entries = Entry.objects.filter(competition=OuterRef("pk")).order_by().values("competition")
    count = Subquery(entries.annotate(count=Count("pk")).values("count"))
    return Competition.objects.annotate(entry_count=Coalesce(count, 0))


def visible_competitions(user: Visitor | None) -> QuerySet[Competition]:
    """Return the competitions a person may see: all but other people's drafts, open ones first."""
    competitions = _counted()
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


def is_slug_taken(slug: str) -> bool:
    """Say whether an address is given away, be it to a draft."""
    return Competition.objects.filter(slug=slug).exists()


def competitions_of(user: User) -> QuerySet[Competition]:
    """Return the competitions a person hosts, newest first; administrators see all."""
    competitions = _counted()
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


def has_started(competition: Competition) -> bool:
    """Say whether teams can rely on the rules as they are."""
    return competition.state != CompetitionState.DRAFT and competition.opens_at <= clock.now()


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


def open_phase_of(competition: Competition) -> Phase | None:
    """Return the phase that league matches count for now, if one is open."""
    return competition.phases.filter(state=PhaseState.OPEN).first()


def shown_phase(competition: Competition, slug: str = "") -> Phase:
    """Return the phase whose leaderboard is to be shown: the one named, or the latest that was opened.

    Raises:
        RefusedError: `not_found` when no such phase was opened yet.
    """
    opened = [phase for phase in competition.phases.order_by("id") if phase.state != PhaseState.DRAFT]
    named = [phase for phase in opened if slug in ("", phase.slug)]
    if not named:
        raise RefusedError("not_found", kind="phase", id=slug)
    return max(named, key=lambda phase: (phase.opened_at is not None, phase.opened_at, phase.pk))


def phases_in_play() -> QuerySet[Phase]:
    """Return the phases whose results may still come in: all that were opened, in competitions not drafts."""
    return (
        Phase.objects.exclude(state=PhaseState.DRAFT)
        .exclude(competition__state=CompetitionState.DRAFT)
        .select_related("competition")
        .order_by("id")
    )


def unsettled_phases() -> QuerySet[Phase]:
    """Return the phases in play that may still change: open ones, and closed ones that come to rest."""
    return phases_in_play().filter(settled_at__isnull=True)


def latest_phase(competition: Competition) -> Phase | None:
    """Return the phase made last: the season that is played, or the final that was announced after it."""
    return competition.phases.order_by("-id").first()


def final_of(competition: Competition) -> Phase | None:
    """Return the final that submissions are locked for: announced, played or over, and no season since."""
    latest = latest_phase(competition)
    return latest if latest and latest.is_final else None


def due_finals() -> QuerySet[Phase]:
    """Return the finals whose naming has ended and that have not begun, in open competitions."""
    return Phase.objects.filter(
        kind=PhaseKind.FINAL,
        state=PhaseState.DRAFT,
        naming_ends_at__lte=clock.now(),
        competition__state=CompetitionState.OPEN,
    ).select_related("competition")


def phase_in(competition: Competition, slug: str) -> Phase:
    """Return a phase by its name in addresses, drafts included.

    Raises:
        RefusedError: `not_found`.
    """
    for phase in competition.phases.all():
        if phase.slug == slug:
            return phase
    raise RefusedError("not_found", kind="phase", id=slug)


def plays_now(phase: Phase) -> bool:
    """Say whether a phase gets new matches now; a final goes on after the competition's end."""
    if phase.state != PhaseState.OPEN:
        return False
    if phase.is_final:
        return phase.competition.state == CompetitionState.OPEN
    return takes_league_matches(phase.competition)


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


def all_acts() -> QuerySet[Act]:
    """Return the public logs of all competitions, newest first."""
    return Act.objects.select_related("actor", "competition").order_by("-at", "-pk")


def team_with(team_id: str) -> Team:
    """Return a team with its members and entries.

    Raises:
        RefusedError: `not_found`, also for one that is in drafts only.
    """
    related = ("members__profile", "entries__competition", "entries__merged_into__team")
    found = Team.objects.select_related("captain").prefetch_related(*related).filter(pk=team_id).first()
    if found is None or all(entry.competition.state == "draft" for entry in found.entries.all()):
        raise RefusedError("not_found", kind="team", id=team_id)
    return found


def invitation_out(entry: Entry) -> Invitation | None:
    """Return the invitation to an entry's team that was made last and not taken back."""
    return entry.invitations.filter(revoked_at=None).select_related("made_by").first()


def memberships_of(user: User) -> list[dict[str, object]]:
    """Return the competitions a person's teams joined, as plain values for an export."""
    entries = (
        Entry.objects.filter(team__members=user).select_related("competition", "team").order_by("joined_at")
    )
    return [
        {
            "competition": entry.competition.slug,
            "team": entry.team.name,
            "joined_at": entry.joined_at,
            "is_captain": entry.team.captain_id == user.pk,
            "disqualified_reason": entry.disqualified_reason,
        }
        for entry in entries
    ]
