"""Joining a competition and submitting an agent by browser."""

from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition, Entry
from coliseum.competitions.queries import competition_for
from coliseum.competitions.services import check_open, enter_competition, entry_of
from coliseum.league.conductor import on_uploaded
from coliseum.pages.competitions import frame
from coliseum.pages.forms import JoinForm, SubmissionForm
from coliseum.pages.markdown import to_html
from coliseum.pages.methods import require_form, require_POST
from coliseum.pages.parameters import known_slug
from coliseum.pages.rows import Row, spec_of
from coliseum.pages.submissions import submission_rows
from coliseum.pages.wording import size, until
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import submissions_of
from coliseum.submissions.services import Upload, accept_upload, quota_left
from workers.package import installed_libraries
from workers.refusals import RefusedError


@login_required
@require_POST
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Join a competition; the rules must be accepted in the same form."""
    wanted = competition_for(known_slug(slug), cast(User, request.user))
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _submit_page(request, wanted, join_form=form, status=400)
    enter_competition(competition=wanted, user=cast(User, request.user))
    messages.success(request, f"You are in {wanted.title}. Submit your first agent.")
    return redirect("submit", slug=wanted.slug)


@login_required
@require_form
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form for an agent, or take one and go to its page."""
    wanted = competition_for(known_slug(slug), cast(User, request.user))
    if request.method != "POST":
        return _submit_page(request, wanted)
    form = SubmissionForm(request.POST, request.FILES)
    try:
        submission = _accept(request, wanted, form)
    except RefusedError as error:
        if error.status >= 500:
            raise
        form.refuse(error)
        return _submit_page(request, wanted, form=form, error=error, status=error.status)
    on_uploaded(submission)
    return redirect("submission", submission_id=submission.pk)


def _accept(request: HttpRequest, competition: Competition, form: SubmissionForm) -> Submission:
    entry = entry_of(competition, cast(User, request.user))
    if entry is None:
        raise RefusedError("competition.not_joined")
    form.full_clean()
    file = cast(TemporaryUploadedFile | None, request.FILES.get("file"))
    if file is None:
        raise RefusedError("upload.missing_file", field="file")
    most = settings.UPLOAD_MAX_BYTES
    if (file.size or 0) > most:
        raise RefusedError("upload.too_large", size=size(file.size or 0), limit=size(most), field="file")
    upload = Upload(
        file=cast(IO[bytes], file.file),
        path=Path(file.temporary_file_path()),
        original_name=file.name or "agent.py",
        name=form.cleaned_data.get("name", ""),
        note=form.cleaned_data.get("note", ""),
        only_if_better=form.cleaned_data.get("only_if_better", False),
    )
    submission, _ = accept_upload(entry=entry, user=cast(User, request.user), upload=upload)
    return submission


def _submit_page(
    request: HttpRequest,
    competition: Competition,
    *,
    form: SubmissionForm | None = None,
    join_form: JoinForm | None = None,
    error: RefusedError | None = None,
    status: int = 200,
) -> HttpResponse:
    entry = entry_of(competition, cast(User, request.user))
    context = frame(request, competition, "submit") | {
        "entry": entry,
        "closed": _closed(competition),
        "join_form": join_form or JoinForm(),
        "rules": to_html(competition.rules),
        "offered": installed_libraries(),
        "commands": _commands(competition),
        "form": form or SubmissionForm(),
        "drop": _drop(competition, error),
        "error": error if error and error.field != "file" else None,
    }
    if entry:
        context |= {"quota": _quota(entry), "submissions": submission_rows(submissions_of(entry)[:20])}
    return render(request, "competitions/submit.html", context, status=status)


def _closed(competition: Competition) -> RefusedError | None:
    """Return why the competition takes no submissions now, if it does not."""
    try:
        check_open(competition)
    except RefusedError as error:
        return error
    return None


def _drop(competition: Competition, error: RefusedError | None) -> Row:
    spec = spec_of(competition.arena)
    most = min(settings.UPLOAD_MAX_BYTES, spec.limits.package_bytes if spec else settings.UPLOAD_MAX_BYTES)
    return {
        "name": "file",
        "label": "Drop agent.py, agent.zip or policy.onnx here",
        "help": f"A trained model as one ONNX file, one Python file, or one zip; at most {size(most)}.",
        "accept": ".py,.zip,.onnx",
        "max_bytes": most,
        "max_label": size(most),
        "errors": [f"{error.message} {error.hint} [{error.code}]"] if error and error.field == "file" else [],
    }


def _quota(entry: Entry) -> Row:
    left, resets_at = quota_left(entry)
    limit = entry.competition.daily_submissions
    return {
        "label": "Submissions used today",
        "done": min(limit, limit - left),
        "total": limit,
        "left": f"starts anew {until(resets_at)} (00:00 UTC)",
    }


def _commands(competition: Competition) -> str:
    site = "" if settings.SITE_URL.startswith("http://localhost:8000") else f" --server {settings.SITE_URL}"
    return (
        f"coliseum check agent.py --arena {competition.arena}\n"
        f"coliseum submit agent.py --competition {competition.slug}{site}"
    )


def submit_address(competition: Competition) -> str:
    """Return where agents for a competition are submitted."""
    return reverse("submit", args=[competition.slug])
