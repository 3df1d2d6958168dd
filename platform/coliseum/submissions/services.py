"""Writes about submissions: accept an upload, record its verdict, activate, retire."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import IO

import msgspec
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from arenas import registry
from coliseum import clock, faults, storage
from coliseum.accounts.models import User
from coliseum.accounts.names import claim_name, is_taken
from coliseum.clock import shown
from coliseum.competitions.models import Entry
from coliseum.competitions.rules import check_accepted
from coliseum.competitions.services import check_name, check_open, house_entry
from coliseum.submissions.models import Package, Purpose, Role, Submission, SubmissionState
from coliseum.submissions.queries import predecessor_of
from coliseum.submissions.suspensions import let_back
from coliseum.submissions.trials import open_trial
from workers.archive import ArchiveLimits
from workers.inspection import inspect_in_child
from workers.package import Package as Inspected
from workers.package import PackageLimits
from workers.refusals import RefusedError
from workers.spec import AgentUsage, Check

_KEY = re.compile(r"[A-Za-z0-9_-]{1,255}")
_CHUNK = 1024 * 1024
_UNDECIDED = (SubmissionState.UPLOADED, SubmissionState.VALIDATING)


@dataclass(frozen=True, slots=True)
class Upload:
    """What came in by form, API or from the house."""

    file: IO[bytes]
    """The staged file, open for reading."""
    path: Path
    """Where that file lies, for the inspecting child process."""
    original_name: str
    """File name as sent."""
    name: str = ""
    """What to call the agent; the entry's last name, or the file's stem, if empty."""
    note: str = ""
    """What the owner wants to remember."""
    idempotency_key: str = ""
    """The same key with the same bytes gives the same submission."""
    sha256: str = ""
    """Digest the client computed, hex; checked if given."""
    baseline: str = ""
    """The arena's baseline this is; the house's uploads have no quota."""
    only_if_better: bool = False
    """Whether it goes into play only once it is shown to be better than its predecessor."""


def accept_upload(*, entry: Entry, user: User | None, upload: Upload) -> tuple[Submission, bool]:
    """Inspect and keep an upload; the second value says whether it made a new submission.

    The bytes are in storage before the row is written, and the row is written in one transaction: a kill
    at any moment leaves either a whole submission or none.

    Args:
        entry: the entry that submits.
        user: who uploads; None for the house's baselines.
        upload: the file and what was said about it.

    Raises:
        RefusedError: any `upload`, `archive`, `source`, `package`, `submission`, `competition`, `name` or
            `request` code of the table of refusals.
    """
    if upload.idempotency_key and not _KEY.fullmatch(upload.idempotency_key):
        raise RefusedError("request.bad_idempotency_key")
    digest = _digest(upload.file)
    if upload.sha256 and upload.sha256.lower() != digest:
        raise RefusedError("upload.checksum_mismatch", field="file")
    if earlier := _sent_before(entry, user, upload, digest):
        return earlier, False
    try:
        return _accept_new(entry, user, upload, digest), True
    except (IntegrityError, RefusedError) as error:
        # Another request with the same key may have been faster: the same answer as a moment later.
        if earlier := _sent_before(entry, user, upload, digest):
            return earlier, False
        if isinstance(error, IntegrityError):
            _check_new(entry, digest, replaces=upload.only_if_better)
        raise


def _accept_new(entry: Entry, user: User | None, upload: Upload, digest: str) -> Submission:
    if not upload.baseline:
        check_open(entry.competition)
        if user is not None:
            check_accepted(entry.competition, user)
        _check_new(entry, digest, replaces=upload.only_if_better)
    inspected = inspect_upload(arena=entry.competition.arena, upload=upload)
    faults.point("before_object_put")
    storage.put_package(File(upload.file), digest)
    faults.point("after_object_put")
    return _create(entry, user, upload, inspected)


def inspect_upload(*, arena: str, upload: Upload) -> Inspected:
    """Return what an upload is, looked at in a child process.

    Raises:
        RefusedError: any `upload`, `archive`, `source` or `package` code.
    """
    limits = registry.get(arena).limits
    return inspect_in_child(
        upload.path,
        file_name=upload.original_name,
        limits=PackageLimits(
            package_bytes=limits.package_bytes, archive=ArchiveLimits(unpacked_bytes=limits.unpacked_bytes)
        ),
        arena=arena,
    )


def _sent_before(entry: Entry, user: User | None, upload: Upload, digest: str) -> Submission | None:
    """Return the submission that this Idempotency-Key already made.

    Raises:
        RefusedError: `request.idempotency_conflict` when the key stood for something else.
    """
    if not upload.idempotency_key or user is None:
        return None
    earlier = Submission.objects.filter(uploaded_by=user, idempotency_key=upload.idempotency_key).first()
    if earlier and (earlier.package_id != digest or earlier.entry_id != entry.pk):
        raise RefusedError("request.idempotency_conflict")
    return earlier


def _digest(upload: IO[bytes]) -> str:
    upload.seek(0)
    hashed = hashlib.sha256()
    while chunk := upload.read(_CHUNK):
        hashed.update(chunk)
    upload.seek(0)
    return hashed.hexdigest()


def _check_new(entry: Entry, digest: str, *, replaces: bool = False) -> None:
    """Refuse a copy, what is over the quotas, and the disqualified.

    What only replaces a predecessor takes no further place among the active ones.
    """
    if entry.is_out:
        why = "the entry is disqualified" if entry.is_disqualified else "the team has merged into another one"
        raise RefusedError("auth.not_allowed", action=f"submit here: {why}")
    same = Submission.objects.filter(entry=entry, package_id=digest).exclude(role=Role.REHEARSAL).first()
    if same:
        raise RefusedError("submission.duplicate", submission=f"v{same.number}", field="file")
    left, resets_at = quota_left(entry)
    limit = entry.competition.daily_submissions
    if left <= 0:
        wait = int((resets_at - clock.now()).total_seconds()) + 1
        raise RefusedError(
            "submission.quota", used=limit, limit=limit, next_at=shown(resets_at), retry_after=wait
        )
    active = Submission.objects.filter(entry=entry, is_active=True).count()
    if active >= entry.competition.active_submissions and not (replaces and active):
        raise RefusedError("submission.too_many_active", active=active)


def quota_left(entry: Entry) -> tuple[int, datetime]:
    """Return how many submissions the entry has left today, and when the day (UTC) ends.

    What merged into it counts, and what its members sent today for another team of the competition: neither
    merging nor changing teams gives anybody more.
    """
    now = clock.now()
    today = datetime.combine(now.date(), time.min, tzinfo=now.tzinfo)
    sent = Submission.objects.filter(entry__competition=entry.competition_id, uploaded_at__gte=today)
    own = Q(entry=entry) | Q(entry__merged_into=entry)
    members = entry.team.members.through.objects.filter(team=entry.team_id)
    charged = sent.filter(own | Q(uploaded_by__in=members.values("user")))
    used = charged.exclude(state=SubmissionState.REJECTED).exclude(role=Role.REHEARSAL).count()
    return entry.competition.daily_submissions - used, today + timedelta(days=1)


def _name_for(entry: Entry, upload: Upload) -> str:
    """Return the name asked for, else the entry's last one, else one made from the file's; none of others'.

    Raises:
        RefusedError: `name.length`, `name.characters`, or `name.taken` where another team's agent in this
            competition has a name that looks the same.
    """
    realm, owner = f"agents:{entry.competition_id}", str(entry.pk)
    if upload.name.strip() and not upload.baseline:
        name = check_name(upload.name)
        claim_name(realm=realm, name=name, owner=owner)
        return name
    last = entry.submissions.order_by("-number").values_list("name", flat=True).first()
    stem = Path(upload.original_name).stem[:80]
    first = entry.team.name if stem in {"", "agent", "main", "policy", "submission"} else check_name(stem)
    wanted = upload.name.strip() or last or first
    # What nobody asked for is not refused: then the agent is called after its team.
    choices = (wanted, entry.team.name, f"{wanted[:60]} of {entry.team.name[:16]}")
    free = (each for each in choices if not is_taken(realm=realm, name=each, owner=owner))
    name = wanted if upload.baseline else next(free, wanted)
    if not is_taken(realm=realm, name=name, owner=owner):
        claim_name(realm=realm, name=name, owner=owner)
    return name


def package_row(inspected: Inspected) -> Package:
    """Return the row of a package, made if these bytes are new; they lie in storage already."""
    package, _ = Package.objects.get_or_create(
        digest=inspected.digest,
        defaults={
            "file_name": inspected.file_name,
            "size_bytes": inspected.size_bytes,
            "unpacked_bytes": inspected.unpacked_bytes,
            "file_count": len(inspected.files),
            "entry_point": inspected.entry_point,
            "stored_at": clock.now(),
        },
    )
    if package.erased_at is not None:
        # The same bytes came again, and lie in storage again.
        Package.objects.filter(pk=package.pk).update(erased_at=None)
        package.erased_at = None
    return package


@transaction.atomic
def _create(entry: Entry, user: User | None, upload: Upload, inspected: Inspected) -> Submission:
    # The lock makes two uploads of one entry wait for each other, so that quotas and numbers hold.
    Entry.objects.select_for_update().get(pk=entry.pk)
    entry.refresh_from_db(fields=["disqualified_at", "merged_into"])
    if not upload.baseline:
        _check_new(entry, inspected.digest, replaces=upload.only_if_better)
    package = package_row(inspected)
    highest = entry.submissions.aggregate(highest=Max("number"))["highest"] or 0
    submission = Submission.objects.create(
        entry=entry,
        number=highest + 1,
        name=_name_for(entry, upload),
        note=upload.note.strip()[:400],
        package=package,
        original_name=upload.original_name[:255],
        uploaded_by=user,
        baseline=upload.baseline,
        only_if_better=upload.only_if_better,
        idempotency_key=upload.idempotency_key,
        uploaded_at=clock.now(),
    )
    faults.point("before_accept_commit")
    return submission


def start_validation(*, submission: Submission) -> bool:
    """Mark an upload as being validated; False if it already is or was."""
    return bool(
        Submission.objects.filter(pk=submission.pk, state=SubmissionState.UPLOADED).update(
            state=SubmissionState.VALIDATING
        )
    )


@transaction.atomic
def record_verdict(
    *, submission: Submission, checks: Sequence[Check], usage: AgentUsage | None = None
) -> bool:
    """Write the verdict of a validation and activate what passed; False if there is a verdict already.

    The first check that is not ok is the verdict. What passed begins its trial against its predecessor; one
    that is to play only if it is better waits for that.
    """
    failed = next((check for check in checks if not check.ok), None)
    passed = failed is None and not submission.entry.is_out and not submission.is_rehearsal
    before = predecessor_of(submission) if passed else None
    changed = Submission.objects.filter(pk=submission.pk, state__in=_UNDECIDED).update(
        state=SubmissionState.REJECTED if failed else SubmissionState.READY,
        is_active=passed and not (submission.only_if_better and before),
        code=failed.code if failed else "ok",
        message=failed.message if failed else "",
        hint=failed.hint if failed else "",
        checks=msgspec.to_builtins(list(checks)),
        usage=msgspec.to_builtins(usage) if usage else {},
        validated_at=clock.now(),
    )
    if changed and before:
        open_trial(submission=submission, opponent=before, purpose=Purpose.GATE)
    if not changed and submission.suspended_at:
        Submission.objects.filter(pk=submission.pk).update(checks=msgspec.to_builtins(list(checks)))
        if failed is None:
            let_back(submission=submission)
    submission.refresh_from_db()
    return bool(changed)


def record_infrastructure_error(*, submission: Submission) -> None:
    """Tell the owner that a fault of ours stopped the validation; an administrator's re-run takes it up."""
    Submission.objects.filter(pk=submission.pk, state=SubmissionState.VALIDATING).update(
        code="infrastructure_error",
        message="The platform could not validate this agent. It is our fault, not yours.",
        hint="An administrator was told and can run it again; nothing counts against you.",
    )


