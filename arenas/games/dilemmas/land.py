"""The ground rules of the social dilemmas: walking, turning, beams, time out, and what each agent sees."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from arenas.games.dilemmas.maps import letters

SIGHT: Final = 7
"""Cells an agent sees in every direction: its view is a square of 15 by 15 around it."""
VIEW: Final = 2 * SIGHT + 1
BEAM_LENGTH: Final = 5
TIME_OUT: Final = 25
"""Turns an agent is out after it was hit (Perolat and others, 2017)."""

STAY, AHEAD, BACK, LEFT, RIGHT, TURN_LEFT, TURN_RIGHT, ZAP, CLEAN = range(9)
_STEPS: Final = ((-1, 0), (0, 1), (1, 0), (0, -1))
"""One cell up, right, down, left: headings 0 to 3."""
_WALKS: Final = {AHEAD: 0, RIGHT: 1, BACK: 2, LEFT: 3}
_WALL, _APPLE, _BEAM, _HEADING = range(4)


class Land(ABC):
    """One episode: a map, who stands where, and planes of what is to be seen.

    Planes, uint8 (planes, rows + 14, columns + 14) of 0 and 1 with a border as wide as one can see: wall,
    apple, beam, four planes of the agents by heading (up, right, down, left), then those of a subclass.

    Args:
        drawn: the map in letters, see `maps`.
        agents: how many there are, 2 to 10.
        rng: all that is drawn at random comes from here.
        more_planes: planes of the subclass.
    """

    beams: tuple[int, ...] = (ZAP,)

    def __init__(self, drawn: str, agents: int, rng: np.random.Generator, more_planes: int = 0) -> None:
        self.letters = letters(drawn)
        self.rows, self.columns = self.letters.shape
        self.rng = rng
        self.turns = 0
        self.planes = np.zeros(
            (_HEADING + 4 + more_planes, self.rows + 2 * SIGHT, self.columns + 2 * SIGHT), np.uint8
        )
        self.planes[_WALL] = 1
        self.inside(_WALL)[:] = self.letters == "@"
        self.apple = self.inside(_APPLE)
        self.beam = self.inside(_BEAM)
        self.wall = self.inside(_WALL)
        self.orchard = np.argwhere(self.letters == "A")
        self._spawns = [(int(row), int(column)) for row, column in np.argwhere(self.letters == "P")]
        self.taken = np.full((self.rows, self.columns), -1, np.int8)
        """Who stands in a cell, or -1."""
        self.places: list[tuple[int, int]] = []
        """Row and column of each agent; where it was last while it is out."""
        self.headings: list[int] = []
        self.out = [0] * agents
        """Turns until each agent is back, 0 for those that are there."""
        self.fired: list[tuple[int, int, list[tuple[int, int]]]] = []
        """Beams of the last turn: who, which action, which cells."""
        self.hits: list[tuple[int, int]] = []
        """Who was hit by whom in the last turn: (agent that fired, agent that was hit)."""
        for agent, spawn in enumerate(rng.permutation(len(self._spawns))[:agents].tolist()):
            self.places.append(self._spawns[spawn])
            self.headings.append(int(rng.integers(4)))
            self._stand(agent)

    @property
    def agents(self) -> int:
        """Return how many agents there are, out or not."""
        return len(self.out)

    def inside(self, plane: int) -> NDArray[np.uint8]:
        """Return a plane without its border, a view (rows, columns)."""
        return self.planes[plane, SIGHT:-SIGHT, SIGHT:-SIGHT]

    def play(self, actions: Sequence[int]) -> list[float]:
        """Play one turn and return the reward of each agent: 1 an apple.

        Agents act one after the other in an order drawn anew each turn, first all walk, then all fire; who
        is out does nothing. Then what was stepped on is eaten, and the land changes by itself.
        """
        self.turns += 1
        self._put_out_beams()
        order = self.rng.permutation(self.agents).tolist()
        there = [agent for agent in order if not self.out[agent]]
        for agent in there:
            self._walk(agent, actions[agent])
        for agent in there:
            if actions[agent] in self.beams:
                self._fire(agent, actions[agent])
        rewards = [0.0] * self.agents
        for agent in there:
            place = self.places[agent]
            if not self.out[agent] and self.apple[place]:
                self.apple[place] = 0
                rewards[agent] = 1.0
        self._return_agents(order)
        self.change()
        return rewards

    @abstractmethod
    def change(self) -> None:
        """Let the land change by itself, once a turn."""

    def struck(self, agent: int, action: int, cell: tuple[int, int]) -> bool:
        """Tell the land that a beam meets a cell; return whether it stops there. A subclass may do more."""
        other = int(self.taken[cell])
        if action == ZAP and other >= 0:
            self.hits.append((agent, other))
            self._leave(other)
            self.out[other] = TIME_OUT
        return other >= 0

    def see(self, agent: int) -> NDArray[np.uint8]:
        """Return what an agent sees, uint8 (planes, 15, 15), turned so that it looks up; zeros while out.

        It does not see itself: it is always in the middle. Others' headings are relative to its own.
        """
        if self.out[agent]:
            return np.zeros((len(self.planes), VIEW, VIEW), np.uint8)
        row, column = self.places[agent]
        heading = self.headings[agent]
        cut = self.planes[:, row : row + VIEW, column : column + VIEW]
        view = np.ascontiguousarray(np.rot90(cut, heading, (1, 2)))
        if heading:
            view[_HEADING : _HEADING + 4] = np.roll(view[_HEADING : _HEADING + 4], -heading, 0)
        view[_HEADING, SIGHT, SIGHT] = 0
        return view

    def _walk(self, agent: int, action: int) -> None:
        if action in (TURN_LEFT, TURN_RIGHT):
            self._leave(agent)
            self.headings[agent] = (self.headings[agent] + (1 if action == TURN_RIGHT else -1)) % 4
            self._stand(agent)
        elif action in _WALKS:
            down, right = _STEPS[(self.headings[agent] + _WALKS[action]) % 4]
            row, column = self.places[agent]
            target = (row + down, column + right)
            if not self.wall[target] and self.taken[target] < 0:
                self._leave(agent)
                self.places[agent] = target
                self._stand(agent)

    def _fire(self, agent: int, action: int) -> None:
        """Fire a beam three cells wide: each of its rays goes on until something stops it."""
        if self.out[agent]:
            return  # It was hit in this very turn, by one that came before it.
        down, right = _STEPS[self.headings[agent]]
        aside = _STEPS[(self.headings[agent] + 1) % 4]
        row, column = self.places[agent]
        lit: list[tuple[int, int]] = []
        for shift in (0, 1, -1):
            for distance in range(1 if not shift else 0, BEAM_LENGTH + 1):
                cell = (
                    row + distance * down + shift * aside[0],
                    column + distance * right + shift * aside[1],
                )
                if self.wall[cell]:
                    break
                lit.append(cell)
                if self.struck(agent, action, cell):
                    break
        for cell in lit:
            self.light(action)[cell] = 1
        self.fired.append((agent, action, lit))

    def light(self, action: int) -> NDArray[np.uint8]:
        """Return the plane in which a beam is seen, without its border."""
        return self.beam

    def _put_out_beams(self) -> None:
        for _, action, cells in self.fired:
            for cell in cells:
                self.light(action)[cell] = 0
        self.fired.clear()
        self.hits.clear()

    def _return_agents(self, order: Sequence[int]) -> None:
        for agent in order:
            if self.out[agent]:
                self.out[agent] -= 1
                if not self.out[agent]:
                    free = [cell for cell in self._spawns if self.taken[cell] < 0]
                    self.places[agent] = free[int(self.rng.integers(len(free)))]
                    self.headings[agent] = int(self.rng.integers(4))
                    self._stand(agent)

    def _stand(self, agent: int) -> None:
        place = self.places[agent]
        self.taken[place] = agent
        self.planes[_HEADING + self.headings[agent], place[0] + SIGHT, place[1] + SIGHT] = 1

    def _leave(self, agent: int) -> None:
        place = self.places[agent]
        self.taken[place] = -1
        self.planes[_HEADING + self.headings[agent], place[0] + SIGHT, place[1] + SIGHT] = 0
