"""`python -m tests.e2e.gallery FOLDER [PART ...]`: every page photographed, and docs/pages.md's table.

Photographs are wide, phone, and phone in the dark. With parts: only of pages that have one in their address.
"""

import sys
from pathlib import Path

from tests.chromium import chromium
from tests.e2e.looking import Look
from tests.e2e.pages import LOOKS
from tests.e2e.paint import PAINTED, painted
from tests.e2e.town import Eyes, filled


def main() -> int:
    """Look at the pages; 1 if something is wrong with one."""
    folder = Path(sys.argv[1])
    wanted = sys.argv[2:] or [""]
    rows: list[Look] = []
    with filled() as town, chromium() as browser:
        eyes = Eyes(browser, town)
        for seen in [each for looks in LOOKS.values() for each in looks]:
            if any(part in seen.address for part in wanted):
                shots = folder / (seen.person or "nobody")
                shots.mkdir(parents=True, exist_ok=True)
                rows.append(eyes.look(seen, shots=shots, name=seen.address))
                print(f"{rows[-1].kilobytes:6.1f} kB {rows[-1].address}", *rows[-1].faults, sep="\n    ")
        paints = {each: painted(browser, town, each) for each in PAINTED}
    faults = sum(len(row.faults) for row in rows)
    print(*table(rows), *paint_table(paints), sep="\n", file=(folder / "pages.md").open("w"))
    print(f"{len(rows)} pages, {faults} faults; the table is in {folder}/pages.md")
    return 1 if faults else 0


def table(rows: list[Look]) -> list[str]:
    """Return lines of Markdown: page and person, weight, requests, what axe says against it, overflow."""
    heaviest = sorted(rows, key=lambda row: -row.kilobytes)
    return [
        "| page | kB | requests | axe | overflow |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| `{row.address}` | {row.kilobytes:.1f} | {row.requests} | {len(row.barriers)} "
            f"| {len(row.overflow)} |"
            for row in heaviest
        ),
    ]


def paint_table(paints: dict[str, tuple[float, float]]) -> list[str]:
    """Return lines of Markdown: page, seconds to the largest paint, seconds blocked."""
    lines = [f"| `{address}` | {paint:.2f} | {blocked:.2f} |" for address, (paint, blocked) in paints.items()]
    return ["", "| page | LCP, s | blocked, s |", "|---|---:|---:|", *lines]


if __name__ == "__main__":
    sys.exit(main())
