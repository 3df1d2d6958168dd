"""Who calls, what he says of himself, all that the site holds of him; and who others are."""

from django.http import HttpRequest
from ninja import Router, Status

from coliseum.accounts.exports import LIVES, export_for
from coliseum.accounts.models import DataExport, Scope, User
from coliseum.accounts.profiles import change_profile, profile_of
from coliseum.accounts.queries import person as person_named
from coliseum.accounts.queries import token_for
from coliseum.accounts.services import revoke_token
from coliseum.api.addresses import page_address
from coliseum.api.callers import ANYBODY, caller_of, check_competition, needs
from coliseum.api.notice_schemas import DataExportRow
from coliseum.api.paging import is_id
from coliseum.api.schemas import Me, Person, TeamRow
from coliseum.api.seen import user_of
from coliseum.api.taken import NewProfile
from coliseum.league.exporting import want_export
from coliseum.notices.queries import unread_count
from workers.refusals import RefusedError

router = Router(tags=["people"])
_READ, _SUBMIT = needs(Scope.READ), needs(Scope.SUBMIT)
_NAME = 150


@router.get("/me", response=Me, auth=_READ, operation_id="get_me")
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
        unread_notices=unread_count(caller.user),
    )


@router.get("/people/{username}", response=Person, auth=ANYBODY, operation_id="get_person")
def show(request: HttpRequest, username: str) -> Person:
    """Return what a person says of himself, and his teams."""
    if len(username) > _NAME or "\0" in username:
        raise RefusedError("not_found", kind="person", id=username)
    found = person_named(username)
    if found.deleted_at is not None:
        raise RefusedError("not_found", kind="person", id=username)
    return _person(found)


@router.patch("/me/profile", response=Person, auth=_SUBMIT, operation_id="change_profile")
def change(request: HttpRequest, body: NewProfile) -> Person:
    """Change what the caller says of himself; what is left out stays."""
    user = user_of(request)
    said = _said(user) | body.model_dump(exclude_none=True)
    change_profile(user=user, **said)
    return _person(user)


@router.post("/me/exports", response={202: DataExportRow}, auth=_SUBMIT, operation_id="start_export")
def begin_export(request: HttpRequest) -> Status[DataExportRow]:
    """Have a zip made of what the site holds of the caller; one that is under way is the answer."""
    return Status(202, _export(want_export(user_of(request))))


@router.get("/me/exports/{export_id}", response=DataExportRow, auth=_READ, operation_id="get_export")
def export(request: HttpRequest, export_id: str) -> DataExportRow:
    """Return how far a zip is; it is downloaded with a browser that is signed in."""
    check_competition(request, "")
    if not is_id(export_id):
        raise RefusedError("not_found", kind="export", id=export_id)
    return _export(export_for(export_id, user_of(request)))


@router.delete("/me/token", response={204: None}, auth=_READ, operation_id="revoke_token")
def sign_off(request: HttpRequest) -> Status[None]:
    """End the token that this request was sent with."""
    caller = caller_of(request)
    kind, _, number = caller.key.partition(":")
    if kind != "token":
        raise RefusedError("not_found", kind="token of", id="a browser")
    revoke_token(token=token_for(number, caller.user))
    return Status(204, None)


def _person(user: User) -> Person:
    return Person(
        name=user.username,
        joined_at=user.date_joined,
        teams=[TeamRow(id=team.pk, name=team.name) for team in user.teams.order_by("created_at")],
        url=page_address("person", user.username),
        **_said(user),
    )


def _said(user: User) -> dict[str, str]:
    """Return what a person says of himself, by field."""
    profile = profile_of(user)
    fields = ("display_name", "bio", "affiliation", "link")
    return {each: getattr(profile, each) if profile else "" for each in fields}


def _export(found: DataExport) -> DataExportRow:
    return DataExportRow(
        id=found.pk,
        state=found.state,
        asked_at=found.asked_at,
        ends_at=found.asked_at + LIVES,
        done=found.done,
        total=found.total,
        size_bytes=found.size_bytes,
        url=page_address("export-state", found.pk),
    )
