"""Small real environments with secrets, honest ones and ones that leak; written to disk as plug-ins."""

from arenas.spec import ArenaSpec

SOURCE = '''
import gymnasium
import numpy as np
from pettingzoo import AECEnv, ParallelEnv

SEATS = ["north", "south"]


class Cards(AECEnv):
    """Each seat holds one of six cards and sees its own; both play on for four turns."""

    metadata = {"name": "cards", "is_parallelizable": False, "render_modes": []}
    render_mode = None

    def __init__(self, vice=""):
        self.vice = vice
        self.possible_agents = SEATS[:]
        self.buffer = np.zeros(3, np.int8)

    def observation_space(self, agent):
        return gymnasium.spaces.Box(-1, 9, (3,), np.int8)

    def action_space(self, agent):
        return gymnasium.spaces.Discrete(2)

    def observe(self, agent):
        seen = np.zeros(3, np.int8)
        seen[:2] = self.turns, self.cards[agent]
        other = SEATS[1 - SEATS.index(agent)]
        if self.vice == "shows the other hand" and agent == "north":
            seen[2] = self.cards[other]
        if self.vice == "shows the other hand late" and agent == "north" and self.turns > 1:
            seen[2] = self.cards[other]
        if self.vice == "one array for all":
            self.buffer[:] = seen
            return self.buffer
        return seen

    def reset(self, seed=None, options=None):
        self.rng = np.random.default_rng(seed)
        self.agents = SEATS[:]
        self.turns = 0
        self.cards = dict(zip(SEATS, self.rng.permutation(6).tolist()))
        for name in ("rewards", "_cumulative_rewards"):
            setattr(self, name, dict.fromkeys(SEATS, 0))
        self.terminations = dict.fromkeys(SEATS, False)
        self.truncations = dict.fromkeys(SEATS, False)
        self.infos = {name: {} for name in SEATS}
        self.agent_selection = "north"

    def step(self, action):
        self.turns += 1
        if self.turns == 4:
            self.terminations = dict.fromkeys(SEATS, True)
            best = max(SEATS, key=self.cards.get)
            self.rewards = {name: 1 if name == best else -1 for name in SEATS}
        self.agent_selection = SEATS[self.turns % 2]


def redeal(environment, seat, rng):
    """Give the other seat another card than its own and than ours."""
    mine, other = SEATS[seat], SEATS[1 - seat]
    free = [card for card in range(6) if card not in environment.cards.values()]
    environment.cards[other] = int(rng.choice(free))


def redeal_never(environment, seat, rng):
    """Say that each seat sees all there is."""
    return False


def redeal_south(environment, seat, rng):
    """North may see both hands, south only its own."""
    return redeal(environment, seat, rng) if seat == 1 else False


def redeal_nothing(environment, seat, rng):
    """Change nothing at all."""


class Throws(AECEnv):
    """Both seats throw in the same round, one asked after the other; afterwards each sees what was thrown."""

    metadata = {"name": "throws", "is_parallelizable": True, "render_modes": []}
    render_mode = None

    def __init__(self, vice=""):
        self.vice = vice
        self.possible_agents = SEATS[:]

    def observation_space(self, agent):
        return gymnasium.spaces.MultiDiscrete([4, 4, 2])

    def action_space(self, agent):
        return gymnasium.spaces.Discrete(3)

    def observe(self, agent):
        shown = self.thrown if self.vice == "shows the throw" else self.seen
        return np.array([*(shown[name] for name in SEATS), SEATS.index(agent)])

    def reset(self, seed=None, options=None):
        self.agents = SEATS[:]
        self.turns = 0
        self.thrown = dict.fromkeys(SEATS, 3)
        self.seen = dict(self.thrown)
        for name in ("rewards", "_cumulative_rewards"):
            setattr(self, name, dict.fromkeys(SEATS, 0))
        self.terminations = dict.fromkeys(SEATS, False)
        self.truncations = dict.fromkeys(SEATS, False)
        self.infos = {name: {} for name in SEATS}
        self.agent_selection = "north"

    def step(self, action):
        self.thrown[self.agent_selection] = int(action)
        self.turns += 1
        if self.turns % 2 == 0:
            self.seen = dict(self.thrown)
        if self.turns == 12:
            self.terminations = dict.fromkeys(SEATS, True)
        self.agent_selection = SEATS[self.turns % 2]


class Rooms(ParallelEnv):
    """Two walkers in rooms of their own; each sees where it stands itself."""

    metadata = {"name": "rooms", "render_modes": []}
    render_mode = None

    def __init__(self, vice=""):
        self.vice = vice
        self.possible_agents = SEATS[:]
        self.seen = {name: np.zeros(2, np.float32) for name in SEATS}

    def observation_space(self, agent):
        return gymnasium.spaces.Box(-99, 99, (2,), np.float32)

    def action_space(self, agent):
        return gymnasium.spaces.Discrete(3)

    def views(self):
        if self.vice == "one array for all":
            shared = self.seen["north"]
            for name in self.agents:
                shared[:] = self.places[name], 0
            return dict.fromkeys(self.agents, shared)
        return {name: np.array([self.places[name], 0], np.float32) for name in self.agents}

    def reset(self, seed=None, options=None):
        rng = np.random.default_rng(seed)
        self.agents = SEATS[:]
        self.turns = 0
        self.places = {name: int(rng.integers(-5, 6)) for name in SEATS}
        self.shown = self.views()
        return self.shown, {name: {} for name in SEATS}

    def step(self, actions):
        names = self.agents[:]
        if self.vice == "writes moves into what was shown":
            self.shown["north"][1] = actions["south"]
        for name in names:
            self.places[name] += int(actions[name]) - 1
        self.turns += 1
        self.shown = self.views()
        ended = self.turns == 12
        if ended:
            self.agents = []
        return (
            {name: self.shown[name] for name in names},
            {name: float(self.places[name]) for name in names},
            dict.fromkeys(names, ended),
            dict.fromkeys(names, False),
            {name: {} for name in names},
        )
'''


def secret_spec(folder, game, vice="", **changed):
    """Write the plug-in and return a spec of one of its games."""
    folder.mkdir(exist_ok=True)
    (folder / "secrets_kept.py").write_text(SOURCE)
    facts = {
        "id": "secret-v1",
        "title": "",
        "summary": "",
        "kind": "parallel" if game == "Rooms" else "aec",
        "environment": f"secrets_kept:{game}",
        "seats": 2,
        "objective": "rank",
        "arguments": {"vice": vice},
        "max_turns": 50,
        "folder": folder,
    }
    return ArenaSpec(**(facts | changed))
