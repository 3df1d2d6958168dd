"""Hangs in close, at exit and in its finaliser.

row: 22
expected: ok
arena: connect_four-v3
why: the referee asks it to close and waits a quarter of a second at most
within: 4
"""

import atexit
import time


def hang(*_):
    while True:
        time.sleep(1)


atexit.register(hang)


class Agent:
    def act(self, observation):
        return int(observation["action_mask"].argmax())

    close = hang
    __del__ = hang
