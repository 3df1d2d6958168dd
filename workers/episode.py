"""One episode while it is being played: whose turn it is, what was done, who is out, what it gave."""

from collections.abc import Sequence

import numpy as np

from arenas.adapters import Adapter, Asked
from arenas.codec import Codec
from arenas.recorders import Recorder, recorder_for
from arenas.replay import EpisodeRecorder, encode_log
from arenas.scoring import SeatScore, score_episode
from arenas.spec import ArenaSpec
from arenas.thought import levels_of, pack_levels
from workers.member import Copy
from workers.spec import EpisodeResult, EpisodeSpec, Outcome, SeatResult


class EpisodeInPlay:
    """The state between `begin` and `result`.

    Args:
        arena: what is played.
        adapter: the environment, for as long as the episode lasts.
        lane: its number among the episodes that are played side by side.
        episode: seed and seating.
        copies: the process in each seat.
        decoders: of the seats' actions.
    """

    def __init__(
        self,
        arena: ArenaSpec,
        adapter: Adapter,
        lane: int,
        episode: EpisodeSpec,
        copies: list[Copy],
        decoders: Sequence[Codec],
    ) -> None:
        self.adapter = adapter
        self.lane = lane
        self.copies = copies
        self.recorder = EpisodeRecorder(arena, episode.seed, decoders)
        self.rng = np.random.default_rng(episode.seed)
        self.out: dict[int, int] = {seat: -1 for seat, copy in enumerate(copies) if copy.fault}
        """Seats that forfeited, with the turn in which they did."""
        self.seconds: list[list[float]] = [[] for _ in copies]
        """Wall seconds of each seat's turns."""
        self._arena = arena
        self._episode = episode
        self._decoders = decoders
        self._drawing: Recorder | None = None
        self._asked: Sequence[Asked] = ()
        self._actions: dict[int, object] = {}
        self._encoded: dict[int, bytes] = {}

    def begin(self, *, records: bool) -> None:
        """Reset the environment.

        Raises:
            ArenaError: the environment failed.
        """
        self.adapter.reset(self._episode.seed)
        if records:
            self._drawing = recorder_for(self.adapter)
            self._drawing.start(self.adapter)

    @property
    def is_decided(self) -> bool:
        """Say whether a forfeit ended the episode: at once between two, else when nobody is left."""
        if not self.out:
            return False
        return self._arena.objective == "outcome" or len(self.out) == self._arena.seats

    def questions(self) -> Sequence[Asked]:
        """Begin a turn; return the seats whose agents must be asked, or nothing when the episode is over.

        Raises:
            ArenaError: the environment failed.
        """
        if not self.out:
            self._asked = self.adapter.asked()
            return self._asked
        while not self.is_decided and (asked := self.adapter.asked()):
            self._asked = asked
            if living := [each for each in asked if each.seat not in self.out]:
                return living
            self.finish_turn()  # All who would act are out; the others play on.
        return ()

    def take(self, seat: int, action: object, encoded: bytes) -> None:
        """Note what a seat does in this turn."""
        self._actions[seat] = action
        self._encoded[seat] = encoded

    def replace(self, seat: int, action: object) -> None:
        """Note what is done in a seat's stead."""
        self.take(seat, action, self._decoders[seat].encode(action))

    def drop(self, copy: Copy) -> None:
        """Take the seats of a process that failed out of the episode."""
        for seat, own in enumerate(self.copies):
            if own is copy:
                self.out.setdefault(seat, self.recorder.turns)

    def finish_turn(self) -> None:
        """Step the environment with the actions of this turn.

        Raises:
            ArenaError: the environment failed.
        """
        if self.out and self.is_decided:
            return
        asked, actions, adapter = self._asked, self._actions, self.adapter
        if len(actions) < len(asked):
            for each in asked:
                if each.seat not in actions:
                    self.replace(each.seat, adapter.idle_action(each.seat, self.rng))
        adapter.step(actions)
        self.recorder.add_turn(self._encoded, adapter.rewards)
        if self._drawing:
            self._drawing.turn(adapter, asked[0].seat if len(asked) == 1 else -1, None)
        self._actions, self._encoded = {}, {}

    def result(self) -> EpisodeResult:
        """Score the episode that is over."""
        adapter, recorder = self.adapter, self.recorder
        scores = score_episode(self._arena, adapter.rewards, self.out, adapter.survival())
        seats = tuple(self._seat_result(seat, score) for seat, score in enumerate(scores))
        digest = recorder.finish(truncated=adapter.truncated, forfeits=self.out)
        thought = levels_of(self.seconds)
        return EpisodeResult(
            seed=self._episode.seed,
            seating=self._episode.seating,
            seats=seats,
            turns=recorder.turns,
            truncated=adapter.truncated,
            digest=digest,
            actions=encode_log(recorder.log),
            trajectory=self._drawing.finish(thought) if self._drawing else b"",
            thought=b"" if self._drawing else pack_levels(thought),
        )

    def _seat_result(self, seat: int, score: SeatScore) -> SeatResult:
        seconds = self.seconds[seat]
        fault = self.copies[seat].fault if seat in self.out else None
        return SeatResult(
            agent=self._episode.seating[seat],
            outcome=fault.outcome if fault else Outcome.OK,
            rank=score.rank,
            score=score.score,
            total_reward=score.total_reward,
            turns=len(seconds),
            think_seconds=sum(seconds),
            slowest_seconds=max(seconds, default=0.0),
            message=fault.message if fault else "",
            evidence=fault.evidence if fault else "",
            failed_turn=self.out.get(seat, -1),
        )
