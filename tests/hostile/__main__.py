"""`python -m tests.hostile`: play every hostile agent and honest control, two at a time; 1 on any breach."""

import argparse
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from tests.hostile.roster import CONTROLS, ROWS, Card, read_all
from tests.hostile.stage import Report, Stage
from tests.hostile.users import again_as_ordinary_user

_LINE: Final = "{:<44} {:<32} {:<20} {}"


def judge_all(cards: list[Card], stages: Callable[[int], Stage] = Stage) -> Iterator[Report]:
    """Judge all cards, one referee a core and two at most; reports come as they are done.

    Raises:
        IsolationError: this host cannot hold agents.
    """
    waiting: queue.SimpleQueue[Card] = queue.SimpleQueue()
    done: queue.SimpleQueue[Report | BaseException | None] = queue.SimpleQueue()
    for card in cards:
        waiting.put(card)

    def work(cpu: int) -> None:
        # The kernel ends a referee with the thread that started it, so each thread keeps its own.
        try:
            with stages(cpu) as stage:
                while True:
                    try:
                        card = waiting.get_nowait()
                    except queue.Empty:
                        break
                    done.put(stage.judge(card))
        except BaseException as error:
            done.put(error)
        done.put(None)

    cores = sorted(os.sched_getaffinity(0))[:2]
    threads = [threading.Thread(target=work, args=(core,), daemon=True) for core in cores]
    for thread in threads:
        thread.start()
    at_work = len(threads)
    while at_work:
        report = done.get()
        if isinstance(report, BaseException):
            raise report
        if report is None:
            at_work -= 1
        else:
            yield report


def main() -> int:
    """Run the suite and print one line an agent."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--only", default="", help="ids or beginnings of ids, separated by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--every-user", action="store_true", help="as root: then as an ordinary user too")
    options = parser.parse_args()
    cards = read_all(options.only)
    if not options.json:
        print(_LINE.format("id", "expected", "got", "breach"))
    broken = judged = 0
    for report in judge_all(cards):
        judged += 1
        broken += bool(report.breaches)
        if options.json:
            print(msgspec.json.encode(report).decode(), flush=True)
        else:
            words = "; ".join(report.breaches) or "-"
            print(_LINE.format(report.id, ", ".join(report.expected), report.got, words), flush=True)
    rows = {card.row for card in cards} - {0}
    controls = sum(card.row == 0 for card in cards)
    complete = options.only or (rows == set(ROWS) and controls == CONTROLS)
    who = f"as user {os.getuid()}"
    print(
        f"{judged} agents of {len(rows)} rows, {controls} controls {who}: {broken} broke out", file=sys.stderr
    )
    left = ["--only", options.only] if options.only else []
    left += ["--json"] if options.json else []
    status = again_as_ordinary_user("tests.hostile", left) if options.every_user else 0
    return int(bool(broken or not judged or judged != len(cards) or not complete or status))


if __name__ == "__main__":
    sys.exit(main())
