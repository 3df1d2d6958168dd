"""The way of a submission as steps: received, inspected, queued, started, self-play, random, rated."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coliseum import clock
from coliseum.matches.models import Match, MatchState
from coliseum.matches.waiting import expected_wait
from coliseum.pages.documents import error_address
from coliseum.pages.retelling import passed, retell
from coliseum.pages.rows import Row, moment
from coliseum.pages.submitting import wait_text
from coliseum.pages.wording import ago, size, span, took
from coliseum.submissions.models import Submission, SubmissionState
from workers.refusals import INFRASTRUCTURE_ERROR, OUTCOMES
from workers.spec import Outcome

_CHECKS = {"start": "started", "conformance": "self_play", "versus_random": "versus_random"}
_LABELS = {
    "received": gettext_lazy("Received"),
    "inspected": gettext_lazy("Inspected"),
    "queued": gettext_lazy("Queued"),
    "started": gettext_lazy("Starts in the sandbox"),
    "self_play": gettext_lazy("Plays itself, in every seat"),
    "versus_random": gettext_lazy("Plays the random agent"),
    "rated": gettext_lazy("Rated"),
}
_STATES = {
    "waiting": gettext_lazy("waiting"),
    "running": gettext_lazy("running"),
    "done": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
    "skipped": gettext_lazy("not reached"),
}


def checklist_rows(submission: Submission, validation: Match | None, *, is_owner: bool) -> list[Row]:
    """Return the steps of parts/_checklist.html.

    Args:
        submission: whose way it is.
        validation: its validation match, once there is one.
        is_owner: whether evidence may be shown.
    """
    rows = [
        _received(submission),
        _step("inspected", "done", note=_files(submission.package.file_count)),
        _queued(submission, validation),
        *_checked(submission, validation, is_owner=is_owner),
    ]
    if not submission.is_rehearsal:
        rows.append(_rated(submission))
    return _after_failure(rows)


def title_of(rows: list[Row], submission: Submission) -> str:
    """Return the page's title with how far it is: a tab in the background tells when it is over."""
    failed = next((row for row in rows if row["state"] == "failed"), None)
    going = next((row for row in rows if row["state"] == "running"), None)
    if failed:
        return f"✗ {failed['code'] or failed['label']}: {submission}"
    if going and going["key"] != "rated":
        return f"… {going['label']}: {submission}"
    return f"✓ {submission}"


def _received(submission: Submission) -> Row:
    package = submission.package
    note = f"{size(package.size_bytes)}, SHA-256 {package.digest[:12]}…"
    return _step("received", "done", note=note) | {
        "at": moment(submission.uploaded_at),
        "when": ago(submission.uploaded_at),
    }


def _files(count: int) -> str:
    return ngettext("%(count)d file", "%(count)d files", count) % {"count": count}


def _step(key: str, state: str, *, seconds: str = "", note: str = "") -> Row:
    return {
        "key": key,
        "label": _LABELS[key],
        "state": state,
        "state_label": _STATES[state],
        "took": seconds,
        "note": note,
        "code": "",
        "cause": "",
        "cause_language": "",
        "code_url": "",
        "evidence": "",
        "fix": "",
        "reproduction_url": "",
        "stuck": "",
        "at": "",
        "when": "",
    }


def _queued(submission: Submission, validation: Match | None) -> Row:
    if submission.code == INFRASTRUCTURE_ERROR:
        row = _step("queued", "failed")
        told = {
            "code": submission.code,
            "cause": retell(submission.code, submission.message),
            "fix": retell(submission.code, submission.hint),
        }
        return row | told | {"code_url": error_address(submission.code)}
    if validation is None:
        return _step("queued", "running" if submission.state == SubmissionState.UPLOADED else "done")
    if validation.state == MatchState.QUEUED:
        return _waiting(submission, validation)
    waited = span(validation.queued_at, validation.started_at or validation.finished_at)
    return _step("queued", "done", seconds=waited)


def _waiting(submission: Submission, validation: Match) -> Row:
    """Return the step of a validation that waits: its place, the wait expected, and what holds it up."""
    arena = submission.entry.competition.arena
    wait = expected_wait(arena, priority=validation.priority, before=validation.pk)
    note = wait_text(wait)
    note = note[:1].upper() + note[1:] + "."
    if validation.error:
        note = " ".join((note, _("The last try failed by our fault.")))
    stuck = _("No worker can play this now: %(why)s.") % {"why": wait.stuck} if wait.stuck else ""
    waited = span(validation.queued_at, clock.now())
    return _step("queued", "running", note=note, seconds=waited) | {"stuck": stuck}


def _checked(submission: Submission, validation: Match | None, *, is_owner: bool) -> list[Row]:
    found = {_CHECKS.get(check["name"], ""): check for check in submission.checks}
    is_playing = validation is not None and validation.state == MatchState.RUNNING and not found
    rows = []
    for key in _CHECKS.values():
        check = found.get(key)
        if check is None:
            rows.append(_step(key, "running" if is_playing else "waiting"))
            is_playing = False
            continue
        row = _step(key, "done" if check["ok"] else "failed", seconds=took(check["seconds"]))
        if check["ok"]:
            rows.append(row | {"note": passed(check["name"], check["message"])})
            continue
        row |= _failure(check, is_owner=is_owner)
        if is_owner:
            row["reproduction_url"] = reverse("submission-reproduction", args=[submission.pk])
        rows.append(row)
    return rows


def _failure(check: Row, *, is_owner: bool) -> Row:
    meaning = OUTCOMES.get(check["code"])
    cause = retell(check["code"], check["message"]) if is_owner else (_(meaning.meaning) if meaning else "")
    return {
        "code": check["code"],
        "code_url": error_address(check["code"]),
        "cause": cause,
        # What the agent itself raised is English on every page.
        "cause_language": "en" if meaning and is_owner else "",
        "fix": retell(check["code"], check["hint"]) or (_(meaning.hint) if meaning else ""),
        "evidence": check.get("evidence", "") if is_owner else "",
    }


def _rated(submission: Submission) -> Row:
    standing = getattr(submission, "standing", None)
    if standing:
        note = ngettext(
            "Rank %(rank)d after %(count)d match.", "Rank %(rank)d after %(count)d matches.", standing.matches
        ) % {"rank": standing.rank, "count": standing.matches}
        return _step("rated", "done", note=note)
    if submission.code == Outcome.OK and submission.is_active:
        return _step("rated", "running", note=_("Its first matches are on their way."))
    if submission.code == Outcome.OK:
        return _step("rated", "waiting", note=_("It is not active. Activate it to let it play."))
    return _step("rated", "waiting")


def _after_failure(rows: list[Row]) -> list[Row]:
    """Mark what comes after a failed step as not reached."""
    failed = False
    for row in rows:
        if failed and row["state"] in {"waiting", "running"}:
            row |= {"state": "skipped", "state_label": _STATES["skipped"], "note": ""}
        failed = failed or row["state"] == "failed"
    return rows
