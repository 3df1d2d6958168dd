"""`coliseum new`: a folder with an agent that works, to start from."""

import shutil
from pathlib import Path

import click

from workers.cli.output import say, show_json
from workers.local import find_arena
from workers.refusals import RefusedError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--arena", required=True, help="Id of the arena, as connect_four-v3.")
@click.option(
    "--baseline", default="", help="Which of the arena's agents to start from; its scripted one if left out."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def new(folder: Path, arena: str, baseline: str, as_json: bool) -> None:
    """Make FOLDER with a working agent for an arena: a copy of one of its baselines."""
    spec = find_arena(arena)
    choices = [each.name for each in spec.baselines]
    wanted = baseline or next((name for name in choices if name != "random"), choices[0])
    if wanted not in choices:
        raise RefusedError(
            "cli.usage", problem=f"{spec.id} has no baseline {wanted!r}: {', '.join(choices)}."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError("cli.usage", problem=f"{folder} is there already; choose a new folder.")
    source = next(each.path for each in spec.baselines if each.name == wanted)
    try:
        files = _copy(source, folder)
    except OSError as error:
        raise RefusedError("cli.usage", problem=f"{folder} cannot be written: {error.strerror}.") from error
    if as_json:
        show_json({"folder": str(folder), "arena": spec.id, "baseline": wanted, "files": files})
        return
    say(f"{folder} holds a copy of {wanted}: {', '.join(files)}. Now:")
    click.echo(f"  coliseum check {folder} --arena {spec.id}")
    click.echo(f"  coliseum play {spec.id} {folder} {' '.join(['random'] * (spec.lineup - 1))}".rstrip())


def _copy(source: Path, folder: Path) -> list[str]:
    """Copy a baseline's files; return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copyfile(source, folder / "agent.py")
        return ["agent.py"]
    names = sorted(each.name for each in source.iterdir() if each.is_file() and each.suffix != ".pyc")
    for name in names:
        shutil.copyfile(source / name, folder / name)
    return names
