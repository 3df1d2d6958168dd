"""Draw the figures of sumo's rules from the very numbers the physics uses.

Run: python -m arenas.games.sumo.figures
"""

from math import degrees
from pathlib import Path
from typing import Final

from arenas.games.sumo import drawing, physics

FOLDER: Final = Path(__file__).parent / "figures"
_INK: Final = "#2b2f36"
_PALE: Final = "#8a909c"
_TEXT: Final = 'font-family="sans-serif" fill="#5b616e"'


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _sheet(width: float, height: float, content: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
    return "\n".join([head, *content, "</svg>", ""])


def _machine(seat: int, flame: bool) -> str:
    """Return a machine in metres, looking along x; y runs down in SVG, which mirrors nothing here."""
    steel = _hex(drawing.STEEL)
    parts = [(track, steel) for track in physics.TRACKS]
    parts += [(physics.HULL, _hex(drawing.HULLS[seat])), (physics.BLADE, steel)]
    if flame:
        parts.insert(0, (drawing.FLAME_SHAPE, _hex(drawing.FLAME)))
    polygons = [
        f'<polygon points="{" ".join(f"{x:g},{y:g}" for x, y in corners)}" fill="{fill}"/>'
        for corners, fill in parts
    ]
    return f'<g stroke="{_INK}" stroke-width=".03">{"".join(polygons)}</g>'


def _placed(x: float, y: float, angle: float, scale: float, content: str) -> str:
    return (
        f'<g transform="translate({x:g} {y:g}) rotate({degrees(angle):.4g}) scale({scale:g})">{content}</g>'
    )


def ring() -> str:
    """Return the ring from above with two machines at the places of a start."""
    side, scale = 320.0, 26.0
    middle = side / 2
    discs = [f'<rect width="{side:g}" height="{side:g}" rx="12" fill="{_hex(drawing.VOID)}"/>']
    for plank, radius in enumerate(drawing.radii(physics.RADIUS)):
        fill = _hex(drawing.PLANKS[plank % 2])
        discs.append(f'<circle cx="{middle:g}" cy="{middle:g}" r="{radius * scale:g}" fill="{fill}"/>')
    edge = f'r="{physics.RADIUS * scale:g}" fill="none" stroke="{_hex(drawing.EDGE)}" stroke-width="3"'
    discs.append(f'<circle cx="{middle:g}" cy="{middle:g}" {edge}/>')
    way = 'stroke="#2b2f36" stroke-dasharray="4 4"'
    discs.append(f'<line x1="{middle - 62:g}" y1="{middle:g}" x2="{middle + 62:g}" y2="{middle:g}" {way}/>')
    left = _placed(middle - 62, middle, -0.6, scale, _machine(0, flame=False))
    right = _placed(middle + 62, middle, 3.1416 - 0.6, scale, _machine(1, flame=True))
    return _sheet(side, side, [*discs, left, right])


def machine() -> str:
    """Return one machine with its axes, its parts named."""
    words = [
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"',
        f' orient="auto"><path d="M0 0L8 4L0 8z" fill="{_PALE}"/></marker></defs>',
        f'<g stroke="{_PALE}" stroke-width="2">',
        '<path d="M150 110H300" marker-end="url(#tip)"/><path d="M150 110V14" marker-end="url(#tip)"/></g>',
        _placed(150, 110, 0.0, 100, _machine(0, flame=True)),
        f'<g font-size="13" {_TEXT}><text x="284" y="130">x: ahead</text><text x="160" y="24">y: left</text>',
        '<text x="216" y="184">blade</text><text x="112" y="184">tracks</text>',
        '<text x="42" y="150">boost</text></g>',
    ]
    return _sheet(360, 200, words)


def planks() -> str:
    """Return the radius of the ring over the seconds of a round."""
    last = physics.LAST_TURN * physics.TURN_SECONDS + 1.5
    across, up = 300 / last, 26.0
    points, radius = [(40.0, 160 - physics.RADIUS * up)], physics.RADIUS
    for turn, fallen in physics.FALLS:
        x = 40 + turn * physics.TURN_SECONDS * across
        points += [(x, 160 - radius * up), (x, 160 - fallen * up)]
        radius = fallen
    points.append((340.0, 160 - radius * up))
    line = " ".join(f"{x:.4g},{y:.4g}" for x, y in points)
    words = [
        f'<path d="M344 160H40V20" fill="none" stroke="{_PALE}"/>',
        f'<polyline points="{line}" fill="none" stroke="{_hex(drawing.EDGE)}" stroke-width="2.5"/>',
        f'<g font-size="12" {_TEXT}>',
        *(f'<text x="14" y="{164 - metres * up:g}">{metres} m</text>' for metres in (0, 1, 2, 3, 4, 5)),
        *(f'<text x="{36 + second * across:.4g}" y="178">{second} s</text>' for second in (0, 6, 12, 18)),
        "</g>",
    ]
    return _sheet(360, 190, words)


FIGURES: Final = {"ring": ring, "machine": machine, "planks": planks}


def main() -> None:
    """Write all figures."""
    FOLDER.mkdir(exist_ok=True)
    for name, draw in FIGURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
