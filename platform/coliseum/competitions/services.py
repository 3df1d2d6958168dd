"""Writes about competitions: open, pause, close, enter, disqualify."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from arenas import registry
from arenas.errors import UnknownArenaError
from arenas.spec import ArenaSpec
from coliseum import clock
from coliseum.accounts.models import User, Visitor
from coliseum.accounts.names import check_name as check_name
from coliseum.clock import shown
from coliseum.competitions.eligibility import check_eligible
from coliseum.competitions.models import (
    Act,
    Competition,
    CompetitionState,
    Entry,
    Phase,
    PhaseKind,
    PhaseState,
    Team,
)
from coliseum.competitions.notable import announce_act
from coliseum.competitions.queries import final_of
from coliseum.competitions.rules import accept_rules, note_rules
from workers.certifying.rule import refuse_uncertified
from workers.refusals import RefusedError, unknown_arena

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _bad(field: str, wanted: str) -> RefusedError:
    name = field.replace("_", " ")
    return RefusedError("competition.bad_setting", name=name, wanted=wanted, field=field)


@transaction.atomic
def create_competition(
    *,
    host: User | None,
    slug: str,
    title: str,
    arena: str,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    **fields: Any,  # the columns of Competition that a host may set; checked by check_settings
) -> Competition:
    """Make a competition as a draft.

    Raises:
        RefusedError: `arena.unknown`, `arena.not_certified`, `name.length`, `name.characters`,
            `competition.bad_setting`.
    """
    spec = check_certified(arena)
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise _bad("slug", "1 to 60 small letters, digits and single dashes")
    check_settings(opens_at, closes_at, fields)
    try:
        with transaction.atomic():
            competition = Competition.objects.create(
                slug=slug,
                title=check_name(title, "title"),
                arena=spec.id,
                opens_at=opens_at or clock.now(),
                closes_at=closes_at,
                seed_secret=secrets.token_hex(32),
                created_at=clock.now(),
                **{"summary": spec.summary[:200], "target_matches": settings.LEAGUE_TARGET_MATCHES, **fields},
            )
    except IntegrityError as error:
        raise _bad("slug", "another one: this address is taken") from error
    if host:
        competition.hosts.add(host)
    open_phase(competition=competition, phase=add_phase(competition=competition))
    note_rules(competition)
    record_act(competition=competition, actor=host, verb="created")
    return competition


def check_certified(arena: str) -> ArenaSpec:
    """Return an arena in which rated play may be opened.

    Raises:
        RefusedError: `arena.unknown`, or `arena.not_certified`.
    """
    try:
        spec = registry.get(arena)
    except UnknownArenaError as error:
        raise unknown_arena(arena, error.suggestions, field="arena") from error
    refuse_uncertified(spec, field="arena")
    return spec


def add_phase(
    *, competition: Competition, kind: PhaseKind = PhaseKind.PUBLIC, options: dict[str, Any] | None = None
) -> Phase:
    """Make the next phase of a kind as a draft, with a fresh secret for its seeds."""
    number = competition.phases.filter(kind=kind).count() + 1
    return Phase.objects.create(
        competition=competition,
        kind=kind,
        number=number,
        seed_secret=secrets.token_hex(32),
        options=options or {},
    )


@transaction.atomic
def open_phase(*, competition: Competition, phase: Phase) -> Phase:
    """Close the phase that is open, if any, and open this one; league matches count for it from now on."""
    now = clock.now()
    competition.phases.filter(state=PhaseState.OPEN).exclude(pk=phase.pk).update(
        state=PhaseState.CLOSED, closed_at=now
    )
    if competition.phases.filter(pk=phase.pk, state=PhaseState.DRAFT).update(
        state=PhaseState.OPEN, opened_at=now
    ):
        phase.refresh_from_db()
    return phase


def check_settings(
    opens_at: datetime | None, closes_at: datetime | None, fields: dict[str, Any]
) -> None:  # Any: the columns of Competition that a host may set
    """Refuse an end before the start, and quotas out of their range.

    Raises:
        RefusedError: `competition.bad_setting` at the field.
    """
    if closes_at and closes_at <= (opens_at or clock.now()):
        start, end = shown(opens_at or clock.now()), shown(closes_at)
        raise RefusedError("competition.bad_setting", start=start, end=end, field="closes_at")
    for name, most in (("daily_submissions", 1000), ("active_submissions", 100), ("target_matches", 100_000)):
        value = fields.get(name, 1)
        if not 1 <= value <= most:
            raise _bad(name, f"a whole number from 1 to {most}")


def record_act(
    *, competition: Competition, actor: User | None, verb: str, subject: str = "", reason: str = ""
) -> Act:
    """Add a line to the public log of what was done, and announce what people rely on."""
    act = Act.objects.create(
        competition=competition, actor=actor, verb=verb, subject=subject, reason=reason, at=clock.now()
    )
    announce_act(act)
    return act


_ACTIONS = {
    CompetitionState.DRAFT: "made a draft again",
    CompetitionState.OPEN: "opened",
    CompetitionState.PAUSED: "paused",
    CompetitionState.CLOSED: "closed",
}
_MOVES = {
    CompetitionState.OPEN: {CompetitionState.DRAFT, CompetitionState.PAUSED},
    CompetitionState.PAUSED: {CompetitionState.OPEN},
    CompetitionState.CLOSED: {CompetitionState.OPEN, CompetitionState.PAUSED},
}


@transaction.atomic
def move_competition(
    *, competition: Competition, to: str, actor: User | None, reason: str = ""
) -> Competition:
    """Open, pause, resume or close a competition.

    Raises:
        RefusedError: `competition.wrong_state` when it cannot go there from where it is; to open it, also
            `arena.unknown` and `arena.not_certified`.
    """
    state = CompetitionState(to)
    if state == CompetitionState.OPEN:
        check_certified(competition.arena)
    moved = Competition.objects.filter(pk=competition.pk, state__in=_MOVES.get(state, set())).update(
        state=state
    )
    if not moved:
        competition.refresh_from_db(fields=["state"])
        raise RefusedError("competition.wrong_state", state=competition.state, action=_ACTIONS[state])
    competition.state = state
    record_act(competition=competition, actor=actor, verb=state.value, reason=reason)
    return competition


@transaction.atomic
def enter_competition(
    *, competition: Competition, user: User, invitation: str = "", version: int | None = None
) -> Entry:
    """Join as a team of one, accepting the rules; joining twice gives the same entry.

    Args:
        competition: published; it need not have begun.
        user: who joins, or accepts the rules for himself in a team that is in it already.
        invitation: what the host's invitation link ended with.
        version: of the rules that were shown; None where nothing else can have been.

    Raises:
        RefusedError: as `check_joinable` and `check_eligible`; `competition.rules_changed` where the rules
            became others meanwhile.
    """
    # Before anything is written of the person: whoever accepts an invitation at the same time does alike.
    hold_people([user.pk])
    existing = entry_of(competition, user)
    if existing:
        accept_rules(competition=competition, user=user, number=version)
        return existing
    check_joinable(competition)
    check_eligible(competition, user, invitation)
    accept_rules(competition=competition, user=user, number=version)
    return add_entry(competition=competition, user=user)


@transaction.atomic
def add_entry(*, competition: Competition, user: User) -> Entry:
    """Enter the person as a team of one; whoever calls has checked that it may.

    A team of several never joins by what one of its members does.
    """
    hold_people([user.pk])
    if existing := entry_of(competition, user):
        return existing
    others = Team.members.through.objects.filter(team=OuterRef("pk")).exclude(user=user)
    alone = Team.objects.filter(~Exists(others), members=user, is_house=False)
    merged = Entry.objects.filter(team=OuterRef("pk"), merged_into__isnull=False)
    team = alone.exclude(Exists(merged)).order_by("created_at").first()
    if team is None:
        team = Team.objects.create(name=user.username[:80], captain=user, created_at=clock.now())
        team.members.add(user)
    return Entry.objects.create(competition=competition, team=team, joined_at=clock.now())


def hold_people(ids: Iterable[int]) -> None:
    """Lock people until the transaction ends, so that nobody gets into two entries of one competition."""
    list(
        User.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk").values_list("pk")
    )


def entry_of(competition: Competition, user: Visitor) -> Entry | None:
    """Return the entry of the team that `user` belongs to, if it joined."""
    if not user.is_authenticated:
        return None
    return (
        Entry.objects.select_related("team", "competition")
        .filter(competition=competition, team__members=user, merged_into=None)
        .order_by("joined_at")
        .first()
    )


def check_open(competition: Competition) -> None:
    """Refuse unless the competition takes submissions now.

    Raises:
        RefusedError: `competition.not_open` before it opens, `competition.closed` after it closed,
            `competition.wrong_state` while a host has paused it, `final.locked` once a final is announced.
    """
    if clock.now() < competition.opens_at:
        raise RefusedError("competition.not_open", opens_at=shown(competition.opens_at))
    check_joinable(competition)


def check_joinable(competition: Competition) -> None:
    """Refuse unless teams may join now: from when a host has published it, also before it begins.

    Raises:
        RefusedError: `competition.not_open` while it is a draft, else as `check_open`.
    """
    now = clock.now()
    if competition.state == CompetitionState.DRAFT:
        raise RefusedError("competition.not_open", opens_at=shown(competition.opens_at))
    if competition.state == CompetitionState.CLOSED or (
        competition.closes_at and now > competition.closes_at
    ):
        raise RefusedError("competition.closed", closed_at=shown(competition.closes_at or now))
    if competition.state == CompetitionState.PAUSED:
        raise RefusedError("competition.wrong_state", state="paused", action="entered now")
    if final := final_of(competition):
        raise RefusedError("final.locked", title=final.title)


@transaction.atomic
def disqualify_entry(*, entry: Entry, actor: User, reason: str) -> None:
    """Take an entry out of the competition for a reason everybody can read.

    Raises:
        RefusedError: `request.bad_field` without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise RefusedError("request.bad_field", name="reason", wanted="given; it is public", field="reason")
    changed = Entry.objects.filter(pk=entry.pk, disqualified_at__isnull=True).update(
        disqualified_at=clock.now(), disqualified_reason=reason[:400]
    )
    if changed:
        entry.refresh_from_db()
        record_act(
            competition=entry.competition,
            actor=actor,
            verb="disqualified",
            subject=entry.team.name,
            reason=reason[:400],
        )


@transaction.atomic
def reinstate_entry(*, entry: Entry, actor: User, reason: str) -> bool:
    """Let a disqualified entry back in for a reason everybody can read; False if it was in.

    Its agents stay out of play until their owners put them back.

    Raises:
        RefusedError: `request.bad_field` without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise RefusedError("request.bad_field", name="reason", wanted="given; it is public", field="reason")
    changed = Entry.objects.filter(pk=entry.pk, disqualified_at__isnull=False).update(
        disqualified_at=None, disqualified_reason=""
    )
    if changed:
        entry.refresh_from_db()
        record_act(
            competition=entry.competition,
            actor=actor,
            verb="reinstated",
            subject=entry.team.name,
            reason=reason[:400],
        )
    return bool(changed)


HOUSE = "Coliseum"


@transaction.atomic
def house_entry(competition: Competition) -> Entry:
    """Return the entry of the platform's own team, which submits baselines."""
    team, _ = Team.objects.get_or_create(is_house=True, defaults={"name": HOUSE, "created_at": clock.now()})
    entry, _ = Entry.objects.get_or_create(
        competition=competition, team=team, defaults={"joined_at": clock.now()}
    )
    return entry
