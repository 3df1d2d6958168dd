"""The parsers of the programs themselves: whether a command that is not executed would be understood."""

import importlib
import re
import shlex
import subprocess
import tomllib
from importlib.util import find_spec

import click
import yaml
from celery.app.utils import find_app
from celery.bin.base import CLIContext
from celery.bin.celery import celery
from django.core.management import CommandError, get_commands, load_command_class
from packaging.requirements import Requirement
from uvicorn.main import main as uvicorn

from tests.documents.reading import ROOT
from workers.cli import cli
from workers.refusals import RefusedError


class UnknownCommandError(AssertionError):
    """A document shows a command that its program does not understand."""


def is_name(text: str) -> bool:
    """Say whether a code span only names a command of ours, as `coliseum host check`: nothing to be typed.

    Raises:
        UnknownCommandError: it names one that is not there.
    """
    words = text.split()
    if words[0] != "coliseum" or any(not re.fullmatch(r"[a-z]+", word) for word in words):
        return False
    group: click.Command = cli
    for count, word in enumerate(words[1:], 1):
        if not isinstance(group, click.Group):
            return False
        try:
            found = group.get_command(click.Context(group), word)
        except (AttributeError, ImportError) as error:
            raise UnknownCommandError(text) from error
        if found is None:
            raise UnknownCommandError(f"There is no `{' '.join(words[: count + 1])}`.")
        group = found
    return True


def check_understood(text: str) -> None:
    """Parse a command by the parser of its own program, and do nothing else.

    Raises:
        UnknownCommandError: it is not understood.
    """
    words = [word for word in shlex.split(text.replace("\\\n", " ")) if word not in {"...", "-"}]
    words = words[: words.index(">")] if ">" in words else words
    while words and re.match(r"[A-Z_]+=", words[0]):
        words.pop(0)
    if "#" in words:
        words = words[: words.index("#")]
    for start, check in _PARSERS.items():
        if words[: len(start)] == list(start):
            check(words[len(start) :])
            return
    raise UnknownCommandError(f"Nobody knows how to look at `{text}` without executing it.")


def _coliseum(words: list[str]) -> None:
    if words[0] in {"up", "token"}:
        _django(words)
        return
    try:
        _click(cli, "coliseum", words)
    except RefusedError as error:
        raise UnknownCommandError(error.message) from error


def _click(command: click.Command, name: str, words: list[str], above: click.Context | None = None) -> None:
    """Parse words down to the last command below a group."""
    try:
        # Without what is above, a command would keep a help option that lacks -h, for all tests to come.
        with command.make_context(name, list(words), parent=above) as context:
            if isinstance(command, click.Group) and context._protected_args:
                called, below, rest = command.resolve_command(
                    context, [*context._protected_args, *context.args]
                )
                if below is None or called is None:
                    raise UnknownCommandError(f"{name} has no {words}")
                _click(below, called, rest, context)
    except click.ClickException as error:
        raise UnknownCommandError(f"{name} {words}: {error.format_message()}") from error
    except click.exceptions.Exit:
        pass  # --help and --version end here.


def _django(words: list[str]) -> None:
    name, *rest = words
    if name not in get_commands():
        raise UnknownCommandError(f"manage.py has no {name}")
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    try:
        command.create_parser("manage.py", name).parse_args(rest)
    except (CommandError, SystemExit) as error:
        raise UnknownCommandError(f"manage.py {words}") from error


def _make(words: list[str]) -> None:
    run = subprocess.run(
        ["make", "-n", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )
    if run.returncode:
        raise UnknownCommandError(f"make {words}: {run.stderr}")


def _module(words: list[str]) -> None:
    """Look for a module that is a program, and for the options where it spells them out."""
    name, *rest = words
    spec = find_spec(name)
    if spec is not None and spec.submodule_search_locations:
        spec = find_spec(f"{name}.__main__")
    if spec is None or spec.origin is None:
        raise UnknownCommandError(f"There is no module {name}")
    with open(spec.origin, encoding="utf-8") as file:
        source = file.read()
    is_program = spec.name.endswith("__main__") or '__name__ == "__main__"' in source
    missing = [word for word in rest if word.startswith("--") and f'"{word.split("=")[0]}"' not in source]
    if not is_program or missing:
        raise UnknownCommandError(f"python -m {name}: is no program, or lacks {missing}")


def _celery(words: list[str]) -> None:
    app, name, *rest = words[words.index("-A") + 1 :]
    context = click.Context(
        celery, info_name="celery", obj=CLIContext(find_app(app), no_color=True, workdir="")
    )
    try:
        celery.commands[name].make_context(name, rest, parent=context)
    except click.ClickException as error:
        raise UnknownCommandError(f"celery {words}: {error.format_message()}") from error


def _uvicorn(words: list[str]) -> None:
    module, _, name = words[0].partition(":")
    if not hasattr(importlib.import_module(module), name):
        raise UnknownCommandError(f"There is no {words[0]}")
    _click(uvicorn, "uvicorn", words)


def _pip(words: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wanted in (Requirement(word) for word in words[1:] if not word.startswith("-")):
        unknown = wanted.extras - set(project["optional-dependencies"])
        if wanted.name == project["name"] and unknown:
            raise UnknownCommandError(f"{wanted.name} has no extras {unknown}")


def _compose(words: list[str]) -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    scaled = [word.partition("=")[0] for word in words if "=" in word]
    named = [word for word in words if word in services]
    if words[0] not in {"up", "exec", "run", "build", "logs", "pull"} or set(scaled) - set(services):
        raise UnknownCommandError(f"docker-compose {words}")
    if words[0] in {"exec", "run"} and not named:
        raise UnknownCommandError(f"docker-compose {words} names none of {sorted(services)}")
    _inside(words, named)


def _inside(words: list[str], named: list[str]) -> None:
    """Parse what a container is told to execute."""
    if named and words[0] in {"exec", "run"} and words[-1] != named[0]:
        rest = words[words.index(named[0]) + 1 :]
        if rest[0] in {"python", "coliseum"}:
            check_understood(shlex.join(rest))


def _nothing_of_ours(words: list[str]) -> None:
    """A system's own program: its options are not ours to break."""


_PARSERS = {
    ("coliseum",): _coliseum,
    ("python", "manage.py"): _django,
    ("python", "-m", "django"): _django,
    ("python", "-m", "celery"): _celery,
    ("python", "-m", "uvicorn"): _uvicorn,
    ("python", "-m"): _module,
    ("python", "reproduce.py"): _nothing_of_ours,
    ("make",): _make,
    ("pip",): _pip,
    ("docker-compose",): _compose,
    ("apt-get",): _nothing_of_ours,
    ("nginx",): _nothing_of_ours,
    ("pg_dump",): _nothing_of_ours,
    ("systemctl",): _nothing_of_ours,
}
