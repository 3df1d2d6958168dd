"""Small trajectories with known contents, written by the rules of `arenas.trajectory`."""

from typing import Any

Trajectory = dict[str, Any]


def header(scene: str, seats: int, turns: int, **more: Any) -> Trajectory:
    return {
        "format": 1,
        "arena": "sample-v1",
        "scene": scene,
        "seats": seats,
        "turns": turns,
        "fps": 2,
        "actors": [turn % seats if seats > 1 else -1 for turn in range(turns)],
        "rewards": [[0] * turns + [1000 if seat == 0 else -1000] if turns else 0 for seat in range(seats)],
        "labels": [""] * (turns + 1),
        **more,
    }


def connect_four() -> Trajectory:
    """Red builds column 1 up from the bottom and wins at turn 7; yellow answers in column 2."""
    changes = []
    for turn in range(7):
        row, column = 5 - turn // 2, turn % 2
        changes.append([[row * 7 + column, str(turn % 2)]])
    labels = ["", *(f"{('Red', 'Yellow')[turn % 2]} drops in column {turn % 2 + 1}" for turn in range(7))]
    return header(
        "board",
        2,
        7,
        labels=labels,
        style="connect_four",
        rows=6,
        columns=7,
        cells=[""] * 42,
        changes=changes,
    )


def long_board(turns: int = 250) -> Trajectory:
    """One seat's mark walks through a strip of ten cells."""
    changes = [[[turn % 10, ""], [(turn + 1) % 10, "0"]] for turn in range(turns)]
    return header(
        "board", 1, turns, style="grid", rows=1, columns=10, cells=["0"] + [""] * 9, changes=changes
    )


def chess() -> Trajectory:
    """White plays e2 to e4, black e7 to e5, and white's king's knight goes to f3."""
    cells = [*"rnbqkbnr", *"pppppppp", *[""] * 32, *"PPPPPPPP", *"RNBQKBNR"]
    changes = [[[52, ""], [36, "P"]], [[12, ""], [28, "p"]], [[62, ""], [45, "N"]]]
    return header(
        "board",
        2,
        3,
        labels=["", "e2 to e4", "e7 to e5", "Knight g1 to f3"],
        style="chess",
        rows=8,
        columns=8,
        cells=cells,
        changes=changes,
    )


def tictactoe() -> Trajectory:
    changes = [[[4, "0"]], [[0, "1"]], [[2, "0"]], [[8, "1"]], [[6, "0"]]]
    return header("board", 2, 5, style="tictactoe", rows=3, columns=3, cells=[""] * 9, changes=changes)


def go() -> Trajectory:
    """Black takes White's stone in the lower left corner of a board of five lines."""
    changes = [[[21, "0"]], [[20, "1"]], [[15, "0"], [20, ""]]]
    return header("board", 2, 3, style="go", rows=5, columns=5, cells=[""] * 25, changes=changes)


def lander() -> Trajectory:
    """A red block falls straight down from 9 to 1 in eight steps, beside a green ground."""
    ground = {
        "kind": "polygon",
        "points": [[0, 0], [20, 0], [20, 1], [0, 1]],
        "fill": "#00ff00",
        "stroke": "#00ff00",
    }
    block = {
        "kind": "polygon",
        "points": [[-1, -1], [1, -1], [1, 1], [-1, 1]],
        "fill": "#ff0000",
        "stroke": "#ff0000",
    }
    body = {
        "shapes": [block],
        "seat": 0,
        "x": 10000,
        "y": [9000] + [-1000] * 8,
        "angle": 0,
        "from": 0,
        "to": 8,
    }
    return header("shapes2d", 1, 8, bounds=[0, 0, 20, 10], static=[ground], bodies=[body])


def walkers() -> Trajectory:
    """Two discs roll apart; the second one appears at frame 2 and is gone after frame 4."""
    wheel = {"kind": "circle", "x": 0, "y": 0, "r": 1, "fill": "#8080c0", "stroke": "#202020"}
    spoke = {"kind": "line", "points": [[0, 0], [1, 0]], "stroke": "#202020"}
    first = {
        "shapes": [wheel, spoke],
        "seat": 0,
        "x": [0] + [500] * 6,
        "y": 1000,
        "angle": [0] + [-500] * 6,
        "from": 0,
        "to": 6,
    }
    second = {"shapes": [wheel], "seat": 1, "x": [2000, 100, 100], "y": 1000, "angle": 0, "from": 2, "to": 4}
    return header("shapes2d", 2, 6, bounds="follow", static=[], bodies=[first, second])


def panel() -> Trajectory:
    table = {"title": "Table", "lines": ["Pot: 4"], "seat": None}
    hands = [[{"title": "Seat 1", "lines": [f"Chips in: {chips}"], "seat": 0}, table] for chips in (1, 3)]
    return header("panel", 2, 2, panels=[hands[0], None, hands[1]])


def lake() -> Trajectory:
    """An elf walks right over a lake of 2 x 3, another one comes and goes, a beam lights up at turn 2."""
    palette = [
        {},
        {"form": "square", "fill": "#0000ff"},
        {"form": "square", "fill": "#00ff00", "letter": "G"},
        {"form": "arrow", "fill": "seat"},
        {"fill": "#ff0000"},
    ]
    return header(
        "grid",
        2,
        3,
        rows=2,
        columns=3,
        palette=palette,
        cells=[0, 0, 2, 1, 1, 1],
        changes=[[], [3, 0], []],
        pieces=[
            {"seat": 0, "look": 3, "x": [0, 1, 1, 0], "y": 0, "turn": 1, "from": 0, "to": 3},
            {"seat": 1, "look": 3, "x": 2, "y": 1, "turn": [0, 1], "from": 1, "to": 2},
        ],
        flashes=[[2, 4, 1, 1, 1, 1]],
        colours=["#ff00ff", "#111111 #eeeeee"],
        thought=[[40, 60], [20]],
        actors=[0, 1, 0],
        labels=["", "Elf goes right", "Beam", "Elf goes right"],
    )


def written() -> Trajectory:
    """Two lines of text, the second one red behind from turn 1 on."""
    return header("text", 1, 2, texts=["S..\n..G", "\x1b[41mS\x1b[0m..\n..G", None])


def pictured() -> Trajectory:
    """Nothing but header: pictures are to be asked for."""
    return header("frames", 1, 3)


def endless(turns: int = 10_000) -> Trajectory:
    """Twenty bodies for ten thousand turns, and words at each."""
    bodies = [
        {
            "shapes": [{"kind": "circle", "x": 0, "y": 0, "r": 0.4, "fill": "#3366aa", "stroke": "#000000"}],
            "seat": number % 4,
            "x": [number * 1000] + [100 if turn % 200 < 100 else -100 for turn in range(turns)],
            "y": [number * 500] + [10 if turn % 20 < 10 else -10 for turn in range(turns)],
            "angle": 0,
            "from": 0,
            "to": turns,
        }
        for number in range(20)
    ]
    thought = [[40 + turn % 9 for turn in range(turns // 4)] for _ in range(4)]
    return header("shapes2d", 4, turns, bounds="follow", static=[], bodies=bodies, thought=thought)
