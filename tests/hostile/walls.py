"""Taking one wall of the sandbox down, in a referee of the tests; production code knows no such switch.

How it works. A referee is started with one line before its program. That line puts another one before the
program of the zygote it will start, and there the function that builds the wall does nothing.
"""

import functools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from workers.referee_process import SOURCE, RefereeProcess
from workers.spec import Isolation

WALLS = ("seccomp", "landlock", "namespaces", "rlimits")
_MAIN = "from workers.referee import main; main()"


def remove(wall: str) -> None:
    """Have the zygote build its jails without a wall; called in the zygote."""
    from workers.sandbox import jail, landlock, seccomp

    module, names = {
        "seccomp": (seccomp, ("load",)),
        "landlock": (landlock, ("restrict", "restrict_writing")),
        "rlimits": (jail, ("set_limits",)),
    }[wall]
    for name in names:
        assert callable(getattr(module, name))
        setattr(module, name, lambda *_, **__: None)


def before_referee(wall: str) -> None:
    """Prepare the referee's process, before its program runs."""
    from workers import referee
    from workers.sandbox import launcher, open_launcher

    if wall == "namespaces":
        referee.open_launcher = functools.partial(open_launcher, level=Isolation.LANDLOCK_SECCOMP)
    elif wall != "none":
        line = "import sys; sys.path.insert(0, sys.argv[1]); from tests.hostile.walls import remove;"
        launcher._BOOT = f"{line} remove({wall!r}); {launcher._BOOT}"


@contextmanager
def without(wall: str) -> Iterator[None]:
    """Start referees whose agents lack a wall, as long as the block lasts; `none` takes nothing down."""
    real = subprocess.Popen
    started = 0

    def start(command, *arguments, **named):
        nonlocal started
        if any(_MAIN in part for part in command):
            line = f"from tests.hostile.walls import before_referee; before_referee({wall!r}); "
            command = [part.replace(_MAIN, line + _MAIN) for part in command]
            started += 1
        return real(command, *arguments, **named)

    with mock.patch.object(sys.modules[RefereeProcess.__module__].subprocess, "Popen", start):
        yield
    assert started, "no referee was started without the wall"


def open_weak_referee(cpu: int) -> RefereeProcess:
    """Start a referee that does not prove its walls."""
    return RefereeProcess(minimum=Isolation.LANDLOCK_SECCOMP, cpu=cpu)


assert SOURCE.joinpath("tests").is_dir(), "the referee must find this module"
