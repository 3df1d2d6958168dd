"""One table that people watch: the referee's own table, played at the pace of its replay.

How it works. The turn loop, clocks, masks and verdicts are those of every match; agents think as fast as they
can, and the table waits before the next turn until those who watch had time to see the last one. What is told
of a turn is what differs from the first scene, or where its bodies are; turns of a fast arena are collected
for half a second. Whoever comes later gets the first scene, the state as it is and the latest turns.
"""

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from arenas.adapters import Adapter, Asked
from arenas.moves import moves_of
from arenas.spec import ArenaSpec, Limits
from workers.episode import EpisodeInPlay
from workers.live.hand import Hand
from workers.live.scene import Scene
from workers.live.wire import MOST_FPS, SHOW_SECONDS
from workers.match import Table
from workers.sandbox import Launcher
from workers.spec import EpisodeSpec

_CHUNK_SECONDS: Final = 0.5
_BEGIN_SECONDS: Final = 1.5
"""How long the start is shown before the first turn."""
_HURRY: Final = 5.0
"""So many times faster goes what is left of a long show."""
_LOG_LENGTH: Final = 60
_SLOWEST: Final = 0.5
"""Turns a second."""
_LOGGED: Final = ("turn", "actor", "label", "rewards")
_EVERY_TURN: Final = frozenset(("rewards", "labels", "actors", "turns", "fps", "format"))
"""Parts of a scene that are told otherwise, or never change."""

Json = dict[str, Any]  # Any: a JSON object for the browser.
Tell = Callable[[Json, Json], None]
"""What is new, and all that somebody who comes now needs."""


class ShowTable(Table):
    """A table with one environment and nobody but agents, for people who watch.

    Args:
        arena: what is played.
        adapter: the environment.
        launcher: starts the agents.
        limits: of each agent.
        hand: says when nobody watches any more.
        say: tells the browsers something.
    """

    def __init__(
        self, arena: ArenaSpec, adapter: Adapter, launcher: Launcher, limits: Limits, *, hand: Hand, say: Tell
    ) -> None:
        super().__init__(arena, [adapter], launcher, limits)
        self._adapter = adapter
        self._hand = hand
        self._say = say
        self.pace = 1.0
        """How many times faster than the replay it is played."""
        self._moves: list[tuple[int, str]] = []
        self._scene: Scene | None = None
        self._base: Json = {}
        self._changed: Json = {}
        self._fps = MOST_FPS
        self._states: list[Json] = []
        self._log: deque[Json] = deque(maxlen=_LOG_LENGTH)
        self._began = self._next_beat = self._told = 0.0

    def _begin(self, episode: EpisodeSpec, lane: int) -> None:
        super()._begin(episode, lane)
        self._began = self._next_beat = monotonic()
        self._scene = Scene(self._adapter, -1)
        self._note(self._scene)
        self._next_beat += _BEGIN_SECONDS / self.pace

    def _play_turn(self) -> list[EpisodeInPlay]:
        self._hand.pause_until(self._next_beat)
        over = super()._play_turn()
        if over:
            self._flush()
        elif self._scene is not None:
            self._note(self._scene)
        return over

    def _take(self, play: EpisodeInPlay, asked: Asked, answer: bytes) -> None:
        """Take an action and note what it is called, while that can still be told.

        Raises:
            SeatFault: it is unreadable or not legal.
        """
        super()._take(play, asked, answer)
        self._moves.append((asked.seat, "" if self._is_fast else self._label(asked, answer)))

    @property
    def _is_fast(self) -> bool:
        """Say whether turns go by too quickly for words."""
        return self._arena.idle_action is not None

    def _label(self, asked: Asked, answer: bytes) -> str:
        action = self._decoders[asked.seat].decode(answer)
        if not isinstance(action, int):
            return ""
        return next((move.label for move in moves_of(self._adapter, asked) if move.action == action), "")

    def _note(self, scene: Scene) -> None:
        """Note what there is to see now, tell it if it is time, and set when the next turn may begin.

        Raises:
            ArenaError: the environment failed.
        """
        play = self._playing[0]
        actor, label = self._moves[0] if len(self._moves) == 1 else (-1, "")
        self._moves = []
        is_over = self._adapter.is_over or play.is_decided
        state: Json = {
            "turn": play.recorder.turns,
            "actor": actor,
            "label": label,
            "rewards": [round(reward, 3) for reward in self._adapter.rewards],
            "seconds": [round(spent[-1], 4) if spent else None for spent in play.seconds],
            "waits": []
            if is_over
            else [each.seat for each in self._adapter.asked() if each.seat not in play.out],
            **self._drawing(scene),
        }
        self._log.append({key: state[key] for key in _LOGGED})
        self._states.append(state)
        now = monotonic()
        hurry = self.pace * (_HURRY if now - self._began > SHOW_SECONDS else 1.0)
        # A turn that took long is not made up for: the next one is seen as long as any other.
        self._next_beat = max(now, self._next_beat + 1.0 / (self._fps * hurry))
        if now - self._told >= _CHUNK_SECONDS or self._next_beat - now >= _CHUNK_SECONDS:
            self._flush()

    def _drawing(self, scene: Scene) -> Json:
        """Return what differs from the first scene, or where the bodies of the last one are."""
        found = scene.draw()
        if "scene" not in found:
            return found
        drawn: Json = found.pop("scene")
        if not self._base:
            self._base = drawn
            self._fps = min(MOST_FPS, max(_SLOWEST, float(drawn["fps"])))
        self._changed = {
            key: value
            for key, value in drawn.items()
            if key not in _EVERY_TURN and self._base.get(key) != value
        }
        return found | {"changed": self._changed}

    def _flush(self) -> None:
        """Tell what was noted."""
        if not self._states:
            return
        word: Json = {"kind": "show", "fps": self._fps, "states": self._states}
        latest = self._states[-1] | {"changed": self._changed}
        whole = word | {"states": [latest], "scene": self._base, "log": list(self._log)}
        self._say(word if self._told else whole, whole)
        self._states = []
        self._told = monotonic()
