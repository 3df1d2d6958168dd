"""One table with a person at it: the referee's own table, in which one seat waits for a press.

How it works. The turn loop, the seats of the agents, clocks, masks and verdicts are those of every match.
Only asking differs for one seat: instead of a frame to a jailed process, the person's next press is taken,
checked like an agent's answer, and refused with a word if it is not legal, so that they may try again. Where
the arena does not wait for people, the action they hold is taken at each tick.
"""

import time
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final

from arenas.adapters import Adapter, Asked
from arenas.errors import IllegalActionError, MalformedActionError
from arenas.moves import moves_of
from arenas.sight import shows_moves
from arenas.spec import ArenaSpec, Limits
from workers.episode import EpisodeInPlay
from workers.live.hand import Hand, LeftError
from workers.live.scene import Scene
from workers.live.wire import MOST_FPS
from workers.match import Table
from workers.member import Copy, Member
from workers.protocol import Start
from workers.sandbox import Launcher
from workers.seat import SeatFault
from workers.spec import AgentUsage, EpisodeSpec, Outcome

_LATE_SECONDS: Final = 0.25
"""So far behind its beat a table takes up the beat anew instead of hurrying after it."""
_FIRST_PRESS_SECONDS: Final = 60.0
"""How long a real-time table waits for the person to begin."""

Say = Callable[[dict[str, Any], bool], None]  # Any: a JSON object; and whether it tells everything.


class Person:
    """The seat's side of a person: what the referee's table asks of every seat."""

    lanes = 1

    def __init__(self) -> None:
        self.turn_seconds: list[float] = []

    def load(self, package: bytes, file_name: str, *, lanes: int = 1) -> None:
        """Do nothing: people come as they are."""

    def reset(self, start: Start) -> None:
        """Do nothing: they see that it begins."""

    def act(self, observations: bytes, lanes: bytes = b"\0") -> memoryview:
        """Refuse: a person is asked by `LiveTable`.

        Raises:
            SeatFault: always.
        """
        raise SeatFault(Outcome.PROTOCOL_VIOLATION, "A person cannot be asked like an agent.")

    def hold(self) -> None:
        """Do nothing: nobody stops people from thinking."""

    def leave(self) -> None:
        """Do nothing."""

    def close(self) -> AgentUsage:
        """Return that nothing was used."""
        return AgentUsage()


