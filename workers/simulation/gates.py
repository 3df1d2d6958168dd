"""The goals a league must reach, and what a simulation found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workers.simulation.experiments import CROWD, NEAR, OURS, Finding, extremes, total
from workers.simulation.measures import Step, episodes_to, mean_steps
from workers.simulation.profiles import Profile
from workers.simulation.worlds import WORLDS

PEER: Final = "kaggle-like"
_LESS: Final = {"W1": 0.85, "W2": 1.2, "W3": 0.85, "W4": 0.55, "W5": 0.55, "W7": 0.55}
"""Episodes to tau .90 over those of the ladder."""
_LUCKY: Final = ("W4", "W5", "W7")
_PLAIN: Final = ("W1", "W2", "W3", "W4", "W5", "W7")
"""Worlds without strong cycles, where intervals should be neither narrow nor wide."""
_HORIZON: Final = 1024


@dataclass(frozen=True, slots=True)
class Gate:
    """One goal, and what was found."""

    name: str
    goal: str
    got: float | None
    """None: it was not reached within the simulation."""
    ok: bool


class Curves:
    """Mean curves of a simulation by engine and world."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        runs: dict[tuple[str, str], list[tuple[Step, ...]]] = {}
        for each in findings:
            if each.steps:
                runs.setdefault((each.job.experiment, each.job.world), []).append(each.steps)
        self.steps = {key: mean_steps(value) for key, value in runs.items()}
        self.replicates = {key: len(value) for key, value in runs.items()}

    def has(self, worlds: Sequence[str], engine: str = OURS) -> bool:
        """Say whether an engine played all these worlds."""
        return all((engine, world) in self.steps for world in worlds)

    def reached(self, engine: str, world: str, tau: float) -> float | None:
        """Return the episodes per agent until a tau; none if it was not reached."""
        return episodes_to(self.steps[engine, world], tau)

    def coverage(self, world: str, low: int, high: int, engine: str = OURS) -> list[float]:
        """Return an engine's coverage at each look from `low` to `high` episodes per agent."""
        return [
            step.coverage
            for step in self.steps[engine, world]
            if low <= step.episodes <= high and step.coverage is not None
        ]


def judge_gates(findings: Sequence[Finding], profile: Profile) -> list[Gate]:
    """Return the gates these findings can decide, in the order of docs/evaluation.md."""
    curves = Curves(findings)
    groups: Sequence[Callable[[Curves, Profile], Iterator[Gate]]] = (
        _sooner,
        _ordered,
        _covered,
        _claimed,
        _same,
        _fair,
        _robust,
        _stopped,
        _fast,
        _scored,
    )
    return [gate for group in groups for gate in group(curves, profile)]


def _is_full(profile: Profile) -> bool:
    return profile.episodes >= _HORIZON


