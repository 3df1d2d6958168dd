"""Small real environments that plug-in tests write to disk, each with one vice."""

from pathlib import Path

ENVIRONMENTS = '''
import itertools

import gymnasium
import numpy as np

LIVES = itertools.count()


class Counter(gymnasium.Env):
    """Counts to five; the action is ignored."""

    observation_space = gymnasium.spaces.Discrete(10)
    action_space = gymnasium.spaces.Discrete(3)

    def __init__(self, reward=1.0):
        self.reward = reward

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return 0, {}

    def step(self, action):
        self.count += 1
        return self.count, self.reward, self.count >= 5, False, {}


class Masked(Counter):
    """Tells its mask beside the observation: action 0 is never legal."""

    def info(self):
        return {"action_mask": np.array([0, 1, 1], np.int8)}

    def reset(self, *, seed=None, options=None):
        return super().reset(seed=seed)[0], self.info()

    def step(self, action):
        if action == 0:
            raise ValueError("zero is illegal")
        return (*super().step(action)[:4], self.info())


class LyingMask(Masked):
    """Says that everything is legal."""

    def info(self):
        return {"action_mask": np.ones(3, np.int8)}


class TooStrict(Masked):
    """Its mask forbids action 0, which the environment takes as a move of its own: two steps at once."""

    def step(self, action):
        self.count += int(action == 0)
        return (*Counter.step(self, action)[:4], self.info())


class Charging(Masked):
    """Lets action 0 pass, which its mask forbids, and charges for it."""

    def step(self, action):
        observation, reward, *rest = Counter.step(self, action)
        return observation, -5.0 if action == 0 else reward, *rest[:2], self.info()


class Ignoring(Masked):
    """Does nothing when action 0 is chosen, which its mask forbids."""

    def step(self, action):
        if action == 0:
            return self.count, 0.0, False, False, self.info()
        return super().step(action)


class Strange(Counter):
    """Shows NaN from its second step on."""

    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (1,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(1, np.float32), {}

    def step(self, action):
        _, *rest = super().step(action)
        return np.array([np.nan if self.count > 1 else 0], np.float32), *rest


class Hangs(Counter):
    """Never comes back from its third step."""

    def step(self, action):
        while self.count == 2:
            pass
        return super().step(action)


class Crashes(Counter):
    """Takes the interpreter along in its third step."""

    def step(self, action):
        if self.count == 2:
            import os, signal
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().step(action)


class Fertile(Counter):
    """Starts a process in every episode, which outlives it."""

    def reset(self, *, seed=None, options=None):
        import subprocess
        subprocess.Popen(["sleep", "1234567"])
        return super().reset(seed=seed)


class Gluttonous(Counter):
    """Eats a gigabyte in each step, and keeps it."""

    eaten = []

    def step(self, action):
        self.eaten.append(np.empty(1 << 27))
        return super().step(action)


class NotANumber(Counter):
    """Gives NaN as reward in its third step."""

    def step(self, action):
        observation, reward, *rest = super().step(action)
        return observation, float("nan") if self.count == 3 else reward, *rest


class Breaks(Counter):
    """Fails in its third step."""

    def step(self, action):
        if self.count == 2:
            raise KeyError("wheel")
        return super().step(action)


class BreaksAtReset(Counter):
    """Can be made and reset once."""

    def reset(self, *, seed=None, options=None):
        if getattr(self, "was_reset", False):
            raise RuntimeError("no second time")
        self.was_reset = True
        return super().reset(seed=seed)


class Forgetful(Counter):
    """Ignores its seed."""

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return next(LIVES) % 10, {}


class Drifting(Counter):
    """Pays more the longer the process lives."""

    def step(self, action):
        observation, _, *rest = super().step(action)
        return observation, float(next(LIVES)), *rest


class Hashed(Counter):
    """Depends on the hash seed of the interpreter."""

    def step(self, action):
        observation, _, *rest = super().step(action)
        return observation, float(hash("dice") % 1000), *rest


class WrongObservation(Counter):
    """Observes what its space does not contain."""

    def step(self, action):
        return (np.zeros(3), *super().step(action)[1:])


class WrongStart(Counter):
    """Its first observation is not of its space."""

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return "nothing", {}


class SlyMask(LyingMask):
    """Refuses what its mask allows, but only where it is played often."""

    resets = 0

    def reset(self, *, seed=None, options=None):
        self.resets += 1
        return super().reset(seed=seed)

    def step(self, action):
        return super().step(action if self.resets > 7 else 1)


class Endless(Counter):
    """Never ends."""

    def step(self, action):
        return 0, 0.0, False, False, {}


class Unsendable(Counter):
    """Has an action space without wire form."""

    action_space = gymnasium.spaces.Sequence(gymnasium.spaces.Discrete(2))


class NoPlugin:
    """Is no environment."""


def unmakeable():
    raise OSError("no display")
'''

