"""Running a command of the suite once more as an ordinary user, when root has started it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_AS_USER = ROOT / "tests" / "workers" / "sandbox" / "as_user.py"


def as_ordinary_user() -> list[str]:
    """Return the start of a command that runs Python as user 65534, or as we are where that is not root."""
    return [sys.executable, "-B", str(_AS_USER), sys.executable, "-B"]


def again_as_ordinary_user(module: str, arguments: list[str]) -> int:
    """Run a module as user 65534 and return its exit status; nothing to do where we are not root."""
    if os.geteuid() != 0:
        return 0
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    sys.stdout.flush()
    command = [*as_ordinary_user(), "-m", module, *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
