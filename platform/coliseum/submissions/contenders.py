"""Writes about who has a place of its own in a phase: finalists, and the field of a closed season."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Entry, Phase, PhaseState
from coliseum.competitions.phases import check_reason
from coliseum.competitions.services import record_act
from coliseum.submissions.models import Contender, Submission
from coliseum.submissions.queries import eligible_finalists
from workers.refusals import RefusedError


@transaction.atomic
def fix_field(*, phase: Phase, submissions: Iterable[Submission]) -> None:
    """Give exactly these agents a place in a phase; whoever was named before keeps who named it."""
    now, submissions = clock.now(), list(submissions)
    Contender.objects.filter(phase=phase).exclude(submission__in=submissions).delete()
    Contender.objects.bulk_create(
        (Contender(phase=phase, submission=each, named_at=now) for each in submissions), ignore_conflicts=True
    )


@transaction.atomic
def name_finalists(*, phase: Phase, entry: Entry, user: User, ids: Sequence[str]) -> list[Contender]:
    """Replace an entry's finalists; naming none leaves the choice to the rule.

    Raises:
        RefusedError: `final.naming_over` after the deadline or once it began, `auth.not_allowed` for a
            disqualified entry, `final.too_many`, or `final.not_yours` for an agent that is not the entry's
            or has not passed validation.
    """
    locked = Phase.objects.select_for_update().get(pk=phase.pk)
    ends = locked.naming_ends_at
    if locked.state != PhaseState.DRAFT or ends is None or clock.now() >= ends:
        raise RefusedError("final.naming_over", ended_at=clock.shown(ends or clock.now()))
    if entry.is_disqualified:
        raise RefusedError("auth.not_allowed", action="name finalists: the entry is disqualified")
    wanted = list(dict.fromkeys(ids))
    most = per_owner(phase)
    if len(wanted) > most:
        raise RefusedError("final.too_many", given=len(wanted), most=most, field="finalist")
    known = {each.pk: each for each in eligible_finalists(entry)}
    for unknown in (each for each in wanted if each not in known):
        raise RefusedError("final.not_yours", id=unknown, field="finalist")
    Contender.objects.filter(phase=phase, submission__entry=entry).delete()
    now = clock.now()
    return Contender.objects.bulk_create(
        Contender(phase=phase, submission=known[each], named_by=user, named_at=now) for each in wanted
    )


def per_owner(phase: Phase) -> int:
    """Return how many finalists each owner may name."""
    return int(phase.options.get("finalists_per_owner", 2))


def chosen_by_rule(*, phase: Phase, entry: Entry, best: Mapping[str, int]) -> list[Submission]:
    """Return an entry's finalists where it named none: its best and its latest.

    Args:
        phase: the final.
        entry: of one owner.
        best: ranks on the last leaderboard, by submission id; agents that are not there were not in play.
    """
    latest = sorted(eligible_finalists(entry), key=lambda each: -each.number)
    ranked = sorted((each for each in latest if each.pk in best), key=lambda each: best[each.pk])
    return list(dict.fromkeys([*ranked[:1], *latest[:1]]))[: per_owner(phase)]


@transaction.atomic
def withdraw_contender(*, phase: Phase, submission_id: str, actor: User | None, reason: str) -> Contender:
    """Take an agent's place in a final, or in a closed season, for a reason everybody can read.

    Its results stay: they are evidence about the others.

    Raises:
        RefusedError: `request.bad_field` without a reason, `final.no_finalist` if it has no place there,
            `final.wrong_state` once the result is declared.
    """
    reason = check_reason(reason)
    if Phase.objects.select_for_update().get(pk=phase.pk).declared_at is not None:
        raise RefusedError("final.wrong_state", state="declared", action="changed")
    found = Contender.objects.filter(phase=phase, submission=submission_id, withdrawn_at=None).first()
    if found is None:
        raise RefusedError("final.no_finalist", id=submission_id)
    found.withdrawn_at, found.withdrawn_reason, found.place = clock.now(), reason, None
    found.save(update_fields=["withdrawn_at", "withdrawn_reason", "place"])
    # What came to rest must be placed anew.
    Phase.objects.filter(pk=phase.pk, settled_at__isnull=False).update(settled_at=None)
    record_act(
        competition=phase.competition,
        actor=actor,
        verb="withdrew",
        subject=f"{found.submission} from {phase.title}"[:120],
        reason=reason,
    )
    return found


def withdraw_entry(*, phase: Phase, entry: Entry, reason: str) -> None:
    """Take the places of all of an entry's agents in a final that is under way."""
    for pk in Contender.objects.filter(phase=phase, submission__entry=entry, withdrawn_at=None).values_list(
        "submission_id", flat=True
    ):
        withdraw_contender(phase=phase, submission_id=pk, actor=None, reason=reason)


@transaction.atomic
def cut_contenders(*, phase: Phase, submissions: Iterable[str], episodes: int) -> int:
    """Let finalists leave the final after so many episodes each; they keep their places."""
    leaving = Contender.objects.filter(
        phase=phase, submission__in=list(submissions), cut_at=None, withdrawn_at=None
    )
    names = [str(each.submission) for each in leaving.select_related("submission")]
    left = leaving.update(cut_at=episodes)
    record_act(
        competition=phase.competition,
        actor=None,
        verb="cut",
        subject=f"{phase.title} at {episodes} episodes",
        reason=(f"Without a chance of the first places: {', '.join(names)}." if names else "Nobody left.")[
            :400
        ],
    )
    return left


@transaction.atomic
def place_contenders(*, phase: Phase, places: Mapping[str, int]) -> None:
    """Write where everybody ended, by submission id."""
    rows = list(Contender.objects.filter(phase=phase))
    for row in rows:
        row.place = None if row.withdrawn_at else places.get(row.submission_id)
    Contender.objects.bulk_update(rows, ["place"])
