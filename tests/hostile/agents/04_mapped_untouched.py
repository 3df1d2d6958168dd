"""Maps 64 GiB and touches none of it.

row: 4
expected: ok
arena: connect_four-v3
why: address space is limited loosely; the mapping is refused or harmless, and the agent plays on
"""

import mmap


def agent(observation):
    for flags in (mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000):
        try:
            mmap.mmap(-1, 64 << 30, flags=flags, prot=mmap.PROT_READ).close()
        except (OSError, MemoryError) as error:
            print("refused", error)
    return int(observation["action_mask"].argmax())
