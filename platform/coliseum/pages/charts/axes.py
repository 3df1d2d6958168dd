"""A frame with two scales, in which lines and dots are placed by their values."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from coliseum.pages.charts.marks import LINE, SOFT, WIDTH, Point, line, tick_words, ticks, upright, words


@dataclass(frozen=True, slots=True)
class Axes:
    """Scales from values to units of the picture; y grows upwards."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    left: float = 46.0
    top: float = 12.0
    height: float = 210.0
    right: float = 12.0

    @property
    def whole_height(self) -> float:
        """Return the height of a picture with these axes and their words below."""
        return self.top + self.height + 36.0

    def x(self, value: float) -> float:
        """Return where a value lies from left to right."""
        width = WIDTH - self.left - self.right
        return self.left + width * (value - self.x_low) / ((self.x_high - self.x_low) or 1.0)

    def y(self, value: float) -> float:
        """Return where a value lies from top to bottom."""
        return self.top + self.height * (1 - (value - self.y_low) / ((self.y_high - self.y_low) or 1.0))

    def at(self, x: float, y: float) -> Point:
        """Return the place of a pair of values."""
        return self.x(x), self.y(y)

    def drawn(
        self, x_label: str, y_label: str, *, y_words: Callable[[float], str] = tick_words
    ) -> list[SafeString]:
        """Return grid lines, numbers and the names of both axes."""
        bottom = self.top + self.height
        marks = []
        for value in ticks(self.y_low, self.y_high):
            marks.append(line((self.left, self.y(value)), (WIDTH - self.right, self.y(value)), LINE))
            place = (self.left - 5, self.y(value) + 3.5)
            marks.append(words(place, y_words(value), anchor="end", size=10, fill=SOFT))
        for value in ticks(self.x_low, self.x_high):
            marks.append(line((self.x(value), bottom), (self.x(value), bottom + 4), SOFT))
            marks.append(
                words((self.x(value), bottom + 15), tick_words(value), anchor="middle", size=10, fill=SOFT)
            )
        marks.append(words((WIDTH - self.right, bottom + 30), x_label, anchor="end", size=10.5, fill=SOFT))
        marks.append(upright((10, bottom), y_label))
        return marks


def padded(low: float, high: float, share: float = 0.05) -> tuple[float, float]:
    """Return two ends with some room outside; ends that are one get a room of 1."""
    room = (high - low) * share or 0.5
    return low - room, high + room
