"""`coliseum up`, `worker`, `token`: commands of the server, handed to the site's own programs."""

import importlib.util
import os
import sys
from collections.abc import Sequence

import click
import msgspec

from arenas.spec import MIB
from workers.cli.output import show_json, show_line
from workers.errors import IsolationError
from workers.refusals import RefusedError
from workers.sandbox.contained import SandboxSettings

_PASS_ON = {"ignore_unknown_options": True, "help_option_names": []}


def _hand_over(*arguments: str) -> None:
    """Become another program: it gets our signals and its exit status is ours."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", *arguments])  # noqa: S606 - our own programs


def _need(module: str, extra: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise RefusedError("cli.extra_missing", extra=extra)


def _django(command: str, arguments: Sequence[str]) -> None:
    _need("django", "platform")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coliseum.settings")
    _hand_over("django", command, *arguments)


@click.command(context_settings=_PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def up(arguments: tuple[str, ...]) -> None:
    """Start the whole site on this machine (SQLite, embedded queue)."""
    _django("up", arguments)


@click.command(context_settings=_PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def token(arguments: tuple[str, ...]) -> None:
    """Make or list API tokens: token create --user NAME --scope submit."""
    _django("token", arguments)


@click.group(invoke_without_command=True)
@click.option("--slots", default=len(os.sched_getaffinity(0)), show_default=True, type=click.IntRange(1, 512))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object before it starts.")
@click.pass_context
def worker(context: click.Context, slots: int, as_json: bool) -> None:
    """Start a match worker for the queue at COLISEUM_BROKER_URL."""
    if context.invoked_subcommand is not None:
        return
    _need("celery", "worker")
    if not os.environ.get("COLISEUM_BROKER_URL"):
        raise RefusedError("cli.usage", problem="Set COLISEUM_BROKER_URL to the address of the queue.")
    if as_json:
        show_json({"queue": "matches", "slots": slots})
    _hand_over(
        *("celery", "-A", "workers.celery_app", "worker", "-Q", "matches", "-c", str(slots)),
        *("-n", "matches@%h", "--without-gossip", "--without-mingle", "--loglevel", "info"),
    )


@worker.command()
@click.option("--prune", is_flag=True, help="Then remove the images of other versions that nothing uses.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def image(prune: bool, as_json: bool) -> None:
    """Build the image of the agents' containers from this installation, if the daemon has it not yet.

    Workers with COLISEUM_SANDBOX=docker or gvisor do so by themselves at their first start.
    """
    _need("docker", "docker")
    try:
        settings = SandboxSettings.of(os.environ)
        built = importlib.import_module("workers.sandbox.image").provide_image(
            settings.docker_host, prune=prune
        )
    except IsolationError as error:
        raise RefusedError("cli.cannot_play", problem=str(error)) from error
    if as_json:
        show_json(msgspec.to_builtins(built))
        return
    show_line(
        f"{built.tag}: {built.size_bytes / MIB:.0f} MiB, {'built' if built.is_new else 'already there'}"
    )
    if prune:
        show_line(f"{built.removed} of other versions removed")
