"""`coliseum arenas`: what can be played."""

import click

from arenas import registry
from arenas.certifying.certificate import what_forbids
from arenas.extras import is_installed
from arenas.pages import page_of
from arenas.spec import ArenaSpec
from workers.cli.output import show_json, show_table
from workers.local import find_arena

_COLUMNS = ("id", "kind", "seats", "lineup", "objective", "extra", "installed", "certified", "baselines")


@click.command()
@click.argument("arena", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def arenas(arena: str | None, as_json: bool) -> None:
    """List the arenas, or show ARENA."""
    specs = [find_arena(arena)] if arena else [registry.get(name) for name in registry.names()]
    rows = [_row(spec) for spec in specs]
    if as_json:
        show_json({"items": rows})
    elif arena:
        click.echo(page_of(specs[0]))
    else:
        show_table(rows, _COLUMNS)


def _row(spec: ArenaSpec) -> dict[str, object]:
    return {
        "id": spec.id,
        "kind": spec.kind,
        "seats": spec.seats,
        "lineup": spec.lineup,
        "objective": spec.objective,
        "extra": spec.extra,
        "installed": is_installed(spec),
        "certified": not what_forbids(spec),
        "baselines": ", ".join(baseline.name for baseline in spec.baselines),
    }
