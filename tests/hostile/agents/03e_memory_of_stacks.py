"""Asks for threads with stacks of 600 MiB.

row: 3
expected: ok, timed_out, out_of_memory
arena: connect_four-v3
why: stacks count as memory; a thread cannot be started, or its agent runs dry and never answers
holds: 704
"""

import contextlib
import threading


def agent(observation):
    threading.stack_size(600 << 20)
    with contextlib.suppress(RuntimeError):
        thread = threading.Thread(target=bytes)
        thread.start()
        thread.join()
    return int(observation["action_mask"].argmax())
