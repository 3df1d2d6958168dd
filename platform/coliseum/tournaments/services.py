"""What hosts do with tournaments: create, change, start, pause, resume, release, take out, cancel."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from django.db import transaction

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.competitions.services import check_certified, record_act
from coliseum.submissions.models import Submission
from coliseum.tournaments.advancing import (
    depart,
    go_on,
    halt,
    locked,
    note_results,
    release_pairings,
    take_back,
)
from coliseum.tournaments.checking import (
    MOST_ENTRANTS,
    check_chosen,
    check_wanted,
    field_now,
    least_entrants,
)
from coliseum.tournaments.history import plan_of, read_course
from coliseum.tournaments.models import (
    Entrant,
    PairedMatch,
    Seeding,
    Source,
    Stage,
    Tournament,
    TournamentState,
)
from coliseum.tournaments.queries import arena_of, held_pairings, known_ratings
from coliseum.tournaments.wanted import Wanted
from workers.league.formats import FormatError, seed_field
from workers.league.formats.extents import extent_of
from workers.refusals import RefusedError

MOST_MATCHES = 20_000
_LOTS = 1 << 62


@transaction.atomic
def create_tournament(*, competition: Competition, actor: User | None, wanted: Wanted) -> Tournament:
    """Make a tournament as a draft.

    Raises:
        RefusedError: `name.length`, `name.characters`, `tournament.bad_setting`, `tournament.bad_format`,
            `tournament.bad_entrant`.
    """
    columns = check_wanted(competition, wanted)
    made = Tournament.objects.create(competition=competition, created_at=clock.now(), **columns)
    _write_chosen(made, wanted)
    _log(made, actor, "opened tournament")
    return made


@transaction.atomic
def change_tournament(*, tournament: Tournament, actor: User, wanted: Wanted) -> Tournament:
    """Change a draft.

    Raises:
        RefusedError: `tournament.started` once it has started, else as `create_tournament`.
    """
    kept = locked(tournament.pk)
    if kept.state != TournamentState.DRAFT:
        raise RefusedError("tournament.started", title=kept.title)
    for name, value in check_wanted(kept.competition, wanted).items():
        setattr(kept, name, value)
    kept.reason = ""
    kept.save()
    _write_chosen(kept, wanted)
    _log(kept, actor, "changed tournament")
    return kept


def _write_chosen(tournament: Tournament, wanted: Wanted) -> None:
    tournament.entrants.all().delete()
    if tournament.source == Source.CHOSEN:
        _write_entrants(tournament, check_chosen(tournament.competition, wanted.chosen))


def _write_entrants(tournament: Tournament, agents: Sequence[Submission]) -> list[Entrant]:
    rows = (
        Entrant(tournament=tournament, number=number, submission=agent)
        for number, agent in enumerate(agents, start=1)
    )
    return Entrant.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def start_tournament(*, tournament: Tournament, actor: User | None) -> Tournament:
    """Fix the field, draw or rate the seeds, pair the first round.

    Raises:
        RefusedError: `tournament.wrong_state`, `tournament.bad_setting` with too few or too many entrants,
            `tournament.too_long`, `arena.not_certified`.
    """
    kept = locked(tournament.pk)
    if kept.state != TournamentState.DRAFT:
        raise _wrong(kept, "started")
    check_certified(kept.competition.arena)
    chosen = tuple(kept.entrants.values_list("submission_id", flat=True))
    agents = field_now(kept.competition, source=kept.source, size=kept.size, chosen=chosen)
    check_size(kept, len(agents))
    kept.state, kept.started_at, kept.reason = TournamentState.RUNNING, clock.now(), ""
    kept.lot = secrets.randbelow(_LOTS)
    kept.save()
    kept.entrants.all().delete()
    _start_first_stage(kept, _write_entrants(kept, agents))
    _log(kept, actor, "started tournament")
    go_on(kept)
    return kept


def check_size(tournament: Tournament, entrants: int) -> None:
    """Refuse a field that is too small or too large for a tournament's format.

    Raises:
        RefusedError: `tournament.bad_setting` or `tournament.too_long`.
    """
    least = least_entrants(tournament.format, _lineup(tournament.competition))
    if entrants < least:
        raise RefusedError("tournament.bad_setting", least=least, given=entrants)
    if entrants > MOST_ENTRANTS:
        raise RefusedError("tournament.bad_setting", name="field", wanted=f"at most {MOST_ENTRANTS} agents")
    with _told():
        matches = extent_of(plan_of(tournament), entrants).most_matches
    if matches > MOST_MATCHES:
        raise RefusedError("tournament.too_long", matches=matches, most=MOST_MATCHES, field="format")


def _lineup(competition: Competition) -> int:
    with _told():
        return arena_of(competition).lineup


@contextmanager
def _told() -> Iterator[None]:
    """Tell a host what a format complains of: the arena is gone, or rows contradict each other."""
    try:
        yield
    except FormatError as error:
        raise RefusedError("tournament.bad_format", problem=str(error), field="format") from error


def _start_first_stage(tournament: Tournament, entrants: Sequence[Entrant]) -> None:
    ratings = known_ratings(tournament.competition)
    for entrant in entrants:
        entrant.rating, entrant.deviation = ratings.get(entrant.submission_id, (None, None))
    known = [entrant.rating for entrant in entrants if entrant.rating is not None]
    strengths = None
    if tournament.seeding == Seeding.RATING and known:
        # Who has no rating comes last; among these, as among equals, the lot decides.
        last = min(known) - 1.0
        strengths = [last if entrant.rating is None else entrant.rating for entrant in entrants]
    field = seed_field([entrant.number for entrant in entrants], lot=tournament.lot, ratings=strengths)
    seeds = {number: seed for seed, number in enumerate(field.entries, start=1)}
    for entrant in entrants:
        entrant.seed = seeds[entrant.number]
    Entrant.objects.bulk_update(entrants, ["rating", "deviation", "seed"], batch_size=500)
    Stage.objects.create(
        tournament=tournament,
        number=1,
        entries=list(field.entries),
        ratings=list(field.ratings),
        started_at=clock.now(),
    )


@transaction.atomic
def pause_tournament(*, tournament: Tournament, actor: User, reason: str = "") -> Tournament:
    """Stop a tournament: what is being played ends, nothing new begins.

    Raises:
        RefusedError: `tournament.wrong_state`.
    """
    kept = locked(tournament.pk)
    if kept.state != TournamentState.RUNNING:
        raise _wrong(kept, "paused")
    halt(kept, actor=actor, reason=reason)
    return kept


@transaction.atomic
def resume_tournament(*, tournament: Tournament, actor: User) -> Tournament:
    """Let a paused tournament go on; matches that failed by our fault are tried anew.

    Raises:
        RefusedError: `tournament.wrong_state`.
    """
    kept = locked(tournament.pk)
    if kept.state != TournamentState.PAUSED:
        raise _wrong(kept, "resumed")
    kept.state, kept.reason = TournamentState.RUNNING, ""
    kept.save(update_fields=["state", "reason"])
    PairedMatch.objects.filter(pairing__stage__tournament=kept, points__isnull=True).update(tries=1)
    _log(kept, actor, "resumed tournament")
    with _told():
        note_results(kept)
    go_on(kept)
    return kept


@transaction.atomic
def release_round(*, tournament: Tournament, actor: User, everything: bool = False) -> str:
    """Show everybody the results of the first round that is held back; return its name.

    Args:
        tournament: any.
        actor: its host.
        everything: all rounds that are held back, once no more is played.

    Raises:
        RefusedError: `tournament.nothing_held`, or `tournament.round_open` while the round is being played.
    """
    kept = locked(tournament.pk)
    held = list(held_pairings(kept))
    if not held:
        raise RefusedError("tournament.nothing_held")
    if everything and not kept.is_over:
        raise RefusedError("tournament.round_open", round=held[-1].round)
    first = held[0]
    if not kept.is_over:
        with _told():
            note_results(kept)
            course = read_course(kept)
            is_current = first.stage_id == course.stages[-1].pk
            if is_current and any(one.pairing.round <= first.round for one in course.due()):
                raise RefusedError("tournament.round_open", round=first.round)
    if everything:
        name, shown = "all rounds", held
    else:
        name = f"round {first.round}" + (f" of stage {first.stage.number}" if first.stage.number > 1 else "")
        shown = [row for row in held if (row.stage_id, row.round) == (first.stage_id, first.round)]
    release_pairings(shown)
    _log(kept, actor, f"released {name} of tournament")
    return name


@transaction.atomic
def withdraw_entrant(*, tournament: Tournament, entrant: Entrant, actor: User, reason: str = "") -> None:
    """Take an agent out that gives up; what it has played stands as its format says.

    Raises:
        RefusedError: `tournament.wrong_state` unless it runs or is paused, `tournament.not_in_play`.
    """
    _take_out(tournament, entrant, actor=actor, kind="withdrawn", reason=reason)


@transaction.atomic
def disqualify_entrant(*, tournament: Tournament, entrant: Entrant, actor: User, reason: str) -> None:
    """Take an agent out for a reason everybody can read; also after the end, then it loses its place.

    Raises:
        RefusedError: `request.bad_field` without a reason, `tournament.wrong_state` before the start.
    """
    reason = reason.strip()
    if not reason:
        raise RefusedError("request.bad_field", name="reason", wanted="given; it is public", field="reason")
    _take_out(tournament, entrant, actor=actor, kind="disqualified", reason=reason)


def _take_out(tournament: Tournament, entrant: Entrant, *, actor: User, kind: str, reason: str) -> None:
    kept = locked(tournament.pk)
    allowed = {TournamentState.RUNNING, TournamentState.PAUSED}
    if kind == "disqualified":
        allowed.add(TournamentState.FINISHED)
    if kept.state not in allowed:
        raise _wrong(kept, f"left by {entrant.submission}")
    with _told():
        note_results(kept)
    if not depart(kept, entrant, kind=kind, reason=reason):
        raise RefusedError("tournament.not_in_play", agent=str(entrant.submission))
    record_act(
        competition=kept.competition,
        actor=actor,
        verb="withdrew" if kind == "withdrawn" else "disqualified",
        subject=f"{entrant.submission} in tournament {kept.title}"[:120],
        reason=reason[:400],
    )
    if kept.state == TournamentState.RUNNING:
        go_on(kept)


@transaction.atomic
def cancel_tournament(*, tournament: Tournament, actor: User, reason: str = "") -> Tournament:
    """End a tournament without a champion; what was played stays to be seen.

    Raises:
        RefusedError: `tournament.wrong_state` when it is over.
    """
    kept = locked(tournament.pk)
    if kept.is_over:
        raise _wrong(kept, "cancelled")
    # What cannot be counted any more must not keep it from being ended.
    with suppress(FormatError):
        note_results(kept)
    kept.state, kept.reason, kept.finished_at = TournamentState.CANCELLED, reason[:400], clock.now()
    kept.save(update_fields=["state", "reason", "finished_at"])
    take_back(kept)
    _log(kept, actor, "cancelled tournament", reason)
    return kept


@transaction.atomic
def start_when_due(*, tournament: Tournament) -> bool:
    """Start an announced tournament; if that cannot be, say why to its host and forget the date."""
    try:
        start_tournament(tournament=tournament, actor=None)
    except RefusedError as error:
        Tournament.objects.filter(pk=tournament.pk, state=TournamentState.DRAFT).update(
            starts_at=None, reason=f"It could not start at its time: {error.message}"[:400]
        )
        _log(tournament, None, "could not start tournament", error.message)
        return False
    return True


def _log(tournament: Tournament, actor: User | None, verb: str, reason: str = "") -> None:
    record_act(
        competition=tournament.competition,
        actor=actor,
        verb=verb,
        subject=tournament.title,
        reason=reason[:400],
    )


def _wrong(tournament: Tournament, action: str) -> RefusedError:
    return RefusedError("tournament.wrong_state", state=tournament.state, action=action)
