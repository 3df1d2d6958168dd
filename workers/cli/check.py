"""`coliseum check`: the server's validation ladder, offline."""

import time

import click

from arenas.spec import ArenaSpec
from workers.cli.output import say, show_json, show_line
from workers.errors import MatchError
from workers.inspection import InspectionError, inspect_in_child
from workers.local import LocalAgent, LocalArena, find_agent, find_arena
from workers.refusals import Exit, RefusedError
from workers.spec import Check
from workers.staging import package_limits, staged
from workers.validation import Candidate, Ladder


@click.command()
@click.argument("path")
@click.option("--arena", required=True, help="Id of the arena, as connect_four-v3.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option("--unsandboxed-i-wrote-this-agent", "unsandboxed", is_flag=True, help="No sandbox at all.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def check(context: click.Context, path: str, arena: str, seed: int, unsandboxed: bool, as_json: bool) -> None:
    """Test the agent at PATH (a .py file, an .onnx model, a folder, or a zip) as the server will.

    Runs static inspection, start, self-play in every seat, and a match against random. Exit status 0 if
    all is well, 6 if the agent would be rejected.
    """
    spec = find_arena(arena)
    steps: list[Check] = []

    def on_check(step: Check) -> None:
        steps.append(step)
        if not as_json:
            _show(step)

    agent = find_agent(spec, path)
    inspected = _inspect(agent, spec)
    on_check(inspected)
    if inspected.ok:
        try:
            with LocalArena.open(spec, unsandboxed=unsandboxed) as local:
                ladder = Ladder(spec, local.environments, local.launcher, spec.limits, on_check)
                ladder.climb(Candidate(agent.package, agent.file_name, seed))
        except MatchError as error:
            raise RefusedError("cli.cannot_play", problem=str(error)) from error
    is_good = all(step.ok for step in steps)
    if as_json:
        show_json({"ok": is_good, "steps": [_row(step) for step in steps]})
    else:
        say("Ready to submit." if is_good else "The server would reject this agent.")
    context.exit(Exit.DONE if is_good else Exit.FAILED_VALIDATION)


def _inspect(agent: LocalAgent, spec: ArenaSpec) -> Check:
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


def _show(step: Check) -> None:
    mark = "ok  " if step.ok else "FAIL"
    show_line(f"{mark} {step.name:<14} {step.seconds:6.2f} s  {step.message}")
    if not step.ok:
        show_line(f"     [{step.code}] {step.hint}")
        for line in step.evidence.splitlines():
            show_line(f"     | {line}")
