"""Returns an object that runs code when it is unpickled.

row: 28
expected: protocol_violation
arena: connect_four-v3
why: nothing is ever pickled
"""

import os


class Trap:
    def __reduce__(self):
        return os.system, ("touch /tmp/hostile-trace",)


def agent(observation):
    return Trap()
