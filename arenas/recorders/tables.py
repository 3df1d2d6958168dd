"""Tables that can be put into words: OpenSpiel's and RLCard's cards, hanabi, blackjack, rock paper scissors.

All cards lie open in a replay, for it is watched when the match is over; only blackjack's dealer keeps its
second card until it turns it over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from arenas.adapters.open_spiel import Table
from arenas.recorders.spiel_cards import spiel_move, spiel_panels
from arenas.recorders.timeline import Panel, Recorded

_SUITS: Final = {"S": "spades", "H": "hearts", "D": "diamonds", "C": "clubs"}
_RANKS: Final = {"J": "Jack", "Q": "Queen", "K": "King", "A": "Ace", "T": "10"}
_VERBS: Final = {
    "call": "calls",
    "raise": "raises",
    "fold": "folds",
    "check": "checks",
    "check_call": "calls",
    "raise_half_pot": "raises",
    "raise_pot": "raises",
    "all_in": "goes all in",
}
_THROWS: Final = ("rock", "paper", "scissors")
_BEATS: Final = ("rock blunts scissors", "paper wraps rock", "scissors cut paper")
_STICK: Final = 0
_MOST: Final = 21
_ACE: Final = 1


@dataclass(frozen=True, slots=True)
class Words:
    """How one kind of table is told."""

    panels: Callable[[Recorded], list[Panel]]
    """Return the panels of the present frame."""
    move: Callable[[Recorded, int, list[Panel]], str]
    """Return the last move: adapter, the seat that made it, the panels it was made on."""


def words_of(adapter: Recorded) -> Words | None:
    """Return how the environment's table is told, or None where it is none that is known."""
    return next((words for recognises, words in _KNOWN if recognises(adapter.environment)), None)


def _spiel_table(adapter: Recorded) -> Table:
    """Return OpenSpiel's table, also where PettingZoo's hanabi holds it."""
    environment = adapter.environment
    if isinstance(environment, Table):
        return environment
    state = environment.hanabi_env.game_state
    # Dealing is in the history, too; it is nobody's move.
    moves = (each.action for each in reversed(state.full_history()) if each.player >= 0)
    return Table("hanabi", state, next(moves, -1))


def _is_hanabi(environment: Any) -> bool:  # Any: third-party, untyped; so below.
    return hasattr(environment, "hanabi_env")


def _is_rlcard(environment: Any) -> bool:
    return hasattr(getattr(getattr(environment, "env", None), "game", None), "players")


def _card_panels(adapter: Recorded) -> list[Panel]:
    game = adapter.environment.env.game
    panels: list[Panel] = []
    for seat, holder in enumerate(game.players):
        held = holder.hand if isinstance(holder.hand, list) else [holder.hand]
        lines = [f"Holds: {', '.join(_card(card) for card in held if card is not None) or 'nothing'}"]
        lines.append(f"Chips in: {int(holder.in_chips)}")
        if str(getattr(holder.status, "name", holder.status)).lower() == "folded":
            lines.append("Folded")
        if adapter.is_over:
            lines.append(f"Won: {adapter.rewards[seat]:+g}")
        panels.append({"title": f"Seat {seat + 1}", "lines": lines, "seat": seat})
    shown = getattr(game, "public_card", None) or getattr(game, "public_cards", None) or []
    cards = shown if isinstance(shown, list) else [shown]
    pot = sum(int(holder.in_chips) for holder in game.players)
    lines = [f"Public: {', '.join(_card(card) for card in cards) or 'none yet'}", f"Pot: {pot}"]
    return [*panels, {"title": "Table", "lines": lines, "seat": None}]


def _card(card: Any) -> str:
    return f"{_RANKS.get(card.rank, card.rank)} of {_SUITS.get(card.suit, card.suit)}"


def _card_move(adapter: Recorded, _: int, before: list[Panel]) -> str:
    table = adapter.environment.env
    seat, action = table.action_recorder[-1]
    word = str(getattr(action, "name", action)).lower()
    chips = int(table.game.players[seat].in_chips)
    verb = _VERBS.get(word, f"plays {word}")
    if word == "check_call" and f"Chips in: {chips}" in before[seat]["lines"]:
        verb = "checks"
    if verb == "raises":
        verb = f"raises to {chips}"
    elif verb == "goes all in":
        verb = f"goes all in with {chips}"
    return f"Seat {seat + 1} {verb}"


