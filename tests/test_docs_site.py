"""The documents as a site: they build without a warning, with every arena and every command."""

import subprocess
import sys
from pathlib import Path

import pytest

from arenas import registry
from workers.cli import _COMMANDS

ROOT = Path(__file__).resolve().parents[1]
GENERATED = ROOT / "docs" / "generated"


@pytest.mark.slow
def test_the_site_of_the_documents_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "dummy"]
    built = subprocess.run(
        [*command, "-d", str(tmp_path / "trees"), str(ROOT / "docs"), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (built.returncode, built.stderr) == (0, "")
    pages = {path.stem for path in GENERATED.glob("*.md")}
    assert {name.replace("/", "-") for name in registry.names()} <= pages
    commands = (GENERATED / "commands.md").read_text()
    assert [name for name in _COMMANDS if f"## coliseum {name}" not in commands] == []
