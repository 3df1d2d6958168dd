"""The site's own benchmark, as people call it."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_bench_prints_what_coliseum_bench_prints_and_leaves_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"COLISEUM_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "bench", "recording", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    row = json.loads(run.stdout)
    assert row.keys() >= {"name", "rate", "bare_rate", "ratio", "unit", "runs"}
    assert row["unit"] == "matches/s"
    assert len(row["runs"]) == 15
    assert all(each["rate"] > 0 and each["bare_rate"] > 0 for each in row["runs"])
    assert not list(tmp_path.glob("coliseum-bench-*"))
    assert not list(tmp_path.glob("coliseum.sqlite3"))
