"""Named places where a fault test may strike; nothing happens unless the environment asks for it."""

import os
import signal
import time

_WANTED = os.environ.get("COLISEUM_FAULT", "")


def point(name: str) -> None:
    """Kill, stall or break this process here if COLISEUM_FAULT says `name:kill`, `:stall` or `:error`."""
    if not _WANTED:
        return
    wanted, _, what = _WANTED.partition(":")
    if wanted != name:
        return
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "stall":
        time.sleep(60)
    if what == "error":
        raise OSError(28, "No space left on device")
