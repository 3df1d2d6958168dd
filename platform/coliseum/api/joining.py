"""Taking part in a competition: its rules, joining, requests to join, the teams in it."""

from django.http import HttpRequest
from ninja import Query, Router, Status

from coliseum.accounts.models import Scope
from coliseum.api.addresses import page_address
from coliseum.api.bodies import JSON
from coliseum.api.callers import ANYBODY, needs
from coliseum.api.competition_rows import entry_row
from coliseum.api.paging import Paging, page
from coliseum.api.schemas import (
    EntryPage,
    EntryRow,
    InvitationMade,
    JoinRequestPage,
    JoinRequestRow,
    RulesRow,
)
from coliseum.api.seen import hosted_competition, seen_competition, user_of
from coliseum.api.taken import Answered, Joining, read_optional
from coliseum.competitions.joining import answer_request, ask_to_join, renew_invitation, request_in
from coliseum.competitions.models import Entry, JoinRequest, RulesVersion
from coliseum.competitions.queries import entries_of
from coliseum.competitions.rules import accept_rules, accepted_rules, current_rules
from coliseum.competitions.services import enter_competition
from workers.refusals import RefusedError

router = Router(tags=["joining"])
_BODY = {
    "requestBody": {"required": False, "content": {JSON: {"schema": Joining.model_json_schema()}}},
}
"""A body that may be left out."""


@router.get("/{slug}/rules", response=RulesRow, auth=ANYBODY, operation_id="get_rules")
def rules(request: HttpRequest, slug: str) -> RulesRow:
    """Return the rules in force with their version, and which version the caller accepted last."""
    competition = seen_competition(request, slug)
    accepted = accepted_rules(competition, user_of(request))
    return _rules(current_rules(competition), accepted.version.number if accepted else None)


@router.post(
    "/{slug}/rules/accept",
    response=RulesRow,
    auth=needs(Scope.SUBMIT),
    operation_id="accept_rules",
    openapi_extra=_BODY,
)
def accept(request: HttpRequest, slug: str) -> RulesRow:
    """Accept the rules in force, after they changed; `{"version": 2}` says which ones were read."""
    body = read_optional(request, Joining)
    competition = seen_competition(request, slug)
    accepted = accept_rules(competition=competition, user=user_of(request), number=body.version)
    return _rules(accepted.version, accepted.version.number)


def _rules(version: RulesVersion, accepted: int | None) -> RulesRow:
    return RulesRow(
        version=version.number,
        text=version.text,
        terms=version.terms,
        made_at=version.made_at,
        accepted=accepted,
    )


@router.post(
    "/{slug}/join",
    response={200: EntryRow, 202: JoinRequestRow},
    auth=needs(Scope.SUBMIT),
    operation_id="join_competition",
    openapi_extra=_BODY,
)
def join(request: HttpRequest, slug: str) -> EntryRow | Status[JoinRequestRow]:
    """Join a competition and accept its rules; joining twice changes nothing.

    202 where the host decides: the request waits. `version` says which rules were read, `invitation` is the
    end of an invitation link, `note` is what the host reads.
    """
    body = read_optional(request, Joining)
    competition, user = seen_competition(request, slug), user_of(request)
    if competition.eligibility == "approval":
        made = ask_to_join(competition=competition, user=user, note=body.note, version=body.version)
        return entry_row(made) if isinstance(made, Entry) else Status(202, _request(made))
    return entry_row(
        enter_competition(
            competition=competition, user=user, invitation=body.invitation, version=body.version
        )
    )


@router.get("/{slug}/entries", response=EntryPage, auth=ANYBODY, operation_id="list_entries")
def entries(request: HttpRequest, slug: str, paging: Query[Paging]) -> EntryPage:
    """List the teams in a competition, the latest first."""
    found = entries_of(seen_competition(request, slug)).select_related("competition")
    rows, after = page(request, found.prefetch_related("team__members"), paging)
    return EntryPage(items=[entry_row(each) for each in rows], next=after)


@router.get(
    "/{slug}/requests", response=JoinRequestPage, auth=needs(Scope.HOST), operation_id="list_join_requests"
)
def requests(request: HttpRequest, slug: str, paging: Query[Paging]) -> JoinRequestPage:
    """List who asked to be let in, the latest first; for hosts."""
    found = hosted_competition(request, slug).join_requests.select_related("user", "competition")
    rows, after = page(request, found, paging)
    return JoinRequestPage(items=[_request(each) for each in rows], next=after)


@router.post(
    "/{slug}/requests/{number}/answer",
    response=JoinRequestRow,
    auth=needs(Scope.HOST),
    operation_id="answer_join_request",
)
def answer(request: HttpRequest, slug: str, number: str, body: Answered) -> JoinRequestRow:
    """Let somebody in, or decline for a reason that the person reads; for hosts."""
    competition = hosted_competition(request, slug)
    if not number.isdecimal() or len(number) > 15:
        raise RefusedError("not_found", kind="request to join", id=number)
    asked = request_in(competition, int(number))
    answer_request(asked=asked, actor=user_of(request), lets_in=body.lets_in, reason=body.reason)
    return _request(asked)


@router.post(
    "/{slug}/invitation",
    response={201: InvitationMade},
    auth=needs(Scope.HOST),
    operation_id="renew_invitation",
)
def renew(request: HttpRequest, slug: str) -> Status[InvitationMade]:
    """Make a new invitation link to a competition that is joined by link; the one before counts no more."""
    secret = renew_invitation(competition=hosted_competition(request, slug), actor=user_of(request))
    address = f"{page_address('join', slug)}?invitation={secret}"
    return Status(201, InvitationMade(invitation=secret, url=address))


def _request(asked: JoinRequest) -> JoinRequestRow:
    return JoinRequestRow(
        id=asked.pk,
        competition=asked.competition.slug,
        person=asked.user.username,
        note=asked.note,
        state=asked.state,
        asked_at=asked.asked_at,
        answered_at=asked.answered_at,
        reason=asked.reason,
    )
