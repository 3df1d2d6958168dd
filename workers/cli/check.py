"""`coliseum check`: the server's validation ladder, offline."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import click

from arenas.spec import ArenaSpec
from workers.cli.output import say, show_json, show_line
from workers.errors import MatchError
from workers.inspection import InspectionError, inspect_in_child
from workers.local import LocalArena, find_agent, find_arena
from workers.refusals import Exit, RefusedError
from workers.spec import Check, LimitsSpec
from workers.staging import package_limits, staged
from workers.validation import Candidate, Ladder


@click.command()
@click.argument("path")
@click.option("--arena", required=True, help="Id of the arena, as connect_four-v3.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option(
    "--agent-seed",
    default=0,
    type=click.IntRange(0, 2**31 - 1),
    help="What the agent's own generators are set from.",
)
@click.option(
    "--limit", "changed", multiple=True, help="A limit that a competition changes: --limit step_seconds=0.5."
)
@click.option("--unsandboxed-i-wrote-this-agent", "unsandboxed", is_flag=True, help="No sandbox at all.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(
    path: str,
    arena: str,
    seed: int,
    agent_seed: int,
    changed: tuple[str, ...],
    unsandboxed: bool,
    as_json: bool,
) -> None:
    """Test the agent at PATH (a .py file, an .onnx model, a folder, or a zip) as the server will.

    Runs static inspection, start, self-play in every seat, and a match against random. Exit status 0 if
    all is well, 6 if the agent would be rejected.
    """
    spec = find_arena(arena)
    agent = find_agent(spec, path)
    steps = run_checks(
        limited(spec, _given(changed)),
        Candidate(agent.package, agent.file_name, seed, agent_seed),
        unsandboxed=unsandboxed,
        on_check=(lambda _: None) if as_json else show_step,
    )
    is_good = all(step.ok for step in steps)
    if as_json:
        show_json({"ok": is_good, "steps": [_row(step) for step in steps]})
    else:
        say("Ready to submit." if is_good else "The server would reject this agent.")
    click.get_current_context().exit(Exit.DONE if is_good else Exit.FAILED_VALIDATION)


def run_checks(
    spec: ArenaSpec,
    agent: Candidate,
    *,
    unsandboxed: bool = False,
    on_check: Callable[[Check], None] = lambda _: None,
) -> list[Check]:
    """Return the steps of the validation ladder, up to the first that fails.

    Raises:
        RefusedError: `cli.cannot_play` where the sandbox or the arena is not to be had here, or failed.
    """
    steps: list[Check] = []

    def keep(step: Check) -> None:
        steps.append(step)
        on_check(step)

    inspected = _inspect(agent, spec)
    keep(inspected)
    if inspected.ok:
        try:
            with LocalArena.open(spec, unsandboxed=unsandboxed) as local:
                ladder = Ladder(spec, local.environments, local.launcher, spec.limits, keep)
                ladder.climb(agent)
        except MatchError as error:
            raise RefusedError("cli.cannot_play", problem=str(error)) from error
    return steps


def limited(spec: ArenaSpec, changed: Mapping[str, float]) -> ArenaSpec:
    """Return an arena with other limits, in seconds and bytes by name; unknown names are left out."""
    limits = {
        name: type(getattr(spec.limits, name))(value)
        for name, value in changed.items()
        if hasattr(spec.limits, name)
    }
    return replace(spec, limits=replace(spec.limits, **limits))


def _given(changed: tuple[str, ...]) -> dict[str, float]:
    """Return what was given as NAME=VALUE.

    Raises:
        RefusedError: `cli.usage` for an unknown name or what is no positive number.
    """
    known, found = LimitsSpec.__struct_fields__, {}
    for text in changed:
        name, _, value = text.partition("=")
        try:
            amount = float(value)
        except ValueError:
            amount = 0.0
        if name not in known or not 0 < amount < float("inf"):
            wanted = f"--limit takes NAME=NUMBER, with one of {', '.join(known)}; got {text[:60]!r}."
            raise RefusedError("cli.usage", problem=wanted)
        found[name] = amount
    return found


def _inspect(agent: Candidate, spec: ArenaSpec) -> Check:
    started = time.monotonic()
    try:
        with staged(agent.package) as file:
            package = inspect_in_child(
                file, file_name=agent.file_name, limits=package_limits(spec.limits), arena=spec.id
            )
    except RefusedError as error:
        return Check("inspect", False, error.code, error.message, error.hint, time.monotonic() - started)
    except (InspectionError, OSError) as error:
        raise RefusedError("cli.cannot_play", problem=f"The inspection failed: {error}") from error
    what = f"{len(package.files)} files" if len(package.files) > 1 else "one file"
    message = f"{what}, {package.size_bytes:,} bytes, {package.entry_point} found."
    return Check("inspect", True, "ok", message, "", round(time.monotonic() - started, 4))


def _row(step: Check) -> dict[str, object]:
    return {
        "name": step.name,
        "ok": step.ok,
        "code": step.code,
        "message": step.message,
        "hint": step.hint,
        "seconds": round(step.seconds, 4),
        "evidence": step.evidence,
    }


def show_step(step: Check) -> None:
    """Print a step, and for one that failed its code, what to do and what was seen."""
    mark = "ok  " if step.ok else "FAIL"
    show_line(f"{mark} {step.name:<14} {step.seconds:6.2f} s  {step.message}")
    if not step.ok:
        show_line(f"     [{step.code}] {step.hint}")
        for line in step.evidence.splitlines():
            show_line(f"     | {line}")
