"""Writes about requests to join: ask, let in, decline; and the invitation link of a competition."""

from django.db import transaction

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.eligibility import check_eligible, new_invitation
from coliseum.competitions.models import Competition, Eligibility, Entry, JoinRequest
from coliseum.competitions.phases import check_reason
from coliseum.competitions.rules import accept_rules
from coliseum.competitions.services import (
    add_entry,
    check_joinable,
    enter_competition,
    entry_of,
    hold_people,
    record_act,
)
from workers.refusals import RefusedError


@transaction.atomic
def ask_to_join(
    *, competition: Competition, user: User, note: str = "", version: int | None = None
) -> Entry | JoinRequest:
    """Ask the host to be let in, accepting the rules; who needs not ask is in at once.

    Args:
        competition: where the host decides.
        user: who asks; asking twice is once, and a declined request stays declined.
        note: what they say about themselves.
        version: of the rules that were shown.

    Raises:
        RefusedError: as `check_joinable`; `competition.rules_changed` where the rules became others.
    """
    hold_people([user.pk])
    entered = entry_of(competition, user)
    if entered:
        return entered
    check_joinable(competition)
    try:
        check_eligible(competition, user)
    except RefusedError as error:
        if error.code != "competition.needs_approval":
            raise
    else:
        return enter_competition(competition=competition, user=user, version=version)
    accept_rules(competition=competition, user=user, number=version)
    asked, _ = JoinRequest.objects.get_or_create(
        competition=competition, user=user, defaults={"note": note.strip()[:400], "asked_at": clock.now()}
    )
    return asked


@transaction.atomic
def answer_request(*, asked: JoinRequest, actor: User, lets_in: bool, reason: str = "") -> Entry | None:
    """Let somebody in, or decline for a reason that the person reads; the first answer counts.

    Who is let in stays bound to the rules he accepted when asking: if they are others by now, submitting
    waits until he has accepted those.

    Raises:
        RefusedError: `request.bad_field` when declining without a reason; as `check_joinable`.
    """
    if lets_in:
        check_joinable(asked.competition)
    if not lets_in:
        reason = check_reason(reason)
    state = JoinRequest.State.APPROVED if lets_in else JoinRequest.State.DECLINED
    changed = JoinRequest.objects.filter(pk=asked.pk, state=JoinRequest.State.WAITING).update(
        state=state, answered_at=clock.now(), answered_by=actor, reason=reason
    )
    asked.refresh_from_db()
    if changed and lets_in:
        return add_entry(competition=asked.competition, user=asked.user)
    return entry_of(asked.competition, asked.user)


@transaction.atomic
def renew_invitation(*, competition: Competition, actor: User) -> str:
    """Make a new invitation link; the one before counts no more.

    Raises:
        RefusedError: `competition.wrong_state` where nobody is invited by link.
    """
    told = competition.options.get("eligibility", {})
    if competition.eligibility != Eligibility.INVITED or not told.get("link"):
        raise RefusedError("competition.wrong_state", state="not joined by link", action="given a new one")
    secret = new_invitation(competition)
    record_act(competition=competition, actor=actor, verb="renewed", subject="the invitation link")
    return secret


def request_in(competition: Competition, number: int) -> JoinRequest:
    """Return a request to join a competition, by its number.

    Raises:
        RefusedError: `not_found`.
    """
    found = competition.join_requests.select_related("user", "competition").filter(pk=number).first()
    if found is None:
        raise RefusedError("not_found", kind="request to join", id=str(number))
    return found