class LiveTable(Table):
    """A table with one environment at which a person sits.

    Args:
        arena: what is played.
        adapter: the environment.
        launcher: starts the agents.
        limits: of each agent.
        hand: the person's presses.
        say: tells the browser something.
    """

    def __init__(
        self,
        arena: ArenaSpec,
        adapter: Adapter,
        launcher: Launcher,
        limits: Limits,
        *,
        hand: Hand,
        say: Say,
    ) -> None:
        super().__init__(arena, [adapter], launcher, limits)
        self._adapter = adapter
        self._hand = hand
        self._say = say
        self._seat = -1
        self._turn_seconds = self._table_seconds = 0.0
        self._closes_at = 0.0
        self._scene: Scene | None = None
        self._is_real_time = arena.idle_action is not None
        self._held = arena.idle_action or 0
        self._beat = 1.0 / beats_a_second(adapter)
        self._moved: tuple[int, str] = (-1, "")
        self._next_beat = 0.0

    def sit(self, seat: int, *, turn_seconds: float, table_seconds: float) -> None:
        """Give the person the next place of the line-up, and this seat."""
        self._seat = seat
        self._turn_seconds, self._table_seconds = turn_seconds, table_seconds
        self.members.append(Member([Copy(Person(), 0)]))

    def _begin(self, episode: EpisodeSpec, lane: int) -> None:
        super()._begin(episode, lane)
        self._closes_at = monotonic() + self._table_seconds
        self._scene = Scene(self._adapter, self._seat)
        self._show()

    def _play_turn(self) -> list[EpisodeInPlay]:
        over = super()._play_turn()
        if not over:
            self._show()
        return over

    def _ask(self, copy: Copy, questions: Sequence[tuple[EpisodeInPlay, Asked]]) -> None:
        if not isinstance(copy.seat, Person):
            super()._ask(copy, list(questions))
            return
        ((play, asked),) = questions
        began = monotonic()
        try:
            if self._is_real_time:
                self._take_held(play, asked)
            else:
                self._busy = None
                self._hold_others()  # Nobody thinks in the person's time.
                self._take_press(play, asked)
        except SeatFault as fault:
            self._charge(copy, fault, turn=play.recorder.turns)
        play.seconds[asked.seat].append(monotonic() - began)

    def _take_press(self, play: EpisodeInPlay, asked: Asked) -> None:
        """Wait for a legal action.

        Raises:
            LeftError: the person is gone.
            SeatFault: they took too long.
        """
        closes_at = min(monotonic() + self._turn_seconds, self._closes_at)
        while (left := closes_at - monotonic()) > 0:
            press = self._hand.take(left)
            if press is None:
                break
            if press.turn != play.recorder.turns:
                self._tell("That move came too late: the table is one turn further.")
                continue
            try:
                self._take_action(play, asked, press.action)
            except SeatFault as fault:
                self._tell(f"{fault.message} Choose another one.")
                continue
            return
        if monotonic() >= self._closes_at:
            raise self._closed()
        raise SeatFault(Outcome.TIMED_OUT, f"No move within {self._turn_seconds:g} seconds.")

    def _take_held(self, play: EpisodeInPlay, asked: Asked) -> None:
        """Take the action that is held when the next beat comes; what is not legal counts as no press.

        Raises:
            LeftError: the person is gone.
            SeatFault: the table's time is up.
        """
        now = monotonic()
        if not self._next_beat:
            self._await_first_press()
            now = monotonic()
            self._closes_at = now + self._table_seconds
        if now >= self._closes_at:
            raise self._closed()
        if now > self._next_beat + _LATE_SECONDS:
            self._next_beat = now
        self._hand.pause_until(self._next_beat)
        self._next_beat += self._beat
        self._held = self._hand.held(self._held)
        try:
            self._take_action(play, asked, self._held)
        except SeatFault:
            idle = self._arena.idle_action
            self._held = 0 if idle is None else idle
            play.replace(asked.seat, play.adapter.idle_action(asked.seat))

    def _closed(self) -> SeatFault:
        return SeatFault(Outcome.TIMED_OUT, f"The table closes after {self._table_seconds / 60:.3g} minutes.")

    def _await_first_press(self) -> None:
        press = self._hand.take(_FIRST_PRESS_SECONDS)
        if press is None:
            raise LeftError("away")
        self._hand.put(press)

    def _take_action(self, play: EpisodeInPlay, asked: Asked, action: int) -> None:
        """Take an action as if an agent had sent it.

        Raises:
            SeatFault: it is none, or not legal.
        """
        try:
            encoded = self._decoders[asked.seat].encode(action)
        except (IllegalActionError, MalformedActionError) as error:
            raise SeatFault(Outcome.ILLEGAL_ACTION, str(error)) from error
        self._take(play, asked, encoded)

    def _take(self, play: EpisodeInPlay, asked: Asked, answer: bytes) -> None:
        """Take an action and note what it is called, while that can still be told.

        Raises:
            SeatFault: it is unreadable or not legal.
        """
        super()._take(play, asked, answer)
        if not self._is_real_time:
            action = self._decoders[asked.seat].decode(answer)
            words = {move.action: move.label for move in moves_of(self._adapter, asked)}
            self._moved = (asked.seat, words.get(action, "") if isinstance(action, int) else "")

    def _tell(self, text: str) -> None:
        self._say({"kind": "told", "text": text}, False)

    def _show(self) -> None:
        """Tell the browser what there is to see now, and what is asked of the person.

        Raises:
            ArenaError: the environment failed.
        """
        if self._scene is None or not self._playing:
            return
        play = self._playing[0]
        drawing = self._scene.draw()
        waits = [] if self._adapter.is_over or play.is_decided else self._adapter.asked()
        word: dict[str, Any] = {  # Any: a JSON object.
            "kind": "state",
            "turn": play.recorder.turns,
            "rewards": [round(reward, 3) for reward in self._adapter.rewards],
            **self._last_move(self._scene),
            "waits": [each.seat for each in waits if each.seat not in play.out],
            "ask": None,
            **drawing,
        }
        asked = next((each for each in waits if each.seat == self._seat), None)
        if asked is not None and self._seat not in play.out and not self._is_real_time:
            word["ask"] = self._question(asked)
        self._say(word, "scene" in drawing)

    def _question(self, asked: Asked) -> dict[str, Any]:  # Any: a JSON object.
        moves = [
            [move.action, move.label, list(move.at), move.start] for move in moves_of(self._adapter, asked)
        ]
        left = min(self._turn_seconds, self._closes_at - monotonic())
        return {"moves": moves, "until": round((time.time() + left) * 1000)}

    def _last_move(self, scene: Scene) -> dict[str, Any]:  # Any: as above.
        """Return who moved last, and how it is called where the person may know it."""
        actor, label = self._moved
        may_know = scene.is_open or actor == self._seat or shows_moves(self._adapter)
        return {"actor": actor, "label": label if may_know else ""}


def beats_a_second(adapter: Adapter) -> float:
    """Return how fast a real-time arena is stepped: as it is drawn, 1 to MOST_FPS."""
    metadata = getattr(adapter.environment, "metadata", None) or {}
    return max(1.0, min(MOST_FPS, float(metadata.get("render_fps") or 10.0)))
