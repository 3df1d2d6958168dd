"""The validation ladder: start, conformance in every seat, a match against random.

The site's workers and `coliseum check` run exactly this; static inspection comes before it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from arenas.adapters import Adapter
from arenas.spec import ArenaSpec, Limits
from workers.baselines import baseline_package
from workers.match import Table
from workers.member import Fault
from workers.refusals import OUTCOMES
from workers.sandbox import Launcher
from workers.spec import AgentUsage, Check, EpisodeResult, EpisodeSpec

_SEEDS = 1 << 31


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent to be validated."""

    package: bytes
    file_name: str
    seed: int
    """What the episodes' seeds are drawn from; never shown to the agent."""
    agent_seed: int = 0
    """What the agent's own generators are set from."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What the ladder found."""

    checks: tuple[Check, ...]
    episodes: tuple[EpisodeResult, ...]
    """Self-play first, then against random; kept even when the agent failed."""
    usage: AgentUsage


@dataclass(frozen=True, slots=True)
class _Joining:
    """A member of a table to be."""

    package: bytes
    file_name: str
    seed: int
    copies: int


class _Stop(Exception):  # noqa: N818 - not an error: the ladder ends at the first step that fails
    """A step failed."""


class Ladder:
    """The steps, run one after the other on one agent.

    Args:
        arena: where it is validated.
        environments: of the arena, as many as may be played side by side.
        launcher: starts the jailed processes.
        limits: of the agent.
        on_check: told of each step as it ends.
    """

    def __init__(
        self,
        arena: ArenaSpec,
        environments: Sequence[Adapter],
        launcher: Launcher,
        limits: Limits,
        on_check: Callable[[Check], None] = lambda _: None,
    ) -> None:
        self._arena = arena
        self._environments = environments
        self._launcher = launcher
        self._limits = limits
        self._on_check = on_check
        self._checks: list[Check] = []
        self._episodes: list[EpisodeResult] = []
        self._usage = AgentUsage()

    def climb(self, candidate: Candidate) -> Validation:
        """Run the ladder.

        Raises:
            MatchError: the platform failed; the agent is not to blame.
        """
        try:
            self._step("start", lambda: self._start(candidate))
            self._step("conformance", lambda: self._self_play(candidate))
            self._step("versus_random", lambda: self._versus_random(candidate))
        except _Stop:
            pass
        return Validation(tuple(self._checks), tuple(self._episodes), self._usage)

    def _step(self, name: str, run: Callable[[], tuple[Fault | None, str]]) -> None:
        started = time.monotonic()
        fault, message = run()
        check = Check(
            name=name,
            ok=fault is None,
            code=fault.outcome.value if fault else "ok",
            message=fault.message if fault else message,
            hint=OUTCOMES[fault.outcome.value].hint if fault else "",
            seconds=round(time.monotonic() - started, 4),
            evidence=fault.evidence if fault else "",
        )
        self._checks.append(check)
        self._on_check(check)
        if fault:
            raise _Stop

    def _table(self) -> Table:
        return Table(self._arena, self._environments, self._launcher, self._limits)

    def _start(self, candidate: Candidate) -> tuple[Fault | None, str]:
        table = self._table()
        try:
            member = table.join(candidate.package, candidate.file_name, seed=candidate.agent_seed)
        finally:
            self._usage = table.close()[0]
        return member.fault, f"The agent was loaded in {self._usage.load_seconds:.2f} s."

    def _self_play(self, candidate: Candidate) -> tuple[Fault | None, str]:
        seats = self._arena.seats
        tested = _Joining(candidate.package, candidate.file_name, candidate.agent_seed, seats)
        fault, played = self._play([tested], [(0,) * seats], candidate.seed)
        turns = sum(episode.turns for episode in played)
        where = f"in {seats} seats" if seats > 1 else "alone"
        return fault, f"Played {turns} turns {where}."

    def _versus_random(self, candidate: Candidate) -> tuple[Fault | None, str]:
        seats = self._arena.seats
        tested = _Joining(candidate.package, candidate.file_name, candidate.agent_seed, 1)
        random = _Joining(*baseline_package(self._arena, "random"), candidate.seed + 1, max(1, seats - 1))
        seatings = [tuple(0 if each == seat else 1 for each in range(seats)) for seat in range(seats)]
        seatings = seatings if seats > 1 else [(0,), (1,)]
        fault, played = self._play([tested, random], seatings, candidate.seed + 1)
        return fault, self._told(played)

    def _play(
        self, lineup: list[_Joining], seatings: list[tuple[int, ...]], seed: int
    ) -> tuple[Fault | None, list[EpisodeResult]]:
        """Play one episode in each seating, until the tested agent (member 0) fails."""
        played: list[EpisodeResult] = []
        table = self._table()
        try:
            for each in lineup:
                table.join(each.package, each.file_name, seed=each.seed, copies=each.copies)
            tested = table.members[0]
            episodes = [EpisodeSpec(seed=seed % _SEEDS, seating=seating) for seating in seatings]
            if table.lanes > 1:
                # At least two of them, so that an agent which mixes up its lanes is found out here.
                others = [EpisodeSpec(seed=(seed + 1) % _SEEDS, seating=seatings[0])] * (len(episodes) == 1)
                table.play_episodes([*episodes, *others], played.append)
                return tested.fault, played
            for episode in episodes:
                played.append(table.play_episode(episode))
                if tested.fault:
                    break
        finally:
            self._usage = table.close()[0]
            self._episodes += played
        return tested.fault, played

    def _told(self, played: list[EpisodeResult]) -> str:
        """Return the result against random in a sentence."""
        own = [seat.score for episode in played for seat in episode.seats if seat.agent == 0]
        if self._arena.objective in ("outcome", "rank"):
            return f"Got {sum(own):g} of {len(own)} points against random."
        others = [seat.score for episode in played for seat in episode.seats if seat.agent != 0]
        mean = sum(own) / len(own) if own else 0.0
        against = sum(others) / len(others) if others else 0.0
        return f"Scored {mean:.2f}; random scored {against:.2f}."