@transaction.atomic
def activate_submission(*, submission: Submission) -> None:
    """Let a submission play in the league.

    Raises:
        RefusedError: `submission.wrong_state`, `submission.suspended`, or `submission.too_many_active` at the
            entry's cap.
    """
    entry = Entry.objects.select_for_update().select_related("competition").get(pk=submission.entry_id)
    submission.refresh_from_db()
    if submission.is_active:
        return
    if submission.suspended_at:
        raise RefusedError("submission.suspended", submission=f"v{submission.number}")
    if submission.role not in {Role.MAIN, Role.CHAMPION, Role.BACKGROUND}:
        raise RefusedError(
            "submission.wrong_state",
            submission=f"v{submission.number}",
            state=f"entered as {submission.role}",
            action="activated",
        )
    active = entry.submissions.filter(is_active=True).count()
    if active >= entry.competition.active_submissions and not submission.baseline:
        raise RefusedError("submission.too_many_active", active=active)
    ready = SubmissionState.READY
    if entry.is_out or not (Submission.objects.filter(pk=submission.pk, state=ready).update(is_active=True)):
        raise RefusedError(
            "submission.wrong_state",
            submission=f"v{submission.number}",
            state=submission.state,
            action="activated",
        )
    submission.is_active = True


def deactivate_submission(*, submission: Submission) -> None:
    """Take a submission out of the league; its results stay."""
    Submission.objects.filter(pk=submission.pk).update(is_active=False)
    submission.is_active = False


def deactivate_entry(*, entry: Entry) -> None:
    """Take all of an entry's submissions out of the league."""
    entry.submissions.update(is_active=False)


@transaction.atomic
def keep_champion(*, submission: Submission) -> Submission:
    """Keep a frozen copy of a number 1 in play as an agent of the house; a baseline simply plays on."""
    if submission.entry.team.is_house:
        return submission
    house = house_entry(submission.entry.competition)
    Entry.objects.select_for_update().get(pk=house.pk)
    kept = house.submissions.filter(package=submission.package_id).first()
    if kept is None:
        highest = house.submissions.aggregate(highest=Max("number"))["highest"] or 0
        kept = Submission.objects.create(
            entry=house,
            number=highest + 1,
            name=submission.name,
            note=f"Number 1 of a season as {submission} of {submission.entry.team.name}."[:400],
            package_id=submission.package_id,
            role=Role.CHAMPION,
            origin=submission,
            state=SubmissionState.READY,
            code="ok",
            uploaded_at=clock.now(),
            validated_at=clock.now(),
        )
    Submission.objects.filter(pk=kept.pk).update(is_active=True)
    kept.refresh_from_db()
    return kept
