"""Arenas: the gallery, and a page for each from its spec and its README."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from arenas import registry
from arenas.errors import UnknownArenaError
from arenas.spec import ArenaSpec
from coliseum.competitions.queries import visible_competitions
from coliseum.pages.markdown import title_of, to_html
from coliseum.pages.methods import require_safe
from coliseum.pages.rows import KINDS, Row, arena_card
from coliseum.pages.wording import amount, size, took
from coliseum.submissions.queries import baselines_of
from workers.package import installed_libraries
from workers.refusals import unknown_arena

OBJECTIVES = {
    "outcome": "Each episode is won, drawn or lost. Agents are rated by whom they beat.",
    "rank": "Each episode gives every seat a place. Agents are rated by whom they finish ahead of.",
    "return": "Each seat gets the sum of its rewards. Agents are ranked by what they earn on average.",
    "score": "One agent, one number: the sum of its rewards. All agents play the same scenarios.",
}
ILLEGAL = {
    "forfeit": "loses the episode",
    "random": "is replaced by a random legal one",
    "noop": "is replaced by doing nothing",
}


@require_safe
def arenas(request: HttpRequest) -> HttpResponse:
    """Show all arenas; administrators also see the plug-ins that are broken."""
    context = {
        "section": "arenas",
        "arenas": [arena_card(registry.get(name)) for name in registry.names()],
        "problems": registry.problems() if getattr(request.user, "is_staff", False) else (),
    }
    return render(request, "arenas/list.html", context)


@require_safe
def arena(request: HttpRequest, arena_id: str) -> HttpResponse:
    """Show what an arena is: rules, seats, limits, scoring, baselines, competitions."""
    try:
        spec = registry.get(arena_id)
    except UnknownArenaError as error:
        raise unknown_arena(arena_id, error.suggestions) from error
    running = visible_competitions(request.user).filter(arena=spec.id)
    context = {
        "section": "arenas",
        "arena": spec,
        "readme": to_html(_readme(spec), shift=0),
        "facts": _facts(spec),
        "limits": _limits(spec),
        "baselines": _baselines(spec),
        "objective": OBJECTIVES[spec.objective],
        "offered": installed_libraries(),
        "start": _first_commands(spec),
        "making": _import_line(spec),
        "competitions": [
            {"title": each.title, "url": reverse("competition", args=[each.slug]), "state": each.state}
            for each in running[:20]
        ],
    }
    return render(request, "arenas/arena.html", context)


def _first_commands(spec: ArenaSpec) -> str:
    opponents = " random" * (spec.lineup - 1)
    return f"coliseum new my-agent --arena {spec.id}\ncoliseum play {spec.id} my-agent{opponents}"


def _readme(spec: ArenaSpec) -> str:
    """Return the README of the plug-in without its title; empty where there is none."""
    path = spec.folder / "README.md" if spec.folder else None
    if path is None or not path.is_file():
        return ""
    return title_of(path.read_text(encoding="utf-8", errors="replace"))[1]


def _import_line(spec: ArenaSpec) -> str:
    if spec.kind == "open_spiel":
        parameters = f", {dict(spec.arguments)!r}" if spec.arguments else ""
        return f'import pyspiel\n\ngame = pyspiel.load_game("{spec.environment}"{parameters})'
    module = "gymnasium" if spec.kind == "gymnasium" else "pettingzoo"
    arguments = "".join(f", {name}={value!r}" for name, value in spec.arguments.items())
    if module == "gymnasium":
        return f'import gymnasium\n\nenvironment = gymnasium.make("{spec.environment}"{arguments})'
    if spec.environment.startswith("mpe2/"):
        name = spec.environment.removeprefix("mpe2/").replace("-v", "_v")
        maker = "env" if spec.kind == "aec" else "parallel_env"
        return f"from mpe2 import {name}\n\nenvironment = {name}.{maker}({arguments.removeprefix(', ')})"
    return (
        f'import pettingzoo\n\nenvironment = pettingzoo.make("{spec.kind}", "{spec.environment}"{arguments})'
    )


def _facts(spec: ArenaSpec) -> list[Row]:
    seatings = (
        "each agent takes each seat on the same seed" if spec.swaps_seats and spec.seats > 1 else "fixed"
    )
    rows = [
        ("Id", spec.id, True),
        ("Environment", spec.environment, True),
        ("Seats", str(spec.seats), False),
        ("Turns", f"{KINDS[spec.kind]}, at most {spec.max_turns:,}", False),
        ("Seating", seatings, False),
        ("Episodes", f"{spec.episodes} for each seating", False),
        ("An illegal action", ILLEGAL[spec.illegal_action], False),
    ]
    if spec.roles:
        rows.insert(3, ("Roles", ", ".join(spec.roles), False))
    return [{"label": label, "value": value, "is_code": is_code} for label, value, is_code in rows]


def _limits(spec: ArenaSpec) -> list[Row]:
    limits = spec.limits
    rows = [
        ("Loading", took(limits.load_seconds), "import of agent.py and making the agent, once a match"),
        ("Reset", took(limits.reset_seconds), "once an episode"),
        (
            "A turn",
            took(limits.step_seconds),
            "one call of act; what goes beyond is taken from the spare time",
        ),
        ("Spare time", took(limits.bank_seconds), "for the whole match"),
        ("Memory", size(limits.memory_bytes), "beyond the interpreter and its libraries"),
        ("Scratch space", size(limits.scratch_bytes), "a private /tmp"),
        ("Threads", str(limits.threads), "agents cannot start processes"),
        ("Log", size(2 * limits.log_bytes), "the head and the tail of what is printed"),
        ("Upload", size(limits.package_bytes), f"unpacked {size(limits.unpacked_bytes)}"),
    ]
    return [{"name": name, "limit": limit, "meaning": meaning} for name, limit, meaning in rows]


def _baselines(spec: ArenaSpec) -> list[Row]:
    """Return the arena's own agents, and where they stand in its competitions."""
    placed: dict[str, list[Row]] = {}
    for submission in baselines_of(spec.id):
        standing = getattr(submission, "standing", None)
        if standing:
            competition = submission.entry.competition
            played = amount(standing.matches, "match", "matches")
            placed.setdefault(submission.baseline, []).append(
                {
                    "text": f"rank {standing.rank} in {competition.title}, {played}",
                    "url": reverse("agent", args=[submission.pk]),
                }
            )
    return [
        {
            "name": each.name,
            "title": each.title,
            "description": each.description,
            "places": placed.get(each.name, []),
        }
        for each in spec.baselines
    ]
