"""Replay files and their verification: the same actions must give the same result."""

import msgspec

from arenas.adapters import Adapter
from arenas.errors import IllegalActionError, MalformedActionError, ReplayError
from arenas.replay import decode_log, replay_episode
from arenas.scoring import score_episode
from arenas.spec import ArenaSpec
from workers.spec import EpisodeResult, Outcome, SeatResult

_TIE = 1e-9
MOST_TURNS = 1 << 31


class ReplayEpisode(msgspec.Struct, frozen=True):
    """One episode as a replay file holds it."""

    seed: int
    seating: tuple[int, ...]
    actions: bytes
    """The stored action log, base64 in JSON."""
    digest: str
    turns: int
    seats: tuple[SeatResult, ...]
    truncated: bool = False


class ReplayFile(msgspec.Struct, frozen=True):
    """A match as `/matches/{id}/replay` serves it; unknown fields are ignored."""

    arena: str
    episodes: tuple[ReplayEpisode, ...]
    format: int = 1
    match: str = ""
    digest: str = ""
    versions: dict[str, str] = msgspec.field(default_factory=dict)


class EpisodeVerdict(msgspec.Struct, frozen=True):
    """What playing an episode again showed."""

    ok: bool
    seed: int
    digest: str
    expected: str
    detail: str


def replay_of(episode: EpisodeResult) -> ReplayEpisode:
    """Return an episode in the form of a replay file."""
    return ReplayEpisode(
        seed=episode.seed,
        seating=episode.seating,
        actions=episode.actions,
        digest=episode.digest,
        turns=episode.turns,
        seats=episode.seats,
        truncated=episode.truncated,
    )


def forfeits_of(seats: tuple[SeatResult, ...]) -> dict[int, int]:
    """Return for each seat that forfeited the turn in which it did."""
    return {at: seat.failed_turn for at, seat in enumerate(seats) if seat.outcome is not Outcome.OK}


def verify_replay(arena: ArenaSpec, adapter: Adapter, replay: ReplayFile) -> tuple[EpisodeVerdict, ...]:
    """Play every episode of a replay again and compare rewards and digest.

    Raises:
        ArenaFaultError: the environment failed.
    """
    return tuple(_verify(arena, adapter, episode) for episode in replay.episodes)


def _verify(arena: ArenaSpec, adapter: Adapter, episode: ReplayEpisode) -> EpisodeVerdict:
    def verdict(ok: bool, digest: str, detail: str) -> EpisodeVerdict:
        return EpisodeVerdict(ok, episode.seed, digest, episode.digest, detail)

    if len(episode.seats) != arena.seats or len(episode.seating) != arena.seats:
        return verdict(False, "", f"The arena has {arena.seats} seats, the file {len(episode.seats)}.")
    forfeits = forfeits_of(episode.seats)
    if not all(-1 <= turn < MOST_TURNS for turn in forfeits.values()):
        return verdict(False, "", "A seat forfeited in a turn that cannot be.")
    try:
        again = replay_episode(
            arena,
            seed=episode.seed,
            log=decode_log(episode.actions),
            forfeits=forfeits,
            adapter=adapter,
        )
    except (ReplayError, IllegalActionError, MalformedActionError) as error:
        return verdict(False, "", str(error))
    scores = score_episode(arena, again.rewards, forfeits, adapter.survival())
    for at, (seat, score) in enumerate(zip(episode.seats, scores, strict=True)):
        if not _is_close(seat.total_reward, score.total_reward):
            told = f"Seat {at} was given {seat.total_reward:g}, these actions give {score.total_reward:g}."
            return verdict(False, again.digest, told)
        if seat.rank != score.rank or not _is_close(seat.score, score.score):
            told = f"Seat {at} was ranked {seat.rank} with {seat.score:g}, by these actions it is "
            return verdict(False, again.digest, f"{told}{score.rank} with {score.score:g}.")
    if (again.turns, again.truncated) != (episode.turns, episode.truncated):
        return verdict(
            False, again.digest, f"These actions end the episode otherwise, in turn {again.turns}."
        )
    if again.digest != episode.digest:
        return verdict(False, again.digest, "The digest differs.")
    return verdict(True, again.digest, f"{again.turns} turns, digest {again.digest[:16]}")


def _is_close(told: float, found: float) -> bool:
    return abs(told - found) <= _TIE * max(1.0, abs(found))
