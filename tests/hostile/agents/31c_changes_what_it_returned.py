"""Goes on changing the list that it returned.

row: 31
expected: ok
arena: BipedalWalker-v3
why: the answer was bytes before it could
limits: step_seconds=0.2
within: 30
"""

import threading

action = [0.0, 0.0, 0.0, 0.0]
started = False


def change():
    while True:
        action[0] = -1.0
        action[0] = 0.5


def agent(observation):
    global started
    if not started:
        started = True
        threading.Thread(target=change, daemon=True).start()
    return action
