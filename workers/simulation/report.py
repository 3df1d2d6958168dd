"""What a simulation found, as JSON and as the tables of docs/evaluation.md."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, TypeAlias

from workers.simulation.experiments import CROWD, CROWD_SAYS, OURS, Finding, extremes, total
from workers.simulation.gates import Curves, Gate, judge_gates
from workers.simulation.profiles import Profile
from workers.simulation.worlds import WORLDS

Row: TypeAlias = Mapping[str, Any]  # Any: rows as they are printed as JSON.
_SHOWN: Final = (16, 32, 64, 128, 256, 512, 1024)
_SAYS: Final = {**{name: recipe.says for name, recipe in WORLDS.items()}, CROWD: CROWD_SAYS}


def as_object(findings: Sequence[Finding], profile: Profile) -> dict[str, Any]:  # Any: JSON.
    """Return the object of `coliseum simulate --json`.

    Episodes count, not matches: a match of two seats is two episodes. A null is a tau that was never reached.
    """
    curves = Curves(findings)
    worlds = {world: _curve(curves, OURS, world) for world in _SAYS if curves.has([world])}
    others = sorted({engine for engine, _ in curves.steps} - {OURS})
    reference = {
        engine: {world: _curve(curves, engine, world) for world in _SAYS if curves.has([world], engine)}
        for engine in others
    }
    return {
        "profile": profile.name,
        "agents": profile.agents,
        "replicates": max(curves.replicates.values(), default=0),
        "episodes": profile.episodes,
        "worlds": worlds,
        "reference": reference,
        "gates": [asdict(gate) for gate in judge_gates(findings, profile)],
        "notes": _notes(findings),
    }


def as_markdown(found: Row) -> str:
    """Return the tables of one simulation, from its JSON object."""
    head = (
        f"Profile `{found['profile']}`: {found['agents']} agents, {found['replicates']} replicates of each "
        f"world, {found['episodes']} episodes per agent."
    )
    parts = [head, "### Gates", _gate_table(found["gates"])]
    if found["worlds"]:
        parts += ["### Episodes per agent to tau .90 / .95", _speed_table(found)]
        parts += ["### Coverage of 95 % intervals, by episodes per agent", _coverage_table(found)]
    if found["notes"]:
        parts += [
            "### Beside the gates",
            "\n".join(f"- {name}: {value}" for name, value in found["notes"].items()),
        ]
    return "\n\n".join(parts)


def verdict(gates: Sequence[Gate] | Sequence[Row]) -> str:
    """Return how many gates hold."""
    rows = [gate if isinstance(gate, Mapping) else asdict(gate) for gate in gates]
    return f"{sum(bool(row['ok']) for row in rows)} of {len(rows)} gates hold"


def _curve(curves: Curves, engine: str, world: str) -> dict[str, Any]:
    steps = curves.steps[engine, world]
    return {
        "matches_to_tau90": curves.reached(engine, world, 0.90),
        "matches_to_tau95": curves.reached(engine, world, 0.95),
        "tau": {str(step.episodes): round(step.tau, 4) for step in steps},
        "coverage": {
            str(step.episodes): round(step.coverage, 4) for step in steps if step.coverage is not None
        },
        "replicates": curves.replicates[engine, world],
    }


def _notes(findings: Sequence[Finding]) -> dict[str, str]:
    notes: dict[str, str] = {}
    if any("lifted" in each.ranges for each in findings):
        lifted = extremes(findings, "lifted")[0]
        notes["place of the 13th if its clones could meet and lose to it"] = f"{lifted:.0f}"
    if any("gifts" in each.ranges for each in findings):
        low, high = extremes(findings, "gifts")
        notes["what a forfeit at step 0 gave the winner, in wins"] = f"{low:.3f} to {high:.3f}"
    if settled := total(findings, "settled"):
        notes["finals settled before 600 episodes of a finalist"] = f"{settled.hits:.0f} of {settled.trials}"
        length = total(findings, "final episodes")
        notes["episodes of a finalist, on average"] = f"{length.share:.0f}"
    for name, says in (("sure", "claims of at least .95"), ("likely", "claims of .85 to .95")):
        if counted := total(findings, name):
            notes[f"{says}, counted at 128 episodes"] = f"{counted.trials:,}"
    return notes


def _gate_table(gates: Sequence[Row]) -> str:
    rows = [
        [gate["name"], gate["goal"], _number(gate["got"]), "yes" if gate["ok"] else "**no**"]
        for gate in gates
    ]
    return _table(["gate", "goal", "got", "holds"], rows)


def _speed_table(found: Row) -> str:
    engines = [(OURS, found["worlds"]), *found["reference"].items()]
    rows = [
        [
            f"{world}: {_SAYS[world]}",
            *(_reached(curves[world]) if world in curves else "" for _, curves in engines),
        ]
        for world in found["worlds"]
    ]
    return _table(["world", *(name for name, _ in engines)], rows)


def _coverage_table(found: Row) -> str:
    looks = [str(look) for look in _SHOWN if look <= found["episodes"]]
    engines = [(OURS, found["worlds"]), *found["reference"].items()]
    rows = [
        [world, name, *(_share(curves[world]["coverage"].get(look)) for look in looks)]
        for world in found["worlds"]
        for name, curves in engines
        if world in curves and curves[world]["coverage"]
    ]
    return _table(["world", "engine", *looks], rows)


def _reached(curve: Row) -> str:
    parts = [curve["matches_to_tau90"], curve["matches_to_tau95"]]
    return " / ".join("never" if part is None else f"{part:.0f}" for part in parts)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".removeprefix("0")


def _number(value: float | None) -> str:
    return "never" if value is None else f"{value:.4g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