def _is_blackjack(environment: Any) -> bool:
    return hasattr(environment, "dealer") and hasattr(environment, "player") and hasattr(environment, "sab")


def _blackjack_panels(adapter: Recorded) -> list[Panel]:
    game = adapter.environment
    dealt = game.dealer if adapter.is_over else game.dealer[:1]
    mine = [f"Cards: {_numbers(game.player)}", f"Sum: {_sum_words(game.player)}"]
    theirs = [f"Cards: {_numbers(dealt)}"]
    if adapter.is_over:
        mine.append(f"Won: {adapter.rewards[0]:+g}")
        theirs.append(f"Sum: {_sum_words(game.dealer)}")
    return [
        {"title": "Seat 1", "lines": mine, "seat": 0},
        {"title": "Dealer", "lines": theirs, "seat": None},
    ]


def _blackjack_move(adapter: Recorded, _: int, before: list[Panel]) -> str:
    game = adapter.environment
    own = _sum(game.player)
    if f"Cards: {_numbers(game.player)}" in before[0]["lines"]:
        verdict = ("loses", "draws", "wins")[1 + int(adapter.rewards[0] > 0) - int(adapter.rewards[0] < 0)]
        return f"Sticks at {own}; the dealer has {_sum_words(game.dealer)}: {verdict}"
    words = f"Hits: {_drawn(game.player[-1])}, {own} now"
    return words + (": over" if own > _MOST else "")


def _drawn(card: int) -> str:
    return "an ace" if card == _ACE else f"{'an' if card == 8 else 'a'} {int(card)}"


def _sum(hand: list[int]) -> int:
    """Return what a hand counts, an ace as eleven where that fits."""
    low = int(sum(hand))
    return low + 10 if _ACE in hand and low + 10 <= _MOST else low


def _sum_words(hand: list[int]) -> str:
    counted = _sum(hand)
    return f"{counted}, over" if counted > _MOST else str(counted)


def _numbers(hand: list[int]) -> str:
    return ", ".join("ace" if card == _ACE else str(int(card)) for card in hand)


def _is_rps(environment: Any) -> bool:
    return str((getattr(environment, "metadata", None) or {}).get("name", "")).startswith("rps_")


def _rps_panels(adapter: Recorded) -> list[Panel]:
    return [
        {
            "title": f"Seat {seat + 1}",
            "lines": [f"Throws: {_throw(adapter, seat)}", f"Points: {reward:+g}"],
            "seat": seat,
        }
        for seat, reward in enumerate(adapter.rewards)
    ]


def _rps_move(adapter: Recorded, _: int, before: list[Panel]) -> str:
    first, second = (_throw(adapter, seat) for seat in (0, 1))
    if first == second:
        return f"Both throw {first}"
    gained = adapter.rewards[0] > float(before[0]["lines"][1].partition(": ")[2])
    winner, loser = (first, second) if gained else (second, first)
    words = _BEATS[_THROWS.index(winner)] if winner in _THROWS else f"{winner} beats {loser}"
    return f"{words.capitalize()}: a point for seat {1 if gained else 2}"


def _throw(adapter: Recorded, seat: int) -> str:
    """Return a seat's last throw; the history has both seats' last ones in front, -1 before the first."""
    game = adapter.environment
    number = game.history[seat]
    return "nothing yet" if number < 0 else str(game._moves[number]).replace("_", " ").lower()


_KNOWN: Final[tuple[tuple[Callable[[Any], bool], Words], ...]] = (
    (
        lambda environment: isinstance(environment, Table) or _is_hanabi(environment),
        Words(
            lambda adapter: spiel_panels(_spiel_table(adapter)),
            lambda adapter, seat, before: spiel_move(_spiel_table(adapter), seat, before),
        ),
    ),
    (_is_rlcard, Words(_card_panels, _card_move)),
    (_is_blackjack, Words(_blackjack_panels, _blackjack_move)),
    (_is_rps, Words(_rps_panels, _rps_move)),
)
