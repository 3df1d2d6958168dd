"""`coliseum arenas`: what can be played."""

import click

from arenas import registry
from workers.cli.output import show_json, show_table
from workers.local import find_arena


@click.command()
@click.argument("arena", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def arenas(arena: str | None, as_json: bool) -> None:
    """List the arenas, or show ARENA."""
    specs = [find_arena(arena)] if arena else [registry.get(name) for name in registry.names()]
    rows = [
        {
            "id": spec.id,
            "kind": spec.kind,
            "seats": spec.seats,
            "lineup": spec.lineup,
            "objective": spec.objective,
            "baselines": ", ".join(baseline.name for baseline in spec.baselines),
        }
        for spec in specs
    ]
    if as_json:
        show_json({"items": rows})
    elif arena and specs[0].folder and (specs[0].folder / "README.md").exists():
        click.echo((specs[0].folder / "README.md").read_text(encoding="utf-8"))
    else:
        show_table(rows, list(rows[0]))
