"""Prints all it sees in an arena with hidden cards.

row: 39
expected: ok
arena: leduc_holdem-v4
why: a log holds only what its own agent saw and goes to its owner alone; the opponent's stays apart
log: seen
"""


def agent(observation):
    print("seen", observation["observation"].tolist())
    return int(observation["action_mask"].argmax())
