"""Draw the figures of joust's rules from the very numbers the physics uses.

Run: python -m arenas.games.joust.figures
"""

from math import cos, degrees, pi, sin
from pathlib import Path
from typing import Final

from arenas.games.joust import drawing, physics
from arenas.games.joust.physics import HIP, HIP_HEIGHT, KNEE, LANCE, SHOULDER, THIGH, Five, Joint

FOLDER: Final = Path(__file__).parent / "figures"
_INK: Final = "#2b2f36"
_PALE: Final = "#8a909c"
_RED: Final = "#b03a2e"
_TEXT: Final = 'font-family="sans-serif" fill="#5b616e"'


def _hex(colour: drawing.Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _sheet(width: float, height: float, content: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
    return "\n".join([head, *content, "</svg>", ""])


def _places(bends: Five) -> list[tuple[float, float, float]]:
    """Return x, y and angle of the parts of a walker whose hull is at the origin and upright."""
    found = [(0.0, 0.0, 0.0)]
    for hip, knee in (bends[0:2], bends[2:4]):
        found.append((0.0, HIP_HEIGHT, hip))
        found.append((THIGH * sin(hip), HIP_HEIGHT - THIGH * cos(hip), hip + knee))
    return [*found, (*SHOULDER, bends[4])]


def _walker(seat: int, bends: Five, parts: tuple[int, ...] = drawing.ORDER) -> str:
    """Return a walker in metres that looks to the right, y up, its hull at the origin."""
    looks, places = drawing.pieces(seat), _places(bends)
    drawn = []
    for number in parts:
        x, y, angle = places[number]
        polygons = "".join(
            f'<polygon points="{" ".join(f"{a:g},{b:g}" for a, b in corners)}" fill="{_hex(fill)}"/>'
            for corners, fill in looks[number]
        )
        drawn.append(f'<g transform="translate({x:.4g} {y:.4g}) rotate({degrees(angle):.4g})">{polygons}</g>')
    return f'<g stroke="{_INK}" stroke-width=".02" stroke-linejoin="round">{"".join(drawn)}</g>'


def _height(bends: Five) -> float:
    """Return how high the hull of a walker stands with these joints."""
    return max(
        THIGH * cos(hip) + physics.SHIN * cos(hip + knee) - HIP_HEIGHT
        for hip, knee in (bends[0:2], bends[2:4])
    )


def bridge() -> str:
    """Return the bridge with both walkers at the places of a start."""
    scale, width, height = 40.0, 640.0, 190.0
    level, stance = 130.0, physics.STANCE
    content = [
        f'<rect width="{width:g}" height="{height:g}" rx="12" fill="{_hex(drawing.SKY)}"/>',
        f'<path d="M0 168H640V178Q640 190 628 190H12Q0 190 0 178z" fill="{_hex(drawing.WATER)}"/>',
        f'<g transform="translate({width / 2:g} {level:g}) scale({scale:g} {-scale:g})">',
    ]
    for left in drawing.planks(physics.HALF):
        fill, rim = _hex(drawing.plank_colour(left)), _hex(drawing.TIMBER)
        size = f'width="{physics.PLANK:g}" height="{physics.THICK:g}" stroke-width=".02"'
        corner = f'x="{left:g}" y="{-physics.THICK:g}"'
        content.append(f'<rect {corner} {size} fill="{fill}" stroke="{rim}"/>')
    for seat, side in ((0, 1), (1, -1)):
        place = f"translate({-side * physics.START:g} {_height(stance):.4g}) scale({side} 1)"
        content.append(f'<g transform="{place}">{_walker(seat, stance)}</g>')
    return _sheet(width, height, [*content, "</g>"])


def _range(joint: Joint, x: float, y: float, down: float, radius: float) -> str:
    """Return the arc of a joint's range; `down` is the way that 0 points, radians from ahead."""
    ends = [(x + radius * cos(down + a), y + radius * sin(down + a)) for a in (joint.low, joint.high)]
    path = f"M{x:.4g} {y:.4g}L{ends[0][0]:.4g} {ends[0][1]:.4g}A{radius:g} {radius:g} 0 0 1"
    return f'<path d="{path} {ends[1][0]:.4g} {ends[1][1]:.4g}z" fill="{_RED}" opacity=".25"/>'


def walker() -> str:
    """Return one walker with the ranges of its joints, its parts named."""
    bends: Five = (0.5, -0.5, -0.3, -0.3, 0.0)
    scale = 105.0
    hip, knee = (0.0, HIP_HEIGHT), _places(bends)[2]
    ranges = [
        _range(HIP, *hip, -pi / 2, 0.4),
        _range(KNEE, knee[0], knee[1], -pi / 2 + bends[0], 0.35),
        _range(LANCE, *SHOULDER, 0.0, 1.1),
    ]
    return _sheet(
        420,
        270,
        [
            f'<g transform="translate(130 130) scale({scale:g} {-scale:g})">{_walker(0, bends)}',
            *ranges,
            f'</g><g font-size="13" {_TEXT}><text x="188" y="30">lance: {_words(LANCE)}</text>',
            f'<text x="222" y="160">hips: {_words(HIP)}</text>',
            f'<text x="222" y="196">knees: {_words(KNEE)}</text>',
            '<text x="14" y="60">rider</text><text x="6" y="160">hull</text></g>',
            f'<path d="M6 {130 + scale * _height(bends):.4g}H414" stroke="{_INK}" stroke-width="2"/>',
        ],
    )


def _words(joint: Joint) -> str:
    return f"{joint.low:g} to {joint.high:g} rad".replace("-", "\N{MINUS SIGN}")


def planks() -> str:
    """Return the length of the bridge over the seconds of a round."""
    last = physics.LAST_TURN * physics.TURN_SECONDS
    across, up = 300 / last, 10.0
    points, half = [(40.0, 160 - 2 * physics.HALF * up)], physics.HALF
    for turn, fallen in physics.FALLS:
        x = 40 + turn * physics.TURN_SECONDS * across
        points += [(x, 160 - 2 * half * up), (x, 160 - 2 * fallen * up)]
        half = fallen
    points.append((340.0, 160 - 2 * half * up))
    path = " ".join(f"{x:.4g},{y:.4g}" for x, y in points)
    words = [
        f'<path d="M344 160H40V12" fill="none" stroke="{_PALE}"/>',
        f'<polyline points="{path}" fill="none" stroke="{_RED}" stroke-width="2.5"/>',
        f'<g font-size="12" {_TEXT}>',
        *(f'<text x="8" y="{164 - metres * up:g}">{metres} m</text>' for metres in (0, 3, 7, 14)),
        *(f'<text x="{36 + second * across:.4g}" y="178">{second} s</text>' for second in (0, 5, 10, 15, 20)),
        "</g>",
    ]
    return _sheet(360, 190, words)


FIGURES: Final = {"bridge": bridge, "walker": walker, "planks": planks}


def main() -> None:
    """Write all figures."""
    FOLDER.mkdir(exist_ok=True)
    for name, draw in FIGURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
