"""`coliseum play`: matches on this machine."""

from pathlib import Path

import click

from workers.cli.output import say, show_json, show_table
from workers.errors import MatchError
from workers.local import LocalAgent, LocalArena, find_agent, find_arena
from workers.refusals import RefusedError
from workers.spec import EpisodeResult, Isolation


@click.command()
@click.argument("arena")
@click.argument("agents", nargs=-1, required=True)
@click.option("-n", "--matches", default=1, show_default=True, type=click.IntRange(1, 100_000))
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(0, 2**31 - 1), help="Of the first match."
)
@click.option(
    "--save", type=click.Path(file_okay=False, path_type=Path), help="Keep trajectories in this folder."
)
@click.option("--unsandboxed-i-wrote-this-agent", "unsandboxed", is_flag=True, help="No sandbox at all.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def play(
    arena: str,
    agents: tuple[str, ...],
    matches: int,
    seed: int,
    save: Path | None,
    unsandboxed: bool,
    as_json: bool,
) -> None:
    """Play AGENTS against each other in ARENA, each in a sandbox of its own.

    An agent is a .py file, a folder with agent.py, a zip, or a baseline such as random. Every match is played
    in all seatings on the same seed.
    """
    spec = find_arena(arena)
    lineup = [find_agent(spec, name) for name in agents]
    if len(lineup) != spec.lineup:
        raise RefusedError("match.bad_seats", wanted=spec.lineup, given=len(lineup))
    played: list[EpisodeResult] = []
    names = [agent.name for agent in lineup]
    try:
        with LocalArena.open(spec, unsandboxed=unsandboxed) as local:
            isolation = local.launcher.isolation
            for number in range(matches):
                episodes = local.play_match(lineup, seed=seed + number, records=save is not None)
                played += episodes
                if save:
                    _keep(save, number, episodes)
    except MatchError as error:
        raise RefusedError("cli.cannot_play", problem=str(error)) from error
    if as_json:
        show_json(
            {
                "arena": spec.id,
                "matches": matches,
                "episodes": len(played),
                "results": [_row(episode, names) for episode in played],
                "isolation": isolation.value,
            }
        )
        return
    _summary(spec.objective, lineup, played)
    say(f"{matches} matches, {len(played)} episodes, isolation {isolation.value} ({isolation.label}).")
    if isolation is Isolation.NONE:
        say("Played without a sandbox: nothing held the agents, and nothing of this counts anywhere.")


def _keep(folder: Path, number: int, episodes: tuple[EpisodeResult, ...]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for index, episode in enumerate(episodes):
            (folder / f"{number}-{index}.json.gz").write_bytes(episode.trajectory)
    except OSError as error:
        raise RefusedError("cli.usage", problem=f"Cannot write to {folder}: {error.strerror}.") from error


def _row(episode: EpisodeResult, names: list[str]) -> dict[str, object]:
    return {
        "seats": [names[seat.agent] for seat in episode.seats],
        "agents": [seat.agent for seat in episode.seats],
        "scores": [seat.score for seat in episode.seats],
        "outcomes": [seat.outcome.value for seat in episode.seats],
        "messages": [seat.message for seat in episode.seats],
        "turns": episode.turns,
        "seed": episode.seed,
        "digest": episode.digest,
    }


def _summary(objective: str, lineup: list[LocalAgent], episodes: list[EpisodeResult]) -> None:
    rows = []
    for position, agent in enumerate(lineup):
        own = [seat for episode in episodes for seat in episode.seats if seat.agent == position]
        scores = [seat.score for seat in own]
        row: dict[str, object] = {"agent": agent.name, "mean": sum(scores) / max(1, len(scores))}
        if objective == "outcome":
            row |= {"won": scores.count(1.0), "drawn": scores.count(0.5), "lost": scores.count(0.0)}
        faults = [f"{seat.outcome.value}: {seat.message}" for seat in own if seat.outcome.is_forfeit]
        rows.append(row | {"faults": len(faults)})
        for fault in sorted(set(faults))[:3]:
            say(f"{agent.name}: {fault}")
    show_table(rows, list(rows[0]))