def _sooner(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """1: episodes to tau .90 as a share of the ladder's."""
    found: list[float | None] = []
    for world, goal in _LESS.items():
        if not (curves.has([world]) and curves.has([world], PEER)):
            continue
        ours = curves.reached(OURS, world, 0.9)
        # A ladder that does not arrive would take longer than it was given.
        theirs = curves.reached(PEER, world, 0.9) or float(profile.episodes)
        share = None if ours is None else ours / theirs
        if _is_full(profile):
            yield _at_most(f"1 tau .90, episodes over the ladder's, {world}", share, goal)
        elif world in _LUCKY:
            found.append(share)
    if found:
        mean = None if None in found else sum(each or 0.0 for each in found) / len(found)
        yield _at_most("1 tau .90, episodes over the ladder's, mean of W4, W5, W7", mean, 0.75)


def _ordered(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """2: episodes to tau .95, and the ladder's failure to get there."""
    if not _is_full(profile):
        if curves.has(["W2"]):
            yield _at_most("2 tau .95, episodes, W2", curves.reached(OURS, "W2", 0.95), 200)
        return
    for world in WORLDS:
        if curves.has([world]):
            goal = 950 if world == "W8" else 550
            yield _at_most(f"2 tau .95, episodes, {world}", curves.reached(OURS, world, 0.95), goal)
    if curves.has(list(WORLDS), PEER):
        late = sum(curves.reached(PEER, world, 0.95) is None for world in WORLDS)
        yield _at_least("2 worlds of 8 in which the ladder never reaches tau .95", float(late), 5)


def _covered(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """3: coverage of 95 % intervals."""
    top = min(512, profile.episodes)
    if top < 32:
        return
    low, high, least = (0.93, 0.97, 0.90) if _is_full(profile) else (0.92, 0.98, 0.83)
    for engine in (OURS, NEAR):
        says = f"3 {engine}: coverage"
        if curves.has(_PLAIN, engine):
            cells = [_mean(curves.coverage(world, 32, top, engine)) for world in _PLAIN]
            yield _within(f"{says} at 32 to {top}, mean of W1 to W5, W7", _mean(cells), low, high)
        if curves.has(list(WORLDS), engine):
            worst = min(
                cell for world in WORLDS for cell in curves.coverage(world, 24, profile.episodes, engine)
            )
            yield _at_least(f"{says}, least cell from 24 on, W1 to W8", worst, least)
        if curves.has(["W6"], engine):
            yield _at_least(f"{says} at 32 to {top}, W6", _mean(curves.coverage("W6", 32, top, engine)), 0.93)
    if curves.has([CROWD]):
        yield _within(
            f"3 coverage at 32 to {top}, {CROWD}", _mean(curves.coverage(CROWD, 32, top)), low, high
        )


def _claimed(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """4: claims that one is better than another."""
    sure, likely = (total(curves.findings, name) for name in ("sure", "likely"))
    if sure.trials:
        yield _at_least("4 claims of at least .95 that are true", sure.share, 0.95)
    if likely.trials:
        yield _within("4 claims of .85 to .95 that are true", likely.share, 0.81, 0.99)


def _same(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """5: the order of the log."""
    if digests := total(curves.findings, "digests"):
        _, moved = extremes(curves.findings, "shuffled")
        yield _at_most("5 Elo that a shuffled log moves anybody", moved, 0.01)
        yield _at_least("5 shuffled logs with the same digest", digests.share, 1.0)


def _fair(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """6: who plays how much."""
    for engine in (OURS, NEAR):
        if not any(f"load, {engine}" in each.ranges for each in curves.findings):
            continue
        least, most = extremes(curves.findings, f"load, {engine}")
        mean, longest = (_greatest(curves, f"{name}, {engine}") for name in ("mean wait", "wait"))
        yield _at_least(f"6 {engine}: fewest matches of an agent, in means", least, 0.5)
        yield _at_most(f"6 {engine}: most matches of an agent, in means", most, 2.1)
        yield _at_most(f"6 {engine}: longest mean wait of an agent, in mean waits", mean, 2.0)
        yield _at_most(f"6 {engine}: longest wait of all, in mean waits", longest, 2.0)


def _robust(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """7 to 9: twins, clones, puppets and gifts."""
    findings = curves.findings
    if twins := total(findings, "twins"):
        goal = 0.95 if _is_full(profile) else 0.92
        yield _at_least("7 twins less than two standard errors apart", twins.share, goal)
    if any("moved" in each.ranges for each in findings):
        yield _at_most("8 places anybody moves by five clones of the 13th", _greatest(curves, "moved"), 0)
    if caught := total(findings, "caught"):
        yield _at_least("8 masters of five sock puppets caught after 16 episodes each", caught.share, 0.95)
        suspected = total(findings, "suspected").share
        yield _at_most("8 honest pairs under suspicion meanwhile", suspected, 0.001)
    if any("gift" in each.ranges for each in findings):
        worth = round(_greatest(curves, "gift"), 2)
        yield _at_most("9 what a forfeit at step 0 gives the winner, in wins, median", worth, 0.25)


def _stopped(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """10: claims at the end of finals, and verdicts of gates."""
    findings = curves.findings
    if claimed := total(findings, "final claims"):
        yield _at_least("10 claims of settled finals that are true", claimed.share, 0.92)
    for name, says in (
        ("false better", "equal, called better"),
        ("missed better", "+50 Elo, called not better"),
    ):
        if wrong := total(findings, name):
            yield _at_most(f"10 new submissions {says}", wrong.share, 0.06)


def _fast(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """11: seconds of a refit and fifty pairings."""
    for agents, goal in ((100, 0.05), (500, 1.0), (1500, 5.0)):
        name = f"seconds {agents}"
        if any(name in each.ranges for each in curves.findings):
            seconds = extremes(curves.findings, name)[0]
            yield _at_most(f"11 processor seconds of a refit and 50 pairings, {agents} agents", seconds, goal)


def _scored(curves: Curves, profile: Profile) -> Iterator[Gate]:
    """12: intervals of scores."""
    if inside := total(curves.findings, "scores"):
        low, high = (0.93, 0.97) if _is_full(profile) else (0.92, 0.98)
        yield _within("12 coverage of scores on 30 scenarios", inside.share, low, high)


def _greatest(curves: Curves, name: str) -> float:
    return extremes(curves.findings, name)[1]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _at_most(name: str, got: float | None, goal: float) -> Gate:
    return Gate(name, f"at most {goal:g}", _rounded(got), got is not None and got <= goal)


def _at_least(name: str, got: float, goal: float) -> Gate:
    return Gate(name, f"at least {goal:g}", _rounded(got), got >= goal)


def _within(name: str, got: float, low: float, high: float) -> Gate:
    return Gate(name, f"{low:g} to {high:g}", _rounded(got), low <= got <= high)


def _rounded(got: float | None) -> float | None:
    return None if got is None else round(got, 4)
