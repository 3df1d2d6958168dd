"""Read an uploaded zip without trusting it or writing anything; pack a folder for sending.

How it works: the standard library lists the central directory. Everything else is checked here: each name,
the local header behind each entry, that no two entries share bytes, and that each inflates to exactly the
size and checksum it declares. Nothing is ever extracted on the host.
"""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from workers.refusals import RefusedError

MIB: Final = 1024 * 1024
CHUNK: Final = 256 * 1024

END_MARK: Final = b"PK\x05\x06"
_END: Final = struct.Struct("<4s4H2LH")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_DIRECTORY_BYTES: Final = 4 * MIB
"""Largest central directory that is listed; 2,000 long names need a quarter of it."""
_RATIO_FLOOR: Final = 1 * MIB
"""Archives that unpack to less are never called bombs."""
_UNKNOWN_SIZE: Final = 0xFFFFFFFF
_SIZES_FOLLOW: Final = 0x0008
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_UTF8_NAME: Final = 0x0800

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_FORBIDDEN: Final = frozenset('<>:"|?*')
_RESERVED: Final = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$")
_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_SPECIAL: Final = {
    stat.S_IFLNK: "symbolic link",
    stat.S_IFIFO: "FIFO",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may hold."""

    unpacked_bytes: int = 500 * MIB
    files: int = 2000
    depth: int = 32
    ratio: int = 200
    name_bytes: int = 255
    """Of one path component."""
    path_bytes: int = 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive."""

    name: str
    size_bytes: int
    entry: zipfile.ZipInfo


def list_archive(file: BinaryIO, *, size: int, limits: ArchiveLimits) -> list[Member]:
    """Return the files of an archive, checked by their directory entries and local headers.

    Args:
        file: the upload, seekable.
        size: its length in bytes.
        limits: what it may hold.

    Raises:
        RefusedError: `archive.*`.
    """
    directory = _directory_start(file, size, limits)
    entries = _entries(file)
    files = [entry for entry in entries if not entry.orig_filename.endswith("/")]
    if len(files) > limits.files or len(entries) > 2 * limits.files:
        raise _too_many(len(files) if len(files) > limits.files else len(entries), limits)
    for entry in entries:
        _check_entry(entry, limits)
    _check_duplicates(entries)
    _check_sizes(files, size, limits)
    _check_layout(file, entries, directory)
    return [Member(entry.filename, entry.file_size, entry) for entry in files]


def read_member(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """Yield a file's bytes; at most what it declares, and never more than `CHUNK` at once.

    Raises:
        RefusedError: `archive.corrupt`, when size or checksum differ from the declared ones.
    """
    entry = member.entry
    total = checksum = 0
    for piece in _inflated(file, entry):
        total += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if total > entry.file_size:
            raise _inconsistent(entry)
        yield piece
    if total != entry.file_size or checksum != entry.CRC:
        raise _inconsistent(entry)


def _directory_start(file: BinaryIO, size: int, limits: ArchiveLimits) -> int:
    """Find where the central directory begins, before anything parses it."""
    tail_start = max(0, size - _END.size - 0xFFFF)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise RefusedError("archive.corrupt", problem="its directory of files is missing", field="file")
    _, disk, first_disk, _, count, length, start, _ = _END.unpack_from(tail, at)
    if _UNKNOWN_SIZE in (length, start) or disk or first_disk:
        raise RefusedError("archive.corrupt", problem="it is split or larger than 4 GB", field="file")
    if start + length > tail_start + at:
        raise RefusedError("archive.corrupt", problem="its directory of files is cut off", field="file")
    if length > _DIRECTORY_BYTES:
        raise _too_many(max(count, limits.files + 1), limits)
    return int(start)


def _entries(file: BinaryIO) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError, OverflowError):
        raise RefusedError(
            "archive.corrupt", problem="its directory of files cannot be read", field="file"
        ) from None


def _check_entry(entry: zipfile.ZipInfo, limits: ArchiveLimits) -> None:
    name = entry.orig_filename
    if entry.flag_bits & _ENCRYPTED:
        raise RefusedError("archive.encrypted", member=name, field="file")
    parts = name.removesuffix("/").split("/")
    if name.startswith("/") or "\\" in name or "\0" in name or ".." in parts or _DRIVE.match(name):
        raise RefusedError("archive.unsafe_path", member=name, field="file")
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise RefusedError(
            "archive.special_file", member=name, kind=_SPECIAL.get(mode, "special file"), field="file"
        )
    if len(parts) - 1 > limits.depth:
        raise RefusedError("archive.too_deep", depth=len(parts) - 1, limit=limits.depth, field="file")
    _check_name(name, parts, limits)
    is_folder = name.endswith("/")
    if (is_folder and entry.file_size) or (mode == stat.S_IFDIR and not is_folder):
        raise _inconsistent(entry)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedError("archive.corrupt", packed=name, field="file")


def _check_name(name: str, parts: Sequence[str], limits: ArchiveLimits) -> None:
    for part in parts:
        size = len(part.encode("utf-8", "surrogatepass"))
        if size > limits.name_bytes:
            raise RefusedError("archive.bad_name", member=name, limit=limits.name_bytes, field="file")
        if _RESERVED.match(part):
            raise RefusedError("archive.bad_name", reserved=name, field="file")
        invisible = any(c in _FORBIDDEN or unicodedata.category(c) in _HIDDEN for c in part)
        if invisible or part in ("", ".") or part.endswith((".", " ")):
            raise RefusedError("archive.bad_name", member=name, field="file")
    if len(name.encode("utf-8", "surrogatepass")) > limits.path_bytes:
        raise RefusedError("archive.bad_name", member=name, limit=limits.path_bytes, field="file")


def _check_duplicates(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse two entries of one name, and a file that is also the folder of another."""
    seen: dict[str, str] = {}
    for entry in entries:
        key = _folded(entry.orig_filename.removesuffix("/"))
        if key in seen:
            first, second = seen[key], entry.orig_filename
            raise RefusedError("archive.duplicate_name", first=first, second=second, field="file")
        seen[key] = entry.orig_filename
    for entry in entries:
        folders = entry.orig_filename.removesuffix("/").split("/")[:-1]
        for depth in range(1, len(folders) + 1):
            other = seen.get(_folded("/".join(folders[:depth])), "/")
            if not other.endswith("/"):
                second = entry.orig_filename
                raise RefusedError("archive.duplicate_name", first=other, second=second, field="file")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _check_sizes(files: Sequence[zipfile.ZipInfo], size: int, limits: ArchiveLimits) -> None:
    unpacked = sum(entry.file_size for entry in files)
    if unpacked > limits.unpacked_bytes:
        limit = f"{limits.unpacked_bytes / MIB:g} MB"
        raise RefusedError("archive.too_large_unpacked", limit=limit, field="file")
    if unpacked > max(_RATIO_FLOOR, limits.ratio * size):
        raise RefusedError("archive.too_large_unpacked", ratio=limits.ratio, field="file")


def _check_layout(file: BinaryIO, entries: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Compare local headers with the directory, and see that no two entries share bytes."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise _inconsistent(entry)
        end = _data_start(file, entry) + entry.compress_size
        if end > directory:
            raise _inconsistent(entry)


def _data_start(file: BinaryIO, entry: zipfile.ZipInfo) -> int:
    file.seek(entry.header_offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        raise _inconsistent(entry)
    mark, _, flags, method, _, _, crc, packed, unpacked, name_size, extra_size = _LOCAL.unpack(header)
    if flags & _ENCRYPTED:
        raise RefusedError("archive.encrypted", member=entry.orig_filename, field="file")
    utf8 = bool(entry.flag_bits & _UTF8_NAME)
    name = entry.orig_filename.encode("utf-8" if utf8 else "cp437")
    agrees = (
        mark == b"PK\x03\x04"
        and method == entry.compress_type
        and bool(flags & _UTF8_NAME) == utf8
        and file.read(name_size) == name
        and (flags & _SIZES_FOLLOW or crc == entry.CRC)
        and _same_size(packed, entry.compress_size, flags)
        and _same_size(unpacked, entry.file_size, flags)
    )
    if not agrees:
        raise _inconsistent(entry)
    return entry.header_offset + _LOCAL.size + int(name_size) + int(extra_size)


def _same_size(local: int, central: int, flags: int) -> bool:
    """Compare sizes; a streamed entry may leave them out of its local header."""
    return local in (central, _UNKNOWN_SIZE) or (local == 0 and bool(flags & _SIZES_FOLLOW))


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(_data_start(file, entry))
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while left > 0 and not inflater.eof and (packed := file.read(min(CHUNK, left))):
            left -= len(packed)
            while packed and not inflater.eof:
                yield inflater.decompress(packed, CHUNK)
                packed = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error:
        raise _inconsistent(entry) from None
    if not inflater.eof or inflater.unused_data or left:
        raise _inconsistent(entry)


def _too_many(count: int, limits: ArchiveLimits) -> RefusedError:
    return RefusedError("archive.too_many_files", count=count, limit=limits.files, field="file")


def _inconsistent(entry: zipfile.ZipInfo) -> RefusedError:
    return RefusedError("archive.corrupt", member=entry.orig_filename, field="file")
