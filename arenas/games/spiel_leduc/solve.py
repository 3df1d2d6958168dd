"""Work out a strategy near the equilibrium by counterfactual regret minimisation, with OpenSpiel's solver.

Run: python -m arenas.games.spiel_leduc.solve --rounds 2000 --out strategy.npz
Source: Tammelin 2014, "Solving large imperfect information games using CFR+", section 2.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyspiel


def strategies(state: Any, policy: Any, found: dict[int, list[float]]) -> None:  # Any: pyspiel has no types.
    """Collect the chances of fold, call and raise of every information state below a state.

    Args:
        state: where to begin.
        policy: the solver's average policy.
        found: filled with one list a state; the key has bit k set where entry k of the tensor is 1.
    """
    if state.is_terminal():
        return
    if not state.is_chance_node():
        seen = state.information_state_tensor()
        key = sum(1 << index for index, bit in enumerate(seen) if bit)
        chances = policy.action_probabilities(state)
        found[key] = [float(chances.get(action, 0.0)) for action in range(3)]
    for action in state.legal_actions():
        strategies(state.child(action), policy, found)


def main() -> None:
    """Solve, save the table, print how much the best answer wins from it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--out", type=Path, default=Path("strategy.npz"))
    arguments = parser.parse_args()
    game = pyspiel.load_game("leduc_poker")
    solver = pyspiel.CFRPlusSolver(game)
    for _ in range(arguments.rounds):
        solver.evaluate_and_update_policy()
    policy = solver.average_policy()
    found: dict[int, list[float]] = {}
    strategies(game.new_initial_state(), policy, found)
    chances = np.round(np.array(list(found.values()), np.float32), 4)
    np.savez_compressed(arguments.out, keys=np.array(list(found), np.int64), chances=chances)
    lost = pyspiel.exploitability(game, policy)
    print(f"{len(found)} information states; the best answer wins {lost:.5f} chips a deal on average")


if __name__ == "__main__":
    main()
