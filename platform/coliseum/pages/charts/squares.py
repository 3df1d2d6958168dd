"""Plots with a cell for every two agents: who beats whom, by how much, and how sure that is."""

from collections.abc import Callable, Sequence
from typing import Final

from django.utils.safestring import SafeString

from coliseum.pages.charts.figures import Content, Figure, Names, known, percent, square
from coliseum.pages.charts.marks import (
    LOSS,
    NEUTRAL,
    SOFT,
    WIDTH,
    WIN,
    clipped,
    picture,
    rect,
    upright,
    words,
)

_LEFT, _TOP = 112.0, 26.0
_FEW: Final = 14
"""Up to so many agents the columns have names, else numbers."""
_STRONGEST_ELO: Final = 200.0


def _matrix(
    names: Sequence[str], colour: Callable[[int, int], tuple[str, float, str]], label: str
) -> SafeString:
    """Draw a square table; `colour` gives fill, opacity and title of row and column."""
    count = max(1, len(names))
    top = 96.0 if count <= _FEW else _TOP
    cell = (WIDTH - _LEFT - 4) / count
    marks = []
    for number, name in enumerate(names):
        middle = cell * (number + 0.5)
        size = min(11.0, max(6.0, cell * 0.8))
        row_name = clipped(f"{number + 1}. {name}", 16)
        marks.append(
            words((_LEFT - 5, top + middle + size / 3), row_name, anchor="end", size=size, title=name)
        )
        x = _LEFT + middle
        if count <= _FEW:
            marks.append(upright((x + 3.5, top - 5), clipped(name, 14)))
        elif number % max(1, round(count / 10)) == 0:
            marks.append(words((x, top - 6), f"{number + 1}", anchor="middle", size=9, fill=SOFT))
    for row in range(len(names)):
        for column in range(len(names)):
            if row == column and not colour(row, column)[0]:
                continue
            fill, opacity, title = colour(row, column)
            at = (_LEFT + cell * column, top + cell * row)
            marks.append(rect(at, (cell * 0.96, cell * 0.96), fill, opacity=opacity, title=title))
    return picture(top + cell * count + 4, label, marks)


def _two_sided(value: float) -> tuple[str, float]:
    """Return colour and opacity of a value from -1 (loss) to 1 (win)."""
    return (WIN if value >= 0 else LOSS), 0.06 + 0.94 * min(1.0, abs(value))


def _extremes(
    names: Sequence[str], table: Sequence[Sequence[float | None]], most: int = 12
) -> list[tuple[int, int, float]]:
    """Return the cells that are farthest from the middle, the farthest first; each pair once."""
    cells = [
        (row, column, value)
        for row in range(len(names))
        for column, value in enumerate(table[row])
        if value is not None and row != column and value > 0
    ]
    return sorted(cells, key=lambda cell: -cell[2])[:most]


def draw_heat_map(content: Content, names: Names) -> Figure:
    """Draw the expected share of points of each row against each column; grey dots never met."""
    labels, at = known(content, names)
    rate, low, high = (square(content[name], at) for name in ("rate", "low", "high"))
    points, episodes = square(content["points"], at), square(content["episodes"], at)

    def colour(row: int, column: int) -> tuple[str, float, str]:
        value = rate[row][column]
        if row == column or value is None:
            return "", 0.0, ""
        sure = f"{percent(low[row][column])} to {percent(high[row][column])}"
        told = f"{labels[row]} / {labels[column]}: {percent(value)} ({sure})"
        if not episodes[row][column]:
            return NEUTRAL, 0.25, f"{told}, never met"
        met = f", {percent(points[row][column])} of {episodes[row][column]}"
        return *_two_sided(2 * value - 1), f"{told}{met}"

    deviations = [[None if value is None else value - 0.5 for value in row] for row in rate]
    strong = _extremes(labels, deviations)
    unmet = sum(1 for row in range(len(at)) for column in range(row) if not episodes[row][column])
    best = "Nobody has met anybody"
    if strong:
        row, column, edge = strong[0]
        best = f"{labels[row]} is expected to take {percent(0.5 + edge)} from {labels[column]}"
    summary = f"{best}, the clearest of all pairs. {unmet} of {len(at) * (len(at) - 1) // 2} pairs never met."
    return Figure(
        svg=_matrix(labels, colour, summary),
        summary=summary,
        columns=("Agent", "Against", "Expected", "95 %", "Episodes"),
        rows=tuple(
            (
                labels[row],
                labels[column],
                percent(rate[row][column]),
                f"{percent(low[row][column])} to {percent(high[row][column])}",
                str(episodes[row][column]),
            )
            for row, column, _ in strong
        ),
    )


