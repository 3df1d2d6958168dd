"""The long fault run: `make faults`. Kills workers and sites at random over many matches, then audits.

    python -m tests.faults.long [--kills 300] [--matches 1000] [--store laptop --store cluster]

Prints one JSON object a store; exit status 1 if anything was lost, doubled or wrong, or nothing was injected.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
import uuid
from pathlib import Path

from tests.faults.scenario import open_competition, set_target
from tests.faults.stack import Stack

PAUSE_SECONDS = 1.5
"""Between two kills: a worker needs about as long to be back at work."""


def run(store: str, kills: int, matches: int, *, patience_seconds: float = 1500.0) -> dict[str, object]:
    """Kill while the league plays; return counts and the audit's verdict."""
    folder = Path(tempfile.mkdtemp(prefix="cf-"))
    stack = Stack(store, folder)
    slug = f"long-{uuid.uuid4().hex[:6]}"
    started = time.monotonic()
    try:
        stack.start_all()
        open_competition(stack, slug, arena="connect_four-v3", target=1)
        stack.wait(stack.is_quiet, "the baselines' verdicts", seconds=120)
        # More than enough: the league must not run dry before the last kill.
        set_target(stack, slug, 10 * matches)
        while stack.played(slug) < matches or stack.kills < kills:
            if time.monotonic() - started > patience_seconds:
                break
            time.sleep(PAUSE_SECONDS)
            stack.revive()
            if stack.kills >= kills:
                continue
            if stack.kills % 20 == 19:
                stack.kill("matches")
            elif stack.kills % 20 == 9:
                stack.kill("site")
            elif stack.kills % 20 == 4:
                stack.kill("web")
            else:
                stack.kill_one_of_pool("matches")
        set_target(stack, slug, 1)
        stack.wait(stack.is_quiet, "the last matches", seconds=180)
        report = stack.audit()
        return {
            "store": store,
            "kills": stack.kills,
            "matches": stack.played(slug),
            "seconds": round(time.monotonic() - started),
            "ok": report["ok"] and stack.kills >= kills and stack.played(slug) >= matches,
            "counts": report["counts"],
            "differences": report["differences"],
        }
    finally:
        stack.close()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run every store asked for and print what came out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--matches", type=int, default=1000)
    parser.add_argument("--store", action="append", choices=["laptop", "cluster"])
    options = parser.parse_args()
    is_good = True
    for store in options.store or ["laptop", "cluster"]:
        result = run(store, options.kills, options.matches)
        print(json.dumps(result), flush=True)
        is_good = is_good and bool(result["ok"])
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
