"""Cleanup and Harvest, sequential social dilemmas, with PettingZoo's Parallel API."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from arenas.games.dilemmas.land import VIEW, Land
from arenas.games.dilemmas.lands import CleanupLand, HarvestLand

_CELL: Final = 16
_COLOURS: Final = {
    "ground": (38, 42, 38),
    "wall": (116, 120, 128),
    "orchard": (46, 64, 44),
    "apple": (92, 190, 80),
    "river": (60, 110, 170),
    "waste": (122, 92, 48),
    "beam": (232, 196, 70),
    "agent": (214, 96, 84),
}


class Dilemma(ParallelEnv):  # type: ignore[misc]  # PettingZoo's classes are untyped here.
    """What Cleanup and Harvest share; see there."""

    # Any: PettingZoo's own form.
    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["rgb_array"], "render_fps": 10}
    land_class: ClassVar[type[HarvestLand | CleanupLand]]
    planes: ClassVar[int]
    choices: ClassVar[int]

    def __init__(self, agents: int = 5, max_turns: int = 1000, render_mode: str | None = None) -> None:
        """Make the environment.

        Args:
            agents: how many there are, 2 to 10.
            max_turns: after so many the episode is cut off.
            render_mode: `rgb_array`, or None.

        Raises:
            ValueError: one of them is out of its range.
        """
        if not 2 <= agents <= 10 or max_turns < 1:
            raise ValueError(f"agents is 2 to 10 and max_turns at least 1, not {agents} and {max_turns}.")
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"render_mode is None or 'rgb_array', not {render_mode!r}.")
        self.max_turns = max_turns
        self.render_mode = render_mode
        self.possible_agents = [f"agent_{number}" for number in range(agents)]
        self.agents: list[str] = []
        self.land: Land | None = None
        self._seen = {
            name: spaces.Box(0, 1, (self.planes, VIEW, VIEW), np.uint8) for name in self.possible_agents
        }
        self._done = {name: spaces.Discrete(self.choices) for name in self.possible_agents}
        self._rng = np.random.default_rng()

    def observation_space(self, agent: str) -> spaces.Space[Any]:  # Any: Gymnasium's parameter.
        """Return the observation space of an agent."""
        return self._seen[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:  # Any: as above.
        """Return the action space of an agent."""
        return self._done[agent]

    def reset(
        self, seed: int | None = None, options: Mapping[str, object] | None = None
    ) -> tuple[dict[str, NDArray[np.uint8]], dict[str, dict[str, object]]]:
        """Start an episode in a new land; without a seed the next one of the last seed's stream."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        self.land = self.land_class(len(self.possible_agents), self._rng)
        self.agents = list(self.possible_agents)
        return self._observe(self.land), {name: {} for name in self.agents}

    def step(
        self,
        actions: Mapping[str, Any],  # Any: a whole number.
    ) -> tuple[
        dict[str, NDArray[np.uint8]],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, object]],
    ]:
        """Play one turn of all agents.

        Raises:
            RuntimeError: the episode is over, or never began.
            KeyError: an action is missing.
            ValueError: an action is not of its space.
        """
        land = self.land
        if land is None or not self.agents:
            raise RuntimeError("Call reset first: no episode is being played.")
        names = self.possible_agents
        rewards = land.play([self._choice(actions[name]) for name in names])
        is_over = land.turns >= self.max_turns
        if is_over:
            self.agents = []
        return (
            self._observe(land),
            dict(zip(names, rewards, strict=True)),
            dict.fromkeys(names, False),
            dict.fromkeys(names, is_over),
            {name: {} for name in names},
        )

    def observe(self, agent: str) -> NDArray[np.uint8]:
        """Return what an agent sees now, as `step` would tell it."""
        assert self.land is not None, "no episode is being played"
        return self.land.see(self.possible_agents.index(agent))

    def render(self) -> NDArray[np.uint8] | None:
        """Return the picture, uint8 (16 a row, 16 a column, 3); None without a render mode or an episode."""
        if self.render_mode is None or self.land is None:
            return None
        land = self.land
        picture = np.full((land.rows, land.columns, 3), _COLOURS["ground"], np.uint8)
        picture[land.letters == "A"] = _COLOURS["orchard"]
        picture[land.wall > 0] = _COLOURS["wall"]
        if isinstance(land, CleanupLand):
            picture[land.river] = _COLOURS["river"]
            picture[land.waste > 0] = _COLOURS["waste"]
        picture[land.apple > 0] = _COLOURS["apple"]
        picture[land.beam > 0] = _COLOURS["beam"]
        picture[land.taken >= 0] = _COLOURS["agent"]
        return picture.repeat(_CELL, 0).repeat(_CELL, 1)

    def close(self) -> None:
        """Let go of the land."""
        self.land = None

    def _choice(self, action: Any) -> int:  # Any: what an agent gave.
        number = int(action)
        if number != action or not 0 <= number < self.choices:
            raise ValueError(f"An action is a whole number from 0 to {self.choices - 1}, not {action!r}.")
        return number

    def _observe(self, land: Land) -> dict[str, NDArray[np.uint8]]:
        return {name: land.see(number) for number, name in enumerate(self.possible_agents)}


