"""One search for people, agents, competitions and arenas."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from arenas.spec import ArenaSpec
from coliseum.accounts.models import User, Visitor
from coliseum.api.addresses import page_address
from coliseum.api.callers import ANYBODY
from coliseum.api.paging import Paging, part
from coliseum.api.questions import MOST_CHARACTERS
from coliseum.api.schemas import Hit, HitPage
from coliseum.api.seen import user_of
from coliseum.competitions.models import Competition
from coliseum.league.finding import find_agents, find_arenas, find_competitions, find_people
from coliseum.submissions.models import Submission

router = Router(tags=["search"])
_FEW: Final = 6
_FIND: Final[Mapping[str, Callable[[str, Visitor], Any]]] = {  # Any: rows of several models
    "competitions": find_competitions,
    "agents": find_agents,
    "people": find_people,
    "arenas": find_arenas,
}


class Asked(Schema):
    """What is looked for."""

    q: str = Field(..., max_length=MOST_CHARACTERS, description="What is looked for.", examples=["chess"])
    kind: Literal["", "competitions", "agents", "people", "arenas"] = Field(
        "", description="Of one kind only, by pages; else the first six of each."
    )


@router.get("/search", response=HitPage, auth=ANYBODY, operation_id="search")
def search(request: HttpRequest, asked: Query[Asked], paging: Query[Paging]) -> HitPage:
    """Return what holds a text: the very name first, then what begins with it, then the rest."""
    text, viewer = asked.q.replace("\0", "").strip(), user_of(request)
    if not text:
        return HitPage(items=[], next=None)
    if asked.kind:
        rows, after = part(request, _FIND[asked.kind](text, viewer), paging)
        return HitPage(items=[_hit(each) for each in rows], next=after)
    few = [each for find in _FIND.values() for each in find(text, viewer)[:_FEW]]
    return HitPage(items=[_hit(each) for each in few], next=None)


def _hit(found: Competition | Submission | User | ArenaSpec) -> Hit:
    if isinstance(found, Competition):
        address = page_address("competition", found.slug)
        return Hit(kind="competition", id=found.slug, title=found.title, about=found.summary, url=address)
    if isinstance(found, Submission):
        where = f"{found.entry.team.name}, {found.entry.competition.slug}"
        return Hit(
            kind="agent", id=found.pk, title=str(found), about=where, url=page_address("agent", found.pk)
        )
    if isinstance(found, User):
        profile = getattr(found, "profile", None)
        name = profile.display_name if profile else ""
        address = page_address("person", found.username)
        return Hit(kind="person", id=found.username, title=found.username, about=name, url=address)
    return Hit(
        kind="arena", id=found.id, title=found.title, about=found.summary, url=page_address("arena", found.id)
    )
