"""What site, live worker and referee say to each other about a table: one where a person plays, or a show."""

from typing import Final

import msgspec

from workers.spec import AgentRef, LimitsSpec

WIRE_VERSION: Final = 1
MOST_SEATS: Final = 10
MOST_FPS: Final = 30.0
"""Steps a second of a real-time arena; a faster one is played in slow motion."""
TURN_SECONDS: Final = 90.0
"""How long a person may think about one move."""
SHOW_SECONDS: Final = 150.0
"""How long a show goes at watching pace; what is left of it then is played faster."""
TABLE_SECONDS: Final = 1200.0
"""How long a table stays open where the arena waits for the person."""
REAL_TIME_SECONDS: Final = 300.0
"""How long a table stays open where it does not."""
PRESS_BYTES: Final = 200
"""The longest message of a browser; an honest one has about forty."""


class Chair(msgspec.Struct, frozen=True):
    """Who takes one seat: an agent of the house, a submission, or the person."""

    name: str
    baseline: str = ""
    """Name of the arena's baseline."""
    agent: AgentRef | None = None


class TableSpec(msgspec.Struct, frozen=True):
    """One table: the arena, who sits where, and the seed."""

    table: str
    """Unguessable id; whoever knows it and holds the cookie sits there."""
    owner: str
    """SHA-256 (hex) of what the browser's cookie says."""
    arena: str
    seat: int
    """The person's; -1 where nobody sits down: a show, which people watch."""
    chairs: tuple[Chair, ...]
    """One per seat; the person's has neither baseline nor agent."""
    seed: int
    limits: LimitsSpec
    opened_at: float
    """Seconds since the epoch."""
    back: str = ""
    """Address of the page from which it was opened, for "again"."""
    turn_seconds: float = TURN_SECONDS
    table_seconds: float = TABLE_SECONDS
    pace: float = 1.0
    """How many times faster than its replay a show is played."""
    version: int = WIRE_VERSION

    @property
    def is_show(self) -> bool:
        """Say whether agents play among themselves, for people who watch."""
        return self.seat < 0


class Press(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the person does."""

    action: int
    turn: int
    """The turn it answers; in real time any number that grows from press to press."""

    def __post_init__(self) -> None:
        """Refuse numbers that no browser sends.

        Raises:
            ValueError: out of range.
        """
        if not (-(2**31) <= self.action < 2**31 and 0 <= self.turn < 2**53):
            raise ValueError("out of range")


class Order(msgspec.Struct, frozen=True):
    """From the worker to its referee: open a table, a press at it, or its end. One of the three is set."""

    table: str
    spec: TableSpec | None = None
    packages: dict[str, bytes] = {}
    """By name of the chair's baseline, or digest of its agent."""
    press: Press | None = None
    leave: str = ""
    """Why the person's part is over: a key of `workers.live.ending.ENDINGS`."""


class Word(msgspec.Struct, frozen=True):
    """From the referee to the worker, which hands it on unread."""

    table: str
    """Empty for what arenas can be played: `body` is then a JSON object of id to reason why not."""
    body: bytes = b""
    """A JSON object for the browser, on one line."""
    is_whole: bool = False
    """Whether somebody who comes to the table now needs nothing but this and what follows."""
    whole: bytes = b""
    """A JSON object that tells everything, where `body` tells only what is new."""
    is_over: bool = False
    """Whether it is the last word of the table."""
    replay: bytes = b""
    """With the last word: the stored trajectory, where there is one."""
