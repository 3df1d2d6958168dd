"""`coliseum new`: a folder with an agent that works, to start from."""

import shutil
from contextlib import closing
from pathlib import Path

import click

from arenas.errors import ArenaError
from arenas.spec import ArenaSpec
from workers.cli.output import say, show_json
from workers.local import find_arena
from workers.refusals import RefusedError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--arena", required=True, help="Id of the arena, as connect_four-v3.")
@click.option(
    "--baseline", default="", help="Which of the arena's agents to start from; its scripted one if left out."
)
@click.option("--onnx", "is_model", is_flag=True, help="An ONNX model without code instead of Python.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def new(folder: Path, arena: str, baseline: str, is_model: bool, as_json: bool) -> None:
    """Make FOLDER with a working agent for an arena: a copy of one of its baselines, or a model."""
    spec = find_arena(arena)
    if is_model and baseline:
        raise RefusedError("cli.usage", problem="--onnx starts from no baseline; leave one of the two out.")
    choices = [each.name for each in spec.baselines]
    wanted = baseline or next((name for name in choices if name != "random"), choices[0])
    if wanted not in choices:
        raise RefusedError(
            "cli.usage", problem=f"{spec.id} has no baseline {wanted!r}: {', '.join(choices)}."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError("cli.usage", problem=f"{folder} is there already; choose a new folder.")
    source = next(each.path for each in spec.baselines if each.name == wanted)
    made = _model(spec) if is_model else {}
    try:
        files = _write(made, folder) if is_model else _copy(source, folder)
    except OSError as error:
        raise RefusedError("cli.usage", problem=f"{folder} cannot be written: {error.strerror}.") from error
    if as_json:
        start = {"model": True} if is_model else {"baseline": wanted}
        show_json({"folder": str(folder), "arena": spec.id, **start, "files": files})
        return
    what = "an untrained model that fits" if is_model else f"a copy of {wanted}"
    say(f"{folder} holds {what}: {', '.join(files)}. Now:")
    click.echo(f"  coliseum check {folder} --arena {spec.id}")
    click.echo(f"  coliseum play {spec.id} {folder} {' '.join(['random'] * (spec.lineup - 1))}".rstrip())


def _model(spec: ArenaSpec) -> dict[str, bytes]:
    """Return the files of a model that fits the arena.

    Raises:
        RefusedError: `cli.cannot_play`, or that no model can play there.
    """
    # Models and environments need libraries that no other start waits for.
    from arenas.adapters import open_arena
    from workers.nocode.fitting import spaces_of
    from workers.nocode.template import make_template

    try:
        with closing(open_arena(spec)) as adapter:
            return make_template(spaces_of(spec, adapter.observation_schemas, adapter.action_schemas))
    except ArenaError as error:
        raise RefusedError("cli.cannot_play", problem=str(error)) from error


def _write(made: dict[str, bytes], folder: Path) -> list[str]:
    """Write files; return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return sorted(made)


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
