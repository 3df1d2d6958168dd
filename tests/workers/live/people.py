"""A person at a table, as a script: what is pressed when something is asked, and all that was said."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workers.live.hand import Hand
from workers.live.wire import Press

Word = dict[str, Any]


@dataclass
class Person:
    """Presses what `choose` says whenever a move is asked for; None presses nothing."""

    choose: Callable[[Word], int | None]
    hand: Hand = field(default_factory=Hand)
    words: list[Word] = field(default_factory=list)

    def hear(self, word: Word, is_whole: bool) -> None:
        """Take a word of the table, and answer it at once."""
        self.words.append(word | {"whole": is_whole})
        if word["kind"] == "told" or word.get("ask"):
            asked = next(each for each in reversed(self.words) if each.get("ask"))
            action = self.choose(asked)
            if action is not None:
                self.hand.put(Press(action, asked["turn"]))

    @property
    def told(self) -> list[str]:
        """Return what was refused."""
        return [word["text"] for word in self.words if word["kind"] == "told"]

    @property
    def states(self) -> list[Word]:
        """Return the states that were shown."""
        return [word for word in self.words if word["kind"] == "state"]


def first(word: Word) -> int:
    """Choose the first legal move."""
    return int(word["ask"]["moves"][0][0])
