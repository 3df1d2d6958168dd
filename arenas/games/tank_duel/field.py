"""The walls of a tank duel: blocks of whole metres, point-symmetric, and how far one sees or shoots.

How it works. The field is a grid of cells of one metre with a rim of wall around it. Sight lines, feelers and
shells all walk from cell to cell along their line (`Field.reach`), which needs no physics and a microsecond.
The origin is the middle of the field; whatever stands at (x, y) also stands at (-x, -y).
Source: Amanatides & Woo 1987, Eurographics, "A fast voxel traversal algorithm for ray tracing".
"""

from typing import Final, TypeAlias

Block: TypeAlias = tuple[int, int, int, int]
"""Left, bottom, right and top edge in metres."""

HALF_LENGTH: Final = 9
HALF_WIDTH: Final = 7
GAP: Final = 2
"""Metres that stay free between blocks, and from blocks to the rim: room to drive, so all places connect."""
CLEARING: Final = 2
"""No block comes this near to the lines through the middle of the field, seen along x and y together."""
START_ROOM: Final = 2
"""Metres that stay free around a start."""
_SIZES: Final = ((1, 3), (3, 1), (1, 4), (4, 1), (2, 2), (1, 2), (2, 1), (2, 3), (3, 2))
_PAIRS: Final = 6
TRIES: Final = 60
"""Places that are tried for blocks; three random numbers each."""

_HARDLY: Final = 1e-300
"""Stands for a slope of 0, so that nothing is divided by it."""
_COLUMNS: Final = 2 * HALF_LENGTH + 2
_ROWS: Final = 2 * HALF_WIDTH + 2
_RIGHT: Final = HALF_LENGTH + 1
_UP: Final = HALF_WIDTH + 1


class Field:
    """The walls of one round."""

    __slots__ = ("blocks", "solid")

    def __init__(self, draws: list[float], start: tuple[float, float]) -> None:
        """Build blocks in pairs, each with its image at the other side of the middle.

        Args:
            draws: 3 * `TRIES` numbers, 0 to 1.
            start: where a tank stands; another one stands opposite.
        """
        self.blocks: list[Block] = []
        self.solid = bytearray(_COLUMNS * _ROWS)
        taken = bytearray(_COLUMNS * _ROWS)
        _fill(taken, (-CLEARING, -CLEARING, CLEARING, CLEARING))
        _fill(taken, _around(start, START_ROOM))
        _fill(taken, _around((-start[0], -start[1]), START_ROOM))
        for number in range(0, 3 * TRIES, 3):
            block = _drawn(*draws[number : number + 3])
            if not _is_free(taken, block):
                continue
            for wall in (block, (-block[2], -block[3], -block[0], -block[1])):
                self.blocks.append(wall)
                _fill(self.solid, wall)
                _fill(taken, (wall[0] - GAP, wall[1] - GAP, wall[2] + GAP, wall[3] + GAP))
            if len(self.blocks) == 2 * _PAIRS:
                break
        self._close()

    def _close(self) -> None:
        """Put the rim around the field."""
        solid = self.solid
        solid[:_COLUMNS] = solid[-_COLUMNS:] = b"\1" * _COLUMNS
        solid[::_COLUMNS] = solid[_COLUMNS - 1 :: _COLUMNS] = b"\1" * _ROWS

    def is_wall(self, x: float, y: float) -> bool:
        """Say whether a place of the field is in a block."""
        return bool(self.solid[int(y + _UP) * _COLUMNS + int(x + _RIGHT)])

    def reach(self, x: float, y: float, dx: float, dy: float, most: float) -> tuple[float, bool]:
        """Return how far a line from a free place gets, and whether what ends it is a face across x.

        Args:
            x: of a place in no wall.
            y: of the same place.
            dx: of a direction of length 1.
            dy: of the same direction.
            most: where to stop looking; a line that gets there gives just this.
        """
        solid = self.solid
        x += _RIGHT
        y += _UP
        column, row = int(x), int(y)
        cell = row * _COLUMNS + column
        if dx >= 0.0:
            each_x, step_x = 1.0 / (dx or _HARDLY), 1
            next_x = (column + 1 - x) * each_x
        else:
            each_x, step_x = -1.0 / dx, -1
            next_x = (x - column) * each_x
        if dy >= 0.0:
            each_y, step_y = 1.0 / (dy or _HARDLY), _COLUMNS
            next_y = (row + 1 - y) * each_y
        else:
            each_y, step_y = -1.0 / dy, -_COLUMNS
            next_y = (y - row) * each_y
        while True:
            if next_x < next_y:
                if next_x >= most:
                    return most, False
                cell += step_x
                if solid[cell]:
                    return next_x, True
                next_x += each_x
            else:
                if next_y >= most:
                    return most, False
                cell += step_y
                if solid[cell]:
                    return next_y, False
                next_y += each_y


def rim() -> tuple[Block, ...]:
    """Return the four walls around the field, a metre thick."""
    x, y = HALF_LENGTH, HALF_WIDTH
    return (
        (-x - 1, -y - 1, x + 1, -y),
        (-x - 1, y, x + 1, y + 1),
        (-x - 1, -y, -x, y),
        (x, -y, x + 1, y),
    )


def _drawn(size: float, across: float, up: float) -> Block:
    """Return the block of three random numbers, at least `GAP` from the rim."""
    width, height = _SIZES[int(size * len(_SIZES))]
    left = GAP - HALF_LENGTH + int(across * (2 * (HALF_LENGTH - GAP) - width + 1))
    bottom = GAP - HALF_WIDTH + int(up * (2 * (HALF_WIDTH - GAP) - height + 1))
    return left, bottom, left + width, bottom + height


def _around(place: tuple[float, float], room: int) -> Block:
    x, y = (int(part // 1) for part in place)
    return x - room, y - room, x + room + 1, y + room + 1


def _is_free(taken: bytearray, block: Block) -> bool:
    left, bottom, right, top = block
    first = left + _RIGHT
    return not any(
        any(taken[(row + _UP) * _COLUMNS + first : (row + _UP) * _COLUMNS + right + _RIGHT])
        for row in range(bottom, top)
    )


def _fill(cells: bytearray, block: Block) -> None:
    """Mark the cells of a block, as far as they are on the grid."""
    left, right = max(0, block[0] + _RIGHT), min(_COLUMNS, block[2] + _RIGHT)
    for row in range(max(0, block[1] + _UP), min(_ROWS, block[3] + _UP)):
        start = row * _COLUMNS
        cells[start + left : start + right] = b"\1" * (right - left)
