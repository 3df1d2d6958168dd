"""What administrators do to people, and the log of it: one table with Django's own staff pages."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Model, QuerySet

from coliseum.accounts.models import User
from coliseum.accounts.sessions import end_sessions
from workers.refusals import RefusedError


def note_deed(*, actor: User, subject: Model, text: str) -> None:
    """Add a line to the log of administrative acts."""
    LogEntry.objects.log_actions(
        user_id=actor.pk,
        queryset=[subject],
        action_flag=CHANGE,
        change_message=text[:1000],
        single_object=True,
    )


def deeds() -> QuerySet[LogEntry]:
    """Return the log of administrative acts, newest first; those on the staff pages too."""
    return LogEntry.objects.select_related("user", "content_type").order_by("-action_time", "-pk")


@transaction.atomic
def bar_person(*, user: User, actor: User, reason: str) -> None:
    """Keep a person out: nobody can sign in or use a token of hers until she is let in again.

    Raises:
        RefusedError: `request.bad_field` without a reason; `auth.not_allowed` for oneself and for the last
            administrator.
    """
    reason = reason.strip()[:400]
    if not reason:
        raise RefusedError("request.bad_field", name="reason", wanted="given", field="reason")
    if user.pk == actor.pk:
        raise RefusedError("auth.not_allowed", action="bar yourself: another administrator can")
    others = User.objects.filter(is_staff=True, is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise RefusedError("auth.not_allowed", action="bar the last administrator")
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    end_sessions(user=user)
    note_deed(actor=actor, subject=user, text=f"barred: {reason}")


@transaction.atomic
def let_in_person(*, user: User, actor: User, reason: str) -> None:
    """Let a barred person in again.

    Raises:
        RefusedError: `request.bad_field` without a reason.
    """
    reason = reason.strip()[:400]
    if not reason:
        raise RefusedError("request.bad_field", name="reason", wanted="given", field="reason")
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.is_active = True
    note_deed(actor=actor, subject=user, text=f"let in: {reason}")
