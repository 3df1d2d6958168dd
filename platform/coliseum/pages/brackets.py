"""Elimination brackets as columns of finished rows; style sheets alone place them and draw the lines."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coliseum.pages.rows import Row
from coliseum.pages.tournament_whys import explained, round_label
from workers.league.formats import DoubleElimination, Field, History, SingleElimination
from workers.league.formats.knockout import OPEN, Node, Outlook, Side, Source

Describe = Callable[[int], Row]
"""From the number of an entrant to name, seed and address."""
Link = Callable[[tuple[int, int]], str]
_SECTIONS = (
    ("Winners", gettext_lazy("Winners' side")),
    ("Losers", gettext_lazy("Losers' side")),
    ("", gettext_lazy("Final")),
)


def bracket_rows(
    stage: SingleElimination | DoubleElimination,
    field: Field,
    history: History,
    describe: Describe,
    link: Link,
) -> list[Row]:
    """Return the parts of a bracket, each with its columns; a column is a round.

    Args:
        stage: the format.
        field: of the stage.
        history: what may be shown of it.
        describe: names an entrant.
        link: gives the address of a pairing by its name.

    Raises:
        FormatError: the history is not one of this stage.
    """
    outlooks = stage.outlooks(field, history)
    totals = _totals(history)
    issued = {pairing.name: pairing.lineup for pairing in history.pairings}
    drawn = {one.node.name: _node(one, describe, totals.get(one.node.name), issued, link) for one in outlooks}
    labels = {one.node.name: _name(one.node, outlooks) for one in outlooks}
    for one in outlooks:
        for side, source in zip(drawn[one.node.name]["sides"], one.node.sources, strict=True):
            side["name"] = side["name"] or _to_come(source, labels)
    if isinstance(stage, SingleElimination):
        main = [one.node for one in outlooks if not one.node.is_for_third]
        third = [one.node for one in outlooks if one.node.is_for_third]
        parts = [("", main), (_("Third place"), third)]
    else:
        parts = [(str(title), _of_side(outlooks, start)) for start, title in _SECTIONS]
    return [
        {"title": title, "columns": _columns(nodes, drawn), "is_small": len(nodes) <= 2}
        for title, nodes in parts
        if nodes
    ]


def _of_side(outlooks: Sequence[Outlook], start: str) -> list[Node]:
    others = tuple(word for word, title in _SECTIONS if word)
    return [
        one.node
        for one in outlooks
        if (one.node.label.startswith(start) if start else not one.node.label.startswith(others))
    ]


def _columns(nodes: Sequence[Node], drawn: Mapping[tuple[int, int], Row]) -> list[Row]:
    rounds = sorted({node.round for node in nodes})
    sizes = [sum(node.round == round_ for node in nodes) for round_ in rounds]
    columns = []
    for index, round_ in enumerate(rounds):
        here = sorted((node for node in nodes if node.round == round_), key=lambda node: node.number)
        following = sizes[index + 1] if index + 1 < len(sizes) else 0
        shape = "last" if not following else "pairs" if following * 2 == sizes[index] else "straight"
        columns.append(
            {
                "label": round_label(here[0].label),
                "shape": shape,
                "nodes": [drawn[node.name] for node in here],
            }
        )
    return columns


def _node(
    one: Outlook,
    describe: Describe,
    totals: tuple[float, ...] | None,
    issued: Mapping[tuple[int, int], tuple[int, ...]],
    link: Link,
) -> Row:
    node = one.node
    lineup = issued.get(node.name, ())
    points = dict(zip(lineup, totals, strict=True)) if totals else {}
    return {
        "url": link(node.name) if lineup else "",
        "state": _state(one, has_started=bool(points)),
        "why": explained(one.why),
        "sides": [_side(side, one, points, describe) for side in one.sides],
    }


def _state(one: Outlook, *, has_started: bool) -> str:
    if all(side is None for side in one.sides):
        return "void"
    if one.winner == OPEN:
        return "running" if has_started else "open"
    return "done" if one.is_played else "bye"


def _side(side: Side, one: Outlook, points: Mapping[int, float], describe: Describe) -> Row:
    if not isinstance(side, int):
        name = _("nobody") if side is None else ""
        return {"name": name, "seed": "", "score": "", "is_winner": False, "is_empty": True}
    return {
        **describe(side),
        "score": points_text(points[side]) if side in points else "",
        "is_winner": one.winner == side,
        "is_empty": False,
    }


def _totals(history: History) -> dict[tuple[int, int], tuple[float, ...]]:
    totals: dict[tuple[int, int], tuple[float, ...]] = {}
    for score in history.scores:
        before = totals.get((score.round, score.number), (0.0,) * len(score.points))
        totals[score.round, score.number] = tuple(a + b for a, b in zip(before, score.points, strict=True))
    return totals


def _name(node: Node, outlooks: Sequence[Outlook]) -> str:
    """Return a node's name within the bracket: its round, and its number there if there are several."""
    label = round_label(node.label)
    alike = [one.node.number for one in outlooks if one.node.label == node.label]
    return f"{label} {alike.index(node.number) + 1}" if len(alike) > 1 else label


def _to_come(source: Source, labels: Mapping[tuple[int, int], str]) -> str:
    if source.kind == "seed":
        return _("seed %(number)s") % {"number": source.number}
    label = labels[source.round, source.number]
    if get_language() in {"en", None}:
        # Other languages translate the name as it stands in a sentence, German with a capital.
        label = f"{label[0].lower()}{label[1:]}"
    told = _("winner of %(round)s") if source.kind == "winner" else _("loser of %(round)s")
    return told % {"round": label}


def points_text(value: float) -> str:
    """Return points as people write them: 2½, ¾, 0."""
    whole, rest = divmod(round(value * 4), 4)
    if abs(value * 4 - round(value * 4)) > 1e-6:
        return f"{value:.3g}"
    part = ("", "¼", "½", "¾")[rest]
    return f"{whole or ''}{part}" if part else str(whole)
