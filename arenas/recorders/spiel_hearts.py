"""OpenSpiel's hearts in words: four hands by suit, the trick on the table, what everybody has taken."""

import json
from typing import Any, Final

from arenas.adapters.open_spiel import Table
from arenas.recorders.timeline import Panel

_SEATS: Final = 4
_SUITS: Final = {"S": "♠", "H": "♥", "D": "♦", "C": "♣"}
_RANKS: Final = "23456789TJQKA"
_SEAT_OF: Final = {direction: seat for seat, direction in enumerate("NESW")}
_PASSES: Final = {
    "No Pass": "nobody passes cards",
    "Left": "three cards go to the next seat",
    "Across": "three cards go to the seat opposite",
    "Right": "three cards go to the seat before",
}
_BEST: Final = 26
"""What the game pays for no point at all."""


def hearts_panels(table: Table) -> list[Panel]:
    """Return all four hands by suit with what each has taken, and the table between them."""
    deal: dict[str, Any] = json.loads(table.state.to_json())  # Any: the game's own words
    returns = table.state.returns() if table.state.is_terminal() else None
    panels: list[Panel] = []
    for seat in range(_SEATS):
        taken = int(deal["points"][seat]) if returns is None else _BEST - int(returns[seat])
        lines = [*_hand(deal["hands"][seat]), f"Points: {taken}"]
        if returns is not None:
            lines.append(f"Place: {1 + sum(other > returns[seat] for other in returns)}")
        panels.append({"title": f"Seat {seat + 1}", "lines": lines, "seat": seat})
    return [*panels, {"title": "Table", "lines": _table(deal), "seat": None}]


def hearts_move(table: Table, seat: int, _: list[Panel]) -> str:
    """Return a seat's last move in words, and who takes the trick that it ends."""
    deal = json.loads(table.state.to_json())
    card = _card(str(table.state.action_to_string(seat, table.last_action)))
    tricks = deal["tricks"]
    if not tricks:
        return f"Seat {seat + 1} passes {card}"
    words = f"Seat {seat + 1} plays {card}"
    if len(tricks[-1]) < _SEATS:
        return words
    winner, points = _outcome(tricks[-1])
    cost = f" with {points} point{'s' if points > 1 else ''}" if points else ""
    return f"{words}, seat {winner + 1} takes the trick{cost}"


def _hand(cards: list[str]) -> list[str]:
    """Return a line for each suit that is held, high cards first."""
    lines = []
    for letter, sign in _SUITS.items():
        ranks = sorted((card[0] for card in cards if card[1] == letter), key=_RANKS.index, reverse=True)
        if ranks:
            lines.append(f"{sign} {' '.join('10' if each == 'T' else each for each in ranks)}")
    return lines or ["no cards left"]


def _table(deal: dict[str, Any]) -> list[str]:  # Any: as above.
    tricks = deal["tricks"]
    if not tricks:
        return [f"Passing: {_PASSES[deal['pass_direction']]}"]
    broken = "broken" if deal["hearts_broken"] else "not broken"
    lines = [f"Trick {len(tricks)} of 13, hearts {broken}"]
    lines += [f"Seat {_SEAT_OF[direction] + 1}: {_card(card)}" for direction, card in tricks[-1]]
    if len(tricks[-1]) == _SEATS:
        lines.append(f"Taken by seat {_outcome(tricks[-1])[0] + 1}")
    return lines


def _outcome(trick: list[list[str]]) -> tuple[int, int]:
    """Return who takes a whole trick, and the points in it."""
    led = trick[0][1][1]
    suited = [(_RANKS.index(card[0]), _SEAT_OF[direction]) for direction, card in trick if card[1] == led]
    points = sum(13 if card == "QS" else card[1] == "H" for _, card in trick)
    return max(suited)[1], points


def _card(card: str) -> str:
    """Return a card as people write it: Q♠, 10♥."""
    return f"{'10' if card[0] == 'T' else card[0]}{_SUITS[card[1]]}"
