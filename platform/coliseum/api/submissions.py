"""Submissions: upload, list, read; put into play, take out, roll back."""

from pathlib import Path
from typing import IO, Annotated, Literal, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Header, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from coliseum import storage
from coliseum.accounts.models import Scope
from coliseum.api.callers import ANYBODY, caller_of, needs
from coliseum.api.describing import SAME, file_of
from coliseum.api.paging import Paging, page
from coliseum.api.seen import (
    own_entry,
    own_submission,
    seen_competition,
    seen_submission,
    user_of,
)
from coliseum.api.submission_rows import submission_detail, submission_row
from coliseum.api.submission_schemas import SubmissionDetail, SubmissionList, SubmissionPage
from coliseum.api.taken import Line, NewNote, Target
from coliseum.competitions.queries import shown_phase
from coliseum.downloads import file_answer
from coliseum.leaderboards.queries import standings_of
from coliseum.league import conductor, dispatch
from coliseum.league.life import validate_again
from coliseum.league.rehearsing import rehearse
from coliseum.league.reproducing import reproduction_of
from coliseum.matches.models import MatchState
from coliseum.matches.queries import validation_of
from coliseum.submissions.exploits import TOP, enter_exploiter
from coliseum.submissions.models import Submission, SubmissionState
from coliseum.submissions.queries import owned_by, submissions_by, submissions_of
from coliseum.submissions.revealing import is_code_open, may_see_code
from coliseum.submissions.services import Upload, accept_upload, activate_submission, deactivate_submission
from coliseum.submissions.versions import change_note, roll_back
from workers.refusals import RefusedError

router = Router(tags=["submissions"])
_SUBMIT = needs(Scope.SUBMIT)
_VERSIONS = 200
_DIGEST = "SHA-256 of the file, hex: refuses what was damaged on the way."
BYTES = file_of("application/octet-stream", "The bytes as they were uploaded.")
_ZIP = file_of("application/zip", "A zip with a README.")


class Said(Schema):
    """What may stand beside the file."""

    name: Line = Field("", description="What the agent is called; the entry's last name if left out.")
    note: Line = Field("", description="What you want to remember, up to 400 characters.")
    only_if_better: bool = Field(
        False, description="Put it into play only once it is shown to be better than your last one."
    )


class Wanted(Schema):
    """Which submissions to list."""

    competition: str = Field(
        "", max_length=60, description="Of this competition only.", examples=["connect-four"]
    )
    state: Literal["", "uploaded", "validating", "ready", "rejected", "retired"] = Field(
        "", description="How they stand."
    )
    active: bool | None = Field(None, description="Those in play, or those that are not.")


@router.post(
    "/competitions/{slug}/submissions",
    response={201: SubmissionDetail},
    auth=_SUBMIT,
    operation_id="submit",
)
def submit(
    request: HttpRequest,
    slug: str,
    file: File[UploadedFile],
    said: Form[Said],
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", description=SAME)] = "",
    x_content_sha256: Annotated[str, Header(alias="X-Content-SHA256", description=_DIGEST)] = "",
) -> Status[SubmissionDetail]:
    """Upload an agent: one .py file, one .onnx model, or one .zip of either.

    The same Idempotency-Key with the same bytes gives the same submission again.
    """
    user = user_of(request)
    entry = own_entry(request, seen_competition(request, slug))
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
    return Status(201, submission_detail(submission, user))


@router.post(
    "/competitions/{slug}/rehearsals",
    response={201: SubmissionDetail},
    auth=_SUBMIT,
    operation_id="rehearse",
)
def try_out(request: HttpRequest, slug: str, file: File[UploadedFile]) -> Status[SubmissionDetail]:
    """Have an agent validated and nothing else: no version, no quota, no rating; 30 an hour.

    It takes the place of the one before. Ask for it with `get_submission` until it is `ready` or `rejected`.
    """
    user = user_of(request)
    entry = own_entry(request, seen_competition(request, slug))
    upload = Upload(file=cast(IO[bytes], file.file), path=_staged(file), original_name=file.name or "")
    tried = rehearse(entry=entry, user=user, upload=upload)
    tried.refresh_from_db()
    return Status(201, submission_detail(tried, user))


def _staged(file: UploadedFile) -> Path:
    """Return where the upload handler streamed the file to; nothing else handles uploads here."""
    assert isinstance(file, TemporaryUploadedFile)
    return Path(file.temporary_file_path())


@router.get("/submissions", response=SubmissionPage, auth=needs(Scope.READ), operation_id="list_submissions")
def list_mine(request: HttpRequest, wanted: Query[Wanted], paging: Query[Paging]) -> SubmissionPage:
    """List the submissions of the caller's teams, newest first."""
    found = submissions_by(user_of(request))
    if only := caller_of(request).competition:
        found = found.filter(entry__competition__slug=only)
    if wanted.competition:
        found = found.filter(entry__competition__slug=wanted.competition.replace("\0", ""))
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.active is not None:
        found = found.filter(is_active=wanted.active)
    rows, after = page(request, found, paging)
    return SubmissionPage(items=[submission_row(each) for each in rows], next=after)


