"""What an address names, as far as the caller may see it; what is not for him does not exist."""

import re
from typing import Final

from django.http import HttpRequest

from coliseum.accounts.models import User
from coliseum.api.callers import caller_of, check_competition
from coliseum.api.paging import is_id
from coliseum.competitions.models import Competition, Entry
from coliseum.competitions.queries import competition_for, is_host
from coliseum.competitions.services import entry_of
from coliseum.matches.models import Match
from coliseum.matches.queries import match_for
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import owned_by, public_submission, submission_for
from workers.refusals import RefusedError

_SLUG: Final = re.compile(r"[a-z0-9-]{1,60}")


def user_of(request: HttpRequest) -> User:
    """Return who calls; nobody has what queries ask of a user."""
    return caller_of(request).user


def is_slug(text: str) -> bool:
    """Say whether a text can be a competition's address at all."""
    return bool(_SLUG.fullmatch(text))


def seen_competition(request: HttpRequest, slug: str) -> Competition:
    """Return a competition that the caller may see.

    Raises:
        RefusedError: `not_found`.
    """
    if not is_slug(slug):
        raise RefusedError("not_found", kind="competition", id=slug)
    return competition_for(slug, user_of(request))


def hosted_competition(request: HttpRequest, slug: str) -> Competition:
    """Return a competition that the caller runs.

    Raises:
        RefusedError: `not_found`, or `auth.not_allowed` where he sees it and does not run it.
    """
    competition = seen_competition(request, slug)
    if not is_host(competition, user_of(request)):
        raise RefusedError("auth.not_allowed", action="run this competition")
    return competition


def own_entry(request: HttpRequest, competition: Competition) -> Entry:
    """Return the entry of the caller's team.

    Raises:
        RefusedError: `competition.not_joined`.
    """
    entry = entry_of(competition, user_of(request))
    if entry is None:
        raise RefusedError("competition.not_joined")
    return entry


def seen_match(request: HttpRequest, match_id: str) -> Match:
    """Return a match that the caller may see.

    Raises:
        RefusedError: `not_found`.
    """
    if not is_id(match_id):
        raise RefusedError("not_found", kind="match", id=match_id)
    match = match_for(match_id, user_of(request))
    check_competition(request, match.competition.slug)
    return match


def seen_agent(
    request: HttpRequest, submission_id: str, competition: Competition | None = None
) -> Submission:
    """Return an agent that everybody may see, in a competition that the caller may see.

    Raises:
        RefusedError: `not_found`.
    """
    if not is_id(submission_id):
        raise RefusedError("not_found", kind="agent", id=submission_id)
    found = public_submission(submission_id)
    if competition is not None and found.entry.competition_id != competition.pk:
        raise RefusedError("not_found", kind="agent", id=submission_id)
    return found


def seen_submission(request: HttpRequest, submission_id: str) -> Submission:
    """Return a submission: any to its owners and hosts, to others those that passed validation.

    Raises:
        RefusedError: `not_found`.
    """
    if not is_id(submission_id):
        raise RefusedError("not_found", kind="submission", id=submission_id)
    try:
        found = submission_for(submission_id, user_of(request))
    except RefusedError as refused:
        if refused.code != "not_found":
            raise
        return public_submission(submission_id)
    check_competition(request, found.entry.competition.slug)
    return found


def own_submission(request: HttpRequest, submission_id: str) -> Submission:
    """Return a submission of the caller's teams.

    Raises:
        RefusedError: `not_found`, or `auth.not_allowed` for hosts, who see it all the same.
    """
    if not is_id(submission_id):
        raise RefusedError("not_found", kind="submission", id=submission_id)
    user = user_of(request)
    submission = submission_for(submission_id, user)
    check_competition(request, submission.entry.competition.slug)
    if not owned_by(submission, user):
        raise RefusedError("auth.not_allowed", action="change another team's agents")
    return submission


def one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    """Return a parameter that may be left out.

    Raises:
        RefusedError: `request.bad_field` for anything but one of the choices.
    """
    if value and value not in choices:
        raise RefusedError("request.bad_field", name=name, wanted=f"one of {', '.join(choices)}", field=name)
    return value


def id_or_nothing(name: str, value: str) -> str:
    """Return an id that may be left out.

    Raises:
        RefusedError: `request.bad_field` for what no id looks like.
    """
    if value and not is_id(value):
        raise RefusedError("request.bad_field", name=name, wanted="an id", field=name)
    return value
