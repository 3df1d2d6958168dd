"""What `coliseum host check` found out by playing: gathered, and told."""

from dataclasses import dataclass

import click

from workers.cli.output import say, show_table
from workers.hosting.dry_run import DryRun
from workers.hosting.file import CompetitionFile
from workers.hosting.forecast import Load, Outlook, Prospect, forecast_load, forecast_tournament, spread_of
from workers.league.calibration import RANDOM, Advice, SeatEffect, TrialWarning

_SLOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What was played and what it told."""

    arena: str
    isolation: str
    agents: tuple[str, ...]
    matches: int
    episodes: int
    match_seconds: float
    start_seconds: float
    draws: float
    seats: tuple[SeatEffect, ...]
    ratings: tuple[float, ...]
    """Elo, or the scores of a score arena, by agent."""
    separation: float | None
    """Chance that the best baseline is better than the random one."""
    is_repeatable: bool | None
    matches_to_50_elo: int
    """An agent's matches until its interval is plus and minus 50 Elo; 0 in a score arena."""
    matches_to_25_elo: int
    advice: Advice | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything there is to tell."""

    trial: Trial
    load: Load
    tournaments: tuple[Outlook, ...]
    warnings: tuple[TrialWarning, ...]
    faults: tuple[str, ...]


def make_report(file: CompetitionFile, run: DryRun, *, teams: int) -> Report:
    """Return what a trial means for a competition.

    Args:
        file: of the competition.
        run: its trial.
        teams: that are expected.
    """
    load = forecast_load(file, match_seconds=run.match_seconds, lineup=run.arena.lineup, teams=teams)
    outlooks = []
    for each in file.tournament:
        entrants = min(each.size, load.agents) if each.entrants == "top" else load.agents
        prospect = Prospect(
            entrants,
            run.match_seconds,
            spread_of(run.calibration, len(run.agents)),
            run.calibration.draws if run.calibration else 0.0,
        )
        outlooks.append(forecast_tournament(each, run.arena, prospect))
    judged = run.calibration or run.scores
    return Report(_trial(run), load, tuple(outlooks), judged.warnings if judged else (), run.faults)


def _trial(run: DryRun) -> Trial:
    found, scores = run.calibration, run.scores
    per_match = run.episodes / run.matches
    return Trial(
        arena=run.arena.id,
        isolation=run.isolation.label,
        agents=run.agents,
        matches=run.matches,
        episodes=run.episodes,
        match_seconds=run.match_seconds,
        start_seconds=run.start_seconds,
        draws=found.draws if found else 0.0,
        seats=found.seats if found else (),
        ratings=found.elo if found else scores.score if scores else (),
        separation=found.separation if found else scores.separation if scores else None,
        is_repeatable=found.is_repeatable if found else scores.is_repeatable if scores else None,
        matches_to_50_elo=round(found.episodes_for(50) / per_match) if found else 0,
        matches_to_25_elo=round(found.episodes_for(25) / per_match) if found else 0,
        advice=found.advice if found else None,
    )


def show_report(report: Report) -> None:
    """Print a report: what was measured, what it will cost, what to expect, what to look at."""
    _show_trial(report.trial)
    load = report.load
    click.echo()
    click.echo(
        f"Load, with {load.teams} teams of {load.agents} agents in play (hours of one core like this one)"
    )
    click.echo(f"  until all have their target    {load.matches:,} matches, {load.core_hours:.1f} h")
    click.echo(f"  a day, one new agent a team    {load.daily_core_hours:.1f} h")
    click.echo(f"  a day, all quotas used up      {load.most_daily_core_hours:.1f} h")
    if report.tournaments:
        click.echo()
        show_table([_tournament_row(each) for each in report.tournaments], _COLUMNS)
    for fault in report.faults[:10]:
        say(f"fault: {fault}")
    for warning in report.warnings:
        say(f"warning [{warning.code}] {warning.text}")


_COLUMNS = ("tournament", "format", "entrants", "rounds", "matches", "hours", "crowns the best", "runs")


def _tournament_row(each: Outlook) -> dict[str, object]:
    return {
        "tournament": each.name,
        "format": each.format,
        "entrants": each.entrants,
        "rounds": each.rounds,
        "matches": round(each.matches),
        "hours": each.core_hours,
        "crowns the best": f"{each.crowning:.0%} ± {1.96 * each.error:.0%}",
        "runs": each.runs,
    }


def _show_trial(trial: Trial) -> None:
    click.echo(f"{trial.matches} matches, {trial.episodes} episodes, isolation {trial.isolation}")
    click.echo(
        f"  a match                        {trial.match_seconds:.3f} s, {trial.start_seconds:.3f} s to start"
    )
    ratings = sorted(zip(trial.ratings, trial.agents, strict=False), reverse=True)
    click.echo(
        "  baselines                      " + ", ".join(f"{name} {rating:.0f}" for rating, name in ratings)
    )
    if trial.separation is not None:
        click.echo(f"  better than {RANDOM:<18} {trial.separation:.1%} sure")
    if trial.advice:
        click.echo(f"  draws                          {trial.draws:.0%}")
        for number, seat in enumerate(trial.seats):
            interval = f"({seat.low:+.0f} to {seat.high:+.0f})"
            click.echo(f"  seat {number:<26}{seat.elo:+.0f} Elo {interval}")
        to_50, to_25 = trial.matches_to_50_elo, trial.matches_to_25_elo
        click.echo(f"  to know an agent to ±50 Elo    {to_50:,} matches; to ±25: {to_25:,}")
        swaps = "every seating" if trial.advice.swaps else "one seating"
        click.echo(f"  advised                        {swaps}, {trial.advice.episodes} episodes of each")
