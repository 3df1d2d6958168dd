"""Cards of OpenSpiel's games in words: leduc hold'em, hanabi, hearts; and the plain state of other games."""

from collections.abc import Callable
from typing import Final

from arenas.adapters.open_spiel import Table
from arenas.recorders.spiel_hearts import hearts_move, hearts_panels
from arenas.recorders.timeline import Panel

_LEDUC_RANKS: Final = ("Jack", "Queen", "King")
_LEDUC_SUITS: Final = ("spades", "hearts")
_LEDUC_STACK: Final = 100
_FOLD, _CALL, _RAISE = range(3)
_COLOURS: Final = {"R": "red", "Y": "yellow", "G": "green", "W": "white", "B": "blue"}
_HAND: Final = 5
_LINES_SHOWN: Final = 24


def spiel_panels(table: Table) -> list[Panel]:
    """Return what lies on the table, all cards open: it is drawn for those who watch after the match."""
    return _PANELS.get(table.name, _plain_panels)(table)


def spiel_move(table: Table, seat: int, before: list[Panel]) -> str:
    """Return a seat's last move in words; `before` are the panels it was made on."""
    words = _MOVES.get(table.name)
    return words(table, seat, before) if words and table.last_action >= 0 else ""


def _plain_panels(table: Table) -> list[Panel]:
    lines = str(table.state).splitlines()[:_LINES_SHOWN]
    return [{"title": "Table", "lines": lines, "seat": None}]


def _leduc_panels(table: Table) -> list[Panel]:
    state = table.state
    panels: list[Panel] = []
    folded = table.last_action == _FOLD
    for seat, money in enumerate(state.money()):
        lines = [f"Holds: {_leduc_card(state.private_card(seat))}"]
        if not state.is_terminal():
            lines.append(f"Chips in: {_LEDUC_STACK - int(money)}")
        else:
            lines.append(f"Won: {int(state.returns()[seat]):+d}")
        if folded and state.returns()[seat] < 0:
            lines.append("Folded")
        panels.append({"title": f"Seat {seat + 1}", "lines": lines, "seat": seat})
    public = state.public_card()
    shown = _leduc_card(public) if public >= 0 else "none yet"
    lines = [f"Public: {shown}"] + ([] if state.is_terminal() else [f"Pot: {state.pot()}"])
    return [*panels, {"title": "Table", "lines": lines, "seat": None}]


def _leduc_card(card: int) -> str:
    return f"{_LEDUC_RANKS[card // 2]} of {_LEDUC_SUITS[card % 2]}"


def _leduc_move(table: Table, seat: int, _: list[Panel]) -> str:
    # A call that nobody raised before is a check; after one that ends the first round the second is empty.
    betting = table.state.round2() or table.state.round1()
    checks = table.last_action == _CALL and _RAISE not in betting
    return f"Seat {seat + 1} {'checks' if checks else ('folds', 'calls', 'raises')[table.last_action]}"


def _hanabi_panels(table: Table) -> list[Panel]:
    facts, hands = _hanabi_text(table)
    panels: list[Panel] = [
        {"title": f"Seat {seat + 1}", "lines": [_held(line) for line in hand], "seat": seat}
        for seat, hand in enumerate(hands)
    ]
    piles = [f"{_COLOURS[pile[0]]} {pile[1:]}" for pile in facts["Fireworks"].split()]
    lines = [
        f"Fireworks: {', '.join(piles)}",
        f"Hints left: {facts['Info tokens']}",
        f"Lives left: {facts['Life tokens']}",
        f"Cards left: {facts['Deck size']}",
        f"Thrown away: {', '.join(map(_hanabi_card, facts['Discards'].split())) or 'nothing'}",
    ]
    return [*panels, {"title": "Table", "lines": lines, "seat": None}]


def _hanabi_text(table: Table) -> tuple[dict[str, str], list[list[str]]]:
    """Return the facts of the table by name and for each seat the lines of its cards."""
    top, _, rest = str(table.state).partition("Hands:\n")
    cards, _, bottom = rest.partition("Deck size:")
    facts = dict(line.split(":", 1) for line in f"{top}Deck size:{bottom}".strip().split("\n"))
    hands = [[line for line in hand.split("\n") if "||" in line] for hand in cards.split("-----")]
    return {name: fact.strip() for name, fact in facts.items()}, hands


def _held(line: str) -> str:
    """Return one line of a hand: the card, and what its holder was told of it."""
    card, _, knowledge = line.partition(" || ")
    told = [_COLOURS.get(knowledge[0], ""), knowledge[1] if knowledge[1] != "X" else ""]
    words = " ".join(filter(None, told))
    return _hanabi_card(card) + (f", told: {words}" if words else "")


def _hanabi_card(card: str) -> str:
    return f"{_COLOURS[card[0]]} {card[1:]}"


def _hanabi_move(table: Table, seat: int, before: list[Panel]) -> str:
    kind, number = divmod(table.last_action, _HAND)
    if kind < 2:
        card = before[seat]["lines"][number].partition(",")[0]
        return f"Seat {seat + 1} {('throws away', 'plays')[kind]} {card}"
    hint = list(_COLOURS.values())[number] if kind == 2 else f"{number + 1}s"
    return f"Seat {seat + 1} points out {hint if kind == 3 else hint + ' cards'}"


_PANELS: Final[dict[str, Callable[[Table], list[Panel]]]] = {
    "leduc_poker": _leduc_panels,
    "hanabi": _hanabi_panels,
    "hearts": hearts_panels,
}
_MOVES: Final[dict[str, Callable[[Table, int, list[Panel]], str]]] = {
    "leduc_poker": _leduc_move,
    "hanabi": _hanabi_move,
    "hearts": hearts_move,
}
