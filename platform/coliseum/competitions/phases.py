"""Writes about phases: close, settle and reveal, announce a final, declare its result.

How it works. Closing ends pairing; matches that are being played still come in. Once the last of them is
over the phase is settled: its leaderboard is never fitted again, and the secret its seeds were drawn from is
revealed. Until then a match that a worker lost is played again, so nobody may know its seeds.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition, Phase, PhaseKind, PhaseState
from coliseum.competitions.queries import final_of
from coliseum.competitions.services import add_phase, record_act
from workers.refusals import RefusedError

FINAL_OPTIONS: Mapping[str, tuple[int, int, int]] = {
    "finalists_per_owner": (2, 1, 5),
    "prize_places": (3, 1, 100),
    "budget_episodes": (600, 16, 100_000),
}
"""What a host chooses of a final: default, least, most."""
CUTS = (32, 64, 128, 256)


@transaction.atomic
def close_phase(*, phase: Phase, actor: User | None, reason: str = "", verdict: str = "") -> bool:
    """Stop pairing in a phase; False if it was not open."""
    closed = Phase.objects.filter(pk=phase.pk, state=PhaseState.OPEN).update(
        state=PhaseState.CLOSED, closed_at=clock.now(), verdict=verdict[:400]
    )
    if closed:
        phase.refresh_from_db()
        record_act(
            competition=phase.competition,
            actor=actor,
            verb="closed phase",
            subject=phase.title,
            reason=(reason or verdict)[:400],
        )
    return bool(closed)


@transaction.atomic
def settle_phase(*, phase: Phase) -> bool:
    """Note that a closed phase has come to rest and reveal its secret; False if it was noted before.

    A first season shares its secret with what is played outside any phase; that gets a new one.
    """
    now = clock.now()
    settled = Phase.objects.filter(pk=phase.pk, state=PhaseState.CLOSED, settled_at=None).update(
        settled_at=now
    )
    if Phase.objects.filter(pk=phase.pk, settled_at__isnull=False, revealed_at=None).update(revealed_at=now):
        Competition.objects.filter(pk=phase.competition_id, seed_secret=phase.seed_secret).update(
            seed_secret=secrets.token_hex(32)
        )
        record_act(competition=phase.competition, actor=None, verb="revealed seeds", subject=phase.title)
    phase.refresh_from_db()
    return bool(settled)


@transaction.atomic
def announce_final(
    *, competition: Competition, actor: User | None, naming_ends_at: datetime, options: Mapping[str, object]
) -> Phase:
    """Lock the competition for submissions and let owners name finalists until a moment.

    Args:
        competition: which has no final yet, or a season since the last.
        actor: a host.
        naming_ends_at: aware, in the future.
        options: those of FINAL_OPTIONS and `cuts` that differ from what the competition's file says, or from
            their defaults.

    Raises:
        RefusedError: `final.wrong_state` or `final.bad_setting`.
    """
    Competition.objects.select_for_update().get(pk=competition.pk)
    if competition.state not in {"open", "paused"}:
        raise RefusedError("final.wrong_state", state=f"in a {competition.state} competition", action="made")
    if final_of(competition) is not None:
        raise RefusedError("final.wrong_state", state="announced already", action="announced again")
    chosen = _final_options(planned_final(competition) | dict(options))
    _check_deadline(naming_ends_at)
    phase = add_phase(competition=competition, kind=PhaseKind.FINAL, options=chosen)
    phase.naming_ends_at = naming_ends_at
    phase.save(update_fields=["naming_ends_at"])
    record_act(
        competition=competition,
        actor=actor,
        verb="announced",
        subject=phase.title,
        reason=f"Finalists are named until {clock.shown(naming_ends_at)}; seed commit {phase.seed_commit}.",
    )
    return phase


def planned_final(competition: Competition) -> dict[str, object]:
    """Return what the host's file says of the final, as far as it is known here."""
    planned = competition.options.get("final") or {}
    return {name: value for name, value in planned.items() if name in {*FINAL_OPTIONS, "cuts"}}


def _check_deadline(moment: datetime) -> None:
    if moment.tzinfo is None or moment.utcoffset() is None:
        wanted = "a time with its difference to UTC"
        raise RefusedError("final.bad_setting", name="The deadline", wanted=wanted, field="naming_ends_at")
    if moment <= clock.now():
        wanted = "in the future"
        raise RefusedError("final.bad_setting", name="The deadline", wanted=wanted, field="naming_ends_at")


