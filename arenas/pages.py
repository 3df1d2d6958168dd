"""The page of an arena, as Markdown: made from its specification, README, sheet and certificate.

One function for the site, the command line and the documents, so that all of them tell the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from arenas.certifying.certificate import Certificate, find_certificate, what_forbids
from arenas.extras import install_line
from arenas.sheets import SeatSheet, Sheet
from arenas.spec import MIB, ArenaSpec
from arenas.wrapping import write_wrapper

OBJECTIVES: Final = {
    "outcome": "Each episode is won, drawn or lost. Agents are rated by whom they beat.",
    "rank": "Each episode gives every seat a place. Agents are rated by whom they finish ahead of.",
    "return": "Each seat gets the sum of its rewards. Agents are ranked by what they earn on average.",
    "score": "One agent, one number: the sum of its rewards. All agents play the same scenarios.",
}
ILLEGAL: Final = {
    "forfeit": "An agent that answers with an illegal action loses the episode.",
    "random": "An illegal action is replaced by a random legal one.",
    "noop": "An illegal action is replaced by doing nothing.",
}
_MOST_NAMES: Final = 4


def page_of(spec: ArenaSpec, *, standings: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return the whole page of an arena as Markdown, from a heading of level 1 down.

    Args:
        spec: the arena.
        standings: for each baseline by name where it stands in competitions, lines of Markdown.
    """
    certificate = find_certificate(spec)
    sheet = certificate.sheet if certificate else None
    sections = (
        f"# {spec.title}\n\n{spec.summary}",
        readme_of(spec),
        seats_section(sheet.seats) if sheet else "",
        counting_section(spec),
        wrappers_section(spec),
        description_section(sheet),
        limits_section(spec),
        baselines_section(spec, standings or {}),
        using_section(spec),
        certificate_section(spec, certificate),
    )
    return "\n\n".join(section.strip() for section in sections if section.strip()) + "\n"


def readme_of(spec: ArenaSpec) -> str:
    """Return what the arena's folder says of it, without its title; empty where there is no README."""
    path = spec.folder / "README.md" if spec.folder else None
    if path is None or not path.is_file():
        return ""
    text = path.read_text(encoding="utf-8", errors="replace").lstrip()
    return text.partition("\n")[2] if text.startswith("# ") else text


def seats_section(seats: Sequence[SeatSheet]) -> str:
    """Return what each kind of seat observes and does."""
    rows = []
    for group in seats:
        names = ", ".join(f"`{name}`" for name in group.names[:_MOST_NAMES])
        more = f" and {len(group.names) - _MOST_NAMES} more" if len(group.names) > _MOST_NAMES else ""
        role = f"{group.role}: " if group.role else ""
        rows.append((f"{role}{names}{more}", _lines(group.observation), _lines(group.action)))
    return "## What an agent sees and does\n\n" + table(("Seats", "Observation", "Action"), rows)


def counting_section(spec: ArenaSpec) -> str:
    """Return what counts, and how a match is made of episodes."""
    lines = [OBJECTIVES[spec.objective]]
    if spec.objective == "score" and spec.statistic == "mean":
        lines.append("They are ranked by the mean of all their episodes.")
    if spec.lineup < spec.seats:
        lines.append(
            f"One agent takes all {spec.seats} seats, in a process each."
            if spec.lineup == 1
            else f"{spec.lineup} agents share the {spec.seats} seats, each seat in a process of its own."
        )
    if spec.swaps_seats and spec.lineup > 1:
        lines.append("A match is played once in each seating of its agents, on the same seed.")
    lines.append(f"An episode is cut off after {spec.max_turns:,} turns.")
    lines.append(ILLEGAL[spec.illegal_action])
    if spec.objective in ("return", "score"):
        lines.append(f"Who forfeits gets {spec.forfeit_score:g}, or its rewards so far if they are less.")
    return "## What counts\n\n" + " ".join(lines)


def wrappers_section(spec: ArenaSpec) -> str:
    """Return the wrappers that belong to the arena; empty where it has none."""
    if not spec.wrappers:
        return ""
    rows = [
        (str(place), f"`{each.name.partition(':')[0]}`", f"`{write_wrapper(each)}`")
        for place, each in enumerate(spec.wrappers, 1)
    ]
    return (
        "## Wrappers\n\nApplied inside the arena in this order; agents see what the last one gives.\n\n"
        + table(("", "Of", "Applied as"), rows)
    )


def description_section(sheet: Sheet | None) -> str:
    """Return the environment's own documentation; empty where it has none."""
    if sheet is None or not sheet.description:
        return ""
    return (
        "## In the words of the environment\n\n"
        f"From the documentation of `{sheet.library}`; it may tell of variants that are other arenas.\n\n"
        + sheet.description
    )


def limits_section(spec: ArenaSpec) -> str:
    """Return what one agent may use."""
    limits = spec.limits
    rows = [
        ("Loading", f"{limits.load_seconds:g} s", "import of agent.py and making the agent, once a match"),
        ("Reset", f"{limits.reset_seconds:g} s", "once an episode"),
        ("A turn", f"{limits.step_seconds:g} s", "one call of act; what goes beyond is spare time"),
        ("Spare time", f"{limits.bank_seconds:g} s", "for the whole match"),
        ("Memory", _size(limits.memory_bytes), "beyond the interpreter and its libraries"),
        ("Scratch space", _size(limits.scratch_bytes), "a private /tmp"),
        ("Threads", str(limits.threads), "agents cannot start processes"),
        ("Log", _size(2 * limits.log_bytes), "the head and the tail of what is printed"),
        ("Upload", _size(limits.package_bytes), f"unpacked {_size(limits.unpacked_bytes)}"),
    ]
    return "## Limits of an agent\n\n" + table(("Limit", "Most", "Of what"), rows)


