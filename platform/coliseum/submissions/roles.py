"""Writes about what a host's own agents are for: in the field, in the background, or held out in secret."""

from django.db import transaction

from coliseum.accounts.models import User
from coliseum.competitions.services import record_act
from coliseum.submissions.models import Role, Submission, SubmissionState
from workers.refusals import RefusedError

CHOICES = (Role.MAIN, Role.BACKGROUND, Role.HOLDOUT)


@transaction.atomic
def set_role(*, submission: Submission, role: str, actor: User) -> Submission:
    """Say what one of the host's own agents is for.

    The public log tells of it, but never which agent is held out.

    Raises:
        RefusedError: `request.bad_field` for another role, `role.not_yours` for somebody else's agent, or
            `submission.wrong_state` where it has not passed validation.
    """
    if role not in CHOICES:
        raise RefusedError(
            "request.bad_field", name="role", wanted=f"one of {', '.join(CHOICES)}", field="role"
        )
    held = Submission.objects.select_for_update().select_related("entry__competition").get(pk=submission.pk)
    if not held.entry.team.members.filter(pk=actor.pk).exists():
        raise RefusedError("role.not_yours")
    if held.state != SubmissionState.READY or held.role not in CHOICES:
        raise RefusedError(
            "submission.wrong_state", submission=f"v{held.number}", state=held.state, action="given a role"
        )
    is_active = role != Role.HOLDOUT and held.suspended_at is None
    Submission.objects.filter(pk=held.pk).update(role=role, is_active=is_active)
    name = "a held-out agent" if Role.HOLDOUT in {role, held.role} else str(held)
    record_act(
        competition=held.entry.competition,
        actor=actor,
        verb="gave a role",
        subject=f"{name}: {role}"[:120],
    )
    submission.refresh_from_db()
    return submission
