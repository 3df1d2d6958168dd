"""The wire contract between site and match worker: MatchSpec in, MatchResult out.

Both sides are msgspec Structs encoded as msgpack or JSON by `encode` and `decode`; decoding checks every
type, so nothing unpickled or untyped crosses the queue. A change of a field is a new `WIRE_VERSION`.
"""

from enum import IntEnum, StrEnum
from typing import Final

import msgspec

WIRE_VERSION: Final = 4


class Outcome(StrEnum):
    """What became of one seat in one match. The only list of verdicts in the project."""

    OK = "ok"
    LOAD_FAILED = "load_failed"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    ILLEGAL_ACTION = "illegal_action"
    PROTOCOL_VIOLATION = "protocol_violation"
    OUT_OF_MEMORY = "out_of_memory"
    RESOURCE_LIMIT = "resource_limit"
    SECURITY_VIOLATION = "security_violation"

    @property
    def is_forfeit(self) -> bool:
        """Say whether the seat lost the episode by its own fault."""
        return self is not Outcome.OK


class Isolation(IntEnum):
    """How an agent was held, weakest first; stored on every match."""

    NONE = 0
    LANDLOCK_SECCOMP = 1
    NAMESPACES = 2
    CONTAINER = 3
    VIRTUAL_MACHINE = 4

    @property
    def label(self) -> str:
        """Return the words shown to people."""
        return (
            "none",
            "landlock+seccomp",
            "namespaces+landlock+seccomp",
            "container",
            "gvisor or virtual machine",
        )[self]


class MatchKind(StrEnum):
    """Why a match is played."""

    VALIDATION = "validation"
    LEAGUE = "league"
    TOURNAMENT = "tournament"
    SCRIMMAGE = "scrimmage"
    AUDIT = "audit"
    GATE = "gate"


class AgentRef(msgspec.Struct, frozen=True):
    """One member of a line-up: whose submission, and where its bytes are."""

    submission: str
    """Opaque id of the submission; a label, never interpreted by the worker."""
    digest: str
    """SHA-256 (hex) of the uploaded bytes."""
    file_name: str
    """`agent.py` for a single file, `agent.zip` for an archive."""
    url: str = ""
    """Where to fetch the bytes: empty for the shared blob folder, else a signed address."""


class EpisodeSpec(msgspec.Struct, frozen=True):
    """One reset-to-end run."""

    seed: int
    """Environment seed, 0 to 2**31 - 1; never shown to agents."""
    seating: tuple[int, ...]
    """For each seat, the index into the line-up of the agent that takes it."""


class LimitsSpec(msgspec.Struct, frozen=True):
    """The limits of `arenas.spec.Limits` that a competition may change, on the wire."""

    load_seconds: float
    reset_seconds: float
    step_seconds: float
    bank_seconds: float
    memory_bytes: int
    scratch_bytes: int
    threads: int
    log_bytes: int


class MatchSpec(msgspec.Struct, frozen=True):
    """All a worker needs to play one match."""

    match: str
    """Opaque id of the match."""
    token: str
    """Fencing token of this attempt; a result with an older one is refused."""
    kind: MatchKind
    arena: str
    lineup: tuple[AgentRef, ...]
    """Validation: exactly one, the agent under test."""
    episodes: tuple[EpisodeSpec, ...]
    """Validation: empty, the ladder makes its own from `seed`."""
    limits: LimitsSpec
    minimum_isolation: Isolation = Isolation.NAMESPACES
    seed: int = 0
    """Validation only: the seed its episodes are drawn from."""
    agent_seeds: tuple[int, ...] = ()
    """One per line-up member: what `start.seed` and the agent's random generators are set from."""
    records: bool = True
    """Whether trajectories are recorded for the player."""
    version: int = WIRE_VERSION


class SeatResult(msgspec.Struct, frozen=True):
    """What one seat did in one episode."""

    agent: int
    """Index into the line-up."""
    outcome: Outcome
    rank: int
    """1 is best; equal ranks are a tie."""
    score: float
    """1, 0.5 or 0 (two seats); mean over opponents (more); the return (one seat, return arenas)."""
    total_reward: float
    """Sum of the environment's rewards over the episode."""
    turns: int
    """Actions this seat gave."""
    think_seconds: float
    """Wall time of all its turns, on the referee's clock."""
    slowest_seconds: float
    message: str = ""
    """Cause of a forfeit in a sentence; empty otherwise."""
    evidence: str = ""
    """For the owner only: traceback of the agent's own frames, the failing observation, the limit."""
    failed_turn: int = -1
    """Turn of the episode at which it failed; -1 where it did not."""


class AgentUsage(msgspec.Struct, frozen=True):
    """What one agent process used in the whole match; shown to its owner."""

    load_seconds: float = 0.0
    cpu_seconds: float = 0.0
    idle_cpu_seconds: float = 0.0
    """Processor seconds it used between its answers and the next question, while others were asked."""
    peak_memory_bytes: int = 0
    bank_left_seconds: float = 0.0
    step_quantiles: tuple[float, ...] = ()
    """Seconds of a turn: median, 90 %, 99 %, maximum."""
    log: str = ""
    """Head and tail of stdout and stderr."""
    exit_signal: int = 0


class EpisodeResult(msgspec.Struct, frozen=True):
    """What one episode gave."""

    seed: int
    seating: tuple[int, ...]
    seats: tuple[SeatResult, ...]
    """In seat order."""
    turns: int
    truncated: bool
    digest: str
    """Running digest of actions, rewards and ends; the same again when re-played."""
    actions: bytes = b""
    """The action log in the stored form described in `arenas.replay`."""
    trajectory: bytes = b""
    """The drawn form: gzip JSON described in `arenas.trajectory`; empty if not recorded."""
    thought: bytes = b""
    """If not recorded: how long each seat thought in each turn, as `arenas.thought` packs it."""


class Check(msgspec.Struct, frozen=True):
    """One step of the validation ladder."""

    name: str
    """inspect, start, conformance or versus_random."""
    ok: bool
    code: str
    """`ok`, an Outcome, or a dotted refusal code."""
    message: str
    hint: str
    seconds: float
    evidence: str = ""


class MatchResult(msgspec.Struct, frozen=True):
    """What a worker gives back for one MatchSpec."""

    match: str
    token: str
    worker: str
    isolation: Isolation
    episodes: tuple[EpisodeResult, ...] = ()
    usage: tuple[AgentUsage, ...] = ()
    """One per line-up member."""
    checks: tuple[Check, ...] = ()
    """Validation only, in order; the first that is not ok ended the ladder."""
    seconds: float = 0.0
    speed: float = 1.0
    """The worker's measured speed; 1 is the reference machine."""
    limit_factor: float = 1.0
    """What the limits in seconds were multiplied by; above 1 on a worker slower than the reference."""
    versions: dict[str, str] = msgspec.field(default_factory=dict)
    """Package versions that determine the result: arena, engines, numpy, referee, machine."""
    error: str = ""
    """Our fault, in a sentence: the match must be tried again. Empty when the match was played."""
    version: int = WIRE_VERSION


class Batch(msgspec.Struct, frozen=True):
    """What one queue task carries."""

    id: str
    matches: tuple[MatchSpec, ...]
    version: int = WIRE_VERSION
