"""Play one match: its episodes, its seatings, its faults, its result.

How it works. Every member of the line-up gets a jailed process for the whole match. An episode is one loop:
the adapter says who must act and what it sees, the seat is asked, the answer is decoded and checked against
the arena's rules, the environment moves on. Where all agents take part, several episodes are played side by
side: each has an environment and a lane, and a process is asked for all lanes in which it must act at once.
What an agent does wrong ends that agent, never the referee: it is out for the rest of the match, and each
episode it misses is a forfeit. What the platform does wrong is a `MatchError`, and the match is played again.
"""

from collections.abc import Callable, Sequence

import numpy as np

from arenas.adapters import Adapter, Asked
from arenas.codec import compile_codec
from arenas.errors import ArenaError, IllegalActionError, MalformedActionError
from arenas.spec import ArenaSpec, Limits
from workers.episode import EpisodeInPlay
from workers.errors import MatchError
from workers.member import Copy, Fault, Member, Sitter
from workers.protocol import Start
from workers.sandbox import Launcher
from workers.seat import LANES, Seat, SeatFault
from workers.seating import episode_seed
from workers.spec import AgentUsage, EpisodeResult, EpisodeSpec, Outcome

_EVIDENCE = 1500
_Question = tuple[EpisodeInPlay, Asked]


