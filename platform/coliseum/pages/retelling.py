"""Refusals and what the sandbox said, in the language of the page: both were written in English."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from coliseum.pages.rows import Row
from workers.hosting.problems import Problem
from workers.refusals import REFUSALS, RefusedError, retold

_PASSED: Final[Mapping[str, tuple[str, ...]]] = {
    "start": (_("The agent was loaded in {seconds} s."),),
    "conformance": (
        _("Played {turns} turns in {seats} seats."),
        _("Played {turns} turns alone."),
    ),
    "versus_random": (
        _("Got {points} of {most} points against random."),
        _("Scored {own}; random scored {others}."),
    ),
}
"""What `workers.validation` says of a check that went well, by its name."""


def line_of(error: RefusedError) -> str:
    """Return a refusal in one line: message, hint, and its code, which is the same in every language."""
    return " ".join(part for part in (*error.said(gettext), f"[{error.code}]") if part)


def message_of(error: RefusedError) -> str:
    """Return what a refusal says."""
    return error.said(gettext)[0]


def retell(code: str, text: str) -> str:
    """Return a saved message or hint of a refusal's or an outcome's code; others come back as they are."""
    refusal = REFUSALS.get(code)
    wordings = refusal.wordings if refusal else ()
    return retold(text, [part for each in wordings for part in (each.message, each.hint) if part], gettext)


def passed(check: str, text: str) -> str:
    """Return what a check that went well said."""
    return retold(text, _PASSED.get(check, ()), gettext)


def alert_of(error: RefusedError | None) -> Row | None:
    """Return a refusal as parts/_alert.html shows it; None where nothing was refused."""
    if error is None:
        return None
    message, hint = error.said(gettext)
    return {"message": message, "hint": hint, "code": error.code}


def problem_row(problem: Problem) -> Row:
    """Return what is wrong with a file as pages list it."""
    told = {"message": retell(problem.code, problem.message), "hint": retell(problem.code, problem.hint)}
    return problem.as_row() | told
