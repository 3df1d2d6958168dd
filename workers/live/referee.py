"""The program that holds tables with people: one confined process, a thread for each table.

How it works. As the referee of matches it has no secret, no network and no file but code, and starts agents
through its zygote. Orders come in by standard input, words for browsers go out by standard output; whose
browser that is, and where the words go, it cannot know.
"""

import os
import sys
import threading

import msgspec

from workers.live.ending import ending
from workers.live.session import Session, survey
from workers.live.wire import Order, Word
from workers.referee import main as referee_main
from workers.referee_process import UnreadableError, read_message, write_frame
from workers.sandbox import Launcher

_SWITCH_SECONDS = 0.001
"""A table that computes gives way this soon: others have a beat to keep."""


class LiveReferee:
    """The tables of this process.

    Args:
        launcher: starts the agents of all of them.
        answers: descriptor the words are written to.
    """

    def __init__(self, launcher: Launcher, answers: int) -> None:
        self._launcher = launcher
        self._answers = answers
        self._writing = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def serve(self) -> None:
        """Follow orders until the worker is gone."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        threading.Thread(target=self._survey, name="survey", daemon=True).start()
        while True:
            try:
                order = read_message(0, Order)
            except EOFError:
                return
            except UnreadableError as error:
                sys.exit(f"The order cannot be read: {error}.")
            self._follow(order)

    def _follow(self, order: Order) -> None:
        if order.spec is not None:
            session = self._sessions[order.table] = Session(order, self._launcher, self.send)
            run = threading.Thread(target=self._run, args=(order.table, session), daemon=True)
            run.start()
        elif session := self._sessions.get(order.table):  # type: ignore[assignment]  # or None: it is over
            if order.press is not None:
                session.hand.put(order.press)
            else:
                session.hand.leave(order.leave)

    def _run(self, table: str, session: Session) -> None:
        try:
            session.run()
        except Exception:
            # The border of a table: a fault of ours ends this one, its person is told, the others play on.
            sys.excepthook(*sys.exc_info())
            broken = msgspec.json.encode(ending("broken"))
            self.send(Word(table, broken, is_whole=True, is_over=True))
        finally:
            if self._sessions.get(table) is session:
                del self._sessions[table]
        if not self._launcher.is_alive:
            os._exit(1)

    def _survey(self) -> None:
        self.send(Word("", msgspec.json.encode(survey())))

    def send(self, word: Word) -> None:
        """Write a word whole; tables take turns."""
        with self._writing:
            write_frame(self._answers, word)


def main() -> None:
    """Hold tables until standard input closes."""
    referee_main(lambda launcher, answers: LiveReferee(launcher, answers).serve())
