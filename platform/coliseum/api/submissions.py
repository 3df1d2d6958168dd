"""Submissions: upload, read, activate."""

from pathlib import Path
from typing import IO, Annotated, Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest
from ninja import File, Form, Header, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from coliseum.accounts.models import Scope, User
from coliseum.api.addresses import page_address
from coliseum.api.callers import ANYBODY, caller_of, needs
from coliseum.api.competitions import seen_competition
from coliseum.api.paging import Paging, is_id, page
from coliseum.api.schemas import CheckRow, SubmissionDetail, SubmissionPage, SubmissionRow, TrialRow
from coliseum.api.taken import Line
from coliseum.competitions.services import entry_of
from coliseum.league import conductor
from coliseum.league.gates import most_episodes
from coliseum.submissions.models import Submission, Trial
from coliseum.submissions.queries import (
    owned_by,
    public_submission,
    submission_for,
    submissions_by,
    trials_of,
)
from coliseum.submissions.services import (
    Upload,
    accept_upload,
    activate_submission,
    deactivate_submission,
    quota_left,
)
from workers.refusals import RefusedError

router = Router(tags=["submissions"])


class Said(Schema):
    """What may stand beside the file."""

    name: Line = Field("", description="What the agent is called; the entry's last name if left out.")
    note: Line = Field("", description="What you want to remember, up to 400 characters.")
    only_if_better: bool = Field(
        False, description="Put it into play only once it is shown to be better than your last one."
    )


@router.post(
    "/competitions/{slug}/submissions",
    response={201: SubmissionDetail},
    auth=needs(Scope.SUBMIT),
    operation_id="submit",
)
def submit(
    request: HttpRequest,
    slug: str,
    file: File[UploadedFile],
    said: Form[Said],
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")] = "",
    x_content_sha256: Annotated[str, Header(alias="X-Content-SHA256")] = "",
) -> Status[SubmissionDetail]:
    """Upload an agent: one .py file, one .onnx model, or one .zip of either.

    The same Idempotency-Key with the same bytes gives the same submission again.
    """
    user = caller_of(request).user
    competition = seen_competition(request, slug)
    entry = entry_of(competition, user)
    if entry is None:
        raise RefusedError("competition.not_joined")
    upload = Upload(
        file=cast(IO[bytes], file.file),
        path=_staged(file),
        original_name=file.name or "",
        name=said.name,
        note=said.note,
        only_if_better=said.only_if_better,
        idempotency_key=idempotency_key,
        sha256=x_content_sha256,
    )
    submission, is_new = accept_upload(entry=entry, user=user, upload=upload)
    if is_new:
        conductor.on_uploaded(submission)
        submission.refresh_from_db()
    return Status(201, _detail(submission, user))


def _staged(file: UploadedFile) -> Path:
    """Return where the upload handler streamed the file to; nothing else handles uploads here."""
    assert isinstance(file, TemporaryUploadedFile)
    return Path(file.temporary_file_path())


@router.get("/submissions", response=SubmissionPage, auth=needs(Scope.READ), operation_id="list_submissions")
def list_mine(request: HttpRequest, paging: Query[Paging]) -> SubmissionPage:
    """List the submissions of the caller's teams, newest first."""
    rows, after = page(submissions_by(caller_of(request).user), paging)
    return SubmissionPage(items=[SubmissionRow(**_row(each)) for each in rows], next=after)


@router.get(
    "/submissions/{submission_id}", response=SubmissionDetail, auth=ANYBODY, operation_id="get_submission"
)
def show(request: HttpRequest, submission_id: str) -> SubmissionDetail:
    """Return a submission: its owners see all, others only agents that passed validation."""
    user = caller_of(request).user
    _check_id(submission_id)
    try:
        found = submission_for(submission_id, user)
    except RefusedError as refused:
        if refused.code != "not_found":
            raise
        found = public_submission(submission_id)
    return _detail(found, user)


@router.post(
    "/submissions/{submission_id}/activate",
    response=SubmissionDetail,
    auth=needs(Scope.SUBMIT),
    operation_id="activate_submission",
)
def activate(request: HttpRequest, submission_id: str) -> SubmissionDetail:
    """Let an agent play in the league."""
    submission = _mine(request, submission_id)
    activate_submission(submission=submission)
    return _detail(submission, caller_of(request).user)


@router.post(
    "/submissions/{submission_id}/deactivate",
    response=SubmissionDetail,
    auth=needs(Scope.SUBMIT),
    operation_id="deactivate_submission",
)
def deactivate(request: HttpRequest, submission_id: str) -> SubmissionDetail:
    """Take an agent out of the league; its results stay."""
    submission = _mine(request, submission_id)
    deactivate_submission(submission=submission)
    return _detail(submission, caller_of(request).user)


def _check_id(submission_id: str) -> None:
    if not is_id(submission_id):
        raise RefusedError("not_found", kind="submission", id=submission_id)


def _mine(request: HttpRequest, submission_id: str) -> Submission:
    _check_id(submission_id)
    user = caller_of(request).user
    submission = submission_for(submission_id, user)
    if not owned_by(submission, user):
        raise RefusedError("auth.not_allowed", action="change another team's agents")
    return submission


def _row(submission: Submission) -> dict[str, Any]:  # Any: the fields of SubmissionRow
    return {
        "id": submission.pk,
        "number": submission.number,
        "name": submission.name,
        "competition": submission.entry.competition.slug,
        "team": submission.entry.team.name,
        "state": submission.state,
        "is_active": submission.is_active,
        "baseline": submission.baseline,
        "uploaded_at": submission.uploaded_at,
        "validated_at": submission.validated_at,
        "url": page_address("submission", submission.pk),
    }


def _detail(submission: Submission, user: User) -> SubmissionDetail:
    is_owned = owned_by(submission, user)
    left, resets_at = quota_left(submission.entry) if is_owned else (None, None)
    return SubmissionDetail(
        **_row(submission),
        code=submission.code,
        message=submission.message if is_owned else "",
        hint=submission.hint if is_owned else "",
        note=submission.note if is_owned else None,
        original_name=submission.original_name if is_owned else None,
        digest=submission.package_id if is_owned else None,
        size_bytes=submission.package.size_bytes if is_owned else None,
        checks=[CheckRow(**check) for check in submission.checks] if is_owned else None,
        usage=submission.usage if is_owned else None,
        only_if_better=submission.only_if_better,
        suspended_at=submission.suspended_at,
        trials=[_trial(each) for each in trials_of(submission)],
        submissions_left=None if left is None else max(left, 0),
        submissions_reset_at=resets_at,
    )


def _trial(trial: Trial) -> TrialRow:
    return TrialRow(
        purpose=trial.purpose,
        opponent=trial.opponent_id,
        verdict=trial.verdict,
        matches=trial.matches,
        episodes=trial.episodes,
        most_episodes=most_episodes(trial),
        points=trial.points,
        decided_at=trial.decided_at,
    )
