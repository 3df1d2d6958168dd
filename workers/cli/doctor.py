"""`coliseum doctor`: what this machine can do, proved."""

import platform
from collections.abc import Iterator
from importlib.metadata import version

import click
import msgspec

from arenas import registry
from arenas.certifying.certificate import what_forbids
from arenas.extras import is_installed
from workers.cli.output import show_json, show_line
from workers.errors import MatchError
from workers.referee_process import RefereeProcess
from workers.sandbox.host import HostReport, describe_host
from workers.spec import Isolation

FAILED = 1
_NAMED = 8


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
            walls = referee.hello.confinement or "confined: no network, no programs, no files but code"
            checks.append(_check("referee", referee.hello.confined, walls))
            checks.append(_check("speed", True, f"{referee.hello.speed:g} of the reference machine"))
    except MatchError as error:
        checks.append(_check("sandbox", False, str(error)))
    is_well = all(check["ok"] for check in checks)
    host = describe_host()
    if as_json:
        told = msgspec.to_builtins(host)
        show_json({"ok": is_well, "isolation": isolation.value, "checks": checks, "host": told})
    else:
        for check in checks:
            show_line(f"{'ok  ' if check['ok'] else 'FAIL'} {check['name']:<34} {check['detail']}")
        for name, detail in _told(host):
            show_line(f"     {name:<34} {detail}")
        for remedy in host.remedies:
            show_line(f"     remedy: {remedy}")
    context.exit(0 if is_well else FAILED)


def _check(name: str, ok: bool, detail: str) -> dict[str, object]:
    return {"name": name, "ok": ok, "detail": detail}


def _told(host: HostReport) -> Iterator[tuple[str, str]]:
    """What the host is and offers, as names and details; nothing here is good or bad by itself."""
    yield "kernel", f"{host.kernel} on {host.machine}"
    yield "landlock", f"version {host.landlock}" if host.landlock else "none"
    yield "user namespaces", "can be made" if host.user_namespaces else "refused"
    yield "control groups", host.cgroups if host.cgroups != "none" else "none that this user may make"
    for report in host.levels:
        has = "yes" if report.offered else "no"
        yield f"level {int(report.level)}: {report.label}", f"{has}, {report.how}"
    for limit, wall in host.enforced_by.items():
        second = host.second_wall.get(limit)
        yield f"limit of {limit}", f"{wall}, then {second}" if second else wall


def _arena_checks() -> list[dict[str, object]]:
    found = [_check("arenas", bool(registry.names()), f"{len(registry.names())} arenas")]
    found += [_check("plug-in", False, str(problem)) for problem in registry.problems()]
    found.append(_check("certificates", True, _uncertified()))
    found.append(_check("coliseum", True, version("coliseum-rl")))
    return found


def _uncertified() -> str:
    """Name the arenas that can be played here but not for a rating."""
    specs = [spec for name in registry.names() if is_installed(spec := registry.get(name))]
    without = [spec.id for spec in specs if what_forbids(spec)]
    if not without:
        return f"all {len(specs)} arenas that are installed have one that holds"
    more = f" and {len(without) - _NAMED} more" if len(without) > _NAMED else ""
    return (
        f"none that holds: {', '.join(without[:_NAMED])}{more}; coliseum arena check ARENA --keep makes one"
    )
