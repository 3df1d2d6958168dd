"""What an arena is: id, environment, seats, clock, scoring, baselines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["aec", "parallel", "gymnasium", "open_spiel"]
Objective: TypeAlias = Literal["outcome", "rank", "return", "score"]
IllegalActionRule: TypeAlias = Literal["forfeit", "random", "noop"]
Argument: TypeAlias = bool | int | float | str | None
WrapperArgument: TypeAlias = Argument | tuple[Argument, ...]

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one agent may use in one match. Times are wall seconds on the referee's monotonic clock."""

    load_seconds: float = 20.0
    """Import of agent.py and construction of the agent, once a match."""
    reset_seconds: float = 2.0
    """One call of `reset`, once an episode."""
    step_seconds: float = 1.0
    """One call of `act`; what goes beyond is taken from the bank."""
    bank_seconds: float = 10.0
    """Spare thinking time for the whole match; the seat times out when a step needs more than is left."""
    memory_bytes: int = 512 * MIB
    """Memory beyond the interpreter with its preloaded libraries."""
    scratch_bytes: int = 32 * MIB
    """Size of the agent's private /tmp, where the isolation level offers one."""
    threads: int = 16
    log_bytes: int = 64 * 1024
    """Kept of stdout and stderr together: this much of the head and this much of the tail."""
    package_bytes: int = 50 * MIB
    """Size of the upload as it is sent."""
    unpacked_bytes: int = 500 * MIB
    """Size of all files in the upload together."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """An agent that comes with the arena, submitted by the house like any other."""

    name: str
    """Short name, unique in the arena: `random`, `heuristic`, `network`."""
    title: str
    path: Path
    """One .py file, or a folder with agent.py at its top."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Wrapper:
    """One wrapper of SuperSuit, Gymnasium or PettingZoo, applied inside the arena."""

    name: str
    """`supersuit:resize_v1`, `gymnasium.wrappers:FlattenObservation`: what is called with the environment."""
    arguments: Mapping[str, WrapperArgument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Control:
    """What a person does to choose one action of a Discrete space in the browser."""

    action: int
    label: str
    """One or two words on the button: `left`, `fire`."""
    keys: tuple[str, ...] = ()
    """Names as in KeyboardEvent.key: `ArrowLeft`, `a`, ` `."""


@dataclass(frozen=True, slots=True)
class ArenaSpec:
    """Everything the platform knows of an arena before it makes the environment."""

    id: str
    """`name-vN`, as the environment is registered: `connect_four-v3`, `LunarLander-v3`; our own environments
    have their family in front, as in PettingZoo's registry: `coliseum/sumo-v1`."""
    title: str
    summary: str
    """One sentence for cards and lists."""
    kind: Kind
    environment: str
    """Id for `pettingzoo.make` or `gymnasium.make`: `classic/connect_four-v3`, `LunarLander-v3`; an id of a
    package of its own, `mpe2/simple_tag-v3`; the name of a game of OpenSpiel: `go`; or `module:attribute`, a
    constructor that is called with the arguments, the module being a file of the plug-in's folder or an
    installed one; or `module:id`, where importing the module registers the id, as in
    `minigrid:MiniGrid-Empty-5x5-v0`."""
    seats: int
    objective: Objective
    """outcome: win, draw, loss. rank: places. return: summed rewards of each seat. score: one number."""
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    wrappers: tuple[Wrapper, ...] = ()
    """Applied in this order, the first one innermost; agents see what the last one gives."""
    extra: str = ""
    """The optional part of this package that brings the environment: `atari` for `coliseum-rl[atari]`; empty
    where the plain installation has it. See `arenas.extras`."""
    controls: tuple[Control, ...] = ()
    """Keys and buttons for people who play; none are needed where a board shows the legal moves."""
    idle_action: int | None = None
    """Real-time arenas: what is done while a person holds no key; None where the arena waits for people."""
    hidden: str = ""
    """Arenas where seats hide things from each other: `module:function`, found like `environment`, called as
    `function(environment, seat, rng)` with the running `Adapter.environment` and a generator. It changes in
    place what that seat cannot see now: other hands, bodies out of sight. The certificate then shows that
    `environment.observe(name)` stays the same for the seat. It gives False where the seat sees all
    there is. OpenSpiel's games and RLCard's need none."""
    zero_sum: bool = True
    """Return arenas with several agents: whether what one gains the others lose. If not, each is rated by its
    own returns with all kinds of company: comparing who got more would reward doing harm."""
    roles: tuple[str, ...] = ()
    """One per seat where seats differ in kind (`predator`, `prey`); empty where they do not."""
    team_of_seat: tuple[int, ...] = ()
    """For each seat the member of the line-up that sits in it; empty means one member a seat.
    (0, 0, 0, 1): one agent plays the three predators, each in a process of its own, another the prey."""
    swaps_seats: bool = True
    """Whether the members of the line-up change places: a match is played once in each rotation of them
    on the same seed."""
    episodes: int = 1
    """Episodes per seating of one match."""
    is_single: bool = False
    """Whether one process can hold one running episode of it only; else several are played side by side."""
    reopens: bool = False
    """Whether each episode needs a new environment, because this one keeps state over `reset`; without it the
    same seed and actions would give another result after another episode."""
    max_turns: int = 10_000
    """An episode is cut off (truncated) after this many turns, however the environment ends it."""
    limits: Limits = Limits()
    illegal_action: IllegalActionRule = "forfeit"
    statistic: Literal["iqm", "mean"] = "iqm"
    """Score arenas: what of an agent's scores is ranked. The mean of their middle half, which a few crashes
    or lucky runs do not move; or the mean of all, where scores take few values as in winning or losing."""
    forfeit_score: float = 0.0
    """Return and score arenas: a seat that forfeits gets this, or its rewards so far if they are less."""
    measures: tuple[str, ...] = ()
    """What else is told of an episode: names of `arenas.measures`."""
    baselines: tuple[Baseline, ...] = ()
    tags: tuple[str, ...] = ()
    folder: Path | None = None
    """The plug-in folder: README.md, viewer/, baselines/."""

    @property
    def name(self) -> str:
        """Return the id without its version: `connect_four`."""
        return self.id.rpartition("-v")[0]

    @property
    def teams(self) -> tuple[int, ...]:
        """Return for each seat the member of the line-up that sits in it before any swap."""
        return self.team_of_seat or tuple(range(self.seats))

    @property
    def lineup(self) -> int:
        """Return how many agents meet in a match."""
        return max(self.teams) + 1

    def role_of(self, seat: int) -> str:
        """Return the role of a seat, or an empty text where seats do not differ."""
        return self.roles[seat] if self.roles else ""
