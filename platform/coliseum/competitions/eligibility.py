"""Who may take part: everybody, invited people, people of e-mail domains, or whom the host lets in."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from coliseum.accounts.models import User
from coliseum.accounts.queries import verified_emails
from coliseum.clock import shown
from coliseum.competitions.models import Competition, Eligibility, JoinRequest
from coliseum.competitions.queries import is_host
from workers.refusals import RefusedError


def check_eligible(competition: Competition, user: User, invitation: str = "") -> None:
    """Refuse who may not take part; hosts always may.

    Args:
        competition: whose host decided who may.
        user: signed in.
        invitation: what the link ended with that brought the person here, or nothing.

    Raises:
        RefusedError: `competition.not_eligible`, `competition.needs_approval`.
    """
    if competition.eligibility == Eligibility.OPEN or is_host(competition, user):
        return
    told = lists_of(competition)
    if competition.eligibility == Eligibility.INVITED:
        _check_invited(competition, user, told, invitation)
    elif competition.eligibility == Eligibility.DOMAIN:
        if not any(_is_in(address, told["domains"]) for address in verified_emails(user)):
            raise RefusedError("competition.not_eligible", domains=", ".join(told["domains"]))
    else:
        _check_approved(competition, user)


def lists_of(competition: Competition) -> dict[str, Any]:  # Any: names, domains, whether a link counts
    """Return whom the host named: `invited`, `domains`, and whether the `link` counts."""
    told = competition.options.get("eligibility", {})
    return {
        "invited": told.get("invited", []),
        "domains": told.get("domains", []),
        "link": bool(told.get("link", False)),
    }


def _check_invited(
    competition: Competition, user: User, told: dict[str, Any], invitation: str
) -> None:  # Any: as `lists_of`
    names = {str(name).casefold() for name in told["invited"]}
    if user.username.casefold() in names or not names.isdisjoint(verified_emails(user)):
        return
    if invitation:
        secret = competition.invite_secret
        if told["link"] and secret and constant_time_compare(secret, invitation):
            return
        raise RefusedError("competition.not_eligible", invitation=invitation)
    raise RefusedError("competition.not_eligible")


def _is_in(address: str, domains: Iterable[str]) -> bool:
    """Say whether an e-mail address is of one of the domains, or of a part of one."""
    place = address.rpartition("@")[2]
    return any(place == domain or place.endswith("." + domain) for domain in domains)


def _check_approved(competition: Competition, user: User) -> None:
    asked = request_of(competition, user)
    if asked is None:
        raise RefusedError("competition.needs_approval")
    if asked.state == JoinRequest.State.WAITING:
        raise RefusedError("competition.needs_approval", asked_at=shown(asked.asked_at))
    if asked.state == JoinRequest.State.DECLINED:
        raise RefusedError("competition.needs_approval", reason=asked.reason)


def request_of(competition: Competition, user: User) -> JoinRequest | None:
    """Return what a person asked and what came of it."""
    return JoinRequest.objects.filter(competition=competition, user=user).first()


def waiting_requests(competition: Competition) -> QuerySet[JoinRequest]:
    """Return the requests that wait for the host, the oldest first."""
    return competition.join_requests.filter(state=JoinRequest.State.WAITING).select_related("user")


def answered_requests(competition: Competition) -> QuerySet[JoinRequest]:
    """Return the requests a host has answered, the latest answer first."""
    answered = competition.join_requests.exclude(state=JoinRequest.State.WAITING)
    return answered.select_related("user", "answered_by").order_by("-answered_at")


def new_invitation(competition: Competition) -> str:
    """Draw what the invitation link ends with; a link given out before opens nothing any more."""
    competition.invite_secret = secrets.token_urlsafe(24)
    competition.save(update_fields=["invite_secret"])
    return competition.invite_secret
