"""The way of a submission as steps: received, inspected, queued, started, self-play, random, rated."""

from coliseum.matches.models import Match, MatchState
from coliseum.matches.queries import queue_place
from coliseum.pages.rows import Row
from coliseum.pages.wording import amount, size, span, took
from coliseum.submissions.models import Submission, SubmissionState
from workers.refusals import INFRASTRUCTURE_ERROR, OUTCOMES
from workers.spec import Outcome

_CHECKS = {"start": "started", "conformance": "self_play", "versus_random": "versus_random"}
_LABELS = {
    "received": "Received",
    "inspected": "Inspected",
    "queued": "Queued",
    "started": "Starts in the sandbox",
    "self_play": "Plays itself, in every seat",
    "versus_random": "Plays the random agent",
    "rated": "Rated",
}
_STATES = {
    "waiting": "waiting",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "skipped": "not reached",
}


def checklist_rows(submission: Submission, validation: Match | None, *, is_owner: bool) -> list[Row]:
    """Return the steps of parts/_checklist.html.

    Args:
        submission: whose way it is.
        validation: its validation match, once there is one.
        is_owner: whether evidence may be shown.
    """
    package = submission.package
    rows = [
        _step("received", "done", note=f"{size(package.size_bytes)}, SHA-256 {package.digest[:12]}…"),
        _step("inspected", "done", note=amount(package.file_count, "file")),
        _queued(submission, validation),
        *_checked(submission, validation, is_owner=is_owner),
        _rated(submission),
    ]
    return _after_failure(rows)


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
        "evidence": "",
        "fix": "",
    }


def _queued(submission: Submission, validation: Match | None) -> Row:
    if submission.code == INFRASTRUCTURE_ERROR:
        row = _step("queued", "failed")
        return row | {"code": submission.code, "cause": submission.message, "fix": submission.hint}
    if validation is None:
        return _step("queued", "running" if submission.state == SubmissionState.UPLOADED else "done")
    if validation.state == MatchState.QUEUED:
        place = queue_place(validation)
        ahead = f"{amount(place, 'match', 'matches')} before it" if place else "it is next"
        again = " The last try failed by our fault." if validation.error else ""
        return _step("queued", "running", note=f"In the queue: {ahead}.{again}")
    waited = span(validation.queued_at, validation.started_at or validation.finished_at)
    return _step("queued", "done", seconds=waited)


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
        rows.append(row | ({"note": check["message"]} if check["ok"] else _failure(check, is_owner=is_owner)))
    return rows


def _failure(check: Row, *, is_owner: bool) -> Row:
    meaning = OUTCOMES.get(check["code"])
    cause = check["message"] if is_owner else (meaning.meaning if meaning else "")
    return {
        "code": check["code"],
        "cause": cause,
        "fix": check["hint"] or (meaning.hint if meaning else ""),
        "evidence": check.get("evidence", "") if is_owner else "",
    }


def _rated(submission: Submission) -> Row:
    standing = getattr(submission, "standing", None)
    if standing:
        note = f"Rank {standing.rank} after {amount(standing.matches, 'match', 'matches')}."
        return _step("rated", "done", note=note)
    if submission.code == Outcome.OK and submission.is_active:
        return _step("rated", "running", note="Its first matches are on their way.")
    if submission.code == Outcome.OK:
        return _step("rated", "waiting", note="It is not active. Activate it to let it play.")
    return _step("rated", "waiting")


def _after_failure(rows: list[Row]) -> list[Row]:
    """Mark what comes after a failed step as not reached."""
    failed = False
    for row in rows:
        if failed and row["state"] in {"waiting", "running"}:
            row |= {"state": "skipped", "state_label": _STATES["skipped"], "note": ""}
        failed = failed or row["state"] == "failed"
    return rows
