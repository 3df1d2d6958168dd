"""Submitting an agent by browser."""

import errno
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coliseum.accounts.models import User, Visitor
from coliseum.accounts.names import CHARACTERS
from coliseum.competitions.models import Competition, Entry
from coliseum.competitions.queries import competition_for
from coliseum.competitions.rules import check_accepted
from coliseum.competitions.services import check_open, entry_of
from coliseum.ids import new_id
from coliseum.league.conductor import on_uploaded
from coliseum.league.rehearsing import rehearse
from coliseum.pages.competitions import frame
from coliseum.pages.forms import SubmissionForm
from coliseum.pages.keeping import keeps_form
from coliseum.pages.methods import require_form, require_POST
from coliseum.pages.parameters import known_slug
from coliseum.pages.retelling import alert_of
from coliseum.pages.submissions import submission_rows
from coliseum.pages.submitting import (
    EDITOR,
    TERMINAL,
    commands_text,
    drop_row,
    editor_row,
    package_bytes,
    quota_row,
    wait_row,
    way_of,
    way_tabs,
    workflow_text,
)
from coliseum.pages.wording import size
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import last_settings, submissions_of
from coliseum.submissions.services import Upload, accept_upload
from workers.package import installed_libraries
from workers.refusals import RefusedError

_LISTED: Final = 20
_KEY: Final = re.compile(r"[0-9a-z]{18}")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


_Taking = Callable[[HttpRequest, Competition, SubmissionForm], Submission]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the submit page says beyond what it always says."""

    form: SubmissionForm | None = None
    error: RefusedError | None = None
    status: int = 200


def _answer_again(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """Give back a form that was sent signed out, or from a page that was open too long, with all in it."""
    slug = str(request.resolver_match.kwargs["slug"]) if request.resolver_match else ""
    wanted = competition_for(known_slug(slug), request.user)
    form = SubmissionForm(request.POST)
    return _submit_page(request, wanted, _Answer(form=form, error=error, status=error.status))


@keeps_form(_answer_again)
@require_form
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form for an agent, or take one and go to its page."""
    wanted = competition_for(known_slug(slug), request.user)
    if not request.user.is_authenticated:
        return _signed_out(request)
    if request.method != "POST":
        return _submit_page(request, wanted)
    return _taken(request, wanted, _submitted)


@keeps_form(_answer_again)
@require_POST
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Try an agent in the sandbox, without submitting it."""
    wanted = competition_for(known_slug(slug), request.user)
    if not request.user.is_authenticated:
        return _signed_out(request)
    return _taken(request, wanted, _rehearsed)


def _signed_out(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _answer_again(request, RefusedError("auth.required"))
    return redirect_to_login(request.get_full_path())


def _taken(request: HttpRequest, competition: Competition, take: _Taking) -> HttpResponse:
    """Take what a form brings and go to its page, or show the form again with what is wrong."""
    form = SubmissionForm(request.POST, request.FILES)
    try:
        submission = take(request, competition, form)
    except RefusedError as error:
        if error.status >= 500:
            raise
        refusal = error
    except OSError as error:
        if error.errno not in _FULL:
            raise
        refusal = RefusedError("storage.full", retry_after=60)
    else:
        return redirect("submission", submission_id=submission.pk)
    if way_of(request) == EDITOR and refusal.field == "file":
        refusal.field = "code"
    form.refuse(refusal)
    answer = _submit_page(request, competition, _Answer(form=form, error=refusal, status=refusal.status))
    for name, value in refusal.headers.items():
        answer[name] = value
    return answer


def _submitted(request: HttpRequest, competition: Competition, form: SubmissionForm) -> Submission:
    entry = _entry(request, competition)
    with _upload(request, competition, form) as upload:
        submission = _once(entry, cast(User, request.user), upload)
    on_uploaded(submission)
    return submission


def _once(entry: Entry, user: User, upload: Upload) -> Submission:
    """Accept an upload; the same form sent twice gives the first one's submission."""
    try:
        submission, _ = accept_upload(entry=entry, user=user, upload=upload)
    except RefusedError as error:
        if error.code != "request.idempotency_conflict":
            raise
        # Back in the browser's history, and another agent in the same form: that is a new one.
        submission, _ = accept_upload(entry=entry, user=user, upload=replace(upload, idempotency_key=""))
    return submission


def _rehearsed(request: HttpRequest, competition: Competition, form: SubmissionForm) -> Submission:
    entry = _entry(request, competition)
    user = cast(User, request.user)
    with _upload(request, competition, form) as upload:
        return rehearse(entry=entry, user=user, upload=upload)


