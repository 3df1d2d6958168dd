"""Ends the code and the logs of people whose account is gone; what their agents achieved stays."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from coliseum import clock, storage
from coliseum.accounts.erasing import Names
from coliseum.accounts.models import User
from coliseum.accounts.names import release_names
from coliseum.competitions.models import Team
from coliseum.submissions.models import Package, Submission, SubmissionState, Trial, Verdict


def agents_of(teams: Sequence[Team]) -> QuerySet[Submission]:
    """Return the agents of some teams, and the frozen copies the house keeps of them."""
    own = Submission.objects.filter(entry__team__in=teams)
    return own | Submission.objects.filter(origin__in=own.values("pk"))


@transaction.atomic
def retire_code(*, teams: Sequence[Team], names: Names) -> list[Package]:
    """End the code of some teams and return the packages to delete; nobody else's bytes are among them.

    An agent that plays keeps its place on the board with the results it has, and gets no more matches.
    """
    theirs = agents_of(teams)
    ids = list(theirs.values_list("pk", flat=True))
    undecided = (SubmissionState.UPLOADED, SubmissionState.VALIDATING)
    Submission.objects.filter(pk__in=ids, state__in=undecided).update(state=SubmissionState.REJECTED)
    Trial.objects.filter(submission__in=ids, verdict=Verdict.OPEN).update(
        verdict=Verdict.DROPPED, decided_at=clock.now()
    )
    for entry, competition in {
        (each.entry_id, each.entry.competition_id) for each in theirs.select_related("entry")
    }:
        release_names(owner=str(entry), realm=f"agents:{competition}")
    for each in Submission.objects.filter(pk__in=ids):
        _blank(each, names)
    elsewhere = Submission.objects.exclude(pk__in=ids)
    packages = Package.objects.filter(submissions__in=ids, erased_at=None).distinct()
    gone = list(packages.exclude(pk__in=elsewhere.values("package")))
    Package.objects.filter(pk__in=[package.pk for package in gone]).update(erased_at=clock.now())
    return gone


def blank_uploads(*, user: User) -> None:
    """Forget under which file names a person sent agents that belong to a team which goes on."""
    Submission.objects.filter(uploaded_by=user).update(original_name="", idempotency_key="")


def _blank(submission: Submission, names: Names) -> None:
    if names.stand_in(submission.name):
        submission.name = f"agent of {names.alias}"
    submission.note = names.replaced(submission.note) if submission.origin_id else ""
    submission.original_name = submission.message = submission.hint = submission.idempotency_key = ""
    submission.checks = [_without_texts(check) for check in submission.checks]
    submission.usage = without_log(submission.usage)
    submission.save(
        update_fields=[
            *("name", "note", "original_name", "message", "hint", "idempotency_key", "checks", "usage"),
        ]
    )


def _without_texts(check: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    return check | {name: "" for name in ("message", "hint") if name in check}


def without_log(usage: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """Return what an agent used, without what it wrote."""
    return usage | {"log": ""} if usage.get("log") else usage


def delete_bytes(packages: Sequence[Package]) -> None:
    """Delete stored bytes; what is gone already is no error."""
    for package in packages:
        storage.delete_package(package.digest)


def erased_packages(user: User) -> QuerySet[Package]:
    """Return the packages of a person that are to be gone."""
    return Package.objects.filter(submissions__uploaded_by=user, erased_at__isnull=False).distinct()
