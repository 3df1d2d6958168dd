"""Writing leaderboards: what the fit gives, stored with its ranks in one transaction."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta

import numpy as np
from django.db import transaction

from coliseum import clock
from coliseum.competitions.models import Phase
from coliseum.leaderboards.days import keep_day
from coliseum.leaderboards.evidence import rated_matches, uncounted_matches
from coliseum.leaderboards.fitting import Computed, Row, compute, unplaced
from coliseum.leaderboards.models import Plot, RatingChange, Snapshot, Standing
from coliseum.leaderboards.sealing import seal_ledger, seal_table, unsealed_matches, voided_matches
from coliseum.matches.queries import waiting_league_matches
from coliseum.submissions.queries import players_in
from workers.league.columns import FITTED_FLAGS, FLAGS
from workers.league.divisions import SMALL_FIELD, divide

LONGEST_PAUSE_SECONDS = 30.0
FIT_SHARE = 1 / 3
"""Most of a process's time that the fits of one phase may take."""
SEAL_SECONDS = 60.0
"""Results of a busy phase wait so long for their page of the ledger; those of a quiet one do not wait."""
KEPT_FLAGS = "flags-"
HISTORY_STEP = 0.05
"""A point of the history plot is kept when an agent's matches grew by this share."""


def is_behind(phase: Phase) -> bool:
    """Say whether the stored leaderboard lacks finished matches, or shows who takes no place any more."""
    known = Snapshot.objects.filter(phase=phase).values_list("matches", "voided").first() or (0, 0)
    return (
        known != (rated_matches(phase), uncounted_matches(phase).count())
        or Standing.objects.filter(phase=phase).exclude(submission__in=players_in(phase)).exists()
        or unplaced(phase).exists()
    )


def is_fresh(phase: Phase) -> bool:
    """Say whether a leaderboard was fitted so lately that another fit can wait.

    What takes long is done less often.
    """
    snapshot = Snapshot.objects.filter(phase=phase).first()
    if snapshot is None or snapshot.computed_at is None:
        return False
    pause = timedelta(seconds=min(LONGEST_PAUSE_SECONDS, snapshot.seconds / FIT_SHARE))
    return clock.now() - snapshot.computed_at < pause


def is_unsealed(phase: Phase) -> bool:
    """Say whether the ledger should get its next page, and the leaderboard its root, now."""
    snapshot = Snapshot.objects.filter(phase=phase).first()
    if snapshot is None or snapshot.computed_at is None:
        return False
    if unsealed_matches(phase).exists() or voided_matches(phase).exists():
        head = phase.ledger_pages.order_by("-number").first()
        waited = head is None or clock.now() - head.sealed_at >= timedelta(seconds=SEAL_SECONDS)
        return waited or waiting_league_matches(phase) == 0
    # Agents came or went; or results are held back, and then there is no root before their release.
    return not snapshot.root and clock.now() - snapshot.computed_at >= timedelta(seconds=SEAL_SECONDS)


def publish_table(*, phase: Phase) -> Snapshot:
    """Seal what is final, and fit the official table from it: stored with the root of the ledger."""
    seal_ledger(phase)
    return rate_phase(phase=phase)


def rate_phase(*, phase: Phase, is_warm: bool = True) -> Snapshot:
    """Refit a leaderboard and store it; a pure function of the finished matches and active agents.

    Args:
        phase: whose.
        is_warm: read only the matches this process has not read before; the numbers are the same.
    """
    started = time.monotonic()
    computed = compute(phase, is_warm=is_warm)
    with transaction.atomic():
        snapshot, _ = Snapshot.objects.select_for_update().get_or_create(phase=phase)
        if snapshot.matches + snapshot.voided > computed.matches + computed.voided:
            # Another process fitted more results meanwhile.
            return snapshot
        keep_day(phase=phase, snapshot=snapshot)
        _store(phase, computed.rows)
        snapshot.matches = computed.matches
        snapshot.voided = computed.voided
        snapshot.seconds = time.monotonic() - started
        snapshot.digest = computed.digest
        snapshot.parameters = computed.parameters | computed.notes
        snapshot.computed_at = clock.now()
        snapshot.root = seal_table(phase, computed)
        snapshot.save()
        _keep_history(phase, computed)
    return snapshot


