"""Recorders draw an episode without viewer code: the environment's own state is enough."""

from arenas.recorders.boards import BoardRecorder, board_of
from arenas.recorders.grid import GridRecorder
from arenas.recorders.grids import grid_of
from arenas.recorders.panel import PanelRecorder
from arenas.recorders.shapes2d import ShapesRecorder, stage_of
from arenas.recorders.spiel_boards import spiel_board_of
from arenas.recorders.tables import words_of
from arenas.recorders.text import FramesRecorder, TextRecorder, can_show, can_write
from arenas.recorders.timeline import Recorded, Recorder

__all__ = ["Recorded", "Recorder", "recorder_for"]


def recorder_for(adapter: Recorded) -> Recorder:
    """Return the recorder that fits the environment.

    A board, a grid of cells, a world of shapes, a card table in words; else the environment's own text, else
    pictures made on demand, else what each seat sees, in numbers.
    """
    board = board_of(adapter) or spiel_board_of(adapter)
    if board is not None:
        return BoardRecorder(board)
    grid = grid_of(adapter)
    if grid is not None:
        return GridRecorder(grid)
    if stage_of(adapter) is not None:
        return ShapesRecorder()
    environment = adapter.environment
    if words_of(adapter) is not None:
        return PanelRecorder()
    if can_write(environment):
        return TextRecorder()
    return FramesRecorder() if can_show(environment, "rgb_array") else PanelRecorder()
