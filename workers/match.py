"""Play one match: its episodes, its seatings, its faults, its result.

How it works. Every member of the line-up gets a jailed process for the whole match. An episode is one loop:
the adapter says who must act and what it sees, the seat is asked, the answer is decoded and checked against
the arena's rules, the environment moves on. What an agent does wrong ends that agent, never the referee: it
is out for the rest of the match, and each episode it misses is a forfeit. What the platform does wrong is a
`MatchError`, and the match is played again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from arenas.adapters import Adapter, Asked
from arenas.codec import compile_codec
from arenas.errors import ArenaError, IllegalActionError, MalformedActionError
from arenas.recorders import Recorder, recorder_for
from arenas.replay import EpisodeRecorder, encode_log
from arenas.scoring import score_episode
from arenas.spec import ArenaSpec, Limits
from workers.errors import MatchError
from workers.protocol import Start
from workers.sandbox import Launcher
from workers.seat import Seat, SeatFault
from workers.spec import AgentUsage, EpisodeResult, EpisodeSpec, Outcome, SeatResult

_EVIDENCE = 1500


@dataclass(slots=True)
class Fault:
    """Why an agent is out of the match, and since when."""

    outcome: Outcome
    message: str
    evidence: str
    turn: int
    """Turn of the episode; -1 before its first."""


@dataclass(slots=True)
class Copy:
    """One process of an agent; an agent that plays several seats has one for each, and they never meet."""

    seat: Seat
    seed: int
    fault: Fault | None = None


@dataclass(slots=True)
class Member:
    """One agent of the line-up."""

    copies: list[Copy]

    @property
    def fault(self) -> Fault | None:
        """Return what went wrong first with any of its processes."""
        return next((copy.fault for copy in self.copies if copy.fault), None)


@dataclass(slots=True)
class _Play:
    """One episode while it is being played."""

    copies: list[Copy]
    """In seat order."""
    recorder: EpisodeRecorder
    drawing: Recorder | None
    rng: np.random.Generator
    first_turns: list[int]
    """For each seat, how many turns its agent had played before this episode."""
    out: dict[int, int] = field(default_factory=dict)
    """Seats that forfeited, with the turn in which they did."""


class Table:
    """An environment with the agents of one match around it.

    Args:
        arena: what is played.
        adapter: the open environment; the caller keeps it, so that it serves many matches.
        launcher: starts the jailed processes.
        limits: of each agent.
        records: whether trajectories are drawn.
    """

    def __init__(
        self, arena: ArenaSpec, adapter: Adapter, launcher: Launcher, limits: Limits, *, records: bool = True
    ) -> None:
        self._arena = arena
        self._adapter = adapter
        self._launcher = launcher
        self._limits = limits
        self._records = records
        self.members: list[Member] = []
        self._episodes = 0
        self._decoders = [compile_codec(schema) for schema in adapter.action_schemas]
        self._encoders = [compile_codec(schema, trusted=True) for schema in adapter.observation_schemas]

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
            copy = Copy(Seat(self._launcher, self._limits, agent_seed=seed + number), seed + number)
            member.copies.append(copy)
            try:
                copy.seat.load(package, file_name)
            except SeatFault as fault:
                self._charge(copy, fault, turn=-1)
        return member

    def close(self) -> tuple[AgentUsage, ...]:
        """End all processes; return what each agent used: its process that failed, or the slowest."""
        return tuple(_usage(member) for member in self.members)

    def _copies(self, seating: Sequence[int]) -> list[Copy]:
        """Return the process that takes each seat."""
        free = [iter(member.copies) for member in self.members]
        return [next(free[agent]) for agent in seating]

    def play_episode(self, episode: EpisodeSpec) -> EpisodeResult:
        """Play one episode from reset to end.

        Raises:
            MatchError: the environment failed; nobody is charged.
        """
        adapter = self._adapter
        copies = self._copies(episode.seating)
        self._episodes += 1
        play = _Play(
            copies=copies,
            recorder=EpisodeRecorder(self._arena, episode.seed, self._decoders),
            drawing=None,
            rng=np.random.default_rng(episode.seed),
            first_turns=[len(copy.seat.turn_seconds) for copy in copies],
        )
        play.out.update({seat: -1 for seat, copy in enumerate(copies) if copy.fault})
        try:
            adapter.reset(episode.seed)
            self._reset_agents(play)
            if self._records:
                play.drawing = recorder_for(adapter)
                play.drawing.start(adapter)
            while not self._is_decided(play) and (asked := adapter.asked()):
                self._turn(play, asked)
        except ArenaError as error:
            raise MatchError(f"The arena failed: {error}") from error
        return self._result(play, episode)

    def _reset_agents(self, play: _Play) -> None:
        for seat, copy in enumerate(play.copies):
            if seat in play.out:
                continue
            start = Start(
                arena=self._arena.id,
                seat=seat,
                role=self._arena.role_of(seat),
                seats=self._arena.seats,
                seed=self._agent_seed(copy),
                observation_schema=self._adapter.observation_schemas[seat],
                action_schema=self._adapter.action_schemas[seat],
            )
            try:
                copy.seat.reset(start)
            except SeatFault as fault:
                self._charge(copy, fault, turn=-1)
                play.out[seat] = -1

    def _agent_seed(self, copy: Copy) -> int:
        """Return a seed for the agent's own generators, another one each episode; 0 to 2**31 - 1."""
        return int(np.random.SeedSequence([copy.seed, self._episodes]).generate_state(1)[0]) >> 1

    def _is_decided(self, play: _Play) -> bool:
        """Say whether a forfeit ended the episode: at once between two, else when nobody is left."""
        if not play.out:
            return False
        return self._arena.objective == "outcome" or len(play.out) == self._arena.seats

    def _turn(self, play: _Play, asked: Sequence[Asked]) -> None:
        adapter = self._adapter
        actions: dict[int, object] = {}
        encoded: dict[int, bytes] = {}
        for each in asked:
            seat = each.seat
            if seat in play.out:
                actions[seat] = adapter.idle_action(seat, play.rng)
                encoded[seat] = self._decoders[seat].encode(actions[seat])
                continue
            try:
                actions[seat], encoded[seat] = self._ask(play, each)
            except SeatFault as fault:
                turn = play.recorder.turns
                self._charge(play.copies[seat], fault, turn=turn, observation=each.observation)
                play.out[seat] = turn
        if self._is_decided(play):
            return
        for each in asked:
            if each.seat not in actions:
                actions[each.seat] = adapter.idle_action(each.seat, play.rng)
                encoded[each.seat] = self._decoders[each.seat].encode(actions[each.seat])
        adapter.step(actions)
        play.recorder.add_turn({each.seat: encoded[each.seat] for each in asked}, adapter.rewards)
        if play.drawing:
            play.drawing.turn(adapter, asked[0].seat if len(asked) == 1 else -1, None)

    def _ask(self, play: _Play, asked: Asked) -> tuple[object, bytes]:
        """Return a seat's action, decoded and as bytes.

        Raises:
            SeatFault: the agent failed, or its action is not legal and the arena's rule is to forfeit.
        """
        seat = asked.seat
        try:
            answer = bytes(play.copies[seat].seat.act(self._encoders[seat].encode(asked.observation)))
            action = self._decoders[seat].decode(answer)
            self._adapter.check_legal(asked, action)
        except MalformedActionError as error:
            raise SeatFault(Outcome.PROTOCOL_VIOLATION, str(error), "") from error
        except IllegalActionError as error:
            return self._replace(play, seat, SeatFault(Outcome.ILLEGAL_ACTION, str(error), ""))
        except SeatFault as fault:
            if fault.outcome is not Outcome.ILLEGAL_ACTION:
                raise
            return self._replace(play, seat, fault)
        return action, answer

    def _replace(self, play: _Play, seat: int, fault: SeatFault) -> tuple[object, bytes]:
        """Do what the arena's rule says on an illegal action."""
        if self._arena.illegal_action == "forfeit":
            raise fault
        if self._arena.illegal_action == "random":
            action = self._adapter.random_action(seat, play.rng)
        else:
            action = self._adapter.idle_action(seat)
        return action, self._decoders[seat].encode(action)

    def _charge(self, copy: Copy, fault: SeatFault, *, turn: int, observation: object = None) -> None:
        evidence = fault.evidence
        if observation is not None:
            with np.printoptions(threshold=200, edgeitems=4, precision=4, linewidth=100):
                evidence = f"{evidence}\nObservation in turn {turn}:\n{str(observation)[:_EVIDENCE]}".strip()
        copy.fault = Fault(fault.outcome, fault.message, evidence, turn)

    def _result(self, play: _Play, episode: EpisodeSpec) -> EpisodeResult:
        adapter = self._adapter
        scores = score_episode(self._arena, adapter.rewards, play.out, adapter.survival())
        seats = []
        for seat, (copy, score) in enumerate(zip(play.copies, scores, strict=True)):
            seconds = copy.seat.turn_seconds[play.first_turns[seat] :]
            fault = copy.fault if seat in play.out else None
            seats.append(
                SeatResult(
                    agent=episode.seating[seat],
                    outcome=fault.outcome if fault else Outcome.OK,
                    rank=score.rank,
                    score=score.score,
                    total_reward=score.total_reward,
                    turns=len(seconds),
                    think_seconds=sum(seconds),
                    slowest_seconds=max(seconds, default=0.0),
                    message=fault.message if fault else "",
                    evidence=fault.evidence if fault else "",
                    failed_turn=play.out.get(seat, -1),
                )
            )
        digest = play.recorder.finish(truncated=adapter.truncated, forfeits=play.out)
        return EpisodeResult(
            seed=episode.seed,
            seating=episode.seating,
            seats=tuple(seats),
            turns=play.recorder.turns,
            truncated=adapter.truncated,
            digest=digest,
            actions=encode_log(play.recorder.log),
            trajectory=play.drawing.finish() if play.drawing else b"",
        )


def _usage(member: Member) -> AgentUsage:
    """End an agent's processes and return the usage that tells most."""
    used = [(copy.fault is not None, copy.seat.close()) for copy in member.copies]
    return max(used, key=lambda each: (each[0], each[1].step_quantiles), default=(False, AgentUsage()))[1]
