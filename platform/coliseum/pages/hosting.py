"""Whose competition it is: what every page of a host asks first."""

from typing import cast

from django.http import HttpRequest

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import competition_for, is_host
from coliseum.pages.parameters import known_slug
from workers.refusals import RefusedError


def hosted(request: HttpRequest, slug: str) -> Competition:
    """Return a competition the person runs.

    Raises:
        RefusedError: `not_found` for everybody else.
    """
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    if not is_host(wanted, user):
        raise RefusedError("not_found", kind="page of the host of", id=slug)
    return wanted
