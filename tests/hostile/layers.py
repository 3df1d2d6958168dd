"""`python -m tests.hostile.layers`: one wall down at a time, and what of the host that opens to an agent.

Every agent that goes for the host (T1), its secrets (T2), its files (T3) or another seat (T4) plays without
the wall, and the canary tries its probes. What gets through is a gap; each known one stands in SECURITY.md
with its reason. A new gap, or a known one that is gone, makes the exit status 1.
"""

import argparse
import functools
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tests.hostile import judging
from tests.hostile.__main__ import judge_all
from tests.hostile.gaps import GAPS, THREATS, WITNESSES, threat_of_probe
from tests.hostile.roster import read_all, read_card
from tests.hostile.stage import Report, Stage
from tests.hostile.users import again_as_ordinary_user
from tests.hostile.walls import WALLS, open_weak_referee, without

CANARY = Path(__file__).with_name("canary.py")
SECURITY = Path(__file__).resolve().parents[2] / "SECURITY.md"
_REFUSED_BY = {
    "EPERM": ("seccomp", "no capabilities"),
    "ENOSYS": ("seccomp", "the kernel"),
    "EACCES": ("landlock", "file modes"),
    "ENOENT": ("namespaces", "absence"),
    "EROFS": ("namespaces", "a read-only tree"),
    "ESRCH": ("namespaces", "absence"),
    "ENETUNREACH": ("namespaces", "absence"),
    "ECONNREFUSED": ("namespaces", "absence"),
    "EAGAIN": ("rlimits", "absence"),
    "MemoryError": ("rlimits", "the host's size"),
    "unchanged": ("seccomp", "the scheduler"),
    "refused": ("absence", "absence"),
    "load_failed": ("the unpacker", "the unpacker"),
    "illegal_action": ("the referee", "the referee"),
    "protocol_violation": ("the referee", "the referee"),
    "ok": ("a folder of its own", "a folder of its own"),
}
"""Answer to the wall that gives it, and to what gives it when that wall is down."""


@dataclass(slots=True)
class Cell:
    """One wall that is down, and one threat."""

    tried: int = 0
    open: list[str] = field(default_factory=list)
    closers: Counter[str] = field(default_factory=Counter)

    def words(self) -> str:
        """Return `closed by ...` or `gap: ...`."""
        if self.open:
            shown = [name for name in self.open if not name.startswith("42a ")]
            calls = len(self.open) - len(shown)
            return "gap: " + ", ".join([*shown, *([f"{calls} rare calls"] if calls else [])])
        return "closed by " + ", ".join(name for name, _ in self.closers.most_common(3))


def run_without(wall: str, only: str = "") -> tuple[dict[str, Cell], bool]:
    """Play without a wall; return the cells by threat, and whether the wall really was down.

    Args:
        wall: one of `WALLS`, or `none`.
        only: beginnings of the ids of those that play.
    """
    cards = [card for card in read_all(only) if card.threat]
    cells = {threat: Cell() for threat in THREATS}
    is_down = False
    stages = functools.partial(Stage, opened=open_weak_referee)
    with without(wall):
        for report in judge_all([read_card(CANARY), *cards], stages):
            if report.id == CANARY.stem:
                _count_probes(report, wall, cells)
                is_down = WITNESSES[wall] in set(report.answers.items())
            else:
                _count(report, next(card for card in cards if card.id == report.id).threat, wall, cells)
    return cells, is_down


def _count(report: Report, threat: str, wall: str, cells: dict[str, Cell]) -> None:
    """Add what an agent found; an attempt that was not refused, or a verdict that is another one."""
    cell = cells[threat]
    breaches = [breach for breach in report.breaches if not judging.speaks_of_time(breach)]
    opened = {breach.partition(":")[0] for breach in breaches}
    for name, answer in report.answers.items():
        cell.tried += 1
        if name not in opened:
            cell.closers[_closer(answer, wall)] += 1
    row = report.id.partition("_")[0]
    for breach in breaches:
        words = breach.partition(" (")[0] if breach.startswith("is not") else breach.partition(":")[0]
        cell.open.append(f"{row} {words}")
    if not report.answers and not breaches:
        cell.tried += 1
        cell.closers[report.got] += 1


def _count_probes(report: Report, wall: str, cells: dict[str, Cell]) -> None:
    if not report.answers:
        cells["T1"].open.append(f"the canary ended: {'; '.join(report.breaches)}")
    for name, answer in report.answers.items():
        threat = threat_of_probe(name)
        if threat not in cells:
            continue
        cells[threat].tried += 1
        if answer.startswith("OPEN"):
            cells[threat].open.append(f"canary {name}")
        else:
            cells[threat].closers[_closer(answer, wall)] += 1


def _closer(answer: str, wall: str) -> str:
    by, otherwise = _REFUSED_BY.get(answer, (answer, answer))
    return otherwise if by == wall else by


def check(wall: str, cells: dict[str, Cell]) -> list[str]:
    """Return how the gaps differ from those that are known and written down."""
    found = []
    security = " ".join(SECURITY.read_text(encoding="utf-8").split())
    for threat, cell in cells.items():
        known = GAPS.get((wall, threat))
        unknown = [opened for opened in cell.open if not (known and known.covers(opened))]
        if unknown:
            found.append(f"{wall}, {threat}: new gap {unknown}")
        if known and not cell.open:
            found.append(f"{wall}, {threat}: the known gap is closed; take it out of the list")
        if known and known.reason not in security:
            found.append(f"{wall}, {threat}: SECURITY.md lacks '{known.reason}'")
        if not cell.tried:
            found.append(f"{wall}, {threat}: nothing was tried")
    return found


def main() -> int:
    """Run the layers and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.layers", description=__doc__)
    parser.add_argument("--only", default="", help="one wall")
    parser.add_argument("--json", action="store_true", help="one JSON object a wall")
    parser.add_argument("--every-user", action="store_true", help="as root: then as an ordinary user too")
    options = parser.parse_args()
    troubles = []
    for wall in [options.only] if options.only else ["none", *WALLS]:
        cells, is_down = run_without(wall)
        if not is_down:
            troubles.append(f"{wall}: the wall was not taken down; nothing is shown by this run")
        troubles += check(wall, cells)
        if options.json:
            row = {threat: {"tried": cell.tried, "open": cell.open} for threat, cell in cells.items()}
            print(msgspec.json.encode({"wall": wall, "threats": row}).decode(), flush=True)
            continue
        print(f"without {wall}" if wall != "none" else "with all walls")
        for threat, cell in cells.items():
            print(f"  {threat} {THREATS[threat]:<16} {cell.tried:>4} tried  {cell.words()}", flush=True)
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    left = ["--only", options.only] if options.only else []
    left += ["--json"] if options.json else []
    status = again_as_ordinary_user("tests.hostile.layers", left) if options.every_user else 0
    return int(bool(troubles or status))


if __name__ == "__main__":
    sys.exit(main())
