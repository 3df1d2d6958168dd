"""Seasons: one closes with everybody's place in it, the next one begins.

How it works. Closing fixes the field: who is in play keeps a place whatever happens to it later. What waits
is cancelled, what runs still counts (`settling` waits for it).
"""

from coliseum.accounts.models import User
from coliseum.announcements import publish
from coliseum.competitions.models import Competition, CompetitionState, Phase
from coliseum.competitions.phases import close_phase
from coliseum.competitions.queries import final_of, open_phase_of
from coliseum.competitions.services import add_phase, open_phase, record_act
from coliseum.matches.services import cancel_phase_matches
from coliseum.submissions.contenders import fix_field
from coliseum.submissions.queries import players_in
from workers.refusals import RefusedError


def close_season(
    *, competition: Competition, actor: User | None, reason: str = "", keeps_champion: bool = False
) -> Phase:
    """Close the season that is open; its board is frozen for ever once the last running match is in.

    Args:
        competition: of the season.
        actor: a host, or nobody where it follows from another act.
        reason: for the public log.
        keeps_champion: whether a copy of number 1 stays in play as an agent of the house.

    Raises:
        RefusedError: `season.wrong_state` where no season is open.
    """
    phase = open_phase_of(competition)
    if phase is None or phase.is_final:
        raise RefusedError("season.wrong_state", action="closed")
    phase.options = phase.options | {"keeps_champion": keeps_champion}
    phase.save(update_fields=["options"])
    end_phase(phase, actor=actor, reason=reason)
    return phase


def end_phase(phase: Phase, *, actor: User | None, reason: str = "", verdict: str = "") -> None:
    """Fix the field of an open phase, close it, and cancel what waits."""
    if not phase.is_final:
        fix_field(phase=phase, submissions=list(players_in(phase)))
    if close_phase(phase=phase, actor=actor, reason=reason, verdict=verdict):
        cancel_phase_matches(phase=phase)
    publish(f"competition:{phase.competition.slug}", "changed")


def open_season(*, competition: Competition, actor: User | None) -> Phase:
    """Open the next season with fresh seeds; agents stay in play.

    Raises:
        RefusedError: `season.wrong_state` while a phase is open or a final waits for its declaration, or
            where the competition is over.
    """
    final = final_of(competition)
    if open_phase_of(competition) or (final is not None and final.declared_at is None):
        raise RefusedError("season.wrong_state", action="opened")
    if competition.state == CompetitionState.CLOSED:
        raise RefusedError("season.wrong_state", action="opened")
    phase = open_phase(competition=competition, phase=add_phase(competition=competition))
    record_act(
        competition=competition,
        actor=actor,
        verb="opened phase",
        subject=phase.title,
        reason=f"Seed commit {phase.seed_commit}.",
    )
    publish(f"competition:{competition.slug}", "changed")
    return phase
