"""What a seat of hanabi cannot see: its own cards. The certificate deals others."""

from typing import Any, Final

import numpy as np

_TRIES: Final = 60


def redeal(environment: Any, seat: int, rng: np.random.Generator) -> None:  # Any: PettingZoo's, untyped.
    """Deal other cards wherever what the seat sees of the table stays the same."""
    table = environment.hanabi_env
    state = table.game_state
    game, known = state.get_game(), state.observation_string(seat)
    moves = [(move.player, move.action) for move in state.full_history()]
    deals = [place for place, (player, _) in enumerate(moves) if player < 0]
    for place in rng.choice(deals, _TRIES).tolist():
        tried = list(moves)
        tried[place] = (moves[place][0], int(rng.integers(game.max_chance_outcomes())))
        other = _played(game, tried)
        if other is not None and other.observation_string(seat) == known:
            moves, table.game_state = tried, other
    # It keeps what the seats see, and looks anew only after a move.
    table._update_observations()


def _played(game: Any, moves: list[tuple[int, int]]) -> Any:  # Any: pyspiel has no types.
    """Return the state after these moves and deals, None where one of them is not possible."""
    state = game.new_initial_state()
    for _, action in moves:
        if action not in state.legal_actions():
            return None
        state.apply_action(action)
    return state
