"""`coliseum bench`: how fast the engine is here, as a ratio."""

import click

from workers.bench import WORKLOADS, machine
from workers.cli.output import say, show_json
from workers.refusals import RefusedError


@click.command()
@click.argument("name", required=False)
@click.option("--list", "as_list", is_flag=True, help="Name the workloads.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench(name: str | None, as_list: bool, as_json: bool) -> None:
    """Measure workload NAME with the sandbox fully on, against a bare loop in the same run."""
    if as_list or not name:
        if as_json:
            show_json({"items": list(WORKLOADS)})
        else:
            click.echo("\n".join(WORKLOADS))
        return
    if name not in WORKLOADS:
        raise RefusedError("cli.usage", problem=f"No workload {name!r}. There are: {', '.join(WORKLOADS)}.")
    row = WORKLOADS[name]().as_row()
    if as_json:
        show_json(row)
        return
    click.echo(
        f"{row['name']}: {row['rate']} {row['unit']} sandboxed, {row['bare_rate']} bare, ratio {row['ratio']}"
    )
    say(machine())
