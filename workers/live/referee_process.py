"""The live referee's parent side: start it without secrets, hand it orders, take its words."""

import threading

from workers.errors import MatchError
from workers.live.wire import Order, Word
from workers.referee_process import RefereeProcess, UnreadableError, read_message, write_frame


class LiveRefereeProcess(RefereeProcess):
    """A live referee in a process of its own; it dies with the thread that started it."""

    program = "workers.live.referee"
    _writing = threading.Lock()

    def send(self, order: Order) -> None:
        """Hand it an order; may be called by any thread.

        Raises:
            MatchError: it is gone.
        """
        with self._writing:
            try:
                if self._process.stdin is None:
                    raise OSError("no pipe")
                write_frame(self._process.stdin.fileno(), order)
            except (OSError, ValueError) as error:
                raise MatchError("The live referee is gone.") from error

    def receive(self) -> Word:
        """Wait for its next word.

        Raises:
            MatchError: it is gone, or what it says cannot be read.
        """
        try:
            return read_message(self._out, Word)
        except (EOFError, OSError, ValueError, UnreadableError) as error:
            raise MatchError(f"The live referee broke off ({type(error).__name__}).") from error
