"""Who plays in a show: the first of an open board, agents that somebody asked for, or the house's."""

import random
from collections.abc import Sequence
from typing import Final

import msgspec
from django.utils.translation import gettext as _

from arenas import registry
from arenas.extras import is_installed
from arenas.spec import ArenaSpec
from coliseum.competitions.models import Competition, CompetitionState
from coliseum.competitions.queries import shown_phase, visible_competitions
from coliseum.leaderboards.queries import standings_of
from coliseum.live.opponents import Opponent, house_agents, public_chair
from coliseum.matches.revealing import are_open
from coliseum.submissions.models import Role, Submission, SubmissionState
from workers.live.wire import MOST_SEATS, Chair
from workers.refusals import RefusedError

_FIRST: Final = 8
"""So many of a board are shown."""
_OFFERED: Final = 30
"""So many of a board can be asked for."""
_HOUSE_SHOWS: Final = ("connect_four-v3", "tictactoe-v3", "spiel_othello-v1", "chess-v6")
"""What the house plays among itself where no competition is open."""


class Plan(msgspec.Struct, frozen=True):
    """A show to come."""

    arena: str
    keys: tuple[str, ...]
    """One per member of the line-up, as `opponents.chair_of` takes them."""
    names: tuple[str, ...]
    competition: str = ""
    """Its slug; empty where the house plays."""
    by: str = ""
    """Who asked for it; empty where nobody did."""
    asked_by: int = 0
    """That person's id."""


class Cast(msgspec.Struct, frozen=True):
    """What a plan comes to when it begins."""

    spec: ArenaSpec
    chairs: tuple[Chair, ...]
    """One per seat."""
    changes: tuple[dict[str, object], ...]
    """What competitions change of the limits."""


def is_watchable(spec: ArenaSpec) -> bool:
    """Say whether an arena can be shown here."""
    return spec.seats <= MOST_SEATS and is_installed(spec)


def open_shows(arena: str = "") -> list[Competition]:
    """Return the competitions whose matches everybody may watch now, in one arena or in all."""
    found = visible_competitions(None).filter(state=CompetitionState.OPEN)
    if arena:
        found = found.filter(arena=arena)
    known = set(registry.names())
    return [
        each
        for each in found
        if are_open(each) and each.arena in known and is_watchable(registry.get(each.arena))
    ]


def pick(arena: str, *, rng: random.Random) -> Plan | None:
    """Return a line-up for a channel; None where there is nobody to show.

    Args:
        arena: of the channel; empty for the main one.
        rng: draws competition and agents.
    """
    competitions = open_shows(arena)
    rng.shuffle(competitions)
    for competition in competitions:
        spec = registry.get(competition.arena)
        standings = standings_of(shown_phase(competition)).filter(
            submission__state=SubmissionState.READY, submission__is_active=True
        )
        first = [each.submission for each in standings.exclude(submission__role=Role.HOLDOUT)[:_FIRST]]
        if len(first) >= spec.lineup:
            chosen = _draw(first, spec.lineup, rng)
            keys, names = tuple(each.pk for each in chosen), tuple(str(each) for each in chosen)
            return Plan(spec.id, keys, names, competition.slug)
    return _house(arena, rng=rng)


def _draw(first: list[Submission], count: int, rng: random.Random) -> list[Submission]:
    """Draw agents for a show: the better their place, the more often; none twice."""
    left = list(first)
    chosen: list[Submission] = []
    while len(chosen) < count:
        one = rng.choices(left, weights=[1 / (first.index(each) + 1) for each in left])[0]
        left.remove(one)
        chosen.append(one)
    return chosen


def _house(arena: str, *, rng: random.Random) -> Plan | None:
    known = set(registry.names())
    names = [name for name in ([arena] if arena else _HOUSE_SHOWS) if name in known]
    specs = [spec for spec in map(registry.get, names) if spec.baselines and is_watchable(spec)]
    if not specs:
        return None
    spec = rng.choice(specs)
    agents = house_agents(spec)
    wanted = spec.lineup
    chosen = rng.sample(agents, wanted) if len(agents) >= wanted else rng.choices(agents, k=wanted)
    return Plan(spec.id, tuple(each.key for each in chosen), tuple(each.name for each in chosen))


def asked_for(*, arena: str, keys: Sequence[str], by: str, asked_by: int) -> Plan:
    """Return the plan somebody asks for.

    Raises:
        RefusedError: `tv.not_here`, `match.bad_seats` or `play.unknown_agent`.
    """
    if arena not in registry.names() or not is_watchable(registry.get(arena)):
        raise RefusedError("tv.not_here", arena=arena, field="arena")
    spec = registry.get(arena)
    if len(keys) != spec.lineup:
        raise RefusedError("match.bad_seats", wanted=spec.lineup, given=len(keys), field="agent")
    plan = Plan(arena, tuple(keys), (), by=by, asked_by=asked_by)
    cast = cast_of(plan)
    if spec.lineup == 2 and keys[0] == keys[1]:
        raise RefusedError("match.bad_seats", agent=cast.chairs[0].name, field="agent")
    members = {spec.teams[seat]: chair.name for seat, chair in enumerate(cast.chairs)}
    names = tuple(members[member] for member in range(spec.lineup))
    return msgspec.structs.replace(plan, names=names)


def cast_of(plan: Plan) -> Cast:
    """Return who sits where, if all of them may still be shown.

    Raises:
        RefusedError: `play.unknown_agent` for one that is not there any more, or is not for everybody's eyes.
    """
    spec = registry.get(plan.arena)
    open_slugs = {each.slug for each in open_shows(plan.arena)}
    members, changes = [], []
    for key in plan.keys:
        chair, changed, competition = public_chair(spec, key)
        if competition and competition not in open_slugs:
            raise RefusedError("play.unknown_agent", agent=key, field="agent")
        members.append(chair)
        changes.append(changed)
    return Cast(spec, tuple(members[member] for member in spec.teams), tuple(changes))


def candidates(spec: ArenaSpec) -> list[Opponent]:
    """Return whom people can ask to see: the first of the arena's open boards, then the house's agents."""
    found = []
    for competition in open_shows(spec.id):
        standings = standings_of(shown_phase(competition)).filter(submission__state=SubmissionState.READY)
        found += [
            Opponent(
                each.submission_id,
                str(each.submission),
                _("rank %(rank)d, %(competition)s") % {"rank": each.rank, "competition": competition.title},
            )
            for each in standings.exclude(submission__role=Role.HOLDOUT)[:_OFFERED]
        ]
    return found + house_agents(spec)