class Harvest(Dilemma):
    """Apples grow where apples are near, and each is a reward of 1 to who eats it.

    Harvest, or Commons: who takes the last apples of a patch has them, and nobody will ever have one there
    again. The rules are those of Perolat and others (2017), "A multi-agent reinforcement learning model of
    common-pool resource appropriation": apples grow with a chance of 0, .01, .05 or .1 a turn where 0, 1-2,
    3-4 or more apples lie within distance 2, and who is hit by a beam is out for 25 turns.

    Observation, uint8 (7, 15, 15) of 0 and 1, the land around the agent, turned so that it looks up:
        0 wall, 1 apple, 2 beam, 3-6 other agents that look ahead, to its right, towards it, to its left.
        The agent itself is in the middle and not marked. While it is out all is 0.

    Action, one of 8: 0 stay, 1 ahead, 2 back, 3 left, 4 right, 5 turn left, 6 turn right, 7 fire the beam.
    Reward: 1 an apple.
    """

    metadata: ClassVar[dict[str, Any]] = Dilemma.metadata | {"name": "harvest_v1", "is_parallelizable": True}
    planes = 7
    choices = 8
    land_class = HarvestLand


class Cleanup(Dilemma):
    """Apples grow as long as the river is clean, and who cleans it eats none meanwhile.

    Cleanup is a public goods dilemma; its rules are those of Hughes and others (2018), "Inequity aversion
    improves cooperation in intertemporal social dilemmas". Half of all turns one more cell of the river
    fills with waste. Apples grow in the orchard with a chance of .05 a turn and cell while the river is
    clean, less the more waste there is, and not at all from 40 % on; so the episode begins. The cleaning
    beam takes the first waste that each of its three rays meets; the other beam puts agents out for 25 turns.

    Observation, uint8 (10, 15, 15) of 0 and 1, the land around the agent, turned so that it looks up:
        0 wall, 1 apple, 2 beam, 3-6 other agents that look ahead, to its right, towards it, to its left,
        7 cleaning beam, 8 river, 9 waste.
        The agent itself is in the middle and not marked. While it is out all is 0.

    Action, one of 9: 0 stay, 1 ahead, 2 back, 3 left, 4 right, 5 turn left, 6 turn right, 7 fire the beam,
    8 fire the cleaning beam.
    Reward: 1 an apple.
    """

    metadata: ClassVar[dict[str, Any]] = Dilemma.metadata | {"name": "cleanup_v1", "is_parallelizable": True}
    planes = 10
    choices = 9
    land_class = CleanupLand


def change_unseen(environment: Dilemma, seat: int, rng: np.random.Generator) -> None:
    """Change what a seat cannot see, the apples out of its view; the certificate looks for leaks with it."""
    land = environment.land
    assert land is not None, "no episode is being played"
    row, column = land.places[seat]
    far = (abs(land.orchard[:, 0] - row) > VIEW // 2) | (abs(land.orchard[:, 1] - column) > VIEW // 2)
    rows, columns = land.orchard[far | (land.out[seat] > 0)].T
    land.apple[rows, columns] = rng.integers(0, 2, len(rows))
