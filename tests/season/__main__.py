"""One season really played: a site of its own, three arenas, everybody's agents, and what came out of it.

    python -m tests.season [--minutes 20] [--tournaments] [--into docs] [--home FOLDER] [--target 200]

Writes season.md and its pictures. With --home the site is kept and a later run goes on with it.
"""

import argparse
import importlib
import json
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.season.field import CONTESTS
from tests.season.grounds import ROOT, Site


def main() -> int:
    """Play a season and write about it; exit status 1 if a ledger did not give its board again."""
    options = _options()
    home = Path(options.home) if options.home else Path(tempfile.mkdtemp(prefix="season-"))
    site = Site(home.resolve())
    try:
        site.start()
        _say(f"the site is up at {site.url}, in {home}")
        is_same = _play(site, options)
    finally:
        site.stop()
        if not options.home:
            shutil.rmtree(home, ignore_errors=True)
    return 0 if is_same else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20.0, help="how long the workers play")
    parser.add_argument("--tournaments", action="store_true", help="then play one of each format")
    parser.add_argument("--target", type=int, default=200, help="matches after which an agent has enough")
    parser.add_argument("--into", type=Path, default=ROOT / "docs", help="where season.md is written")
    parser.add_argument("--home", default="", help="keep the site in this folder")
    parser.add_argument("--no-pictures", action="store_true", help="without a browser")
    return parser.parse_args()


def _play(site: Site, options: argparse.Namespace) -> bool:
    os.environ.update(site.environment)
    importlib.import_module("django").setup()
    # Models can be imported only now that the settings are known.
    playing = importlib.import_module("tests.season.playing")
    evidence = importlib.import_module("tests.season.evidence")
    report = importlib.import_module("tests.season.report")
    competitions = [playing.open_competition(contest, options.target) for contest in CONTESTS]
    for competition, contest in zip(competitions, CONTESTS, strict=True):
        _say(f"{contest.slug}: {len(playing.send_agents(competition, contest))} agents sent")
    playing.wait_for_verdicts(_say)
    began, minutes = _note(site.home, playing.play(competitions, options.minutes, _say))
    playing.settle(competitions, _say)
    outcomes = [evidence.outcome_of(competition, site, site.home) for competition in competitions]
    events = []
    if options.tournaments:
        events = importlib.import_module("tests.season.events").play_events(competitions, _say)
    pictures: list[str] = []
    if not options.no_pictures:
        pictures = importlib.import_module("tests.season.pictures").take(
            site.url, options.into / "season", [each.tournament.pk for each in events]
        )
    page = report.document(outcomes, events, began=began, minutes=minutes, pictures=pictures)
    options.into.mkdir(parents=True, exist_ok=True)
    (options.into / "season.md").write_text(page, encoding="utf-8")
    _say(f"written: {options.into / 'season.md'}")
    return all(each.rerating.is_same_digest and not each.rerating.differences for each in outcomes)


def _note(home: Path, minutes: float) -> tuple[datetime, float]:
    """Add to the minutes that the season of this folder was played; return when it began, and the sum."""
    path = home / "played.json"
    known = (
        json.loads(path.read_text())
        if path.exists()
        else {"began": time.time() - 60 * minutes, "minutes": 0.0}
    )
    known["minutes"] += minutes
    path.write_text(json.dumps(known))
    return datetime.fromtimestamp(known["began"], UTC), known["minutes"]


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