@router.get(
    "/submissions/{submission_id}", response=SubmissionDetail, auth=ANYBODY, operation_id="get_submission"
)
def show(request: HttpRequest, submission_id: str) -> SubmissionDetail:
    """Return a submission: its owners see all, others only agents that passed validation."""
    return submission_detail(seen_submission(request, submission_id), user_of(request))


@router.get(
    "/submissions/{submission_id}/package",
    response=None,
    auth=needs(Scope.READ),
    operation_id="get_package",
    openapi_extra=BYTES,
)
def package(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Download the uploaded bytes: for the team, and for everybody where the host opened the code."""
    submission, user = seen_submission(request, submission_id), user_of(request)
    if not may_see_code(submission, user):
        raise RefusedError("not_found", kind="submission", id=submission_id)
    suffix = submission.package.file_name.rpartition(".")[2]
    return file_answer(
        request,
        storage.read_package(submission.package_id),
        name=f"agent-v{submission.number}.{suffix}",
        kind="application/octet-stream",
        is_public=is_code_open(submission),
    )


@router.get(
    "/submissions/{submission_id}/reproduction",
    response=None,
    auth=needs(Scope.READ),
    operation_id="get_reproduction",
    openapi_extra=_ZIP,
)
def reproduction(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Download what plays the validation again at home: agent, seeds, limits, one command. For the team."""
    wanted = seen_submission(request, submission_id)
    validation = validation_of(wanted) if owned_by(wanted, user_of(request)) else None
    if validation is None or validation.state != MatchState.FINISHED or not wanted.checks:
        raise RefusedError("not_found", kind="finished validation of", id=submission_id)
    name = f"reproduce-v{wanted.number}.zip"
    return file_answer(request, reproduction_of(wanted, validation), name=name, kind="application/zip")


@router.get(
    "/submissions/{submission_id}/versions",
    response=SubmissionList,
    auth=ANYBODY,
    operation_id="list_versions",
)
def versions(request: HttpRequest, submission_id: str) -> SubmissionList:
    """List the versions of the same entry, newest first: all for its team, else those that passed."""
    wanted = seen_submission(request, submission_id)
    found = submissions_of(wanted.entry)
    if not owned_by(wanted, user_of(request)):
        passed = (SubmissionState.READY, SubmissionState.RETIRED)
        found = found.filter(state__in=passed).exclude(role__in=("holdout", "rehearsal"))
    return SubmissionList(items=[submission_row(each) for each in found[:_VERSIONS]])


@router.post(
    "/submissions/{submission_id}/activate",
    response=SubmissionDetail,
    auth=_SUBMIT,
    operation_id="activate_submission",
)
def activate(request: HttpRequest, submission_id: str) -> SubmissionDetail:
    """Let an agent play in the league."""
    submission = own_submission(request, submission_id)
    activate_submission(submission=submission)
    return submission_detail(submission, user_of(request))


@router.post(
    "/submissions/{submission_id}/deactivate",
    response=SubmissionDetail,
    auth=_SUBMIT,
    operation_id="deactivate_submission",
)
def deactivate(request: HttpRequest, submission_id: str) -> SubmissionDetail:
    """Take an agent out of the league; its results stay."""
    submission = own_submission(request, submission_id)
    deactivate_submission(submission=submission)
    return submission_detail(submission, user_of(request))


@router.post(
    "/submissions/{submission_id}/roll-back",
    response=SubmissionDetail,
    auth=_SUBMIT,
    operation_id="roll_back",
)
def back(request: HttpRequest, submission_id: str) -> SubmissionDetail:
    """Put a version into play instead of the later ones."""
    submission = own_submission(request, submission_id)
    roll_back(submission=submission)
    return submission_detail(submission, user_of(request))


@router.post(
    "/submissions/{submission_id}/retry",
    response=SubmissionDetail,
    auth=_SUBMIT,
    operation_id="retry_submission",
)
def retry(request: HttpRequest, submission_id: str) -> SubmissionDetail:
    """Ask for another validation of a suspended agent, once a day; one that passes is back in play."""
    submission = own_submission(request, submission_id)
    validate_again(submission)
    dispatch.send_waiting_matches()
    return submission_detail(submission, user_of(request))


@router.post(
    "/submissions/{submission_id}/exploit",
    response=SubmissionDetail,
    auth=_SUBMIT,
    operation_id="exploit",
)
def exploit(request: HttpRequest, submission_id: str, body: Target) -> SubmissionDetail:
    """Enter an agent as an exploiter of one of the first of the board: it plays that and nothing else."""
    submission = own_submission(request, submission_id)
    top = [row.submission for row in standings_of(shown_phase(submission.entry.competition))[:TOP]]
    enter_exploiter(submission=submission, target_id=body.target, top=top, actor=user_of(request))
    return submission_detail(own_submission(request, submission_id), user_of(request))


@router.put(
    "/submissions/{submission_id}/note",
    response=SubmissionDetail,
    auth=_SUBMIT,
    operation_id="change_note",
)
def note(request: HttpRequest, submission_id: str, body: NewNote) -> SubmissionDetail:
    """Keep what the team wants to remember of a version."""
    submission: Submission = own_submission(request, submission_id)
    change_note(submission=submission, note=body.note)
    return submission_detail(submission, user_of(request))
