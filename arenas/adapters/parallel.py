"""PettingZoo's Parallel environments behind the turn loop: all living seats act at once."""

from collections.abc import Mapping
from typing import Any

from arenas.adapters.turns import Adapter, Asked, Seating
from arenas.spec import ArenaSpec


class ParallelAdapter(Adapter):
    """One Parallel environment; a turn is one step of all its living seats."""

    def __init__(self, spec: ArenaSpec, environment: Any) -> None:  # Any: third-party, untyped.
        _, infos = environment.reset(seed=0)
        names = tuple(environment.possible_agents)
        seating = Seating(
            names=names,
            observation_spaces=tuple(environment.observation_space(name) for name in names),
            action_spaces=tuple(environment.action_space(name) for name in names),
            infos=tuple(infos.get(name, {}) for name in names),
        )
        super().__init__(spec, environment.unwrapped, seating, spec.max_turns)
        self._stepped = environment
        self._seats = {name: seat for seat, name in enumerate(names)}
        self._observations: Mapping[str, object] = {}
        self._infos: Mapping[str, Mapping[str, object]] = {}
        self._living: list[str] = []

    def reset(self, seed: int) -> None:
        """Start an episode.

        Raises:
            ArenaFaultError: the environment failed.
        """
        self._begin()
        try:
            self._observations, self._infos = self._stepped.reset(seed=seed)
            self._living = list(self._stepped.agents)
        except Exception as error:
            raise self._fault(error) from error

    def step(self, actions: Mapping[int, object]) -> None:
        """Apply the actions of all living seats.

        Raises:
            IllegalActionError: the environment failed, and an action is one the mask forbids.
            ArenaFaultError: the environment failed on legal actions, or gave a reward that is no number.
        """
        seats, rewards = self._seats, self.rewards
        named = {name: actions[seats[name]] for name in self._living}
        try:
            self._observations, given, terminations, truncations, self._infos = self._stepped.step(named)
            self.turns += 1
            for name, reward in given.items():
                rewards[seats[name]] += float(reward)
            dead = [name for name in self._living if terminations.get(name) or truncations.get(name)]
        except Exception as error:
            raise self._fault(error, actions) from error
        if dead:
            for name in dead:
                self._died[seats[name]] = self.turns
            self._living = [name for name in self._living if name not in dead]
            self.truncated = any(truncations.get(name) for name in dead)
        self.is_over = not self._living
        self._advance()

    def peek(self, seat: int) -> object:
        """Return what a seat was shown last; None where its agent died."""
        return next((asked.observation for asked in self.asked() if asked.seat == seat), None)

    def close(self) -> None:
        """Release what the environment holds."""
        self._stepped.close()

    def _observe(self) -> list[Asked]:
        observations, infos = self._observations, self._infos
        return [
            self._ask(self._seats[name], observations[name], infos.get(name, {})) for name in self._living
        ]


class Cycle:
    """An AEC environment that is parallel by nature, stepped as one.

    PettingZoo's own converter observes twice for every seat and step and throws one half away; this one
    observes once. It asks for the same order of seats.
    """

    def __init__(self, environment: Any) -> None:  # Any: third-party, untyped.
        self.aec_env = environment
        self.possible_agents = environment.possible_agents
        self.agents: list[str] = []

    @property
    def unwrapped(self) -> object:
        """Return the AEC environment without any wrapper."""
        return self.aec_env.unwrapped

    def observation_space(self, agent: str) -> object:
        """Return the observation space of one agent."""
        return self.aec_env.observation_space(agent)

    def action_space(self, agent: str) -> object:
        """Return the action space of one agent."""
        return self.aec_env.action_space(agent)

    def reset(self, seed: int) -> tuple[dict[str, object], dict[str, object]]:
        """Start an episode; return observations and infos by agent."""
        environment = self.aec_env
        environment.reset(seed=seed)
        self.agents = list(environment.agents)
        return {name: environment.observe(name) for name in self.agents}, dict(environment.infos)

    def step(
        self, actions: Mapping[str, object]
    ) -> tuple[dict[str, object], dict[str, float], dict[str, bool], dict[str, bool], dict[str, object]]:
        """Step every agent once; return observations, rewards, terminations, truncations, infos by agent.

        Raises:
            RuntimeError: the environment asks for its agents in another order than it lists them.
        """
        environment = self.aec_env
        rewards = dict.fromkeys(self.agents, 0.0)
        for name in tuple(environment.agents):
            if name != environment.agent_selection:
                raise RuntimeError(f"the environment asks for {environment.agent_selection}, not for {name}")
            environment.step(actions[name])
            for rewarded, reward in environment.rewards.items():
                rewards[rewarded] += float(reward)
        terminations, truncations = dict(environment.terminations), dict(environment.truncations)
        infos = dict(environment.infos)
        living = [name for name in environment.agents if not (terminations[name] or truncations[name])]
        observations = {name: environment.observe(name) for name in living}
        if len(living) < len(environment.agents):
            self._bury()
        self.agents = living
        return observations, rewards, terminations, truncations, infos

    def close(self) -> None:
        """Release what the environment holds."""
        self.aec_env.close()

    def _bury(self) -> None:
        environment = self.aec_env
        while environment.agents:
            name = environment.agent_selection
            if not (environment.terminations[name] or environment.truncations[name]):
                return
            environment.step(None)
