"""What a world of moving shapes looks like to its recorder."""

from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Shape: TypeAlias = dict[str, Any]  # Any: a JSON object, see `arenas.trajectory`.
Colour: TypeAlias = str
Row: TypeAlias = tuple[float, ...]

INK: Colour = "#2b2f36"
GROUND: Colour = "#8a9a7b"


@dataclass(frozen=True, slots=True)
class Body:
    """One moving body, drawn in its own coordinates."""

    shapes: list[Shape]
    seat: int | None
    name: str = ""
    """Where bodies come and go: who it is, so that it goes on as one body when they are listed anew."""
    layer: int = 0
    """Bodies of a greater one are drawn over those of a smaller one, whenever they came."""


class Stage(Protocol):
    """One kind of world. `changed` says that bodies came or went, so that `bodies` must be asked again.

    A stage may have `colours()` too: a colour for each seat, as in a trajectory's header; and `label()`: a
    few words on what happened in the last turn, asked once after each.
    """

    def bodies(self) -> list[Body]:
        """Return the moving bodies, those at the back first."""

    def row(self) -> Row:
        """Return x, y and angle of each body in turn; 3 numbers a body."""

    def changed(self) -> bool:
        """Say whether bodies came or went since `bodies` was asked."""

    def still(self) -> list[Shape]:
        """Return the shapes that never move."""

    def bounds(self, reach: tuple[float, float, float, float]) -> list[float] | str:
        """Return left, bottom, right, top of the view, or "follow".

        Args:
            reach: least x, least y, greatest x, greatest y of all bodies' origins in the episode.
        """


def colour(rgb: object) -> Colour:
    """Return `#rrggbb` of three numbers, 0 to 255, or all of them 0 to 1."""
    values = [float(value) for value in rgb]  # type: ignore[attr-defined]  # tuple or array
    scale = 255 if max(values) <= 1 else 1
    return "#" + "".join(f"{min(255, max(0, round(value * scale))):02x}" for value in values)


def polygon(points: list[tuple[float, float]], fill: Colour, stroke: Colour) -> Shape:
    """Return a filled polygon."""
    return {"kind": "polygon", "points": _rounded(points), "fill": fill, "stroke": stroke}


def line(points: list[tuple[float, float]], stroke: Colour) -> Shape:
    """Return an open line."""
    return {"kind": "line", "points": _rounded(points), "fill": stroke, "stroke": stroke}


def circle(centre: tuple[float, float], radius: float, fill: Colour, stroke: Colour) -> Shape:
    """Return a filled circle."""
    x, y = centre
    return {
        "kind": "circle",
        "x": round(x, 3),
        "y": round(y, 3),
        "r": round(radius, 3),
        "fill": fill,
        "stroke": stroke,
    }


def _rounded(points: list[tuple[float, float]]) -> list[list[float]]:
    return [[round(float(x), 3), round(float(y), 3)] for x, y in points]
