"""Trials: matches of a submission against its predecessor, or an exploiter against its target, until judged.

How it works. The matches are of the kind `gate` and of no phase: they move no rating. They are asked for a
few at a time, always in every seating, and judged in the order they were asked for (by order of arrival,
quick losses could come first) by the sequential test of `workers.league.sequential`, which may be looked at
after every match. Where agents play alone both play the same new scenarios; the test then counts on how many
of them the submission earned more (a paired sign test), so that no outlier decides.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.announcements import publish
from coliseum.competitions.models import Competition, CompetitionState
from coliseum.matches.meetings import Meeting, meetings, solo_meetings, trial_matches
from coliseum.matches.models import MatchState
from coliseum.matches.services import Plan, cancel_waiting, schedule_matches
from coliseum.submissions.models import Purpose, Submission, SubmissionState, Trial, Verdict
from coliseum.submissions.queries import fillers_for, open_trials
from coliseum.submissions.trials import Look, record_look
from workers.league.sequential import GateRules, judge_submission
from workers.spec import MatchKind

AHEAD = 8
"""Matches (where agents play alone: scenarios) asked for at a time."""
WAITED_FOR_PRIORITY = 1
"""Of gates whose agent waits for the verdict: before the league, after newcomers."""
IDLE_PRIORITY = -1
"""Of all other trials: they take what the league leaves."""
EXPLOIT_ELO = 70.44
"""Six points of ten."""
RULES: Mapping[str, GateRules] = MappingProxyType(
    {
        Purpose.GATE: GateRules(),
        Purpose.EXPLOIT: GateRules(goal_elo=EXPLOIT_ELO, episodes=400),
        Purpose.CONTROL: GateRules(goal_elo=EXPLOIT_ELO, episodes=100),
    }
)


def advance_trials() -> None:
    """Judge what was played and ask for more, trial by trial."""
    for trial in open_trials():
        advance_trial(trial)


def advance_trial(trial: Trial) -> None:
    """Do what is due in one trial."""
    competition = trial.submission.entry.competition
    asked = list(trial_matches(trial, prefix_of(trial)).values_list("pk", "state"))
    if _is_pointless(trial, competition):
        _decide(trial, Look(Verdict.DROPPED, trial.matches, trial.episodes, trial.points), asked)
        return
    waiting = sum(state in {MatchState.QUEUED, MatchState.RUNNING} for _, state in asked)
    arena = registry.get(competition.arena)
    per_step = 2 if arena.lineup == 1 else 1
    if waiting > AHEAD * per_step // 2:
        return
    look = look_at(trial, arena, asked)
    if look.verdict != Verdict.OPEN:
        _decide(trial, look, asked)
        return
    record_look(trial=trial, look=look)
    if competition.state == CompetitionState.OPEN:
        begun = len(asked) // per_step
        plans = [plan for step in range(begun, begun + AHEAD) for plan in _plans(trial, arena, step)]
        if not plans:
            _decide(trial, Look(Verdict.DROPPED, look.matches, look.episodes, look.points), asked)
            return
        schedule_matches(competition=competition, plans=plans)
    publish(f"submission:{trial.submission_id}", "changed")


def prefix_of(trial: Trial) -> str:
    """Return what the scenarios of a trial's matches begin with."""
    return f"trial-{trial.pk}-"


def look_at(trial: Trial, arena: ArenaSpec, asked: list[tuple[str, str]]) -> Look:
    """Judge a trial by the matches before the first one that is still to be played."""
    settled: list[str] = []
    for match, state in asked:
        if state in {MatchState.QUEUED, MatchState.RUNNING}:
            break
        settled.append(match)
    read = solo_meetings if arena.lineup == 1 else meetings
    found: list[Meeting] = read(settled, trial.submission, trial.opponent)
    points = np.array([each.points for each in found])
    episodes = np.array([each.episodes for each in found], np.int64)
    gate = judge_submission(points, episodes, rules=RULES[trial.purpose])
    used = slice(0, gate.matches)
    mean = float(np.average(points[used], weights=episodes[used])) if gate.matches else None
    return Look(Verdict(gate.verdict), gate.matches, gate.episodes, mean, gate.ratio)


def _is_pointless(trial: Trial, competition: Competition) -> bool:
    """Say whether a trial has lost its object: its competition, its agent or its opponent is out."""
    gone = {SubmissionState.RETIRED, SubmissionState.REJECTED}
    return (
        competition.state == CompetitionState.CLOSED
        or trial.submission.entry.is_disqualified
        or trial.opponent.entry.is_disqualified
        or trial.submission.state in gone
        or trial.opponent.state in gone
    )


def _plans(trial: Trial, arena: ArenaSpec, step: int) -> list[Plan]:
    """Return the matches of one step: one with both, or one for each on the same scenario."""
    both = (trial.submission, trial.opponent)
    lineups: list[tuple[Submission, ...]]
    if arena.lineup == 1:
        lineups = [(each,) for each in both]
    else:
        others = tuple(fillers_for(trial, arena.lineup - 2))
        if len(others) < arena.lineup - 2:
            return []
        # Where the seats only rotate, who sits before whom must change too.
        lineups = [(*(both if step % 2 == 0 else both[::-1]), *others)]
    is_awaited = trial.purpose == Purpose.GATE and trial.submission.only_if_better
    return [
        Plan(
            MatchKind.GATE,
            lineup,
            WAITED_FOR_PRIORITY if is_awaited else IDLE_PRIORITY,
            reason=trial.purpose,
            scenario=f"{prefix_of(trial)}{step}",
        )
        for lineup in lineups
    ]


def _decide(trial: Trial, look: Look, asked: list[tuple[str, str]]) -> None:
    """Write a verdict and take what still waits out of the queue."""
    if record_look(trial=trial, look=look):
        cancel_waiting(match_ids=[match for match, state in asked if state == MatchState.QUEUED])
    publish(f"submission:{trial.submission_id}", "changed")


def most_episodes(trial: Trial) -> int:
    """Return after how many episodes a trial ends undecided."""
    return RULES[trial.purpose].episodes
