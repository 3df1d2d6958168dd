"""Keeps its notes in temporary files.

row: 0
expected: ok
arena: connect_four-v3
why: honest; level 2 has a scratch folder
"""

import json
import os
import tempfile

calls = 0


def agent(observation):
    global calls
    calls += 1
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "notes.json")
        with open(path, "w") as file:
            json.dump({"calls": calls}, file)
        os.rename(path, path + ".old")
        with open(path + ".old") as file:
            assert json.load(file) == {"calls": calls}
    return int(observation["action_mask"].argmax())
