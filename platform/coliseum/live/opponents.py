"""Whom a person can play against: the house's agents for everybody, submissions for those signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _

from arenas.spec import ArenaSpec
from coliseum.accounts.models import Visitor
from coliseum.competitions.models import Competition, CompetitionState
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.queries import standings_of
from coliseum.submissions.models import Role, Submission, SubmissionState
from coliseum.submissions.queries import baselines_of, public_submission, submission_for
from workers.live.wire import Chair
from workers.refusals import RefusedError
from workers.spec import AgentRef, LimitsSpec

_HOUSE: Final = "house:"
_SHOWN: Final = 30
_NO_RANK: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Opponent:
    """One agent to choose."""

    key: str
    """`house:network`, or the id of a submission."""
    name: str
    note: str
    """Its place, or what it does, in a few words."""


def opponents_in(spec: ArenaSpec, competition: Competition | None, user: Visitor) -> list[Opponent]:
    """Return the agents a person may choose, the best first."""
    house = house_agents(spec)
    if competition is None or competition.state == CompetitionState.DRAFT:
        return house
    standings = standings_of(shown_phase(competition)).filter(submission__state=SubmissionState.READY)
    ranked = [
        Opponent(
            standing.submission_id, str(standing.submission), _("rank %(rank)d") % {"rank": standing.rank}
        )
        for standing in standings.exclude(submission__role=Role.HOLDOUT)[:_SHOWN]
        if _is_open_to(standing.submission, user)
    ]
    return ranked + house


def house_agents(spec: ArenaSpec) -> list[Opponent]:
    """Return the arena's own agents, the best first: by rank where they play, else as the arena says."""
    ranks: dict[str, int] = {}
    for submission in baselines_of(spec.id):
        rank = submission.standing.rank if submission.standing else _NO_RANK
        ranks[submission.baseline] = min(rank, ranks.get(submission.baseline, _NO_RANK))
    # The arenas list them from the weakest to the strongest.
    ordered = sorted(reversed(spec.baselines), key=lambda each: ranks.get(each.name, _NO_RANK))
    return [Opponent(f"{_HOUSE}{each.name}", each.title, _("of the house")) for each in ordered]


def chair_of(spec: ArenaSpec, key: str, user: Visitor) -> tuple[Chair, dict[str, Any]]:  # Any: as stored
    """Return who takes a seat, and the limits that its competition changes.

    Raises:
        RefusedError: `play.unknown_agent`, `auth.required` where it takes an account, or
            `match.agent_not_ready` for one's own agent before it has passed validation.
    """
    if key.startswith(_HOUSE):
        return _house_chair(spec, key), {}
    _check_own(key, user)
    found = _found(spec, key)
    if not _is_open_to(found, user):
        raise RefusedError("auth.required")
    return _chair(found), found.entry.competition.limits


def public_chair(spec: ArenaSpec, key: str) -> tuple[Chair, dict[str, Any], str]:  # Any: as stored
    """Return who takes a seat where all are agents, what its competition changes, and that one's slug.

    Raises:
        RefusedError: `play.unknown_agent`.
    """
    if key.startswith(_HOUSE):
        return _house_chair(spec, key), {}, ""
    found = _found(spec, key)
    return _chair(found), found.entry.competition.limits, found.entry.competition.slug


def _house_chair(spec: ArenaSpec, key: str) -> Chair:
    name = key.removeprefix(_HOUSE)
    known = {each.name: each.title for each in spec.baselines}
    if name not in known:
        raise RefusedError("play.unknown_agent", agent=name, field="opponent")
    return Chair(known[name], baseline=name)


def _found(spec: ArenaSpec, key: str) -> Submission:
    try:
        found = public_submission(key[:18])
    except RefusedError as error:
        raise RefusedError("play.unknown_agent", agent=key, field="opponent") from error
    if found.entry.competition.arena != spec.id or found.state != SubmissionState.READY:
        raise RefusedError("play.unknown_agent", agent=key, field="opponent")
    return found


def _check_own(key: str, user: Visitor) -> None:
    """Say of somebody's own agent that it is not ready; of others' nobody learns that they are there."""
    try:
        own = submission_for(key[:18] if key.isalnum() else "", user)
    except RefusedError:
        return
    if own.state in {SubmissionState.UPLOADED, SubmissionState.VALIDATING}:
        raise RefusedError("match.agent_not_ready", agent=str(own), field="opponent")


def _chair(found: Submission) -> Chair:
    ref = AgentRef(submission=found.pk, digest=found.package_id, file_name=found.package.file_name)
    return Chair(str(found), agent=ref)


def limits_of(spec: ArenaSpec, changes: Sequence[dict[str, Any]]) -> LimitsSpec:  # Any: as stored
    """Return the limits of the agents at a table: the arena's, with what a competition changes."""
    limits = {name: getattr(spec.limits, name) for name in LimitsSpec.__struct_fields__}
    for changed in changes:
        limits |= changed
    return msgspec.convert(limits, LimitsSpec)


def _is_open_to(submission: Submission, user: Visitor) -> bool:
    """Say whether a person may play against an agent: the house's need no account."""
    is_house = bool(submission.baseline) or submission.role == Role.CHAMPION
    return is_house or user.is_authenticated
