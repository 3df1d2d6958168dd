"""What came out of a season: boards, calibration, and the ledger fitted again. Needs the site's settings."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from coliseum.competitions.models import Competition, Phase
from coliseum.competitions.queries import open_phase_of
from coliseum.leaderboards.models import Plot, Snapshot
from coliseum.leaderboards.queries import snapshot_of, standings_of
from coliseum.matches.models import Episode, Match, MatchState, Seat
from coliseum.submissions.models import Submission
from tests.season.grounds import Site, run

_COMPARED = ("rank", "rank_low", "rank_high", "rating", "low", "high", "p_best", "provisional")


@dataclass(frozen=True, slots=True)
class Rerating:
    """A ledger fitted again without the site, beside what the site shows."""

    lines: int
    bytes: int
    root: str
    digest: str
    is_same_digest: bool
    numbers: int
    """How many numbers of the board were compared."""
    differences: tuple[str, ...]
    """Those that are not equal to the last bit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One competition of the season."""

    competition: Competition
    snapshot: Snapshot
    rows: list[dict[str, object]]
    suspended: tuple[str, ...]
    """Agents that were taken out of the league because they forfeited too often."""
    calibration: dict[str, object] | None
    matches: int
    episodes: int
    turns: int
    forfeits: int
    failed: int
    """Matches that our own faults ended; never rated."""
    rerating: Rerating


def outcome_of(competition: Competition, site: Site, folder: Path) -> Outcome:
    """Read what came out of a competition, and have its ledger fitted again offline."""
    phase = open_phase_of(competition)
    assert phase is not None
    snapshot = snapshot_of(phase)
    assert snapshot is not None
    league = Match.objects.filter(phase=phase)
    over = league.filter(state=MatchState.FINISHED)
    episodes = Episode.objects.filter(match__in=over)
    plot = Plot.objects.filter(phase=phase, name="calibration").first()
    return Outcome(
        competition=competition,
        snapshot=snapshot,
        rows=_rows(phase),
        suspended=tuple(
            Submission.objects.filter(entry__competition=competition, suspended_at__isnull=False).values_list(
                "name", flat=True
            )
        ),
        calibration=plot.content if plot else None,
        matches=over.count(),
        episodes=episodes.count(),
        turns=sum(episodes.values_list("turns", flat=True)),
        forfeits=sum(Seat.objects.filter(match__in=over).values_list("forfeits", flat=True)),
        failed=league.filter(state=MatchState.FAILED).count(),
        rerating=_rerate(phase, snapshot, site, folder),
    )


def _rows(phase: Phase) -> list[dict[str, object]]:
    fields = (
        *_COMPARED,
        *(
            "submission_id",
            "matches",
            "episodes",
            "opponents",
            "forfeits",
            "field_rate",
            "worst_rate",
            "flags",
        ),
    )
    rows = []
    for standing in standings_of(phase).select_related("worst_opponent"):
        row = {name: getattr(standing, name) for name in fields}
        row["agent"] = standing.submission.name
        row["owner"] = standing.submission.entry.team.name
        row["worst"] = standing.worst_opponent.name if standing.worst_opponent else ""
        rows.append(row)
    return rows


def _rerate(phase: Phase, snapshot: Snapshot, site: Site, folder: Path) -> Rerating:
    """Export the ledger, fit it in a process that knows no site, and compare to the last bit."""
    path = folder / f"{phase.competition.slug}.jsonl"
    path.write_text(site.manage("ledger", phase.competition.slug), encoding="ascii")
    program = "from workers.cli import main; main()"
    bare = {name: value for name, value in site.environment.items() if not name.startswith("COLISEUM_")}
    told = json.loads(run([sys.executable, "-c", program, "rerate", str(path), "--json"], bare))
    offline = {row["agent"]: row for row in told["ratings"]}
    board = _rows(phase)
    differences = [
        f"{row['agent']}: {name} {row[name]!r} on the board, {offline[row['submission_id']][name]!r} offline"
        for row in board
        for name in _COMPARED
        if offline[row["submission_id"]][name] != row[name]
    ]
    if len(offline) != len(board):
        differences.append(f"{len(board)} agents on the board, {len(offline)} offline")
    return Rerating(
        lines=told["lines"],
        bytes=path.stat().st_size,
        root=told["root"],
        digest=told["digest"],
        is_same_digest=told["digest"] == snapshot.digest,
        numbers=len(board) * len(_COMPARED),
        differences=tuple(differences),
    )
