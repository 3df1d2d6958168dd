"""What a host asks for, checked: every field, before anything is written."""

from typing import Any

from coliseum import clock
from coliseum.competitions.models import Competition
from coliseum.competitions.services import check_name
from coliseum.submissions.models import Submission
from coliseum.tournaments.models import Release, Seeding, Source
from coliseum.tournaments.queries import arena_of, known_ratings, ready_agents
from coliseum.tournaments.wanted import Wanted
from workers.league.formats import FormatError
from workers.league.formats.named import FORMATS, check_options, named_plan
from workers.refusals import RefusedError

MOST_ENTRANTS = 1024


def check_wanted(competition: Competition, wanted: Wanted) -> dict[str, Any]:  # Any: columns of Tournament
    """Return the columns of a tournament.

    Raises:
        RefusedError: `name.length`, `name.characters`, `tournament.bad_setting`, `tournament.bad_format`.
    """
    try:
        seats = arena_of(competition).lineup
        named_plan(wanted.format, wanted.options, seats=seats)
        options = check_options(wanted.format, wanted.options)
    except FormatError as error:
        raise RefusedError(
            "tournament.bad_format", problem=str(error), field=_field(wanted, error)
        ) from error
    for name, value, words in (
        ("source", wanted.source, Source.values),
        ("seeding", wanted.seeding, Seeding.values),
        ("release", wanted.release, Release.values),
    ):
        if value not in words:
            raise _bad(name, f"one of {', '.join(words)}")
    if wanted.source == Source.TOP and not 2 <= wanted.size <= MOST_ENTRANTS:
        raise _bad("size", f"a whole number from 2 to {MOST_ENTRANTS}")
    if wanted.starts_at is not None and wanted.starts_at <= clock.now():
        raise _bad("starts_at", "a time to come, or empty: you start it yourself")
    return {
        "title": check_name(wanted.title, "title"),
        "format": wanted.format,
        "options": options,
        "source": wanted.source,
        "size": wanted.size if wanted.source == Source.TOP else 0,
        "seeding": wanted.seeding,
        "release": wanted.release,
        "starts_at": wanted.starts_at,
    }


def check_chosen(competition: Competition, chosen: tuple[str, ...]) -> list[Submission]:
    """Return the agents that were chosen, in their order.

    Raises:
        RefusedError: `tournament.bad_entrant`.
    """
    if len(chosen) > MOST_ENTRANTS:
        raise _bad("chosen", f"at most {MOST_ENTRANTS} agents")
    ready = {agent.pk: agent for agent in ready_agents(competition).filter(pk__in=chosen)}
    for agent in chosen:
        if agent not in ready:
            problem = "there is no agent of this id here that passed validation"
            raise RefusedError("tournament.bad_entrant", agent=agent, problem=problem, field="chosen")
    if len(set(chosen)) < len(chosen):
        twice = next(agent for agent in chosen if chosen.count(agent) > 1)
        raise RefusedError("tournament.bad_entrant", agent=twice, problem="it is there twice", field="chosen")
    return [ready[agent] for agent in chosen]


def field_now(
    competition: Competition, *, source: str, size: int, chosen: tuple[str, ...]
) -> list[Submission]:
    """Return who would take part if it started now."""
    ready = list(ready_agents(competition))
    if source == Source.CHOSEN:
        by_id = {agent.pk: agent for agent in ready}
        return [by_id[agent] for agent in chosen if agent in by_id]
    active = [agent for agent in ready if agent.is_active]
    if source == Source.TOP:
        ratings = known_ratings(competition)
        rated = [agent for agent in active if agent.pk in ratings]
        return sorted(rated, key=lambda agent: (-ratings[agent.pk][0], agent.pk))[:size]
    return active


def least_entrants(format_name: str, lineup: int) -> int:
    """Return how many entrants a format needs in an arena whose line-ups have so many members."""
    return 2 if FORMATS[format_name].is_for_two else max(2, lineup)


def _bad(field: str, wanted: str) -> RefusedError:
    return RefusedError("tournament.bad_setting", name=field.replace("_", " "), wanted=wanted, field=field)


def _field(wanted: Wanted, error: FormatError) -> str:
    """Return the field that a format's complaint is about."""
    form = FORMATS.get(wanted.format)
    first = str(error).split(" ", 1)[0]
    return first if form and first in {option.name for option in form.options} else "format"
