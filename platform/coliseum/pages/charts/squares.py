"""Plots with a cell for every two agents: who beats whom, by how much, and how sure that is."""

from collections.abc import Callable, Sequence
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coliseum.pages.charts.figures import Content, Figure, Names, between, known, percent, square
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
    never_met = _("never met")

    def colour(row: int, column: int) -> tuple[str, float, str]:
        value = rate[row][column]
        if row == column or value is None:
            return "", 0.0, ""
        sure = between(percent(low[row][column]), percent(high[row][column]))
        told = f"{labels[row]} / {labels[column]}: {percent(value)} ({sure})"
        if not episodes[row][column]:
            return NEUTRAL, 0.25, f"{told}, {never_met}"
        met = _("%(points)s of %(episodes)s") % {
            "points": percent(points[row][column]),
            "episodes": episodes[row][column],
        }
        return *_two_sided(2 * value - 1), f"{told}, {met}"

    deviations = [[None if value is None else value - 0.5 for value in row] for row in rate]
    strong = _extremes(labels, deviations)
    unmet = sum(1 for row in range(len(at)) for column in range(row) if not episodes[row][column])
    best = _("Nobody has met anybody")
    if strong:
        row, column, edge = strong[0]
        best = _("%(agent)s is expected to take %(share)s from %(other)s") % {
            "agent": labels[row],
            "share": percent(0.5 + edge),
            "other": labels[column],
        }
    summary = _("%(best)s, the clearest of all pairs. %(unmet)s of %(pairs)s pairs never met.") % {
        "best": best,
        "unmet": unmet,
        "pairs": len(at) * (len(at) - 1) // 2,
    }
    return Figure(
        svg=_matrix(labels, colour, summary),
        summary=summary,
        columns=(_("Agent"), _("Against"), _("Expected"), "95 %", _("Episodes")),
        rows=tuple(
            (
                labels[row],
                labels[column],
                percent(rate[row][column]),
                between(percent(low[row][column]), percent(high[row][column])),
                str(episodes[row][column]),
            )
            for row, column, *rest in strong
        ),
    )


def draw_residual_map(content: Content, names: Names) -> Figure:
    """Draw whom each agent beats more (or less) often than the ratings say."""
    labels, at = known(content, names)
    elo, z = square(content["elo"], at), square(content["z"], at)
    episodes = square(content["episodes"], at)
    against, never = _("%(agent)s against %(other)s"), _("they never met")
    beyond_words = _("%(points)s beyond the ratings, z %(z)s, %(episodes)s episodes")

    def colour(row: int, column: int) -> tuple[str, float, str]:
        value = elo[row][column]
        if row == column:
            return "", 0.0, ""
        pair = against % {"agent": labels[row], "other": labels[column]}
        if value is None:
            return NEUTRAL, 0.15, f"{pair}: {never}"
        told = beyond_words % {
            "points": f"{value:+.0f}",
            "z": f"{z[row][column]:+.1f}",
            "episodes": episodes[row][column],
        }
        return *_two_sided(value / _STRONGEST_ELO), f"{pair}: {told}"

    strong = _extremes(labels, elo)
    first = _("No pair is known yet")
    if strong:
        row, column, beyond = strong[0]
        first = _("%(agent)s does %(points)s better against %(other)s than the ratings say") % {
            "agent": labels[row],
            "points": f"{beyond:+.0f}",
            "other": labels[column],
        }
    summary = _("%(first)s. Intransitivity of the arena: %(points)s rating points.") % {
        "first": first,
        "points": f"{content['tau']:.0f}",
    }
    return Figure(
        svg=_matrix(labels, colour, summary),
        summary=summary,
        columns=(_("Agent"), _("Against"), _("Beyond the ratings"), "z", _("Episodes")),
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
    stronger = _("%(agent)s is stronger than %(other)s with %(chance)s")

    def colour(row: int, column: int) -> tuple[str, float, str]:
        value = chance[row][column]
        if row == column or value is None:
            return "", 0.0, ""
        title = stronger % {"agent": labels[row], "other": labels[column], "chance": percent(value)}
        return *_two_sided(2 * value - 1), title

    pairs = len(at) * (len(at) - 1) // 2
    sure = sum(1 for row in chance for value in row if value is not None and value >= 0.95)
    open_pairs = [
        (row, row + 1, chance[row][row + 1])
        for row in range(len(at) - 1)
        if chance[row][row + 1] is not None and chance[row][row + 1] < 0.95  # type: ignore[operator]  # not None here
    ]
    summary = _(
        "%(sure)s of %(pairs)s pairs are told apart with at least 95 %%; %(open)s neighbours are not."
    ) % {"sure": sure, "pairs": pairs, "open": len(open_pairs)}
    return Figure(
        svg=_matrix(labels, colour, summary),
        summary=summary,
        columns=(_("Agent"), _("Stronger than"), _("Chance")),
        rows=tuple((labels[row], labels[column], percent(value)) for row, column, value in open_pairs),
    )


def draw_cross_play(content: Content, names: Names) -> Figure:
    """Draw the mean return of the row's agent together with the column's; self-play on the diagonal."""
    labels, at = known(content, names)
    value, episodes = square(content["value"], at), square(content["episodes"], at)
    least, most = content["least"], content["most"]
    middle, half = (least + most) / 2, (most - least) / 2 or 1.0
    together, with_itself = _("%(agent)s with %(other)s"), _("%(agent)s with itself")
    never, in_episodes = _("never"), _("%(value)s in %(episodes)s episodes")

    def colour(row: int, column: int) -> tuple[str, float, str]:
        found = value[row][column]
        words_ = with_itself if row == column else together
        pair = words_ % {"agent": labels[row], "other": labels[column]}
        if found is None:
            return NEUTRAL, 0.15, f"{pair}: {never}"
        told = in_episodes % {"value": f"{found:.2f}", "episodes": episodes[row][column]}
        return *_two_sided((found - middle) / half), f"{pair}: {told}"

    cells = [
        (row, column, found)
        for row in range(len(at))
        for column, found in enumerate(value[row])
        if found is not None and row != column
    ]
    best = max(cells, key=lambda cell: cell[2], default=None)
    summary = (
        _("Best together: %(agent)s with %(other)s, %(value)s.")
        % {"agent": labels[best[0]], "other": labels[best[1]], "value": f"{best[2]:.2f}"}
        if best
        else _("Nobody has played with anybody yet.")
    )
    ordered = sorted(cells, key=lambda cell: -cell[2])[:12]
    return Figure(
        svg=_matrix(labels, colour, summary),
        summary=summary,
        columns=(_("Agent"), _("With"), _("Mean return"), _("Episodes")),
        rows=tuple(
            (labels[row], labels[column], f"{found:.2f}", str(episodes[row][column]))
            for row, column, found in ordered
        ),
    )
