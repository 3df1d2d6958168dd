"""All checks of an arena in their order, one step after the other, each with the time it may take.

How it works. A step yields checks; what the environment raises in it becomes a failed check of the step's
name. A step that later ones rest on ends the certificate when it fails. Who runs the steps in a process of
its own is told before each what is under way, so that one that hangs or crashes can be named.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from arenas.adapters import Adapter, open_arena
from arenas.certifying.checks import QUICK, ArenaCheck, Effort
from arenas.certifying.drawing import check_recorder, check_renderer
from arenas.certifying.exceptions import EXCEPTIONS
from arenas.certifying.leaks import check_leaks, check_simultaneous
from arenas.certifying.masks import check_masks
from arenas.certifying.playing import FIRST_SEED, Played, observers
from arenas.certifying.sampling import check_fairness, check_sample, play_sample
from arenas.certifying.second import check_second_process
from arenas.certifying.upstream import check_api
from arenas.errors import ArenaError, UnsupportedSpaceError
from arenas.extras import install_line, missing_modules
from arenas.replay import replay_episode
from arenas.sheets import Sheet, sheet_of
from arenas.spec import ArenaSpec


@dataclass(slots=True)
class Subject:
    """The arena that is checked, and what was played in it so far."""

    spec: ArenaSpec
    effort: Effort
    opened: list[Adapter] = field(default_factory=list)
    sample: list[Played] = field(default_factory=list)
    sheet: Sheet | None = None
    preview: bytes = b""
    """A stored trajectory to show on the arena's page."""

    @property
    def adapter(self) -> Adapter:
        """Return the open arena."""
        return self.opened[0]

    def close(self) -> None:
        """Release what the environment holds."""
        for adapter in self.opened:
            adapter.close()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a certificate."""

    name: str
    run: Callable[[Subject], Iterator[ArenaCheck]]
    limit_seconds: float
    """After which it counts as hanging."""
    blocks: bool = True
    """Whether what it raises forbids rated play."""
    is_vital: bool = False
    """Whether the rest means nothing when it fails."""


def run_steps(
    subject: Subject, steps: Sequence[Step], on_begin: Callable[[Step], None] = lambda _: None
) -> Iterator[ArenaCheck]:
    """Run steps; nothing is raised for a faulty arena.

    Args:
        subject: the arena.
        steps: what to do.
        on_begin: told of each step before it runs.
    """
    for step in steps:
        on_begin(step)
        is_well = True
        try:
            for check in step.run(subject):
                excused = _excuse(subject.spec, check)
                is_well &= excused.ok
                yield excused
        except Exception as error:  # Environments, hooks and libraries' tests raise anything at all.
            is_well = False
            told = str(error) if isinstance(error, ArenaError) else f"{type(error).__name__}: {error}"
            yield _excuse(subject.spec, ArenaCheck(step.name, False, None, told[:500], step.blocks))
        if step.is_vital and not is_well:
            return


def check_arena(
    spec: ArenaSpec, effort: Effort = QUICK, *, only: Collection[str] = ()
) -> tuple[ArenaCheck, ...]:
    """Check an arena in this process; an environment that hangs or crashes takes it along.

    Args:
        spec: the arena.
        effort: how much is played.
        only: names of steps that are enough, besides those that all rest on; all by default.

    Nothing is raised for a faulty arena; checks that have `ok` False say why.
    """
    subject = Subject(spec, effort)
    try:
        chosen = [step for step in STEPS if step.is_vital or not only or step.name in only]
        return tuple(run_steps(subject, chosen))
    finally:
        subject.close()


def _excuse(spec: ArenaSpec, check: ArenaCheck) -> ArenaCheck:
    reason = EXCEPTIONS.get((spec.id, check.name))
    if check.ok or reason is None:
        return check
    return replace(check, ok=True, detail=f"excepted: {reason} ({check.detail})")


def _open(subject: Subject) -> Iterator[ArenaCheck]:
    spec = subject.spec
    missing = missing_modules(spec)
    if missing and spec.extra:
        told = f"{spec.id} needs {', '.join(missing)}. Run {install_line(spec)}."
        yield ArenaCheck("opens", False, None, told)
        return
    begin = time.perf_counter()
    try:
        subject.opened.append(open_arena(spec))
    except UnsupportedSpaceError as error:
        yield ArenaCheck("spaces", False, None, str(error))
        return
    except ArenaError as error:
        yield ArenaCheck("opens", False, None, str(error))
        return
    yield ArenaCheck("opens", True, time.perf_counter() - begin, "seconds")


def _sheet(subject: Subject) -> Iterator[ArenaCheck]:
    sheet = subject.sheet = sheet_of(subject.adapter)
    words = float(len(sheet.description.split()))
    yield ArenaCheck("sheet", True, words, "words of the environment's own documentation", blocks=False)


def _baselines(subject: Subject) -> Iterator[ArenaCheck]:
    baselines = subject.spec.baselines
    missing = [
        baseline.name
        for baseline in baselines
        if not (baseline.path / "agent.py" if baseline.path.is_dir() else baseline.path).is_file()
    ]
    detail = f"no agent file for {', '.join(missing)}" if missing else "baselines"
    yield ArenaCheck("baselines", not missing, float(len(baselines)), detail)


def _observations(subject: Subject) -> Iterator[ArenaCheck]:
    adapter = subject.adapter
    codecs = observers(adapter)
    adapter.reset(FIRST_SEED)
    try:
        for asked in adapter.asked():
            codecs[asked.seat].encode(asked.observation)
    except ArenaError as error:
        yield ArenaCheck("observations", False, None, f"an observation is not of its space: {error}")
        return
    yield ArenaCheck("observations", True, float(max(codec.size for codec in codecs)), "bytes at most")


def _seeded(subject: Subject) -> Iterator[ArenaCheck]:
    adapter = subject.adapter
    codecs = observers(adapter)
    first: list[list[bytes]] = []
    for _ in range(2):
        adapter.reset(FIRST_SEED)
        first.append([codecs[asked.seat].encode(asked.observation) for asked in adapter.asked()])
    same = first[0] == first[1]
    detail = "seats saw the same twice" if same else "two resets with one seed differ"
    yield ArenaCheck("seeded", same, float(len(first[0])), detail)


def _play(subject: Subject) -> Iterator[ArenaCheck]:
    subject.sample = play_sample(subject.adapter, subject.effort)
    yield from check_sample(subject.sample)


def _fairness(subject: Subject) -> Iterator[ArenaCheck]:
    results = [(played.seed, played.ranks, played.scores) for played in subject.sample]
    yield from check_fairness(subject.spec, results, "random play")


def _masks(subject: Subject) -> Iterator[ArenaCheck]:
    yield check_masks(subject.adapter, subject.sample[0], subject.effort)


def _leaks(subject: Subject) -> Iterator[ArenaCheck]:
    yield check_leaks(subject.adapter, subject.effort)


def _simultaneous(subject: Subject) -> Iterator[ArenaCheck]:
    yield check_simultaneous(subject.adapter, subject.effort)


def _replay(subject: Subject) -> Iterator[ArenaCheck]:
    adapter, played = subject.adapter, subject.sample[0]
    again = replay_episode(adapter.spec, seed=played.seed, log=played.log, forfeits={}, adapter=adapter)
    same = again.digest == played.digest
    detail = "turns played again" if same else "playing the log again gave another digest"
    yield ArenaCheck("replay", same, float(again.turns), detail)


def _second(subject: Subject) -> Iterator[ArenaCheck]:
    yield check_second_process(subject.spec, subject.sample[0])


def _api(subject: Subject) -> Iterator[ArenaCheck]:
    seconds = [second for played in subject.sample for second in played.seconds]
    yield from check_api(subject.spec, subject.effort, float(np.mean(seconds)))


def _recorder(subject: Subject) -> Iterator[ArenaCheck]:
    yield check_recorder(subject.adapter, subject.sample[0])


def _renderer(subject: Subject) -> Iterator[ArenaCheck]:
    yield check_renderer(subject.spec, subject.adapter.environment)


STEPS: Final = (
    Step("opens", _open, 60.0, is_vital=True),
    Step("sheet", _sheet, 30.0, blocks=False),
    Step("baselines", _baselines, 10.0),
    Step("observations", _observations, 60.0, is_vital=True),
    Step("seeded", _seeded, 60.0, is_vital=True),
    Step("play", _play, 300.0, is_vital=True),
    Step("fairness", _fairness, 30.0),
    Step("masks", _masks, 120.0),
    Step("replay", _replay, 120.0),
    Step("second_process", _second, 150.0),
    Step("leaks", _leaks, 120.0),
    Step("simultaneous", _simultaneous, 120.0),
    Step("api", _api, 180.0),
    Step("recorder", _recorder, 120.0),
    Step("renderer", _renderer, 60.0, blocks=False),
)
"""The checks of the environment itself; what agents show comes after them."""
