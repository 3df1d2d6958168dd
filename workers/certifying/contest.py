"""What the best baseline shows: playing against itself, and one episode to look at."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Final

from arenas.certifying.checks import ArenaCheck
from arenas.certifying.playing import FIRST_SEED
from arenas.certifying.sampling import Result, check_fairness
from arenas.certifying.steps import STEPS, Step, Subject
from arenas.games import RANDOM
from arenas.spec import ArenaSpec
from workers.baselines import baseline_package
from workers.local import LocalArena
from workers.match import Table
from workers.refusals import RefusedError
from workers.seating import seatings
from workers.spec import EpisodeResult, EpisodeSpec, Outcome

PREVIEW_BYTES: Final = 30_000
_MOST_GAMES: Final = 400
_LEAST_FRAMES: Final = 15
_TRIED: Final = 8
"""Episodes of which the longest is shown."""
_PATIENT: Final = {"load_seconds": 60.0, "step_seconds": 30.0, "reset_seconds": 30.0, "bank_seconds": 300.0}


def _contest(subject: Subject) -> Iterator[ArenaCheck]:
    """Let the best baseline take every seat."""
    spec = _with_agent(subject.spec)
    name = spec.baselines[-1].name
    results: list[Result] = []
    games: set[bytes] = set()
    for episode in _episodes(spec, _MOST_GAMES, subject.effort.contest_seconds):
        fault = next((seat for seat in episode.seats if seat.outcome is not Outcome.OK), None)
        if fault is not None:
            told = f"{name} in a seat: {fault.outcome}: {fault.evidence or fault.message}"[:300]
            yield ArenaCheck("best_baseline", False, float(len(results)), told)
            return
        ranks = [seat.rank for seat in episode.seats]
        results.append((episode.seed, ranks, [seat.score for seat in episode.seats]))
        games.add(episode.actions)
    score = sum(scores[0] for _, _, scores in results) / len(results)
    told = f"mean score of seat 1, {name} in every seat, {len(results)} episodes, {len(games)} different"
    yield ArenaCheck("best_baseline", True, score, told)
    if spec.lineup > 1 and len(games) > 1:
        yield from check_fairness(spec, results, name)


def _speed(subject: Subject) -> Iterator[ArenaCheck]:
    """Measure the match engine with random agents in the sandbox, if there is one here."""
    spec = _with_agent(replace(subject.spec, baselines=(RANDOM,)))
    try:
        begin, turns = 0.0, 0
        for episode in _episodes(spec, _MOST_GAMES, subject.effort.contest_seconds / 2, sandboxed=True):
            if begin:
                turns += episode.turns
            else:
                begin = time.monotonic()  # The first episode pays for what is loaded once.
        seconds = time.monotonic() - begin
    except RefusedError as error:
        yield ArenaCheck("speed_sandboxed", True, None, error.message, blocks=False)
        return
    told = "turns a second in the match engine, random agents in the sandbox"
    yield ArenaCheck("speed_sandboxed", True, turns / seconds if turns else None, told, blocks=False)


def _preview(subject: Subject) -> Iterator[ArenaCheck]:
    """Draw an episode of the best baseline, with fewer turns until it is small enough."""
    frames = subject.effort.preview_frames
    while frames >= _LEAST_FRAMES:
        short = replace(_with_agent(subject.spec), max_turns=min(frames - 1, subject.spec.max_turns))
        tried = _episodes(short, _TRIED, subject.effort.contest_seconds / 4, records=True)
        episode = max(tried, key=lambda played: played.turns)
        if len(episode.trajectory) <= PREVIEW_BYTES:
            subject.preview = episode.trajectory
            told = f"bytes, {episode.turns + 1} frames"
            yield ArenaCheck("preview", True, float(len(episode.trajectory)), told, blocks=False)
            return
        frames //= 2
    told = f"{_LEAST_FRAMES} frames take more than {PREVIEW_BYTES} bytes"
    yield ArenaCheck("preview", False, None, told, blocks=False)


def _with_agent(spec: ArenaSpec) -> ArenaSpec:
    patient = replace(spec.limits, **_PATIENT)  # type: ignore[arg-type]  # Seconds, all of them.
    return replace(spec, limits=patient, baselines=spec.baselines or (RANDOM,))


def _episodes(
    spec: ArenaSpec, most: int, seconds: float, *, records: bool = False, sandboxed: bool = False
) -> Iterator[EpisodeResult]:
    """Play episodes of the best baseline against itself until the time is up; at least two.

    Mostly nothing holds the agents: they come with the arena, whose environment runs in this process anyway.
    """
    package = baseline_package(spec, spec.baselines[-1].name)
    seating = seatings(spec)[0]
    with LocalArena.open(spec, unsandboxed=not sandboxed) as local:
        table = Table(spec, local.environments[:1], local.launcher, spec.limits, records=records)
        with closing(table):
            for member in range(spec.lineup):
                table.join(*package, seed=member, copies=seating.count(member))
            until = time.monotonic() + seconds
            for number in range(most):
                yield table.play_episode(EpisodeSpec(seed=FIRST_SEED + number, seating=seating))
                if number and time.monotonic() > until:
                    return


ALL_STEPS: Final = (
    *STEPS,
    Step("best_baseline", _contest, 240.0),
    Step("speed_sandboxed", _speed, 120.0, blocks=False),
    Step("preview", _preview, 120.0, blocks=False),
)
