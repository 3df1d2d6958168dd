"""PettingZoo's AEC environments behind the turn loop: one seat acts at a time."""

from collections.abc import Mapping
from typing import Any

from arenas.adapters.turns import Adapter, Asked, Seating
from arenas.spec import ArenaSpec


class AecAdapter(Adapter):
    """One AEC environment; a turn is one ply of one seat."""

    def __init__(self, spec: ArenaSpec, environment: Any) -> None:  # Any: third-party, untyped.
        environment.reset(seed=0)
        names = tuple(environment.possible_agents)
        seating = Seating(
            names=names,
            observation_spaces=tuple(environment.observation_space(name) for name in names),
            action_spaces=tuple(environment.action_space(name) for name in names),
            infos=tuple(environment.infos.get(name, {}) for name in names),
        )
        super().__init__(spec, environment.unwrapped, seating, spec.max_turns)
        self._stepped = environment
        self._seats = {name: seat for seat, name in enumerate(names)}

    def reset(self, seed: int) -> None:
        """Start an episode.

        Raises:
            ArenaFaultError: the environment failed.
        """
        self._begin()
        try:
            self._stepped.reset(seed=seed)
            self._bury()
        except Exception as error:
            raise self._fault(error) from error

    def step(self, actions: Mapping[int, object]) -> None:
        """Apply the action of the asked seat.

        Raises:
            IllegalActionError: the environment failed, and the action is one the mask forbids.
            ArenaFaultError: the environment failed on a legal action, or gave a reward that is no number.
        """
        environment = self._stepped
        seats, rewards = self._seats, self.rewards
        action = actions[seats[environment.agent_selection]]
        try:
            environment.step(action)
            self.turns += 1
            for name, reward in environment.rewards.items():
                if reward:
                    rewards[seats[name]] += float(reward)
            if any(environment.terminations.values()) or any(environment.truncations.values()):
                self._bury()
        except Exception as error:
            raise self._fault(error, actions) from error
        self._advance()

    def peek(self, seat: int) -> object:
        """Return what a seat would see now, asked or not; None where its agent died."""
        environment, name = self._stepped, self.seat_names[seat]
        if name not in environment.agents or self._died[seat] is not None:
            return None
        return self._ask(seat, environment.observe(name), environment.infos[name]).observation

    def close(self) -> None:
        """Release what the environment holds."""
        self._stepped.close()

    def _observe(self) -> list[Asked]:
        environment = self._stepped
        name = environment.agent_selection
        return [self._ask(self._seats[name], environment.observe(name), environment.infos[name])]

    def _bury(self) -> None:
        """Note who died; end the episode with the last, else step the dead out until a live seat is next."""
        environment = self._stepped
        for _ in range(len(self.seat_names) + 1):
            dead = {
                name
                for name in environment.agents
                if environment.terminations[name] or environment.truncations[name]
            }
            for name in dead:
                seat = self._seats[name]
                if self._died[seat] is None:
                    self._died[seat] = self.turns
            if len(dead) == len(environment.agents):
                self.truncated = any(environment.truncations.values())
                self.is_over = True
                return
            if environment.agent_selection not in dead:
                return
            environment.step(None)
        raise RuntimeError("the environment selects dead agents without end")
