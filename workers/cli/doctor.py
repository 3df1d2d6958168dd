"""`coliseum doctor`: what this machine can do, proved."""

import platform
from importlib.metadata import version

import click

from arenas import registry
from workers.cli.output import show_json, show_line
from workers.errors import MatchError
from workers.referee_process import RefereeProcess
from workers.sandbox.selftest import describe_host
from workers.spec import Isolation

FAILED = 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Check Python, arenas and the sandbox; prove on this host that its walls hold."""
    checks = [
        _check(
            "python",
            tuple(map(int, platform.python_version_tuple()[:2])) >= (3, 11),
            platform.python_version(),
        ),
        *_arena_checks(),
    ]
    isolation = Isolation.NONE
    try:
        with RefereeProcess(minimum=Isolation.LANDLOCK_SECCOMP, cpu=None, selftest=True) as referee:
            isolation = referee.hello.isolation
            checks.append(_check("sandbox", True, f"level {isolation.value}: {isolation.label}"))
            checks += [
                _check(f"sandbox: {probe.name}", probe.ok, f"expected {probe.expected}, got {probe.got}")
                for probe in referee.hello.probes
            ]
            checks.append(_check("speed", True, f"{referee.hello.speed:g} of the reference machine"))
    except MatchError as error:
        checks.append(_check("sandbox", False, str(error)))
    is_well = all(check["ok"] for check in checks)
    if as_json:
        host = {key: value for key, value in describe_host().items()}
        show_json({"ok": is_well, "isolation": isolation.value, "checks": checks, "host": host})
    else:
        for check in checks:
            show_line(f"{'ok  ' if check['ok'] else 'FAIL'} {check['name']:<34} {check['detail']}")
    context.exit(0 if is_well else FAILED)


def _check(name: str, ok: bool, detail: str) -> dict[str, object]:
    return {"name": name, "ok": ok, "detail": detail}


def _arena_checks() -> list[dict[str, object]]:
    found = [_check("arenas", bool(registry.names()), f"{len(registry.names())} arenas")]
    found += [_check("plug-in", False, str(problem)) for problem in registry.problems()]
    found.append(_check("coliseum", True, version("coliseum-rl")))
    return found