class Table:
    """Environments with the agents of one match around them.

    Args:
        arena: what is played.
        adapters: environments of it, at least one; with more of them, as many episodes can be played side by
            side. The caller keeps them, so that they serve many matches.
        launcher: starts the jailed processes.
        limits: of each agent.
        records: whether trajectories are drawn.
    """

    def __init__(
        self,
        arena: ArenaSpec,
        adapters: Sequence[Adapter],
        launcher: Launcher,
        limits: Limits,
        *,
        records: bool = True,
    ) -> None:
        self._arena = arena
        self._launcher = launcher
        self._limits = limits
        self._records = records
        self.members: list[Member] = []
        self._begun = 0
        self._busy: Sitter | None = None
        self._playing: list[EpisodeInPlay] = []
        first = adapters[0]
        self._decoders = [compile_codec(schema) for schema in first.action_schemas]
        self._encoders = [compile_codec(schema, trusted=True) for schema in first.observation_schemas]
        # A frame for several lanes is cut by the sizes of its parts, and is answered for all or for none.
        has_sizes = all(codec.is_fixed for codec in (*self._decoders, *self._encoders))
        is_strict = arena.illegal_action == "forfeit"
        self._adapters = adapters
        self._most_lanes = len(adapters) if has_sizes and is_strict else 1

    def join(self, package: bytes, file_name: str, *, seed: int = 0, copies: int = 1) -> Member:
        """Start an agent's processes and load its package; a failure is kept as the member's fault.

        Args:
            package: the upload.
            file_name: agent.py or agent.zip.
            seed: for the agent's own random generators.
            copies: how many seats it takes at a time.
        """
        member = Member([])
        self.members.append(member)
        for number in range(copies):
            seat = Seat(self._launcher, self._limits, agent_seed=seed + number, on_wait=self._hold_others)
            copy = Copy(seat, seed + number)
            member.copies.append(copy)
            self._busy = seat
            try:
                seat.load(package, file_name, lanes=self._most_lanes)
            except SeatFault as fault:
                copy.fault = Fault(fault.outcome, fault.message, fault.evidence, -1)
        return member

    def close(self) -> tuple[AgentUsage, ...]:
        """End all processes; return what each member used."""
        for member in self.members:
            member.leave()  # The kernel takes them apart side by side.
        return tuple(member.close() for member in self.members)

    @property
    def lanes(self) -> int:
        """Return how many episodes are played side by side."""
        takes = [copy.seat.lanes for member in self.members for copy in member.copies if not copy.fault]
        return min(self._most_lanes, *takes) if takes else 1

    def play_episode(self, episode: EpisodeSpec) -> EpisodeResult:
        """Play one episode from reset to end.

        Raises:
            MatchError: the environment failed; nobody is charged.
        """
        return self.play_episodes([episode])[0]

    def play_episodes(
        self,
        episodes: Sequence[EpisodeSpec],
        on_result: Callable[[EpisodeResult], None] = lambda _: None,
    ) -> list[EpisodeResult]:
        """Play episodes from reset to end, as many side by side as there are lanes.

        Args:
            episodes: what to play.
            on_result: told of each as it ends.

        Raises:
            MatchError: an environment failed; nobody is charged.
        """
        waiting = list(enumerate(episodes))[::-1]
        free = list(range(self.lanes))[::-1]
        places: dict[int, int] = {}
        results: dict[int, EpisodeResult] = {}
        self._playing = []
        try:
            while waiting or self._playing:
                while waiting and free:
                    lane = free.pop()
                    places[lane], episode = waiting.pop()
                    self._begin(episode, lane)
                for play in self._play_turn():
                    results[places[play.lane]] = play.result()
                    on_result(results[places[play.lane]])
                    free.append(play.lane)
        except ArenaError as error:
            raise MatchError(f"The arena failed: {error}") from error
        return [results[place] for place in range(len(episodes))]

    def _begin(self, episode: EpisodeSpec, lane: int) -> None:
        self._begun += 1
        copies = self._copies(episode.seating)
        play = EpisodeInPlay(self._arena, self._adapters[lane], lane, episode, copies, self._decoders)
        play.begin(records=self._records)
        self._playing.append(play)
        for seat, copy in enumerate(copies):
            if seat in play.out:
                continue
            start = Start(
                arena=self._arena.id,
                seat=seat,
                role=self._arena.role_of(seat),
                seats=self._arena.seats,
                seed=episode_seed(copy.seed, self._begun),
                lane=lane,
                observation_schema=play.adapter.observation_schemas[seat],
                action_schema=play.adapter.action_schemas[seat],
            )
            self._busy = copy.seat
            try:
                copy.seat.reset(start)
            except SeatFault as fault:
                self._charge(copy, fault, turn=-1)
                play.out[seat] = -1

    def _copies(self, seating: Sequence[int]) -> list[Copy]:
        """Return the process that takes each seat."""
        free = [iter(member.copies) for member in self.members]
        return [next(free[agent]) for agent in seating]

    def _play_turn(self) -> list[EpisodeInPlay]:
        """Play one turn in every lane; return the episodes that are over."""
        if len(self._playing) == 1:
            play = self._playing[0]
            questions = play.questions()
            if len(questions) == 1:
                self._ask(play.copies[questions[0].seat], [(play, questions[0])])
                play.finish_turn()
                return []
        asked: dict[Copy, list[_Question]] = {}
        over = []
        for play in self._playing:
            questions = play.questions()
            for question in questions:
                asked.setdefault(play.copies[question.seat], []).append((play, question))
            if not questions:
                over.append(play)
        for play in over:
            self._playing.remove(play)
        for copy, seen in asked.items():
            self._ask(copy, seen)
        for play in self._playing:
            play.finish_turn()
        return over

    def _ask(self, copy: Copy, questions: list[_Question]) -> None:
        """Ask a process in one or more lanes, and note what it does there."""
        seat, encoders = copy.seat, self._encoders
        turns = len(seat.turn_seconds)
        self._busy = seat
        begin = 0
        play, asked = questions[0]
        try:
            if len(questions) == 1:
                answer = seat.act(encoders[asked.seat].encode(asked.observation), LANES[play.lane])
                self._take(play, asked, bytes(answer))
            else:
                seen = [encoders[asked.seat].encode(asked.observation) for _, asked in questions]
                answer = seat.act(b"".join(seen), bytes([play.lane for play, _ in questions]))
                for play, asked in questions:
                    end = begin + self._decoders[asked.seat].size
                    self._take(play, asked, bytes(answer[begin:end]))
                    begin = end
        except SeatFault as fault:
            if fault.outcome is Outcome.ILLEGAL_ACTION and self._arena.illegal_action != "forfeit":
                self._replace(play, asked.seat)
            else:
                self._charge(copy, fault, turn=play.recorder.turns, observation=asked.observation)
        if len(seat.turn_seconds) > turns:
            for play, asked in questions:
                play.seconds[asked.seat].append(seat.turn_seconds[-1])

    def _take(self, play: EpisodeInPlay, asked: Asked, answer: bytes) -> None:
        """Decode and check an action.

        Raises:
            SeatFault: it is unreadable or not legal.
        """
        try:
            action = self._decoders[asked.seat].decode(answer)
            play.adapter.check_legal(asked, action)
        except MalformedActionError as error:
            raise SeatFault(Outcome.PROTOCOL_VIOLATION, str(error)) from error
        except IllegalActionError as error:
            raise SeatFault(Outcome.ILLEGAL_ACTION, str(error)) from error
        play.take(asked.seat, action, answer)

    def _replace(self, play: EpisodeInPlay, seat: int) -> None:
        """Do what the arena's rule says instead of an illegal action."""
        if self._arena.illegal_action == "random":
            play.replace(seat, play.adapter.random_action(seat, play.rng))
        else:
            play.replace(seat, play.adapter.idle_action(seat))

    def _charge(self, copy: Copy, fault: SeatFault, *, turn: int, observation: object = None) -> None:
        """Put an agent's process out of the match, in every lane."""
        evidence = fault.evidence
        if observation is not None:
            with np.printoptions(threshold=200, edgeitems=4, precision=4, linewidth=100):
                evidence = f"{evidence}\nObservation in turn {turn}:\n{str(observation)[:_EVIDENCE]}".strip()
        copy.fault = Fault(fault.outcome, fault.message, evidence, turn)
        for play in self._playing:
            play.drop(copy)

    def _hold_others(self) -> None:
        """Stop every process but the one that is asked; its time is its own."""
        for member in self.members:
            for copy in member.copies:
                if copy.seat is not self._busy:
                    copy.seat.hold()
