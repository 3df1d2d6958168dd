"""Who calls, and what can be played."""

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Router

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.accounts.models import Scope
from coliseum.api.callers import ANYBODY, caller_of, needs
from coliseum.api.schemas import ArenaList, ArenaRow, BaselineRow, Me, TeamRow

router = Router()


@router.get("/me", response=Me, auth=needs(Scope.READ), tags=["people"], operation_id="get_me")
def me(request: HttpRequest) -> Me:
    """Return who the token or the browser belongs to."""
    caller = caller_of(request)
    teams = caller.user.teams.order_by("created_at")
    return Me(
        name=caller.user.username,
        is_staff=caller.user.is_staff,
        may_host=caller.user.may_host,
        scopes=None if caller.scopes is None else list(caller.scopes),
        teams=[TeamRow(id=team.pk, name=team.name) for team in teams],
    )


@router.get("/arenas", response=ArenaList, auth=ANYBODY, tags=["arenas"], operation_id="list_arenas")
def list_arenas(request: HttpRequest) -> ArenaList:
    """List all arenas with their limits and baselines."""
    return ArenaList(items=[_arena(registry.get(name)) for name in registry.names()])


def _arena(spec: ArenaSpec) -> ArenaRow:
    return ArenaRow(
        id=spec.id,
        title=spec.title,
        summary=spec.summary,
        kind=spec.kind,
        seats=spec.seats,
        lineup=spec.lineup,
        roles=list(spec.roles),
        objective=spec.objective,
        swaps_seats=spec.swaps_seats,
        episodes=spec.episodes,
        max_turns=spec.max_turns,
        illegal_action=spec.illegal_action,
        limits=asdict(spec.limits),
        baselines=[
            BaselineRow(name=each.name, title=each.title, description=each.description)
            for each in spec.baselines
        ],
        tags=list(spec.tags),
    )
