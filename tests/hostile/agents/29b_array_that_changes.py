"""Returns an array that a thread keeps changing between legal and illegal values.

row: 29
expected: ok, illegal_action
arena: connect_four-v3
why: the value is read once into bytes, and the referee judges and plays those bytes
"""

import threading

import numpy as np

action = np.zeros((), np.int64)


def change():
    while True:
        action[...] = 99
        action[...] = 3


threading.Thread(target=change, daemon=True).start()


def agent(observation):
    return action
