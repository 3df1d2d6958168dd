"""Competitions that are being written in the wizard: kept step by step, opened once."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Plan
from workers.refusals import RefusedError

MOST = 50
"""Plans that a person may have at a time."""

Tables = dict[str, Any]  # Any: JSON, as competition.toml says it


def plans_of(user: User) -> QuerySet[Plan]:
    """Return what a person has begun to write and not opened, the latest first."""
    return Plan.objects.filter(host=user, competition=None)


def known_plan(plan_id: str, user: User) -> Plan | None:
    """Return a person's own plan, if it was saved before."""
    return Plan.objects.select_related("competition").filter(pk=plan_id, host=user).first()


def plan_for(plan_id: str, user: User) -> Plan:
    """Return a person's own plan; one that was opened has its competition.

    Raises:
        RefusedError: `not_found`.
    """
    found = known_plan(plan_id, user)
    if found is None:
        raise RefusedError("not_found", kind="plan", id=plan_id)
    return found


@transaction.atomic
def save_plan(*, plan_id: str, host: User, tables: Tables, step: int) -> Plan:
    """Keep a step of a plan; the first time makes the plan, once for each id.

    Raises:
        RefusedError: `not_found` for somebody else's id, `request.bad_field` for one plan too many.
    """
    known = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if known is None:
        if plans_of(host).count() >= MOST:
            wanted = f"of at most {MOST} competitions in writing: discard one first"
            raise RefusedError("request.bad_field", name="the plan", wanted=wanted)
        try:
            with transaction.atomic():
                known = Plan.objects.create(pk=plan_id, host=host, changed_at=clock.now())
        except IntegrityError:
            # The same form was sent twice at a time.
            known = Plan.objects.select_for_update().get(pk=plan_id)
    if known.host_id != host.pk:
        raise RefusedError("not_found", kind="plan", id=plan_id)
    if known.competition_id is None:
        known.tables = tables
        known.steps = sorted({*known.steps, step})
        known.changed_at = clock.now()
        known.save(update_fields=["tables", "steps", "changed_at"])
    return known


def discard_plan(*, plan: Plan) -> None:
    """Forget a plan that was not opened."""
    Plan.objects.filter(pk=plan.pk, competition=None).delete()
