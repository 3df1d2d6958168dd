"""`coliseum bench`: how fast the engine is here, as a ratio."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import click

from workers.bench.catalogue import GROWTH, SAYS, WORKLOADS, machine
from workers.bench.growth import MATCHES, measure_growth
from workers.bench.measuring import ROUND_SECONDS, ROUNDS, Options, measure
from workers.bench.report import results_section, write_section
from workers.cli.output import say, show_json
from workers.errors import MatchError
from workers.refusals import RefusedError

_ALL = "all"

Row: TypeAlias = Mapping[str, Any]  # Any: rows as they are printed as JSON.


@click.command()
@click.argument("name", required=False)
@click.option("--list", "as_list", is_flag=True, help="Name the workloads.")
@click.option("--rounds", default=ROUNDS, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--seconds",
    default=ROUND_SECONDS,
    show_default=True,
    type=click.FloatRange(0.001, 3600),
    help="Of each variant in each round.",
)
@click.option(
    "--matches",
    default=MATCHES,
    show_default=True,
    type=click.IntRange(24, 10_000_000),
    help="Played for the laws over matches.",
)
@click.option(
    "--repeat", default=1, show_default=True, type=click.IntRange(1, 99), help="Runs, one after another."
)
@click.option(
    "--kaggle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Python that has kaggle-environments, to compare with.",
)
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Write the results section of this Markdown file, such as docs/benchmarks.md.",
)
@click.option("--markdown", is_flag=True, help="Print that section.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench(
    name: str | None,
    as_list: bool,
    rounds: int,
    seconds: float,
    matches: int,
    repeat: int,
    kaggle: Path | None,
    into: Path | None,
    markdown: bool,
    as_json: bool,
) -> None:
    """Measure workload NAME with the sandbox fully on, against a bare loop in the same run; `all` takes each.

    Nothing else should run meanwhile; what counts are the ratios.
    """
    if as_list or not name:
        if as_json:
            show_json({"items": list(SAYS)})
        else:
            click.echo("\n".join(f"{each:22} {says}" for each, says in SAYS.items()))
        return
    if name not in (*SAYS, _ALL):
        raise RefusedError(
            "cli.usage", problem=f"No workload {name!r}. There are: {', '.join((*SAYS, _ALL))}."
        )
    machines: list[Row] = []
    runs: list[list[Row]] = []
    laws: list[Row] = []
    try:
        for _ in range(repeat):
            machines.append(machine())
            runs.append(_measured(name, rounds, seconds, Options(kaggle=kaggle)))
        if name in (GROWTH, _ALL):
            for law in measure_growth(rounds=rounds, seconds=seconds, matches=matches):
                laws.append(law.as_row())
                _say_law(laws[-1])
    except MatchError as error:
        raise RefusedError("cli.cannot_play", problem=str(error)) from error
    section = results_section(runs, laws, machines)
    if into:
        write_section(into, section)
    if markdown:
        click.echo(section)
    if as_json:
        _show_json(name, runs, laws, machines)


def _measured(name: str, rounds: int, seconds: float, options: Options) -> list[Row]:
    """Measure what NAME says, and tell the person each result as it comes."""
    rows: list[Row] = []
    for workload in WORKLOADS.values() if name == _ALL else filter(None, [WORKLOADS.get(name)]):
        row = measure(workload, rounds=rounds, seconds=seconds, options=options).as_row()
        say(
            f"{row['name']}: {row['rate']} {row['unit']} sandboxed, {row['bare_rate']} bare, "
            f"ratio {row['ratio']} ({row['min']} to {row['max']})"
        )
        rows.append(row)
    return rows


def _say_law(law: Row) -> None:
    verdict = "holds" if law["ok"] else "does not hold"
    slope = "lost in the noise" if law["slope"] is None else law["slope"]
    say(f"{law['name']}: slope {slope}, at most {law['bound']}: {verdict}")


def _show_json(
    name: str, runs: Sequence[Sequence[Row]], laws: Sequence[Row], machines: Sequence[Row]
) -> None:
    if name in WORKLOADS and len(runs) == 1:
        show_json({**runs[0][0], "machine": machines[0]})
    elif name == GROWTH:
        show_json({"name": GROWTH, "laws": list(laws), "machine": machines[0]})
    else:
        items = [{**row, "run": number} for number, rows in enumerate(runs, 1) for row in rows]
        show_json({"items": items, "laws": list(laws), "machines": list(machines)})
