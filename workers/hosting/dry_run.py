"""A competition played small on this machine: its arena, its limits, the house's agents, the real sandbox."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from arenas.spec import ArenaSpec
from workers.hosting.file import CompetitionFile
from workers.league.calibration import (
    RANDOM,
    Calibration,
    ScoreCalibration,
    Trial,
    calibrate,
    calibrate_scores,
    trial_lineups,
)
from workers.league.results import Episode
from workers.local import LocalAgent, LocalArena, find_agent, find_arena
from workers.seating import seatings
from workers.spec import EpisodeResult, Isolation

_LONGER = 4
"""So many times the episodes, to tell what of a match is spent on starting agents."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a trial gave."""

    arena: ArenaSpec
    """As the file would have it played."""
    agents: tuple[str, ...]
    isolation: Isolation
    matches: int
    episodes: int
    match_seconds: float
    """Mean wall time on this machine."""
    start_seconds: float
    """Of it, spent on starting and ending agents."""
    faults: tuple[str, ...]
    """What baselines did wrong, each cause once: limits that are too tight show here."""
    calibration: Calibration | None
    """None where one agent plays alone."""
    scores: ScoreCalibration | None
    """None where agents meet."""


def arena_of(file: CompetitionFile) -> ArenaSpec:
    """Return the file's arena with the file's limits, swapping and episodes.

    Raises:
        RefusedError: `arena.unknown`.
    """
    arena = find_arena(file.competition.arena)
    given = {name: getattr(file.limits, name) for name in file.limits.__struct_fields__}
    limits = replace(arena.limits, **{name: value for name, value in given.items() if value is not None})
    return replace(
        arena,
        limits=limits,
        swaps_seats=arena.swaps_seats and file.league.swap != "never",
        episodes=file.league.episodes or arena.episodes,
    )


def play_trial(
    file: CompetitionFile,
    *,
    matches: int = 24,
    seconds: float = 60.0,
    on_match: Callable[[int, int], None] = lambda played, wanted: None,
) -> DryRun:
    """Play matches of the arena's baselines and judge them.

    Args:
        file: what to try.
        matches: how many.
        seconds: no new match begins after this time; one is always played.
        on_match: told after each match how many were played, and how many are wanted.

    Raises:
        RefusedError: the arena or the sandbox is not to be had here.
        MatchError: the arena or the sandbox failed.
    """
    arena = arena_of(file)
    agents = [find_agent(arena, baseline.name) for baseline in arena.baselines]
    lineups = trial_lineups(len(agents), arena.lineup)
    played = _Played()
    with LocalArena.open(arena) as local:
        end = time.monotonic() + seconds
        first, _ = played.play(local, agents, lineups[0], seed=0)
        repeats, start_seconds = _play_again(local, [agents[place] for place in lineups[0]], first)
        on_match(1, matches)
        for number in range(1, matches):
            if time.monotonic() > end:
                break
            # A score arena compares on the same scenarios; elsewhere each match has a seed of its own.
            seed = number // len(lineups) if arena.lineup == 1 else number
            played.play(local, agents, lineups[number % len(lineups)], seed=seed)
            on_match(number + 1, matches)
        isolation = local.launcher.isolation
    # Measured on one match: on a busy machine it may have taken longer than the mean of all.
    start_seconds = min(start_seconds, float(np.mean(played.seconds)))
    names = tuple(agent.name for agent in agents)
    weakest = names.index(RANDOM) if RANDOM in names else None
    calibration, scores = None, None
    if arena.lineup == 1:
        scores = played.judge_scores(weakest, repeats)
    else:
        trial = Trial(
            len(agents),
            tuple(played.episodes),
            tuple(played.digests),
            tuple(played.seconds),
            start_seconds,
            tuple(repeats),
            weakest,
        )
        calibration = calibrate(trial, seatings=len(seatings(arena)))
    return DryRun(
        arena=arena,
        agents=names,
        isolation=isolation,
        matches=len(played.seconds),
        episodes=len(played.digests),
        match_seconds=float(np.mean(played.seconds)),
        start_seconds=start_seconds,
        faults=tuple(sorted(played.faults)),
        calibration=calibration,
        scores=scores,
    )


@dataclass(slots=True)
class _Played:
    """What was played so far."""

    episodes: list[Episode] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    rows: list[tuple[int, int, float, float]] = field(default_factory=list)
    """Scenario, agent, score and seconds of each episode of a score arena."""
    faults: set[str] = field(default_factory=set)

    def play(
        self, local: LocalArena, agents: list[LocalAgent], lineup: tuple[int, ...], *, seed: int
    ) -> tuple[tuple[EpisodeResult, ...], float]:
        """Play one match and keep it; return its episodes and its seconds."""
        begin = time.monotonic()
        results = local.play_match([agents[place] for place in lineup], seed=seed)
        taken = time.monotonic() - begin
        for result in results:
            seats = result.seats
            self.episodes.append(
                Episode(
                    match=len(self.seconds),
                    agents=tuple(lineup[seat.agent] for seat in seats),
                    ranks=tuple(seat.rank for seat in seats),
                    gifts=tuple(
                        place
                        for place, seat in enumerate(seats)
                        if seat.outcome.is_forfeit and not seat.turns
                    ),
                )
            )
            self.digests.append(result.digest)
            self.rows.append((result.seed, lineup[seats[0].agent], seats[0].score, taken / len(results)))
            self.faults |= {
                f"{agents[lineup[seat.agent]].name}: {seat.outcome.value}: {seat.message}"
                for seat in seats
                if seat.outcome.is_forfeit
            }
        self.seconds.append(taken)
        return results, taken

    def judge_scores(self, weakest: int | None, repeats: list[tuple[str, str]]) -> ScoreCalibration:
        """Judge the episodes of a score arena."""
        scenarios, agents, scores, seconds = zip(*self.rows, strict=True)
        return calibrate_scores(scenarios, agents, scores, weakest=weakest, seconds=seconds, repeats=repeats)


def _play_again(
    local: LocalArena, lineup: list[LocalAgent], first: tuple[EpisodeResult, ...]
) -> tuple[list[tuple[str, str]], float]:
    """Play the first match again, and longer; return digests in pairs, and what starting agents takes."""
    begin = time.monotonic()
    again = local.play_match(lineup, seed=0)
    short = time.monotonic() - begin
    arena = replace(local.arena, episodes=_LONGER * local.arena.episodes)
    begin = time.monotonic()
    LocalArena(arena, local.environments, local.launcher).play_match(lineup, seed=0)
    long = time.monotonic() - begin
    start_seconds = min(max(short - (long - short) / (_LONGER - 1), 0.0), short)
    return [(a.digest, b.digest) for a, b in zip(first, again, strict=True)], start_seconds