def baselines_section(spec: ArenaSpec, standings: Mapping[str, Sequence[str]]) -> str:
    """Return the agents that come with the arena, and their ratings where there are any."""
    rows = [(f"`{each.name}`", each.title, each.description) for each in spec.baselines]
    head: tuple[str, ...] = ("Name", "Title", "What it does")
    if standings:
        head = (*head, "Standing")
        places = ["; ".join(standings.get(each.name, ())) or "not rated" for each in spec.baselines]
        return "## Baselines\n\n" + table(head, [(*row, at) for row, at in zip(rows, places, strict=True)])
    return "## Baselines\n\n" + table(head, rows) if rows else ""


def using_section(spec: ArenaSpec) -> str:
    """Return how to make the bare environment and how to play here, with the server's referee."""
    needed = f"{install_line(spec)}\n" if spec.extra else ""
    return (
        "## Use it\n\n```sh\n"
        f"{needed}{first_commands(spec)}\n```\n\n"
        f"The bare environment, without referee and sandbox:\n\n```python\n{making_lines(spec)}\n```"
    )


def certificate_section(spec: ArenaSpec, certificate: Certificate | None) -> str:
    """Return what was checked, when and on what kind of machine."""
    if certificate is None:
        return f"## Certificate\n\nNone yet: `coliseum arena check {spec.id} --keep` makes one."
    forbidden = what_forbids(spec)
    verdict = f"Rated play is closed: {forbidden}." if forbidden else "Rated play is open."
    host = certificate.host
    made = f"Made on {certificate.date[:10]} on {host.get('processor', 'an unknown processor')}."
    rows = [
        (
            check.name.replace("_", " ")
            + ("" if check.ok else ": **failed**" if check.blocks else ": to be known"),
            "" if check.value is None else f"{check.value:.4g}",
            check.detail,
        )
        for check in certificate.checks
    ]
    return f"## Certificate\n\n{verdict} {made}\n\n" + table(("Check", "Value", "Of what"), rows)


def first_commands(spec: ArenaSpec) -> str:
    """Return the three commands from nothing to a match on one's own machine."""
    opponents = " random" * (spec.lineup - 1)
    return (
        f"coliseum new my-agent --arena {spec.id}\n"
        f"coliseum check my-agent --arena {spec.id}\n"
        f"coliseum play {spec.id} my-agent{opponents}"
    )


def making_lines(spec: ArenaSpec) -> str:
    """Return Python that makes the bare environment, with the arena's wrappers."""
    lines = list(_imports(spec))
    lines += [f"{name} import {attribute}" for name, attribute in _wrapper_imports(spec)]
    lines += ["", f"environment = {_making(spec)}"]
    lines += [f"environment = {write_wrapper(wrapper)}" for wrapper in spec.wrappers]
    return "\n".join(lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; bars and line ends in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _lines(lines: Sequence[str]) -> str:
    return "; ".join(lines)


def _size(count: int) -> str:
    return f"{count / MIB:g} MB" if count >= MIB else f"{count / 1024:g} kB"


def _imports(spec: ArenaSpec) -> Iterable[str]:
    module, colon, _ = spec.environment.partition(":")
    if colon:
        yield f"import {module}"
    if spec.kind == "open_spiel":
        yield "import pyspiel"
    elif spec.kind == "gymnasium":
        yield "import gymnasium"
    elif spec.environment.startswith("coliseum/"):
        yield "import arenas  # enters our environments in PettingZoo's registry"
        yield "import pettingzoo"
    elif spec.environment.startswith("mpe2/"):
        yield f"from mpe2 import {_particle_module(spec)}"
    elif not colon:
        yield "import pettingzoo"


def _wrapper_imports(spec: ArenaSpec) -> list[tuple[str, str]]:
    pairs = [wrapper.name.partition(":")[::2] for wrapper in spec.wrappers]
    return [(f"from {module}", attribute) for module, attribute in dict.fromkeys(pairs)]


def _making(spec: ArenaSpec) -> str:
    pairs = ", ".join(f"{name}={value!r}" for name, value in spec.arguments.items())
    after = f", {pairs}" if pairs else ""
    module, colon, attribute = spec.environment.partition(":")
    if colon and attribute.isidentifier():
        return f"{module}.{attribute}({pairs})"
    if spec.kind == "open_spiel":
        return f'pyspiel.load_game("{spec.environment}"{f", {dict(spec.arguments)!r}" if pairs else ""})'
    if spec.kind == "gymnasium":
        return f'gymnasium.make("{attribute or spec.environment}"{after})'
    if spec.environment.startswith("mpe2/"):
        return f"{_particle_module(spec)}.{'env' if spec.kind == 'aec' else 'parallel_env'}({pairs})"
    return f'pettingzoo.make("{spec.kind}", "{attribute or spec.environment}"{after})'


def _particle_module(spec: ArenaSpec) -> str:
    return spec.environment.removeprefix("mpe2/").replace("-v", "_v")