def _entry(request: HttpRequest, competition: Competition) -> Entry:
    entry = entry_of(competition, cast(User, request.user))
    if entry is None:
        raise RefusedError("competition.not_joined")
    return entry


@contextmanager
def _upload(request: HttpRequest, competition: Competition, form: SubmissionForm) -> Iterator[Upload]:
    """Yield what was sent, as a staged file: a chosen one, or what was written in the page.

    Raises:
        RefusedError: `upload.missing_file`, `upload.empty` or `upload.too_large`.
    """
    _check_words(form)
    said = {name: form.cleaned_data.get(name, "") for name in ("name", "note")}
    key = form.cleaned_data.get("key", "")
    said["idempotency_key"] = f"form-{key}" if _KEY.fullmatch(key) else ""
    only_if_better = bool(form.cleaned_data.get("only_if_better"))
    file = cast(TemporaryUploadedFile | None, request.FILES.get("file"))
    if file is not None and way_of(request) != EDITOR:
        most = package_bytes(competition)
        if (file.size or 0) > most:
            raise RefusedError("upload.too_large", size=size(file.size or 0), limit=size(most), field="file")
        yield Upload(
            file=cast(IO[bytes], file.file),
            path=Path(file.temporary_file_path()),
            original_name=file.name or "agent.py",
            sha256=form.cleaned_data.get("sha256", ""),
            only_if_better=only_if_better,
            **said,
        )
        return
    code = request.POST.get("code", "") if way_of(request) == EDITOR else ""
    if not code.strip():
        raise RefusedError("upload.missing_file", field="file")
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".py") as staged:
        # Browsers send the ends of lines as forms demand, not as they were written.
        staged.write(code.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))
        staged.flush()
        yield Upload(
            file=cast(IO[bytes], staged),
            path=Path(staged.name),
            original_name="agent.py",
            only_if_better=only_if_better,
            **said,
        )


def _check_words(form: SubmissionForm) -> None:
    """Refuse what is too long, before anything is made of it.

    Raises:
        RefusedError: `name.length` or `request.bad_field`.
    """
    wrong = [name for name in ("name", "note") if name in form.errors]
    if "name" in wrong:
        raise RefusedError("name.length", least=1, most=CHARACTERS, field="name")
    if wrong:
        most = f"a text of at most {form.fields['note'].max_length} characters"  # type: ignore[attr-defined]
        raise RefusedError("request.bad_field", name="note", wanted=most, field="note")


def _submit_page(
    request: HttpRequest, competition: Competition, answer: _Answer | None = None
) -> HttpResponse:
    answer = answer or _Answer()
    user = request.user
    entry = entry_of(competition, user) if user.is_authenticated else None
    way = way_of(request)
    form = answer.form or _fresh_form(entry)
    error = answer.error
    is_beside = error is not None and error.field in {"file", *form.fields} and not _came_late(error)
    context = frame(request, competition, "submit") | {
        "entry": entry,
        "is_late": _came_late(error),
        "is_signed_out": not user.is_authenticated,
        "closed": _closed(competition),
        "must_accept": _must_accept(competition, user) if entry else None,
        "offered": installed_libraries(),
        "way": way,
        "ways": way_tabs(competition, way),
        "commands": commands_text(competition),
        "form": form,
        "drop": drop_row(competition, error),
        "error": None if is_beside else alert_of(error),
        "wait": wait_row(competition),
    }
    if way == EDITOR:
        context["editor"] = editor_row(request, competition, form)
    if way == TERMINAL:
        context["workflow"] = workflow_text(competition)
    if entry:
        context |= {
            "quota": quota_row(entry),
            "submissions": submission_rows(submissions_of(entry)[:_LISTED]),
        }
    return render(request, "competitions/submit.html", context, status=answer.status)


def _fresh_form(entry: Entry | None) -> SubmissionForm:
    """Return a form with a key of its own and what was said last time."""
    name, only_if_better = last_settings(entry) if entry else ("", False)
    return SubmissionForm(initial={"key": new_id(), "name": name, "only_if_better": only_if_better})


def _came_late(error: RefusedError | None) -> bool:
    return error is not None and error.code in {"auth.required", "auth.csrf"}


def _must_accept(competition: Competition, user: Visitor) -> RefusedError | None:
    """Return why the person has to accept the rules before the next submission, if so."""
    try:
        check_accepted(competition, user)
    except RefusedError as error:
        return error
    return None


def _closed(competition: Competition) -> RefusedError | None:
    """Return why the competition takes no submissions now, if it does not."""
    try:
        check_open(competition)
    except RefusedError as error:
        return error
    return None