ZOO = '''
import gymnasium
import numpy as np
from pettingzoo import AECEnv, ParallelEnv
from pettingzoo.utils.conversions import aec_to_parallel_wrapper
from pettingzoo.utils.wrappers import OrderEnforcingWrapper


class Relay(AECEnv):
    """Two runners take turns, three each; the second falls out after its first turn if `falls`."""

    def __init__(self, vice=""):
        self.vice = vice
        self.possible_agents = ["first", "second"]
        self.metadata = {"name": "relay", "is_parallelizable": True}
        self.render_mode = None

    def observation_space(self, agent):
        return gymnasium.spaces.Discrete(10)

    def action_space(self, agent):
        if self.vice == "texts":
            return gymnasium.spaces.Text(5, charset="abc")
        return gymnasium.spaces.Discrete(2)

    def observe(self, agent):
        if self.vice == "blind" and self.turns == 2:
            raise RuntimeError("cannot see")
        return self.turns

    def reset(self, seed=None, options=None):
        if self.vice == "no reset" and hasattr(self, "turns"):
            raise RuntimeError("cannot start")
        self.agents = self.possible_agents[:]
        self.turns = 0
        self.rewards = dict.fromkeys(self.agents, 0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos = {name: {} for name in self.agents}
        if self.vice == "none legal":
            for info in self.infos.values():
                info["action_mask"] = np.zeros(2)
        self.agent_selection = "first"

    def step(self, action):
        name = self.agent_selection
        if self.terminations[name]:
            if self.vice == "undead":
                return
            return self._was_dead_step(action)
        self.turns += 1
        self._clear_rewards()
        self.rewards[name] = 1
        if self.vice in ("falls", "undead") and name == "second":
            self.terminations[name] = True
        elif self.turns >= 6:
            self.terminations = dict.fromkeys(self.agents, True)
        if self.vice == "impatient":
            return
        if self.vice == "stumbles" and self.turns == 3:
            raise ArithmeticError("knee")
        others = [other for other in self.agents if other != name]
        self.agent_selection = others[0] if others else name
        if self.vice == "undead" and self.terminations["second"]:
            self.agent_selection = "second"
        elif self.vice != "undead":
            self._deads_step_first()


def wrapped(vice=""):
    return OrderEnforcingWrapper(Relay(vice))


def parallel(vice=""):
    return aec_to_parallel_wrapper(wrapped(vice))


class Bare(ParallelEnv):
    """A Parallel environment of its own; it cannot start a second time."""

    def __init__(self, vice=""):
        self.vice = vice
        self.possible_agents = ["left", "right"]

    def observation_space(self, agent):
        return gymnasium.spaces.Discrete(10)

    action_space = observation_space

    def reset(self, seed=None, options=None):
        if self.vice == "no reset" and hasattr(self, "agents"):
            raise RuntimeError("cannot start")
        self.agents = self.possible_agents[:]
        return dict.fromkeys(self.agents, 0), {name: {} for name in self.agents}

    def step(self, actions):
        if self.vice == "breaks":
            raise RuntimeError("cannot step")
        names, self.agents = self.agents, []
        return (
            dict.fromkeys(names, 0),
            dict.fromkeys(names, 2),
            dict.fromkeys(names, False),
            dict.fromkeys(names, True),
            {name: {} for name in names},
        )
'''

ARENA = """
from arenas.spec import ArenaSpec

SPECS = (
    ArenaSpec(
        id="{id}",
        title="Plug-in",
        summary="A plug-in.",
        kind="gymnasium",
        environment="vices:{name}",
        seats=1,
        objective="score",
        max_turns=20,
    ),
)
"""


def write_plugin(folder: Path, name: str, arena: str = "plug_in-v1") -> Path:
    """Write a plug-in with one arena on one of the environments above."""
    folder.mkdir(parents=True)
    (folder / "vices.py").write_text(ENVIRONMENTS)
    (folder / "zoo.py").write_text(ZOO)
    (folder / "arena.py").write_text(ARENA.format(id=arena, name=name))
    return folder
