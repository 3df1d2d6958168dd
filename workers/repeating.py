"""A recorded match again with one's own agent in its seats: it sees what it saw; what would it do now?

How it works. It is the referee's own table, with one agent at it. Whatever that agent answers, the world goes
on with the recorded actions, so that in every turn it sees exactly what it saw on the server, although nobody
has the other agents' code. Where it answers otherwise, it has changed, or draws by chance.
"""

from collections.abc import Callable
from dataclasses import dataclass

from arenas.adapters import Adapter, Asked
from arenas.codec import compile_codec
from arenas.errors import MalformedActionError, ReplayError
from arenas.replay import LogCursor, decode_log
from arenas.spec import ArenaSpec
from workers.episode import EpisodeInPlay
from workers.match import Table
from workers.member import Copy, Fault, Member
from workers.protocol import Start
from workers.replaying import ReplayFile
from workers.sandbox import Launcher
from workers.seat import SeatFault
from workers.spec import AgentUsage, EpisodeSpec, Outcome
from workers.validation import Candidate


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn in which the agent was asked."""

    episode: int
    turn: int
    seat: int
    recorded: object
    """What it did on the server, as the arena takes it."""
    now: object
    is_same: bool


class _Nobody:
    """The seat's side of an agent whose actions are known."""

    lanes = 1

    def __init__(self) -> None:
        self.turn_seconds: list[float] = []

    def load(self, package: bytes, file_name: str, *, lanes: int = 1) -> None:
        pass

    def reset(self, start: Start) -> None:
        pass

    def act(self, observations: bytes, lanes: bytes = b"\0") -> memoryview:
        raise SeatFault(Outcome.PROTOCOL_VIOLATION, "Nobody sits here.")

    def hold(self) -> None:
        pass

    def leave(self) -> None:
        pass

    def close(self) -> AgentUsage:
        return AgentUsage()


class RepeatTable(Table):
    """A table at which one agent plays its part of a recorded match again.

    Args:
        arena: what was played, with the limits of the agent.
        adapter: an environment of it.
        launcher: starts the jailed processes.
        replay: the match.
        position: the agent's place in the line-up.
        on_turn: told of each turn it was asked in.
    """

    def __init__(
        self,
        arena: ArenaSpec,
        adapter: Adapter,
        launcher: Launcher,
        *,
        replay: ReplayFile,
        position: int,
        on_turn: Callable[[Turn], None] = lambda _: None,
    ) -> None:
        super().__init__(arena, [adapter], launcher, arena.limits, records=False)
        self._replay, self._position, self._on_turn = replay, position, on_turn
        self._codecs = [compile_codec(schema) for schema in adapter.action_schemas]
        self._number = 0
        self._turns = 0
        self._cursor = LogCursor(b"", self._codecs)
        self._row: tuple[int, dict[int, bytes]] = (-1, {})

    def play(self, agent: Candidate) -> Fault | None:
        """Play all episodes of the match; return why the agent failed, if it did.

        Raises:
            ReplayError: the replay does not fit the arena.
            MatchError: the environment or the sandbox failed, or the log does not fit the arena.
        """
        seatings = [episode.seating for episode in self._replay.episodes]
        lineup = 1 + max((max(seating, default=0) for seating in seatings), default=0)
        if any(len(seating) != self._arena.seats for seating in seatings) or self._position >= lineup:
            raise ReplayError("The replay does not fit the arena.")
        for place in range(lineup):
            if place == self._position:
                copies = max(seating.count(place) for seating in seatings)
                self.join(agent.package, agent.file_name, seed=agent.agent_seed, copies=copies)
            else:
                self.members.append(self._absent())
        for number, episode in enumerate(self._replay.episodes):
            log = decode_log(episode.actions)
            self._number, self._turns, self._row = number, log.turns, (-1, {})
            self._cursor = LogCursor(log.actions, self._codecs)
            self.play_episode(EpisodeSpec(seed=episode.seed, seating=episode.seating))
            if self.fault:
                break
        return self.fault

    @property
    def fault(self) -> Fault | None:
        """Return why the agent failed, None if it did not."""
        return self.members[self._position].fault if self.members else None

    def _absent(self) -> Member:
        """Return somebody whose actions are known; no process stands behind it."""
        copies = self._arena.seats
        return Member([Copy(_Nobody(), 0) for _ in range(copies)])

    def _play_turn(self) -> list[EpisodeInPlay]:
        (play,) = self._playing
        if play.recorder.turns >= self._turns or self.fault:
            self._playing.remove(play)
            return [play]
        return super()._play_turn()

    def _ask(self, copy: Copy, questions: list[tuple[EpisodeInPlay, Asked]]) -> None:
        if copy in self.members[self._position].copies:
            super()._ask(copy, questions)
            return
        for play, asked in questions:
            self._go_on(play, asked.seat)

    def _take(self, play: EpisodeInPlay, asked: Asked, answer: bytes) -> None:
        super()._take(play, asked, answer)
        recorded = self._recorded(play, asked.seat)
        self._on_turn(
            Turn(
                episode=self._number,
                turn=play.recorder.turns,
                seat=asked.seat,
                recorded=self._codecs[asked.seat].decode(recorded),
                now=self._codecs[asked.seat].decode(answer),
                is_same=recorded == answer,
            )
        )
        self._go_on(play, asked.seat)

    def _go_on(self, play: EpisodeInPlay, seat: int) -> None:
        """Let the world go on with what was recorded."""
        recorded = self._recorded(play, seat)
        try:
            play.take(seat, self._codecs[seat].decode(recorded), recorded)
        except MalformedActionError as error:
            raise ReplayError(f"The log's turn {play.recorder.turns} cannot be played: {error}") from error

    def _recorded(self, play: EpisodeInPlay, seat: int) -> bytes:
        """Return what was done in this turn by this seat."""
        if self._row[0] != play.recorder.turns:
            seats = sorted(asked.seat for asked in play.adapter.asked())
            self._row = (play.recorder.turns, {each: self._cursor.take(each) for each in seats})
        return self._row[1][seat]