def draw_residual_map(content: Content, names: Names) -> Figure:
    """Draw whom each agent beats more (or less) often than the ratings say."""
    labels, at = known(content, names)
    elo, z = square(content["elo"], at), square(content["z"], at)
    episodes = square(content["episodes"], at)

    def colour(row: int, column: int) -> tuple[str, float, str]:
        value = elo[row][column]
        if row == column:
            return "", 0.0, ""
        pair = f"{labels[row]} against {labels[column]}"
        if value is None:
            return NEUTRAL, 0.15, f"{pair}: they never met"
        told = f"{value:+.0f} beyond the ratings, z {z[row][column]:+.1f}, {episodes[row][column]} episodes"
        return *_two_sided(value / _STRONGEST_ELO), f"{pair}: {told}"

    strong = _extremes(labels, elo)
    first = "No pair is known yet"
    if strong:
        row, column, beyond = strong[0]
        first = f"{labels[row]} does {beyond:+.0f} better against {labels[column]} than the ratings say"
    summary = f"{first}. Intransitivity of the arena: {content['tau']:.0f} rating points."
    return Figure(
        svg=_matrix(labels, colour, summary),
        summary=summary,
        columns=("Agent", "Against", "Beyond the ratings", "z", "Episodes"),
        rows=tuple(
            (
                labels[row],
                labels[column],
                f"{value:+.0f}",
                f"{z[row][column]:+.1f}",
                str(episodes[row][column]),
            )
            for row, column, value in strong
        ),
    )


def draw_superiority(content: Content, names: Names) -> Figure:
    """Draw how sure it is that the row's agent is stronger than the column's."""
    labels, at = known(content, names)
    chance = square(content["p"], at)

    def colour(row: int, column: int) -> tuple[str, float, str]:
        value = chance[row][column]
        if row == column or value is None:
            return "", 0.0, ""
        title = f"{labels[row]} is stronger than {labels[column]} with {percent(value)}"
        return *_two_sided(2 * value - 1), title

    pairs = len(at) * (len(at) - 1) // 2
    sure = sum(1 for row in chance for value in row if value is not None and value >= 0.95)
    open_pairs = [
        (row, row + 1, chance[row][row + 1])
        for row in range(len(at) - 1)
        if chance[row][row + 1] is not None and chance[row][row + 1] < 0.95  # type: ignore[operator]  # not None here
    ]
    summary = (
        f"{sure} of {pairs} pairs are told apart with at least 95 %; {len(open_pairs)} neighbours are not."
    )
    return Figure(
        svg=_matrix(labels, colour, summary),
        summary=summary,
        columns=("Agent", "Stronger than", "Chance"),
        rows=tuple((labels[row], labels[column], percent(value)) for row, column, value in open_pairs),
    )


def draw_cross_play(content: Content, names: Names) -> Figure:
    """Draw the mean return of the row's agent together with the column's; self-play on the diagonal."""
    labels, at = known(content, names)
    value, episodes = square(content["value"], at), square(content["episodes"], at)
    least, most = content["least"], content["most"]
    middle, half = (least + most) / 2, (most - least) / 2 or 1.0

    def colour(row: int, column: int) -> tuple[str, float, str]:
        found = value[row][column]
        pair = f"{labels[row]} with {labels[column]}" if row != column else f"{labels[row]} with itself"
        if found is None:
            return NEUTRAL, 0.15, f"{pair}: never"
        told = f"{pair}: {found:.2f} in {episodes[row][column]} episodes"
        return *_two_sided((found - middle) / half), told

    cells = [
        (row, column, found)
        for row in range(len(at))
        for column, found in enumerate(value[row])
        if found is not None and row != column
    ]
    best = max(cells, key=lambda cell: cell[2], default=None)
    summary = (
        f"Best together: {labels[best[0]]} with {labels[best[1]]}, {best[2]:.2f}."
        if best
        else "Nobody has played with anybody yet."
    )
    ordered = sorted(cells, key=lambda cell: -cell[2])[:12]
    return Figure(
        svg=_matrix(labels, colour, summary),
        summary=summary,
        columns=("Agent", "With", "Mean return", "Episodes"),
        rows=tuple(
            (labels[row], labels[column], f"{found:.2f}", str(episodes[row][column]))
            for row, column, found in ordered
        ),
    )
