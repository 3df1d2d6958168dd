"""What a hunter cannot see, moved about: the certificate shows with it that nothing leaks."""

from typing import Any

import numpy as np


def scatter_unseen(environment: Any, seat: int, rng: np.random.Generator) -> None:
    """Put every evader that a hunter does not see somewhere else where it does not see it."""
    base = environment.env
    reach = base.obs_offset
    here = np.array(base.pursuer_layer.get_position(seat))
    evaders = base.evader_layer
    for evader in range(evaders.n_agents()):
        place = rng.integers(0, (base.x_size, base.y_size))
        if all(np.abs(cell - here).max() > reach for cell in (place, np.array(evaders.get_position(evader)))):
            evaders.set_position(evader, int(place[0]), int(place[1]))
    base.model_state[2] = evaders.get_state_matrix()
