"""Say at the end which levels of isolation were tested, and which not; loaded by every pytest run."""

import re
from collections import Counter

from workers.spec import Isolation

_passed, _missed = Counter(), Counter()


def pytest_runtest_logreport(report):
    found = re.search(r"workers/sandbox/.*level_(\d)-(root|user)", report.nodeid)
    if found and (report.when == "call" or report.skipped):
        place = f"{found[1]} as {found[2]}"
        (_missed if report.skipped else _passed)[place] += 1


def pytest_terminal_summary(terminalreporter):
    if not _passed and not _missed:
        return
    offered = ", ".join(f"{place} ({count} tests)" for place, count in sorted(_passed.items(), reverse=True))
    wanted = [f"{int(level)} as {who}" for level in (*Isolation,)[1:3] for who in ("root", "user")]
    missing = ", ".join(place for place in wanted if not _passed[place])
    terminalreporter.write_line(
        f"sandbox levels tested here: {offered or 'none'}; not tested here: {missing or 'none'}"
    )
