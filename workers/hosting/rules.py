"""What has to fit together in a file whose every key is right by itself: arena, dates, formats."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from arenas import registry
from arenas.errors import UnknownArenaError
from arenas.spec import ArenaSpec
from workers.hosting.file import CompetitionFile, Tournament
from workers.hosting.lines import Path
from workers.hosting.problems import Problem, make_problem
from workers.hosting.shape import nearest, shown
from workers.hosting.zones import check_zone
from workers.league.formats.contract import FormatError
from workers.league.formats.named import FORMATS, formats_for, named_plan


def find_conflicts(file: CompetitionFile, *, now: datetime | None = None) -> list[Problem]:
    """Return everything in a file that does not fit together.

    Args:
        file: with every key right by itself.
        now: nothing may end before it; None where the file may be of the past.
    """
    problems = [*_check_dates(file, now), *_check_who(file), *_check_final(file)]
    try:
        arena = registry.get(file.competition.arena)
    except UnknownArenaError as error:
        wanted = " or ".join(error.suggestions)
        path = ("competition", "arena")
        got = file.competition.arena
        problems.append(make_problem("arena.unknown", path, got=got, arena=got, suggestions=wanted))
        return problems
    return [*problems, *_check_league(file, arena), *_check_tournaments(file, arena)]


def _check_dates(file: CompetitionFile, now: datetime | None) -> Iterator[Problem]:
    dates = file.dates
    starts: dict[Path, datetime | None] = {
        ("tournament", index, "starts_at"): each.starts_at for index, each in enumerate(file.tournament)
    }
    named: dict[Path, datetime | None] = {
        ("dates", "opens_at"): dates.opens_at,
        ("dates", "closes_at"): dates.closes_at,
        ("teams", "merge_until"): file.teams.merge_until,
        **starts,
    }
    moments = {path: moment for path, moment in named.items() if moment is not None}
    if dates.zone:
        yield from check_zone(dates.zone, moments)
    for path, moment in moments.items():
        is_start = path[-1] == "opens_at"
        if dates.opens_at and not is_start and moment <= dates.opens_at:
            then = shown(dates.opens_at)
            yield make_problem(
                "hosting.wrong_order", path, got=shown(moment), other="dates.opens_at", then=then
            )
        elif now and not is_start and moment <= now:
            yield make_problem("hosting.in_the_past", path, got=shown(moment), expected="a time to come")


def _check_who(file: CompetitionFile) -> Iterator[Problem]:
    """Yield lists that nobody asks for, lists that are missing, and what is named twice."""
    told, place = file.eligibility, "eligibility"
    if told.who == "invited" and not told.invited and not told.link:
        expected = "names or e-mail addresses, or link = true"
        yield make_problem("hosting.bad_value", (place, "invited"), expected=expected, got="[]")
    if told.who == "domain" and not told.domains:
        expected = "at least one e-mail domain"
        yield make_problem("hosting.bad_value", (place, "domains"), expected=expected, got="[]")
    for name, needed in (("invited", "invited"), ("link", "invited"), ("domains", "domain")):
        if getattr(told, name) and told.who != needed:
            problem, remedy = f"it counts only with who = {shown(needed)}", "Leave it out, or change who."
            yield make_problem(
                "hosting.unsupported", (place, name), got=shown(told.who), problem=problem, remedy=remedy
            )
    for name, listed in (("invited", told.invited), ("domains", told.domains)):
        known: set[str] = set()
        for index, each in enumerate(listed):
            if each.casefold() in known:
                yield make_problem("hosting.twice", (place, name, index), got=shown(each))
            known.add(each.casefold())
    until, end = file.teams.merge_until, file.dates.closes_at
    if until and end and until > end:
        problem, remedy = "it is after the end of the competition", "Choose an earlier time, or leave it out."
        yield make_problem(
            "hosting.unsupported", ("teams", "merge_until"), got=shown(until), problem=problem, remedy=remedy
        )


def _check_final(file: CompetitionFile) -> Iterator[Problem]:
    if file.final is None or file.final.cuts is None:
        return
    cuts, budget = file.final.cuts, file.final.budget_episodes
    if any(later <= earlier for earlier, later in pairwise(cuts)):
        expected = "numbers of episodes that grow"
        yield make_problem("hosting.bad_value", ("final", "cuts"), expected=expected, got=shown_list(cuts))
    elif cuts and cuts[-1] > budget:
        expected = f"at most the budget of {budget:,} episodes"
        yield make_problem("hosting.bad_value", ("final", "cuts"), expected=expected, got=shown_list(cuts))


def shown_list(numbers: tuple[int, ...]) -> str:
    """Return a short list as it stands in the file."""
    return "[" + ", ".join(map(str, numbers)) + "]"


def _check_league(file: CompetitionFile, arena: ArenaSpec) -> Iterator[Problem]:
    known = [baseline.name for baseline in arena.baselines]
    for index, name in enumerate(file.league.baselines or ()):
        path = ("league", "baselines", index)
        if name not in known:
            expected = f"a baseline of {arena.id} ({', '.join(known) or 'it has none'})"
            near = nearest(name, known)
            yield make_problem("hosting.bad_value", path, expected=expected, got=shown(name), suggestion=near)
        elif name in (file.league.baselines or ())[:index]:
            yield make_problem("hosting.twice", path, got=shown(name))
    if file.league.swap == "always" and (arena.lineup == 1 or not arena.swaps_seats):
        yield make_problem(
            "hosting.unsupported",
            ("league", "swap"),
            expected="calibrated or never",
            got='"always"',
            problem=f"in {arena.id} nobody can change seats",
            remedy="Leave it out.",
        )


def _check_tournaments(file: CompetitionFile, arena: ArenaSpec) -> Iterator[Problem]:
    names: set[str] = set()
    for index, each in enumerate(file.tournament):
        path: Path = ("tournament", index)
        if each.name.casefold() in names:
            yield make_problem("hosting.twice", (*path, "name"), got=shown(each.name))
        names.add(each.name.casefold())
        yield from _check_entrants(each, path)
        yield from _check_format(each, path, arena)


def _check_entrants(each: Tournament, path: Path) -> Iterator[Problem]:
    if each.entrants == "top" and each.size < 2:
        expected = 'how many of the best take part, from 2, as entrants is "top"'
        yield make_problem("hosting.bad_value", (*path, "size"), expected=expected, got=str(each.size))
    elif each.entrants == "active" and each.size:
        problem = "it says how many of the best take part, but all agents in play do"
        remedy = 'Leave it out, or write entrants = "top".'
        yield make_problem(
            "hosting.unsupported", (*path, "size"), got=str(each.size), problem=problem, remedy=remedy
        )


def _check_format(each: Tournament, path: Path, arena: ArenaSpec) -> Iterator[Problem]:
    fitting = [form.name for form in formats_for(arena.lineup)]
    if each.format not in fitting:
        who = "one agent plays alone" if arena.lineup == 1 else f"{arena.lineup} agents meet at a time"
        choose = (
            f"Choose one of: {', '.join(fitting)}."
            if fitting
            else "Its leaderboard compares all on the same seeds."
        )
        yield make_problem(
            "hosting.unsupported",
            (*path, "format"),
            expected=", ".join(fitting) or "no tournament",
            got=shown(each.format),
            problem=f"{each.format} cannot be played in {arena.id}, where {who}",
            remedy=choose,
        )
        return
    options = {option.name: option for option in FORMATS[each.format].options}
    is_right = True
    for name, value in each.options.items():
        option = options.get(name)
        here = (*path, name)
        if option is None:
            is_right = False
            known = ", ".join(options)
            problem = f"{each.format} has no such option"
            yield make_problem(
                "hosting.unsupported",
                here,
                expected=known,
                got=shown(value),
                problem=problem,
                remedy=f"It has: {known}.",
            )
        elif not isinstance(value, bool) and not option.least <= value <= option.most:
            is_right = False
            expected = f"a whole number from {option.least} to {option.most}"
            yield make_problem("hosting.bad_value", here, expected=expected, got=shown(value))
    if is_right:
        yield from _check_plan(each, path, arena)


def _check_plan(each: Tournament, path: Path, arena: ArenaSpec) -> Iterator[Problem]:
    try:
        named_plan(each.format, each.options, seats=arena.lineup)
    except FormatError as error:
        name, _, _ = str(error).partition(" ")
        here = (*path, name) if name in each.options else path
        got = shown(each.options.get(name, each.format))
        yield make_problem(
            "hosting.unsupported", here, got=got, problem=str(error), remedy="Correct the value."
        )
