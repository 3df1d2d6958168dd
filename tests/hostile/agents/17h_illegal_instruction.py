"""Jumps to an instruction that there is not.

row: 17
expected: crashed
arena: connect_four-v3
why: whatever the signal, the channel closes
says: SIGILL
"""

import ctypes
import mmap


def agent(observation):
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC, flags=0x22)
    code.write(b"\x0f\x0b\0\0")  # Undefined on both machines.
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