def _final_options(options: Mapping[str, object]) -> dict[str, object]:
    """Return all options of a final, checked."""
    known = {*FINAL_OPTIONS, "cuts"}
    for name in options.keys() - known:
        wanted = f"one of {', '.join(sorted(known))}"
        raise RefusedError("final.bad_setting", name="An option", wanted=wanted, field=name)
    chosen: dict[str, object] = {}
    for name, (default, least, most) in FINAL_OPTIONS.items():
        value = options.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            wanted = f"a whole number from {least:,} to {most:,}"
            raise RefusedError("final.bad_setting", name=name.replace("_", " "), wanted=wanted, field=name)
        chosen[name] = value
    budget = int(str(chosen["budget_episodes"]))
    cuts = options.get("cuts", CUTS)
    if tuple(cuts if isinstance(cuts, list | tuple) else ()) == CUTS:
        cuts = [cut for cut in CUTS if cut <= budget]
    steps = list(cuts) if isinstance(cuts, list | tuple) else [0]
    if not all(isinstance(cut, int) and 1 <= cut <= budget for cut in steps) or steps != sorted(set(steps)):
        wanted = "numbers of episodes that grow, up to the budget"
        raise RefusedError("final.bad_setting", name="cuts", wanted=wanted, field="cuts")
    return chosen | {"cuts": steps}


@transaction.atomic
def move_deadline(*, phase: Phase, actor: User | None, naming_ends_at: datetime, reason: str) -> None:
    """Give owners another time until which finalists are named, while the final has not begun.

    Raises:
        RefusedError: `final.wrong_state`, `final.bad_setting`.
    """
    _check_deadline(naming_ends_at)
    if not Phase.objects.filter(pk=phase.pk, state=PhaseState.DRAFT).update(naming_ends_at=naming_ends_at):
        raise RefusedError("final.wrong_state", state="under way", action="moved")
    phase.refresh_from_db()
    until = f"Finalists are named until {clock.shown(naming_ends_at)}. {reason}".strip()
    record_act(
        competition=phase.competition,
        actor=actor,
        verb="moved deadline",
        subject=phase.title,
        reason=until[:400],
    )


@transaction.atomic
def cancel_final(*, phase: Phase, actor: User | None, reason: str) -> None:
    """Take back a final that has not begun; submissions are open again.

    Raises:
        RefusedError: `request.bad_field` without a reason, `final.wrong_state` once it began.
    """
    reason = check_reason(reason)
    competition, title = phase.competition, phase.title
    if not Phase.objects.filter(pk=phase.pk, state=PhaseState.DRAFT).delete()[0]:
        raise RefusedError("final.wrong_state", state="under way", action="cancelled")
    record_act(competition=competition, actor=actor, verb="cancelled", subject=title, reason=reason)


@transaction.atomic
def note_cut(*, phase: Phase, episodes: int) -> None:
    """Note that the cut after so many episodes was made, whoever left by it."""
    made = [*cuts_made(phase), episodes]
    phase.options = phase.options | {"cuts_made": made}
    phase.save(update_fields=["options"])


def cuts_made(phase: Phase) -> list[int]:
    """Return the cuts of a final that lie behind it."""
    return [int(cut) for cut in phase.options.get("cuts_made", [])]


@transaction.atomic
def mark_declared(*, phase: Phase, actor: User | None, reason: str) -> bool:
    """Make the result of a settled final official, once; False if it was before."""
    declared = Phase.objects.filter(
        pk=phase.pk, kind=PhaseKind.FINAL, settled_at__isnull=False, declared_at=None
    ).update(declared_at=clock.now())
    if declared:
        phase.refresh_from_db()
        record_act(
            competition=phase.competition,
            actor=actor,
            verb="declared",
            subject=phase.title,
            reason=reason[:400],
        )
    return bool(declared)


def check_reason(reason: str) -> str:
    """Return the trimmed reason of an act.

    Raises:
        RefusedError: `request.bad_field` without one.
    """
    trimmed = reason.strip()[:400]
    if not trimmed:
        raise RefusedError("request.bad_field", name="reason", wanted="given; it is public", field="reason")
    return trimmed
