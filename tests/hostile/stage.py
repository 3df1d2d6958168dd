"""One referee on one core, and the matches that hostile agents play there against a quiet opponent."""

import dataclasses
import hashlib
import select
import time
from collections.abc import Callable
from typing import Self

import msgspec

from arenas import registry
from arenas.spec import Limits
from tests.hostile import judging, traces
from tests.hostile.bait import Bait
from tests.hostile.judging import Played
from tests.hostile.roster import LIMITS, Card
from workers.errors import MatchError
from workers.referee_process import RefereeProcess
from workers.spec import AgentRef, EpisodeSpec, Isolation, LimitsSpec, MatchKind, MatchResult, MatchSpec

QUIET = b"""print("quiet")
def agent(observation):
    if "action_mask" not in observation: return 0
    return int(observation["action_mask"].argmax())
"""
BUSY = b"""print("quiet")
def agent(observation):
    for _ in range(800_000): pass
    return int(observation["action_mask"].argmax())
"""
SEED = 1_234_567_891
"""The environment's; known to nobody but the referee."""
LEAVES_SECONDS = 1.0
PATIENT = dataclasses.replace(LIMITS, reset_seconds=10.0, step_seconds=5.0, bank_seconds=10.0)
"""Whether the next match is played well is no question of time."""
_TRIES = 4
_Package = tuple[bytes, str]


class Report(msgspec.Struct):
    """What became of one agent."""

    id: str
    row: int
    expected: list[str]
    got: str
    breaches: list[str]
    seconds: float
    answers: dict[str, str]
    """Attempt to what refused it."""
    matches: int
    """Matches played, those repeated because the clock of a busy host was in doubt included."""


def open_referee(cpu: int) -> RefereeProcess:
    """Start a referee that has proved its walls.

    Raises:
        IsolationError: this host cannot hold agents at level 2.
    """
    return RefereeProcess(minimum=Isolation.NAMESPACES, cpu=cpu, selftest=True)


class Stage:
    """A referee, the bait, and the opponents.

    Args:
        cpu: core of the referee and its agents.
        opened: starts the referee.
    """

    def __init__(self, cpu: int, opened: Callable[[int], RefereeProcess] = open_referee) -> None:
        self._cpu, self._opened = cpu, opened
        self.bait = Bait()
        self._count = 0
        self._referee = opened(cpu)
        self._arenas = {"connect_four-v3"}
        self._quiet_seconds = 0.0
        self._warm_up()

    @property
    def _pid(self) -> int:
        return self._referee._process.pid

    def _warm_up(self) -> None:
        """Play honest matches: libraries are loaded, and the opponent's time is known."""
        medians = [self._honest()[1].usage[0].step_quantiles[0] for _ in range(3)]
        self._quiet_seconds = sorted(medians)[1]

    def _honest(self, opponent: bytes = QUIET, limits: Limits = PATIENT) -> tuple[bool, MatchResult]:
        quiet = (QUIET, "agent.py")
        result = self._play("connect_four-v3", [(opponent, "agent.py"), quiet], limits)
        fine = not result.error and all(seat.outcome == "ok" for seat in result.episodes[0].seats)
        return fine, result

    def _play(self, arena: str, lineup: list[_Package], limits: Limits) -> MatchResult:
        """Play one episode with the line-up in the arena's own seats."""
        self._count += 1
        packages = {hashlib.sha256(package).hexdigest(): package for package, _ in lineup}
        spec = MatchSpec(
            match=f"hostile-{self._count}",
            token=f"token-{self._count}",
            kind=MatchKind.LEAGUE,
            arena=arena,
            lineup=tuple(
                AgentRef(str(at), hashlib.sha256(package).hexdigest(), name)
                for at, (package, name) in enumerate(lineup)
            ),
            episodes=(EpisodeSpec(seed=SEED, seating=registry.get(arena).teams),),
            limits=LimitsSpec(**{name: getattr(limits, name) for name in LimitsSpec.__struct_fields__}),
            minimum_isolation=Isolation.NONE,
            records=False,
        )
        return self._referee.play(spec, packages)

    def judge(self, card: Card) -> Report:
        """Play a card's matches and say what it broke."""
        began = time.monotonic()
        report = Report(card.id, card.row, sorted(card.expected), "", [], 0.0, {}, 0)
        for _ in range(_TRIES):
            played = [self._match(card) for _ in range(card.matches)]
            report.matches += len(played)
            report.got = next((each.outcome for each in played if each.outcome not in card.expected), "")
            report.got = report.got or played[-1].outcome
            report.answers = played[-1].answers()
            report.breaches = [breach for each in played for breach in judging.breaches(each)]
            # A busy host can make an honest turn late; a wall that is open stays open.
            if not report.breaches or not all(judging.is_about_time(each) for each in played):
                break
        report.seconds = round(time.monotonic() - began, 2)
        return report

    def _match(self, card: Card) -> Played:
        zygote, *_ = (*traces.zygotes(self._pid), 0)
        hostile = card.package(self.bait.told(self._pid, zygote))
        busy = card.opponent == "busy"
        quiet_seconds = self._quiet_seconds
        if busy:
            quiet_seconds = self._honest(BUSY, card.limits)[1].usage[0].step_quantiles[0]
        lineup = [(BUSY if busy else QUIET, "agent.py"), hostile]
        if card.opponent == "itself":
            lineup = [hostile, hostile]
        elif registry.get(card.arena).lineup == 1:
            lineup = [hostile]
        if card.arena not in self._arenas:
            # The referee keeps an opened environment, and what that holds is no trace of the agent.
            self._arenas.add(card.arena)
            self._play(card.arena, [(QUIET, "agent.py")] * registry.get(card.arena).lineup, LIMITS)
        folders = (self.bait.folder, self.bait.drop)
        before = traces.settle(self._pid, folders, 2.0)
        played = Played(card, None, quiet_seconds, self.bait.word, SEED, before.memory_bytes)
        try:
            played.result = self._play(card.arena, lineup, card.limits)
        except MatchError as error:
            played.found.append(f"the referee was lost: {error}")
            self._referee.close()
            self._referee = self._opened(self._cpu)
            self._arenas = set()
            return played
        played.found += traces.left_after(self._pid, folders, before, LEAVES_SECONDS)
        played.found += self.bait.taken()
        played.memory_after = traces.look(self._pid, ()).memory_bytes
        if select.select([self._referee._out], [], [], 0)[0]:
            played.found.append("there is a second result")
        if not self._honest()[0]:
            played.found.append("the next honest match was not played well")
        return played

    def close(self) -> None:
        """End the referee."""
        self._referee.close()
        self.bait.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
