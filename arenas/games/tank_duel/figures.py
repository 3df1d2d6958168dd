"""Draw the figures of the tank duel's rules from the very numbers the physics uses.

Run: python -m arenas.games.tank_duel.figures
"""

from math import cos, degrees, sin
from pathlib import Path
from typing import Final

import numpy as np

from arenas.games.tank_duel import drawing, physics, sight
from arenas.games.tank_duel.field import HALF_LENGTH, HALF_WIDTH, rim

FOLDER: Final = Path(__file__).parent / "figures"
_INK: Final = "#2b2f36"
_PALE: Final = "#8a909c"
_TEXT: Final = 'font-family="sans-serif" fill="#5b616e"'
_SEED: Final = 2
_COLOURS: Final = {"front": "#4d9a52", "side": "#d99a2b", "rear": "#c4413a"}


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _sheet(width: float, height: float, content: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
    return "\n".join([head, *content, "</svg>", ""])


def _polygon(corners: drawing.Corners, fill: str, extra: str = "") -> str:
    return f'<polygon points="{" ".join(f"{x:g},{y:g}" for x, y in corners)}" fill="{fill}"{extra}/>'


def _tank(seat: int, turret: float = 0.0) -> str:
    """Return a tank in metres, looking along x; y runs up, as its surroundings turn it."""
    steel = _hex(drawing.STEEL)
    links = "".join(
        f'<line x1="{a:g}" y1="{b:g}" x2="{c:g}" y2="{d:g}"/>' for (a, b), (c, d) in drawing.LINKS
    )
    hull = [_polygon(track, steel) for track in drawing.TRACKS]
    hull += [links, _polygon(drawing.HULL, _hex(drawing.HULLS[seat])), _polygon(drawing.ENGINE, steel)]
    gun = _polygon(drawing.BARREL, steel) + _polygon(drawing.TURRET, _hex(drawing.TURRETS[seat]))
    turned = f'<g transform="rotate({degrees(turret):.4g})">{gun}</g>'
    return f'<g stroke="{_INK}" stroke-width=".03">{"".join(hull)}{turned}</g>'


def _placed(x: float, y: float, angle: float, content: str) -> str:
    return f'<g transform="translate({x:.4g} {y:.4g}) rotate({degrees(angle):.4g})">{content}</g>'


def _ground(duel: physics.Duel, scale: float, radius: float) -> list[str]:
    """Return the head of a drawing in metres, y up, with storm, calm and walls; close it with `</g>`."""
    x, y = HALF_LENGTH + 1, HALF_WIDTH + 1
    blocks = "".join(
        f'<rect x="{a}" y="{b}" width="{c - a}" height="{d - b}"/>'
        for a, b, c, d in (*rim(), *duel.field.blocks)
    )
    return [
        f'<g transform="translate({x * scale:g} {y * scale:g}) scale({scale:g} -{scale:g})">',
        f'<clipPath id="field"><rect x="-{x}" y="-{y}" width="{2 * x}" height="{2 * y}"/></clipPath>',
        f'<rect x="-{x}" y="-{y}" width="{2 * x}" height="{2 * y}" fill="{_hex(drawing.STORM)}"/>',
        f'<circle r="{radius:g}" fill="{_hex(drawing.SAND)}" clip-path="url(#field)"/>',
        f'<g fill="{_hex(drawing.WALL)}">{blocks}</g>',
    ]


def field() -> str:
    """Return a field at the start, with what tank 0 sees and the way of a shell that comes off a wall."""
    duel, scale = physics.Duel(np.random.default_rng(_SEED)), 20.0
    one, two = duel.tanks
    cone = [(one.x, one.y)]
    for step in range(-120, 121):
        way = one.angle + physics.CONE * step / 120
        far = duel.field.reach(one.x, one.y, cos(way), sin(way), physics.SIGHT)[0]
        cone.append((round(one.x + far * cos(way), 3), round(one.y + far * sin(way), 3)))
    shell = _shell_way(duel, 1, two.angle + 0.5)
    path = " ".join(f"{x:.4g},{y:.4g}" for x, y in shell)
    content = [
        *_ground(duel, scale, physics.RADII[0]),
        _polygon(tuple(cone), _hex(drawing.SPARK), ' opacity=".8"'),
        f'<polyline points="{path}" stroke="{_INK}" stroke-width=".06" stroke-dasharray=".2" fill="none"/>',
        f'<circle cx="{shell[-1][0]:.4g}" cy="{shell[-1][1]:.4g}" r=".12"/>',
        _placed(one.x, one.y, one.angle, _tank(0)),
        _placed(two.x, two.y, two.angle, _tank(1, 0.5)),
        "</g>",
    ]
    return _sheet(2 * (HALF_LENGTH + 1) * scale, 2 * (HALF_WIDTH + 1) * scale, content)


def _shell_way(duel: physics.Duel, number: int, angle: float) -> list[tuple[float, float]]:
    """Return the corners of a shell's way."""
    tank = duel.tanks[number]
    shell = physics.Shell(number, tank.x, tank.y, (cos(angle), sin(angle)))
    points, way = [(shell.x, shell.y)], (shell.dx, shell.dy)
    while duel.fly(shell):
        if (shell.dx, shell.dy) != way:
            way = (shell.dx, shell.dy)
            points.append((duel.events[-1].x, duel.events[-1].y))
    return [*points, (shell.x, shell.y)]


def tank() -> str:
    """Return one tank with its axes, its sides coloured by what a hit takes."""
    scale, x, y = 110.0, 150.0, 105.0
    half, wide = physics.LENGTH / 2, physics.WIDTH / 2
    edges = {
        "front": [((half, -wide), (half, wide))],
        "side": [((-half, wide), (half, wide)), ((-half, -wide), (half, -wide))],
        "rear": [((-half, -wide), (-half, wide))],
    }
    lines = [
        f'<line x1="{a}" y1="{b}" x2="{c}" y2="{d}" stroke="{_COLOURS[side]}" stroke-width=".06"/>'
        for side, sides in edges.items()
        for (a, b), (c, d) in sides
    ]
    words = [
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"',
        f' orient="auto"><path d="M0 0L8 4L0 8z" fill="{_PALE}"/></marker></defs>',
        f'<g transform="translate({x:g} {y:g}) scale({scale:g} -{scale:g})">',
        *(_tank(0, 0.6), *lines, "</g>"),
        f'<g stroke="{_PALE}" stroke-width="2"><path d="M{x:g} {y:g}H320" marker-end="url(#tip)"/>',
        f'<path d="M{x:g} {y:g}V12" marker-end="url(#tip)"/></g>',
        f'<g font-size="13" {_TEXT}><text x="290" y="124">x: ahead</text><text x="158" y="22">y: left</text>',
        *(
            f'<text x="{at[0]}" y="{at[1]}" fill="{_COLOURS[side]}">{side} -{physics.DAMAGE[side]:g}</text>'
            for side, at in (("front", (224, 90)), ("side", (126, 168)), ("rear", (24, 108)))
        ),
        "</g>",
    ]
    return _sheet(360, 190, words)


def rays() -> str:
    """Return a tank among walls with its feelers and the rays of its cone, as far as they get."""
    duel, scale = physics.Duel(np.random.default_rng(_SEED)), 20.0
    own = duel.tanks[0]
    own.aim(0.5 / (physics.TURRET_RATE * physics.TURN_SECONDS))
    lines = []
    for ways, base, most, ink in (
        (sight.FEELERS, own.angle, sight.FEELER, _hex(drawing.TURRETS[1])),
        (sight.RAYS, own.angle + own.turret, physics.SIGHT, _hex(drawing.TURRETS[0])),
    ):
        for dx, dy in ways:
            c, s = cos(base), sin(base)
            way = (c * dx - s * dy, s * dx + c * dy)
            far = duel.field.reach(own.x, own.y, *way, most)[0]
            end = own.x + far * way[0], own.y + far * way[1]
            lines.append(
                f'<path d="M{own.x:.4g} {own.y:.4g}L{end[0]:.4g} {end[1]:.4g}" stroke="{ink}"/>'
                f'<circle cx="{end[0]:.4g}" cy="{end[1]:.4g}" r=".12" fill="{ink}" stroke="none"/>'
            )
    content = [
        *_ground(duel, scale, physics.RADII[0]),
        f'<g stroke-width=".06">{"".join(lines)}</g>',
        _placed(own.x, own.y, own.angle, _tank(0, own.turret)),
        "</g>",
    ]
    return _sheet(2 * (HALF_LENGTH + 1) * scale, 2 * (HALF_WIDTH + 1) * scale, content)


def storm() -> str:
    """Return the radius of the calm place over the seconds of a round."""
    last = physics.MOST_TURNS * physics.TURN_SECONDS
    across, up = 300 / last, 11.0
    points, radius = [(40.0, 160 - physics.RADII[0] * up)], physics.RADII[0]
    for step, smaller in enumerate(physics.RADII[1:]):
        x = 40 + (physics.CALM_TURNS + physics.STORM_EVERY * step) * physics.TURN_SECONDS * across
        points += [(x, 160 - radius * up), (x, 160 - smaller * up)]
        radius = smaller
    points.append((340.0, 160 - radius * up))
    line = " ".join(f"{x:.4g},{y:.4g}" for x, y in points)
    words = [
        f'<path d="M344 160H40V20" fill="none" stroke="{_PALE}"/>',
        f'<polyline points="{line}" fill="none" stroke="{_COLOURS["rear"]}" stroke-width="2.5"/>',
        f'<g font-size="12" {_TEXT}>',
        *(f'<text x="8" y="{164 - metres * up:g}">{metres} m</text>' for metres in (0, 3, 6, 9, 12)),
        *(f'<text x="{36 + s * across:.4g}" y="178">{s} s</text>' for s in (0, 15, 25, 35, 45)),
        "</g>",
    ]
    return _sheet(360, 190, words)


FIGURES: Final = {"field": field, "tank": tank, "rays": rays, "storm": storm}


def main() -> None:
    """Write all figures."""
    FOLDER.mkdir(exist_ok=True)
    for name, draw in FIGURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
