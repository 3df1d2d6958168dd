"""`coliseum simulate`: the league's engine in worlds whose truth is known, and what a season will give."""

import os
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import click
import numpy as np

from workers.bench.report import write_section
from workers.cli.output import say, show_json
from workers.cli.processes import in_processes
from workers.refusals import RefusedError
from workers.simulation import (
    PROFILES,
    Finding,
    Job,
    Season,
    SeasonError,
    as_markdown,
    as_object,
    forecast,
    jobs,
    read_season,
    run,
    summarise,
)
from workers.simulation.experiments import CROWD
from workers.simulation.report import verdict
from workers.simulation.trials import speed_case
from workers.simulation.worlds import WORLDS

MARKS: Final = ("<!-- results: written by coliseum simulate --into -->", "<!-- end of results -->")
_MOST_FILE_BYTES: Final = 65_536
_SPEED_RUNS: Final = 3
_Object: TypeAlias = dict[str, Any]  # Any: as printed as JSON.


@click.command()
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="fast", show_default=True)
@click.option(
    "--season",
    "season_file",
    type=click.Path(path_type=Path),
    help="A season file instead: rank error, hours of machine, bytes.",
)
@click.option("--world", "worlds", multiple=True, help="Only this world (W1 to W8, N4); may be repeated.")
@click.option(
    "--replicates", type=click.IntRange(1, 1000), help="Leagues of each world; the profile's if left out."
)
@click.option(
    "--processes", type=click.IntRange(1, 256), help="At once; as many as there are cores if left out."
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0, 2**32 - 1), help="Of all chance."
)
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Write the results section of this Markdown file, such as docs/evaluation.md.",
)
@click.option("--markdown", is_flag=True, help="Print that section.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate(
    profile: str,
    season_file: Path | None,
    worlds: tuple[str, ...],
    replicates: int | None,
    processes: int | None,
    seed: int,
    into: Path | None,
    markdown: bool,
    as_json: bool,
) -> None:
    """Let the league's engine rate and pair agents whose true strength is known, and compare.

    The fast profile takes one or two minutes of a core, the full one half an hour.
    """
    at_once = processes or os.cpu_count() or 1
    if season_file:
        _show_season(_season(season_file, replicates), at_once, as_json)
        return
    unknown = [world for world in worlds if world not in (*WORLDS, CROWD)]
    if unknown:
        known = ", ".join((*WORLDS, CROWD))
        raise RefusedError("cli.usage", problem=f"No world {unknown[0]!r}. There are: {known}.")
    sizes = PROFILES[profile]
    if replicates:
        sizes = replace(sizes, replicates=replicates)
    wanted: list[Callable[[], Finding]] = [
        partial(run, job) for job in jobs(sizes, seed=seed, worlds=worlds, with_trials=not worlds)
    ]
    wanted += [partial(timed, agents, seed) for agents in (() if worlds else sizes.speeds)]
    found = as_object(in_processes(wanted, at_once), sizes)
    section = as_markdown(found)
    if into:
        write_section(into, section, marks=MARKS)
    if as_json:
        show_json(found)
    elif markdown:
        click.echo(section)
    else:
        _show_gates(found)


def timed(agents: int, seed: int) -> Finding:
    """Measure a refit with fifty pairings: the fastest of three, in seconds of the processor."""
    case = speed_case(agents, np.random.default_rng([seed, agents]))
    taken = []
    for _ in range(_SPEED_RUNS):
        began = time.process_time()
        case()
        taken.append(time.process_time() - began)
    return Finding(
        Job("speed", "", 0, agents, 32, seed), ranges={f"seconds {agents}": (min(taken), max(taken))}
    )


def _show_gates(found: _Object) -> None:
    for gate in found["gates"]:
        got = "never" if gate["got"] is None else f"{gate['got']:.4g}"
        click.echo(f"{'ok  ' if gate['ok'] else 'FAIL'}  {gate['name']}: {got} ({gate['goal']})")
    say(f"{verdict(found['gates'])} ({found['profile']} profile, {found['replicates']} replicates)")


def _season(path: Path, replicates: int | None) -> Season:
    """Read a season file."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_FILE_BYTES + 1)
        if len(content) > _MOST_FILE_BYTES:
            raise RefusedError("cli.bad_season", path=str(path), problem="it is larger than 64 KiB")
        season = read_season(tomllib.loads(content.decode()))
    except FileNotFoundError as error:
        raise RefusedError("cli.no_such_file", path=str(path)) from error
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise RefusedError("cli.no_such_file", unreadable=str(path), problem=problem) from error
    except SeasonError as error:
        raise _bad_season(path, error) from error
    except RecursionError as error:
        raise RefusedError("cli.bad_season", path=str(path), problem="it is nested too deeply") from error
    except ValueError as error:
        raise RefusedError("cli.bad_season", path=str(path), problem=str(error)) from error
    return replace(season, replicates=replicates) if replicates else season


def _bad_season(path: Path, error: SeasonError) -> RefusedError:
    if error.wanted:
        return RefusedError("cli.bad_season", path=str(path), name=error.key, wanted=error.wanted)
    if error.meant:
        return RefusedError("cli.bad_season", path=str(path), key=error.key, meant=error.meant)
    return RefusedError("cli.bad_season", path=str(path), key=error.key)


def _show_season(season: Season, at_once: int, as_json: bool) -> None:
    runs = in_processes([partial(forecast, season, number) for number in range(season.replicates)], at_once)
    found = summarise(season, runs)
    if as_json:
        show_json(found)
        return
    hours, storage = found["hours"], found["storage"]
    episodes, agents = found["episodes_per_agent"], found["agents"]
    late, later = (_or_never(hours[name]) for name in ("to_tau90", "to_tau95"))
    click.echo(f"{found['matches']:,} matches, {episodes:,} episodes for each of {agents} agents")
    click.echo(f"tau {found['tau']}, {found['rank_error']} places off on average")
    click.echo(f"ratings with a standard error of {found['error_elo']} Elo at best")
    click.echo(f"{hours['machine']:,} hours of a core; tau .90 after {late}, .95 after {later}")
    click.echo(
        f"{storage['database_bytes']:,} bytes of database, {storage['replay_bytes']:,} bytes of replays"
    )
    simulated = found["simulated_episodes"]
    if simulated < int(episodes):
        say(f"Simulated up to {simulated} episodes per agent; the season's own table will be surer.")


def _or_never(hours: float | None) -> str:
    return "more than that" if hours is None else f"{hours:,}"
