"""Reads about whose agents are where, for the pages of people and teams and for the search."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from coliseum.accounts.models import User
from coliseum.competitions.models import Team
from coliseum.submissions.models import Contender, Role, Submission, SubmissionState

_PASSED = (SubmissionState.READY, SubmissionState.RETIRED)
_SHOWN = (Role.MAIN, Role.CHAMPION, Role.BACKGROUND)


def public_agents() -> QuerySet[Submission]:
    """Return the agents that anybody may see, the newest first."""
    related = Submission.objects.select_related("entry__competition", "entry__team")
    passed = related.filter(state__in=_PASSED, role__in=_SHOWN).exclude(entry__competition__state="draft")
    return passed.prefetch_related("standings").order_by("-id")


def agents_in_play(teams: QuerySet[Team] | Sequence[Team]) -> QuerySet[Submission]:
    """Return the agents of some teams that play, the newest first."""
    return public_agents().filter(entry__team__in=teams, is_active=True)


def latest_agents() -> QuerySet[Submission]:
    """Return of each agent that anybody may see the latest version."""
    newer = Submission.objects.filter(
        entry=OuterRef("entry"),
        name=OuterRef("name"),
        number__gt=OuterRef("number"),
        state__in=_PASSED,
        role__in=_SHOWN,
    )
    return public_agents().filter(~Exists(newer))


def places_of(teams: QuerySet[Team]) -> QuerySet[Contender]:
    """Return the places that some teams' agents took in seasons and finals that are over, latest first."""
    over = Contender.objects.filter(
        submission__entry__team__in=teams,
        phase__settled_at__isnull=False,
        place__isnull=False,
        withdrawn_at=None,
    ).exclude(phase__competition__state="draft")
    declared = over.exclude(Q(phase__kind="final") & Q(phase__declared_at=None))
    return declared.select_related("phase__competition", "submission__entry__team").order_by(
        F("phase__settled_at").desc(), "place", "id"
    )


def teams_of(user: User) -> QuerySet[Team]:
    """Return a person's teams, the newest first, those that went into another one left out."""
    return user.teams.exclude(entries__merged_into__isnull=False).order_by("-created_at").distinct()


def uploads_of(user: User) -> QuerySet[Submission]:
    """Return what a person uploaded, rehearsals too, in order."""
    related = ("entry__competition", "entry__team", "package")
    return Submission.objects.filter(uploaded_by=user).select_related(*related).order_by("id")
