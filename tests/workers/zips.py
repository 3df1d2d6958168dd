"""Zip archives for tests, ordinary and hostile, built byte by byte."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

AGENT = b"class Agent:\n    def act(self, observation):\n        return 0\n"


def ordinary(files=None, **more):
    """Return a well-formed zip; names that are no identifiers come as a mapping."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**(files or {}), **more}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@dataclass
class Entry:
    """One member of a hand-made zip; what is left at None follows from the content."""

    name: bytes
    content: bytes = b""
    mode: int = 0o100644
    flags: int = 0x0800
    method: int = 0
    local_name: bytes | None = None
    local_flags: int | None = None
    declared: int | None = None
    crc: int | None = None
    at: int | None = None


def handmade(*entries, prefix=b"", comment=b""):
    """Return a zip whose every header says what the entries say, true or not."""
    body = bytearray(prefix)
    directory = bytearray()
    for entry in entries:
        packed = entry.content
        if entry.method == 8:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = deflate.compress(entry.content) + deflate.flush()
        size = len(entry.content) if entry.declared is None else entry.declared
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        local_name = entry.name if entry.local_name is None else entry.local_name
        local_flags = entry.flags if entry.local_flags is None else entry.local_flags
        start = len(body) if entry.at is None else entry.at
        if entry.at is None:
            head = (b"PK\x03\x04", 20, local_flags, entry.method, 0, 33, crc, len(packed), size)
            body += struct.pack("<4s5H3L2H", *head, len(local_name), 0) + local_name + packed
        head = (b"PK\x01\x02", 0x0314, 20, entry.flags, entry.method, 0, 33, crc, len(packed), size)
        tail = (len(entry.name), 0, 0, 0, 0, entry.mode << 16, start)
        directory += struct.pack("<4s6H3L5H2L", *head, *tail) + entry.name
    count = min(len(entries), 0xFFFF)
    end = (b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), len(comment))
    return bytes(body) + bytes(directory) + struct.pack("<4s4H2LH", *end) + comment
