"""Gymnasium's environments behind the turn loop: one seat, one step a turn."""

from collections.abc import Callable, Mapping
from typing import Any

from arenas.adapters.turns import Adapter, Asked, Seating
from arenas.spec import ArenaSpec


class SingleAdapter(Adapter):
    """One Gymnasium environment; seat 0 acts every turn."""

    def __init__(
        self,
        spec: ArenaSpec,
        environment: Any,  # Any: third-party, untyped.
        limit: int,
        make: Callable[[], Any] | None = None,
    ) -> None:
        """Take an environment; `make` gives another one where each episode needs its own."""
        _, info = environment.reset(seed=0)
        seating = Seating(
            names=("agent",),
            observation_spaces=(environment.observation_space,),
            action_spaces=(environment.action_space,),
            infos=(info,),
        )
        super().__init__(spec, environment.unwrapped, seating, limit)
        self._stepped = environment
        self._make = make
        self._observation: object = None
        self._info: Mapping[str, object] = {}

    def reset(self, seed: int) -> None:
        """Start an episode.

        Raises:
            ArenaFaultError: the environment failed.
        """
        self._begin()
        try:
            if self._make:
                self._stepped.close()
                self._stepped = self._make()
                self.environment = self._stepped.unwrapped
            self._observation, self._info = self._stepped.reset(seed=seed)
        except Exception as error:
            raise self._fault(error) from error

    def step(self, actions: Mapping[int, object]) -> None:
        """Apply the action of seat 0.

        Raises:
            IllegalActionError: the environment failed, and the action is one the mask forbids.
            ArenaFaultError: the environment failed on a legal action, or gave a reward that is no number.
        """
        try:
            self._observation, reward, terminated, truncated, self._info = self._stepped.step(actions[0])
            self.turns += 1
            self.rewards[0] += float(reward)
        except Exception as error:
            raise self._fault(error, actions) from error
        if terminated or truncated:
            self.is_over = True
            self.truncated = bool(truncated) and not terminated
        self._advance()

    def peek(self, seat: int) -> object:
        """Return what the one seat was shown last."""
        return self._ask(seat, self._observation, self._info).observation

    def close(self) -> None:
        """Release what the environment holds."""
        self._stepped.close()

    def _observe(self) -> list[Asked]:
        return [self._ask(0, self._observation, self._info)]
