"""kaggle-environments in an interpreter of its own: connectx, its built-in random agents, one process."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from workers.refusals import RefusedError

_PROGRAM: Final = """
import os, sys, time
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
import kaggle_environments
board = kaggle_environments.make("connectx")
print(kaggle_environments.__version__, file=answers, flush=True)
for line in sys.stdin:
    plies = matches = 0
    started = time.perf_counter()
    while (elapsed := time.perf_counter() - started) < float(line) or not matches:
        board.run(["random", "random"])
        plies += len(board.steps) - 1
        matches += 1
    print(plies / elapsed, matches / elapsed, file=answers, flush=True)
"""


class Kaggle:
    """The other process; it works only when asked."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def plies(self, seconds: float) -> float:
        """Return plies a second."""
        return self._ask(seconds)[0]

    def matches(self, seconds: float) -> float:
        """Return matches a second."""
        return self._ask(seconds)[1]

    def _ask(self, seconds: float) -> tuple[float, float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        plies, matches = self._process.stdout.readline().split()
        return float(plies), float(matches)


@contextmanager
def open_kaggle(interpreter: Path) -> Iterator[Kaggle]:
    """Start it on the cores of this process, outside the clock.

    Raises:
        RefusedError: `cli.usage`, the interpreter is none or lacks kaggle-environments.
    """
    problem = f"{interpreter} is no Python that has kaggle-environments."
    try:
        process = subprocess.Popen(  # noqa: S603 -- The person at the command line named the program.
            [str(interpreter), "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    except OSError as error:
        raise RefusedError("cli.usage", problem=problem) from error
    with process:
        try:
            assert process.stdout is not None
            if not process.stdout.readline():
                raise RefusedError("cli.usage", problem=problem)
            yield Kaggle(process)
        finally:
            process.kill()
