"""Makes a 32-bit system call.

row: 42
expected: security_violation, crashed
arena: connect_four-v3
why: the filter looks at the architecture first and ends the process; aarch64 has no such instruction
says: foreign kind
threat: T1
"""

import ctypes
import mmap


def agent(observation):
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    code = mmap.mmap(-1, 4096, flags=flags, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes.fromhex("b814000000cd80c3"))  # getpid by int 0x80
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))() and 0
