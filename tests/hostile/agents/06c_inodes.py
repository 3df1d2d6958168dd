"""Makes 20 000 empty files.

row: 6
expected: ok
arena: connect_four-v3
why: the scratch folder has a number of files too
tries: 1
"""

import os

from workers.sandbox.probes import attempt


def many():
    for number in range(20_000):
        os.close(os.open(f"/tmp/hostile-trace-{number}", os.O_CREAT | os.O_WRONLY))


print("tried files_without_end", attempt(many))


def agent(observation):
    return int(observation["action_mask"].argmax())
