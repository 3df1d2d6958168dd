"""Pictures of episodes on demand: asked for, made by a match worker, kept in storage.

How it works. A row says that somebody asked. A worker plays the episode again, renders it and sends a WebP or
the reason why there is none. What was asked for and never answered may be asked for again after a while.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from django.db.models import Sum
from django.db.models.functions import Coalesce

from coliseum import clock, storage
from coliseum.matches.models import Episode, Pictures
from workers.refusals import RefusedError

State: TypeAlias = Literal["absent", "making", "ready", "failed"]

AT_A_TIME: Final = 6
"""So many episodes are being drawn at once; who asks for more is told to wait."""
PATIENCE: Final = timedelta(minutes=3)
"""A worker that has not answered by then never will."""
_FIRST_GUESS: Final = 0.03
"""Seconds a turn, before any were made."""
_START_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class PicturesState:
    """How pictures of an episode stand."""

    state: State
    message: str = ""
    """Why there are none, where they failed."""
    seconds: int = 0
    """How long making them takes, about."""


def pictures_state(episode: Episode) -> PicturesState:
    """Return how the pictures of an episode stand."""
    row = Pictures.objects.filter(episode=episode).first()
    if row is None:
        return PicturesState("absent", seconds=_guess(episode))
    if row.key:
        return PicturesState("ready", seconds=math.ceil(row.seconds))
    if row.problem:
        return PicturesState("failed", message=row.problem)
    is_late = row.asked_at < clock.now() - PATIENCE
    return PicturesState("absent" if is_late else "making", seconds=_guess(episode))


def ask_pictures(episode: Episode) -> bool:
    """Note that somebody wants pictures of an episode; say whether they must be made now.

    Raises:
        RefusedError: `rate.limited` while too many are being made.
    """
    if pictures_state(episode).state != "absent":
        return False
    now = clock.now()
    waiting = Pictures.objects.filter(asked_at__gt=now - PATIENCE, made_at=None).exclude(episode=episode)
    if waiting.count() >= AT_A_TIME:
        raise RefusedError("rate.limited", limit=AT_A_TIME, retry_after=30)
    Pictures.objects.update_or_create(episode=episode, defaults={"asked_at": now, "made_at": None})
    return True


def record_pictures(*, match: str, index: int, content: bytes, problem: str, seconds: float) -> None:
    """Keep what a worker made; nothing happens where nobody asked, or where there are some already."""
    row = Pictures.objects.filter(episode__match_id=match, episode__index=index, key="").first()
    if row is None:
        return
    if content:
        row.key, row.problem = storage.put_pictures(match, index, content), ""
    else:
        row.problem = problem[:400] or "The worker gave neither pictures nor a reason."
    row.made_at, row.seconds = clock.now(), seconds
    row.save(update_fields=["key", "problem", "made_at", "seconds"])


def made_pictures(episode: Episode) -> bytes | None:
    """Return an episode's WebP, or None where none was made or it was lost; a lost one may be made again."""
    row = Pictures.objects.filter(episode=episode).exclude(key="").first()
    if row is None:
        return None
    try:
        return storage.read_trajectory(row.key)
    except FileNotFoundError:
        row.delete()
        return None


def _guess(episode: Episode) -> int:
    """Return the seconds that pictures of this arena took a turn, times the turns."""
    known = Pictures.objects.filter(episode__match__competition__arena=episode.match.competition.arena)
    sums = known.exclude(key="").aggregate(
        seconds=Coalesce(Sum("seconds"), 0.0), turns=Coalesce(Sum("episode__turns"), 0)
    )
    rate = sums["seconds"] / sums["turns"] if sums["turns"] else _FIRST_GUESS
    return math.ceil(_START_SECONDS + rate * episode.turns)
