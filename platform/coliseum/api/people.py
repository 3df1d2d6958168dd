"""Who calls, and who others are."""

from django.http import HttpRequest
from ninja import Router, Status

from coliseum.accounts.models import Scope
from coliseum.accounts.profiles import profile_of
from coliseum.accounts.queries import person as person_named
from coliseum.accounts.queries import token_for
from coliseum.accounts.services import revoke_token
from coliseum.api.addresses import page_address
from coliseum.api.callers import ANYBODY, caller_of, needs
from coliseum.api.schemas import Me, Person, TeamRow
from workers.refusals import RefusedError

router = Router(tags=["people"])
_NAME = 150


@router.get("/me", response=Me, auth=needs(Scope.READ), operation_id="get_me")
def me(request: HttpRequest) -> Me:
    """Return who the token or the browser belongs to."""
    caller = caller_of(request)
    teams = caller.user.teams.order_by("created_at")
    return Me(
        name=caller.user.username,
        is_staff=caller.user.is_staff,
        may_host=caller.user.may_host,
        scopes=None if caller.scopes is None else list(caller.scopes),
        competition=caller.competition or None,
        teams=[TeamRow(id=team.pk, name=team.name) for team in teams],
    )


@router.get("/people/{username}", response=Person, auth=ANYBODY, operation_id="get_person")
def show(request: HttpRequest, username: str) -> Person:
    """Return what a person says of himself, and his teams."""
    if len(username) > _NAME or "\0" in username:
        raise RefusedError("not_found", kind="person", id=username)
    found = person_named(username)
    if found.deleted_at is not None:
        raise RefusedError("not_found", kind="person", id=username)
    profile = profile_of(found)
    said = ("display_name", "bio", "affiliation", "link")
    return Person(
        name=found.username,
        joined_at=found.date_joined,
        teams=[TeamRow(id=team.pk, name=team.name) for team in found.teams.order_by("created_at")],
        url=page_address("person", found.username),
        **{each: getattr(profile, each) if profile else "" for each in said},
    )


@router.delete("/me/token", response={204: None}, auth=needs(Scope.READ), operation_id="revoke_token")
def sign_off(request: HttpRequest) -> Status[None]:
    """End the token that this request was sent with."""
    caller = caller_of(request)
    kind, _, number = caller.key.partition(":")
    if kind != "token":
        raise RefusedError("not_found", kind="token of", id="a browser")
    revoke_token(token=token_for(number, caller.user))
    return Status(204, None)
