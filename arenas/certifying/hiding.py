"""Ways to change what a seat cannot see: the arena's own function, OpenSpiel's games, RLCard's tables."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np

from arenas.adapters import Adapter
from arenas.adapters.making import constructor_of
from arenas.adapters.open_spiel import Table
from arenas.errors import ArenaUnavailableError

Redeal: TypeAlias = Callable[[Adapter, int, np.random.Generator], bool | None]
"""Gives False where the seat sees all there is, so that there was nothing to change."""
_CHANGES: Final = 60
_CHANCE: Final = -1  # pyspiel.PlayerId.CHANCE


def redeal_of(adapter: Adapter) -> Redeal | None:
    """Return what changes, in the running episode, whatever a seat cannot see; None where nothing is known.

    Raises:
        ArenaUnavailableError: the function that the spec names cannot be had.
    """
    spec = adapter.spec
    if spec.hidden:
        try:
            hook = constructor_of(replace(spec, environment=spec.hidden))
        except Exception as error:  # A plug-in's module may fail in any way.
            raise ArenaUnavailableError(
                f"{spec.hidden} cannot be had ({type(error).__name__}: {error})."
            ) from error
        if hook is None:
            raise ArenaUnavailableError(f"{spec.hidden} is not written as module:function.")
        return lambda table, seat, rng: hook(table.environment, seat, rng)
    if isinstance(adapter.environment, Table):
        return _redeal_spiel
    return _redeal_cards if _card_game(adapter) is not None else None


def _redeal_spiel(adapter: Adapter, seat: int, rng: np.random.Generator) -> None:
    """Change outcomes of chance at random, keeping those that the seat cannot tell.

    OpenSpiel's own `resample_from_infostate` is not used: in hearts it never returns, hanabi has none.
    """
    table = adapter.environment
    moves = [(move.player, move.action) for move in table.state.full_history()]
    chances = [place for place, (player, _) in enumerate(moves) if player == _CHANCE]
    game = table.state.get_game()
    _, known = _remembered(game, moves, seat)
    for _ in range(_CHANGES if chances else 0):
        tried = list(moves)
        one, other = rng.choice(chances, 2).tolist()
        if one != other:
            tried[one], tried[other] = moves[other], moves[one]
        else:
            tried[one] = (_CHANCE, int(rng.choice(_remembered(game, moves[:one], seat)[0].legal_actions())))
        state, told = _remembered(game, tried, seat)
        if told == known:
            moves, table.state = tried, state


def _remembered(
    game: Any,  # Any: pyspiel has no types.
    moves: list[tuple[int, int]],
    seat: int,
) -> tuple[Any, list[str]]:
    """Play moves; return the state and all that a seat was told, or nothing if a move is not legal.

    A game without an information state tells only of the moment: all moments together are what is known.
    """
    state = game.new_initial_state()
    recalls = game.get_type().provides_information_state_string
    told: list[str] = []
    for player, action in moves:
        if state.current_player() != player or action not in state.legal_actions():
            return None, []
        state.apply_action(action)
        if not recalls and not state.is_chance_node():
            told.append(str(state.observation_string(seat)))
    return state, [str(state.information_state_string(seat))] if recalls else told


def _card_game(adapter: Adapter) -> Any:  # Any: RLCard has no types.
    """Return RLCard's game behind PettingZoo's environment; None for others."""
    game = getattr(getattr(adapter.environment, "env", None), "game", None)
    return game if hasattr(game, "players") and hasattr(getattr(game, "dealer", None), "deck") else None


def _redeal_cards(adapter: Adapter, seat: int, rng: np.random.Generator) -> None:
    """Shuffle the other hands with the rest of the deck."""
    game = _card_game(adapter)
    deck = game.dealer.deck
    for number, holder in enumerate(game.players):
        if number == seat or not deck:
            continue
        held = holder.hand if isinstance(holder.hand, list) else [holder.hand]
        for place, card in enumerate(held):
            drawn = int(rng.integers(len(deck)))
            held[place], deck[drawn] = deck[drawn], card
        if not isinstance(holder.hand, list):
            holder.hand = held[0]
