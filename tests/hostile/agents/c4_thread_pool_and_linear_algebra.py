"""Spreads work over a thread pool and multiplies, inverts and decomposes matrices.

row: 0
expected: ok
arena: connect_four-v3
why: honest
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

# Each thread inside the linear algebra takes 32 MiB of the 128 that it is granted here.
pool = ThreadPoolExecutor(2)


def work(seed):
    matrix = np.random.default_rng(seed).normal(size=(24, 24))
    return float(np.linalg.svd(np.linalg.inv(matrix) @ matrix)[1].sum())


def agent(observation):
    assert len(list(pool.map(work, range(8)))) == 8
    return int(observation["action_mask"].argmax())