def keep_flags(*, phase: Phase, source: str, flags: Mapping[str, Sequence[str]]) -> None:
    """Keep what another job found out about agents; every refit shows it until it is replaced.

    Args:
        phase: on whose leaderboard.
        source: who says so; replaces what the same source said before.
        flags: words of `workers.league.columns.FLAGS` by submission id.
    """
    unknown = {flag for words in flags.values() for flag in words} - set(FLAGS)
    assert not unknown, f"no flags of the closed list: {unknown}"
    content = {agent: list(words) for agent, words in flags.items() if words}
    Plot.objects.update_or_create(
        phase=phase,
        name=f"{KEPT_FLAGS}{source}",
        defaults={"content": content, "computed_at": clock.now()},
    )
    with transaction.atomic():
        kept = _kept_flags(phase)
        for standing in Standing.objects.select_for_update().filter(phase=phase):
            wanted = _with_kept(standing.flags, kept.get(standing.submission_id, ()))
            if wanted != standing.flags:
                Standing.objects.filter(pk=standing.pk).update(flags=wanted)


def _kept_flags(phase: Phase) -> dict[str, set[str]]:
    kept: dict[str, set[str]] = defaultdict(set)
    for content in Plot.objects.filter(phase=phase, name__startswith=KEPT_FLAGS).values_list(
        "content", flat=True
    ):
        for agent, words in content.items():
            kept[agent].update(words)
    return kept


def _with_kept(flags: Iterable[str], kept: Iterable[str]) -> list[str]:
    """Return the flags that the fit itself gives, and the kept ones, in the order of the closed list."""
    wanted = {flag for flag in flags if flag in FITTED_FLAGS} | set(kept)
    return [flag for flag in FLAGS if flag in wanted]


def _store(phase: Phase, rows: tuple[Row, ...]) -> None:
    kept = _kept_flags(phase)
    rows = tuple(replace(row, flags=_with_kept(row.flags, kept.get(row.submission_id, ()))) for row in rows)
    wanted = {row.submission_id: row for row in rows}
    division = _divided(phase, rows)
    Standing.objects.filter(phase=phase).exclude(submission_id__in=wanted).delete()
    fields = [name for name in Row.__dataclass_fields__ if name != "submission_id"]
    Standing.objects.bulk_create(
        (Standing(phase=phase, division=division[row.submission_id], **asdict(row)) for row in rows),
        update_conflicts=True,
        unique_fields=["phase", "submission"],
        update_fields=[*fields, "division"],
    )


def _divided(phase: Phase, rows: Sequence[Row]) -> dict[str, int]:
    """Return the division of each agent; it leaves the one it stood in only when that is fairly sure."""
    stood = dict(Standing.objects.filter(phase=phase).values_list("submission_id", "division"))
    if len(stood) <= SMALL_FIELD:
        stood = {}
    divided = divide(
        np.array([row.rating for row in rows], float),
        np.array([(row.high - row.low) / (2 * 1.96) for row in rows], float),
        np.ones(len(rows), bool),
        before=np.array([stood.get(row.submission_id, -1) for row in rows], np.int64),
    )
    return {row.submission_id: int(division) for row, division in zip(rows, divided, strict=True)}


def _keep_history(phase: Phase, computed: Computed) -> None:
    """Add a point to the history of each agent that played noticeably more than at its last one."""
    latest: dict[str, int] = {}
    ids = [row.submission_id for row in computed.rows]
    for submission_id, matches in (
        RatingChange.objects.filter(phase=phase, submission_id__in=ids)
        .order_by("submission_id", "matches")
        .values_list("submission_id", "matches")
    ):
        latest[submission_id] = matches
    now = clock.now()
    RatingChange.objects.bulk_create(
        (
            RatingChange(
                phase=phase,
                submission_id=row.submission_id,
                matches=row.matches,
                rating=row.rating,
                low=row.low,
                high=row.high,
                rank=row.rank,
                at=now,
            )
            for row in computed.rows
            if row.matches > latest.get(row.submission_id, 0) * (1 + HISTORY_STEP)
        ),
        ignore_conflicts=True,
    )
