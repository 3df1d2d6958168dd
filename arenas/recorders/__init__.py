"""Recorders draw an episode without viewer code: the environment's own state is enough."""

from arenas.recorders.boards import BoardRecorder, board_of
from arenas.recorders.panel import PanelRecorder
from arenas.recorders.shapes2d import ShapesRecorder, stage_of
from arenas.recorders.spiel_boards import spiel_board_of
from arenas.recorders.timeline import Recorded, Recorder

__all__ = ["Recorded", "Recorder", "recorder_for"]


def recorder_for(adapter: Recorded) -> Recorder:
    """Return the recorder that fits the environment: a world of shapes, a board, else panels of text."""
    board = board_of(adapter) or spiel_board_of(adapter)
    if board is not None:
        return BoardRecorder(board)
    if stage_of(adapter) is not None:
        return ShapesRecorder()
    return PanelRecorder()
