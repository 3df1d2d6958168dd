"""Sets back every clock it can reach, then takes its time.

row: 14
expected: timed_out
arena: connect_four-v3
why: the referee measures on its own clock
tries: 3
"""

import time

from workers.sandbox.probes import attempt

really_sleep = time.sleep
for name in ("time", "monotonic", "perf_counter", "process_time"):
    setattr(time, name, lambda: 0.0)
print("tried set_time", attempt(lambda: time.clock_settime(time.CLOCK_REALTIME, 0)))
print("tried set_monotonic", attempt(lambda: time.clock_settime(time.CLOCK_MONOTONIC, 0)))
print("tried set_boot_time", attempt(lambda: time.clock_settime(time.CLOCK_BOOTTIME, 0)))


def agent(observation):
    really_sleep(2)
    return int(observation["action_mask"].argmax())
