"""Cooperative pong and knights, archers and zombies as shapes, from the sprites' own rectangles."""

import math
from typing import Any, Final

from arenas.recorders.stage import GROUND, INK, Body, Row, Shape, circle, line, polygon
from arenas.recorders.timeline import Recorded

_CHALK: Final = "#e8e4da"
_BALL: Final = "#d4512b"
_NIGHT: Final = "#3b4252"
_ZOMBIE: Final = "#6f8f4e"
_STEEL: Final = "#c9ced6"
_CLOAKS: Final = {"archer": "#2f9461", "knight": "#8d63c9"}


class PaddlesStage:
    """Cooperative pong: both paddles, tier by tier, and the ball; y runs down in pygame and up here."""

    def __init__(self, adapter: Recorded) -> None:
        self._game = adapter.environment.env

    def bodies(self) -> list[Body]:
        """Return the paddles in seat order and the ball, which belongs to nobody."""
        game = self._game
        bodies = [
            Body([_box(rect, paddle.rects[0], _CHALK) for rect in paddle.rects], seat)
            for seat, paddle in enumerate((game.p0, game.p1))
        ]
        ball = game.ball._rect
        return [*bodies, Body([circle((0, 0), ball.width / 2, _BALL, INK)], None)]

    def row(self) -> Row:
        """Return x, y and angle (always 0) of each body in turn."""
        game, top = self._game, self._game.s_height
        rects = (game.p0.rects[0], game.p1.rects[0], game.ball._rect)
        return tuple(
            value for rect in rects for value in (rect.x + rect.w / 2, top - rect.y - rect.h / 2, 0.0)
        )

    def changed(self) -> bool:
        """Nothing comes or goes."""
        return False

    def still(self) -> list[Shape]:
        """Return the field and the line in its middle."""
        wide, high = float(self._game.s_width), float(self._game.s_height)
        field = polygon([(0, 0), (wide, 0), (wide, high), (0, high)], _NIGHT, INK)
        return [field, line([(wide / 2, 0), (wide / 2, high)], GROUND)]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return the whole field."""
        return [0.0, 0.0, float(self._game.s_width), float(self._game.s_height)]


class ZombieStage:
    """Knights, archers and zombies: who stands where, arrows and swords while they fly."""

    def __init__(self, adapter: Recorded) -> None:
        self._game = adapter.environment
        self._seats = {name: seat for seat, name in enumerate(self._game.possible_agents)}
        self._sprites: list[Any] = []
        # Sprites that are gone are kept, so that none that comes later has the same identity.
        self._numbers: dict[Any, str] = {}

    def bodies(self) -> list[Body]:
        """Return zombies, arrows and swords, and whoever still lives, in seat order."""
        self._sprites = self._present()
        return [self._body(sprite) for sprite in self._sprites]

    def row(self) -> Row:
        """Return x, y and angle of each body in turn; an angle of 0 looks to the right."""
        found: list[float] = []
        for sprite in self._sprites:
            x, y = sprite.rect.center
            looks = sprite.direction
            angle = 0.0 if sprite.typemask[0] else round(-math.atan2(looks.y, looks.x), 3)
            found += (float(x), 720.0 - y, angle)
        return tuple(found)

    def changed(self) -> bool:
        """Say whether anybody came, died, shot or hit."""
        return self._present() != self._sprites

    def still(self) -> list[Shape]:
        """Return the field and the edge that no zombie may reach."""
        field = polygon([(0, 0), (1280, 0), (1280, 720), (0, 720)], "#d9cfb4", GROUND)
        return [field, line([(100, 0), (100, 720)], GROUND), line([(1180, 0), (1180, 720)], GROUND)]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return the whole field."""
        return [0.0, 0.0, 1280.0, 720.0]

    def label(self) -> str:
        """Say when the line is broken."""
        return "A zombie got through" if self._game.game_over and self._game.player_list else ""

    def _present(self) -> list[Any]:  # Any: pygame's sprites.
        game = self._game
        weapons = [weapon for agent in game.agent_map.values() for weapon in agent.weapons]
        players = [agent for agent in game.agent_map.values() if agent.is_alive]
        return [*game.zombie_list, *weapons, *players]

    def _body(self, sprite: Any) -> Body:  # Any: as above.
        zombie, archer, knight, sword, arrow, _ = sprite.typemask
        name = self._numbers.setdefault(sprite, str(len(self._numbers)))
        if zombie:
            return Body([circle((0, 0), 20, _ZOMBIE, INK), circle((0, -6), 6, INK, INK)], None, name)
        if sword:
            return Body([circle((0, 0), 17, _STEEL, INK)], None, name, layer=1)
        if arrow:
            return Body([polygon([(-18, -2), (18, -2), (18, 2), (-18, 2)], INK, INK)], None, name, layer=1)
        cloak = _CLOAKS["archer" if archer else "knight"]
        nose = polygon([(12, -9), (30, 0), (12, 9)], _STEEL if knight else cloak, INK)
        return Body([nose, circle((0, 0), 22, cloak, INK)], self._seats[sprite.agent_name], name, layer=2)


def is_cooperative_pong(environment: Any) -> bool:  # Any: third-party, untyped.
    """Say whether the environment is cooperative pong."""
    game = getattr(environment, "env", None)
    return hasattr(game, "p0") and hasattr(game, "p1") and hasattr(game, "ball")


def is_zombie_field(environment: Any) -> bool:  # Any: as above.
    """Say whether the environment is knights, archers and zombies after its reset."""
    return hasattr(environment, "zombie_list") and hasattr(environment, "agent_map")


def _box(rect: Any, origin: Any, fill: str) -> Shape:  # Any: pygame's rectangles.
    """Return a rectangle relative to the middle of another, y up."""
    left, top = rect.x - origin.x - origin.w / 2, origin.y + origin.h / 2 - rect.y
    right, bottom = left + rect.w, top - rect.h
    return polygon([(left, bottom), (right, bottom), (right, top), (left, top)], fill, INK)
