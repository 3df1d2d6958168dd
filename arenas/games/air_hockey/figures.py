"""Draw the figures of air hockey's rules from the very numbers the physics uses.

Run: python -m arenas.games.air_hockey.figures
"""

from collections.abc import Iterable
from math import cos, exp, pi, sin
from pathlib import Path
from typing import Final

from arenas.games.air_hockey import drawing, physics

FOLDER: Final = Path(__file__).parent / "figures"
_INK: Final = "#2b2f36"
_PALE: Final = "#8a909c"
_TEXT: Final = 'font-family="sans-serif" fill="#5b616e"'


def _hex(colour: drawing.Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _sheet(width: float, height: float, content: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
    return "\n".join([head, *content, "</svg>", ""])


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.4g},{-y:.4g}" for x, y in points)


def _disc(x: float, y: float, radius: float, fill: str, rest: str = "") -> str:
    return f'<circle cx="{x:.4g}" cy="{-y:.4g}" r="{radius:g}" fill="{fill}" {rest}/>'


def _mallet(x: float, y: float, colour: drawing.Colour) -> str:
    ice = _hex(drawing.ICE)
    return _disc(x, y, physics.MALLET, _hex(colour), f'stroke="{_INK}" stroke-width=".04"') + _disc(
        x, y, drawing.KNOB, "none", f'stroke="{ice}" stroke-width=".06"'
    )


def _puck(x: float, y: float, turned: float) -> str:
    bar = f'<polygon points="{_points(drawing.stripe())}" fill="{_hex(drawing.STRIPE)}"/>'
    return _disc(x, y, physics.PUCK, _hex(drawing.PUCK)) + (
        f'<g transform="translate({x:.4g} {-y:.4g}) rotate({turned:g})">{bar}</g>'
    )


def _table(side: int, content: list[str], scale: float) -> str:
    """Return a table from above with something on it, in metres; y runs up as in the physics."""
    length, width = physics.HALF_LENGTH[side] + drawing.RIM, physics.HALF_WIDTH[side] + drawing.RIM
    marks, middle = _hex(drawing.MARKS), _hex(drawing.MIDDLE)
    pocket, top = drawing.pocket(side), physics.HALF_WIDTH[side]
    parts = [
        f'<rect x="{-length:g}" y="{-width:g}" width="{2 * length:g}" height="{2 * width:g}" rx=".3" '
        f'fill="{_hex(drawing.FRAME)}"/>',
        *(
            f'<polygon points="{_points((way * x, y) for x, y in pocket)}" fill="{_hex(drawing.POCKETS)}"/>'
            for way in (1, -1)
        ),
        f'<polygon points="{_points(drawing.outline(side))}" fill="{_hex(drawing.ICE)}"/>',
        f'<g fill="none" stroke-width=".05"><g stroke="{marks}">',
        *(f'<polyline points="{_points(drawing.crease(side, way))}"/>' for way in (1, -1)),
        f'</g><g stroke="{middle}"><path d="M0 {-top:g}V{top:g}"/><circle r="{drawing.CIRCLE:g}"/></g></g>',
        *content,
    ]
    wide, high = 2 * length * scale, 2 * width * scale
    group = f'<g transform="translate({wide / 2:g} {high / 2:g}) scale({scale:g})">'
    return _sheet(wide, high, [group, *parts, "</g>"])


def table() -> str:
    """Return the table at the first faceoff: the puck glides along the middle line."""
    (x, y), *_ = physics.homes(1)
    way = f'stroke="{_PALE}" stroke-width=".05" stroke-dasharray=".15 .1"'
    return _table(
        1,
        [
            f'<path d="M0 -.25V-1.9" fill="none" {way}/>',
            _mallet(x, y, drawing.MALLETS[0]),
            _mallet(-x, -y, drawing.MALLETS[1]),
            _puck(0.0, 0.0, 30.0),
        ],
        44.0,
    )


def table_2v2() -> str:
    """Return the larger table with two mallets a side."""
    one, two, three, four = drawing.colours_of(2)
    (x, y), (x2, y2) = physics.homes(2)
    mallets = [_mallet(x, y, one), _mallet(x2, y2, two), _mallet(-x, -y, three), _mallet(-x2, -y2, four)]
    return _table(2, [*mallets, _puck(0.0, 0.0, 30.0)], 34.0)


def curves() -> str:
    """Return the ways of three pucks that leave one place with different spin."""
    lines = []
    for spin, tint in ((-20.0, "#b0447a"), (0.0, _INK), (20.0, "#2e8b6f")):
        x, y, angle, speed, points, now = -3.6, 0.0, 0.0, 8.0, [(-3.6, 0.0)], spin
        while x < physics.HALF_LENGTH[1] and abs(y) < physics.HALF_WIDTH[1] - physics.PUCK:
            angle += physics.CURVE * now * 0.025
            x, y = x + speed * cos(angle) * 0.025, y + speed * sin(angle) * 0.025
            speed, now = speed * exp(-physics.DRAG * 0.025), now * exp(-physics.SPIN_DRAG * 0.025)
            points.append((x, y))
        (x, y), words = points[-15], f"{spin:+g} rad/s" if spin else "no spin"
        lines.append(
            f'<polyline points="{_points(points)}" fill="none" stroke="{tint}" stroke-width=".07"/>'
            f'<text x="{x + 0.2:.3g}" y="{0.65 - y if spin >= 0 else -y - 0.4:.3g}" '
            f'font-size=".34" font-family="sans-serif" fill="{tint}">{words}</text>'
        )
    return _table(1, [*lines, _mallet(-4.1, 0.0, drawing.MALLETS[0]), _puck(-3.6, 0.0, 30.0)], 44.0)


def mallet() -> str:
    """Return how a mallet changes its velocity: towards the asked one, so much a turn."""
    scale, middle = 26.0, 150.0
    most = physics.PUSH * physics.TURN_SECONDS
    tip = physics.SPEED * cos(pi / 5), physics.SPEED * sin(pi / 5)
    now = (-1.5, 2.0)
    way = (tip[0] - now[0], tip[1] - now[1])
    far = (way[0] ** 2 + way[1] ** 2) ** 0.5
    then = (now[0] + way[0] / far * most, now[1] + way[1] / far * most)

    def at(point: tuple[float, float]) -> str:
        return f"{middle + point[0] * scale:.4g} {middle - point[1] * scale:.4g}"

    parts = [
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6"',
        f' orient="auto"><path d="M0 0L8 4L0 8z" fill="{_PALE}"/></marker></defs>',
        f'<circle cx="{middle:g}" cy="{middle:g}" r="{physics.SPEED * scale:g}" fill="none" stroke="{_PALE}" '
        'stroke-dasharray="4 4"/>',
        f'<path d="M{middle - 140:g} {middle:g}H{middle + 145:g}M{middle:g} {middle + 132:g}V8" '
        f'stroke="{_PALE}" fill="none" marker-end="url(#tip)"/>',
        f'<circle cx="{middle + now[0] * scale:.4g}" cy="{middle - now[1] * scale:.4g}" r="{most * scale:g}" '
        f'fill="{_hex(drawing.MALLETS[0])}" fill-opacity=".18"/>',
        f'<path d="M{at(now)}L{at(tip)}" stroke="{_PALE}" stroke-dasharray="3 3"/>',
        '<g fill="none" stroke-width="3">',
        f'<path d="M{at((0, 0))}L{at(now)}" stroke="{_hex(drawing.MALLETS[0])}"/>',
        f'<path d="M{at((0, 0))}L{at(tip)}" stroke="{_hex(drawing.MALLETS[1])}"/>',
        f'<path d="M{at((0, 0))}L{at(then)}" stroke="#2e8b6f"/></g>',
        f'<g font-size="13" {_TEXT}><text x="268" y="172">ahead</text><text x="158" y="20">left</text>',
        f'<text x="40" y="92">now</text><text x="{middle + tip[0] * scale - 14:.4g}" '
        f'y="{middle - tip[1] * scale - 8:.4g}">asked</text>',
        f'<text x="{middle + then[0] * scale - 36:.4g}" y="{middle - then[1] * scale - 10:.4g}">',
        "next turn</text>",
        f'<text x="16" y="296">circle: {physics.SPEED:g} m/s; disc: {most:g} m/s a turn</text></g>',
    ]
    return _sheet(310, 304, parts)


FIGURES: Final = {"table": table, "table_2v2": table_2v2, "curves": curves, "mallet": mallet}


def main() -> None:
    """Write all figures."""
    FOLDER.mkdir(exist_ok=True)
    for name, draw in FIGURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
