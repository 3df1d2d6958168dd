"""What an upload must look like: one Python file, a zip with agent.py at its top, or a model without code.

`inspect_package` says yes or refuses with a reason; nothing of the upload runs and nothing is written.
A zip of one folder that holds everything is refused with a hint, rather than quietly unwrapped, so that
the bytes that were sent are the bytes that play.
"""

import hashlib
import importlib.metadata
import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, TypeAlias

from workers.archive import CHUNK, MIB, ArchiveLimits, Member, list_archive, read_member
from workers.nocode.contents import SUFFIX, check_names, is_model_package
from workers.nocode.manifest import MANIFEST, MODEL
from workers.refusals import RefusedError
from workers.source import FILE_BYTES, EntryPoint, find_entry_point

if TYPE_CHECKING:
    from workers.nocode.fitting import SeatSpaces

Kind: TypeAlias = Literal["file", "archive"]

_ARCHIVE_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_ARCHIVES: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_OTHER_KINDS: Final = (
    (b"MZ", "exe"),
    (b"\x7fELF", "Linux program"),
    (b"\xcf\xfa\xed\xfe", "macOS program"),
    (b"%PDF", "PDF"),
    (b"\x89HDF", "HDF5"),
    (b"\x93NUMPY", "npy"),
)
_LIBRARIES: Final = ("numpy", "onnxruntime", "torch")


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """How large an upload may be."""

    package_bytes: int = 50 * MIB
    file_bytes: int = FILE_BYTES
    """Of agent.py, alone or in an archive."""
    archive: ArchiveLimits = field(default_factory=ArchiveLimits)


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file of a package."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Package:
    """An upload that passed."""

    digest: str
    """SHA-256 of the uploaded bytes, hex."""
    kind: Kind
    file_name: str
    """The name it is stored and sent under: agent.py, agent.zip or policy.onnx, whatever it was called."""
    size_bytes: int
    unpacked_bytes: int
    files: tuple[PackedFile, ...]
    entry_point: EntryPoint | Literal["model"]
    warnings: tuple[str, ...] = ()


def inspect_package(
    source: Path | bytes | BinaryIO,
    *,
    file_name: str,
    limits: PackageLimits | None = None,
    available: Sequence[str] = (),
    spaces: "Callable[[], Sequence[SeatSpaces]]" = tuple,
) -> Package:
    """Check an upload completely and describe it.

    Args:
        source: its path, its bytes, or a seekable file.
        file_name: what the sender called it.
        limits: how large it may be; the defaults if left out.
        available: libraries named when requirements.txt is refused; those installed here if left out.
        spaces: gives the arena's spaces; asked for where a model must fit them.

    Raises:
        RefusedError: `upload.*`, `archive.*`, `source.*`, `package.*`, `manifest.*` or `onnx.*`, with the
            form field `file`.
    """
    limits = limits or PackageLimits()
    with ExitStack() as stack:
        if isinstance(source, Path):
            file: BinaryIO = stack.enter_context(source.open("rb"))
        else:
            file = io.BytesIO(source) if isinstance(source, bytes) else source
        size = file.seek(0, io.SEEK_END)
        kind = _kind(file, size, file_name, limits)
        digest = _digest(file)
        if kind == "archive":
            return _archive(file, size, digest, limits, available, spaces)
        file.seek(0)
        if file_name.lower().endswith(SUFFIX):
            return _bare_model(file.read(), digest, spaces)
        entry_point = find_entry_point(file.read(), file=file_name)
        files = (PackedFile("agent.py", size),)
        return Package(digest, "file", "agent.py", size, size, files, entry_point)


def megabytes(size: int) -> str:
    """Return a size in words, one decimal: `61.0 MB`."""
    return f"{size / MIB:.1f} MB"


def _kind(file: BinaryIO, size: int, file_name: str, limits: PackageLimits) -> Kind:
    """Tell by content what was sent; the name only decides between source and refusal."""
    if size == 0:
        raise RefusedError("upload.empty", file=file_name, field="file")
    if size > limits.package_bytes:
        limit = f"{limits.package_bytes / MIB:g} MB"
        raise RefusedError("upload.too_large", size=megabytes(size), limit=limit, field="file")
    file.seek(0)
    head = file.read(512)
    if head.startswith(_ARCHIVE_STARTS):
        return "archive"
    is_source = file_name.lower().endswith(".py")
    if file_name.lower().endswith(SUFFIX):
        return "file"
    if other := _other_kind(head, file_name, is_source):
        raise RefusedError("upload.unsupported_type", kind=other, field="file")
    if is_source:
        _check_file_size(size, limits)
        return "file"
    if file_name.lower().endswith(".zip"):
        raise RefusedError("archive.corrupt", field="file")
    raise RefusedError("upload.unsupported_type", field="file")


def _other_kind(head: bytes, file_name: str, is_source: bool) -> str:
    """Name a kind that is not taken; a program called .py is left to the source checks."""
    if head[257:262] == b"ustar":
        return "tar"
    kinds = _OTHER_ARCHIVES if is_source else _OTHER_ARCHIVES + _OTHER_KINDS
    for start, kind in kinds:
        if head.startswith(start):
            return "tar" if ".tar." in file_name.lower() or file_name.lower().endswith(".tgz") else kind
    return ""


def _check_file_size(size: int, limits: PackageLimits) -> None:
    if size > limits.file_bytes:
        limit = f"{limits.file_bytes / MIB:g} MB"
        raise RefusedError("upload.too_large", file_size=megabytes(size), file_limit=limit, field="file")


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _bare_model(content: bytes, digest: str, spaces: "Callable[[], Sequence[SeatSpaces]]") -> Package:
    # Reading models needs the ONNX library, which no other upload should wait for.
    from workers.nocode.checking import check_models

    size = len(content)
    check_models({MODEL: size}, lambda _: content, spaces())
    return Package(digest, "file", MODEL, size, size, (PackedFile(MODEL, size),), "model")


def _archive(
    file: BinaryIO,
    size: int,
    digest: str,
    limits: PackageLimits,
    available: Sequence[str],
    spaces: "Callable[[], Sequence[SeatSpaces]]",
) -> Package:
    members = list_archive(file, size=size, limits=limits.archive)
    files = tuple(PackedFile(member.name, member.size_bytes) for member in members)
    unpacked = sum(member.size_bytes for member in members)
    entry_point: EntryPoint | Literal["model"]
    if is_model_package([member.name for member in members]):
        _refuse_requirements(members, available)
        _check_models(file, members, spaces)
        entry_point = "model"
    else:
        entry_point = _entry_point(file, members, limits, available)
    return Package(digest, "archive", "agent.zip", size, unpacked, files, entry_point, _warnings(members))


def _check_models(
    file: BinaryIO, members: Sequence[Member], spaces: "Callable[[], Sequence[SeatSpaces]]"
) -> None:
    from workers.nocode.checking import check_models

    by_name = {member.name: member for member in members}
    check_names(list(by_name))
    sizes = {member.name: member.size_bytes for member in members}
    check_models(sizes, lambda name: b"".join(read_member(file, by_name[name])), spaces())
    for member in members:
        for _ in read_member(file, member):
            pass


def _entry_point(
    file: BinaryIO, members: Sequence[Member], limits: PackageLimits, available: Sequence[str]
) -> EntryPoint:
    agent = _agent_member(members)
    _refuse_requirements(members, available)
    _check_file_size(agent.size_bytes, limits)
    source = b""
    for member in members:
        pieces = read_member(file, member)
        if member is agent:
            source = b"".join(pieces)
        else:
            for _ in pieces:
                pass
    return find_entry_point(source)


def _agent_member(members: Sequence[Member]) -> Member:
    for member in members:
        if member.name == "agent.py":
            return member
    for member in members:
        folder, _, rest = member.name.partition("/")
        if rest == "agent.py" and folder != "__MACOSX":
            raise RefusedError("archive.no_agent", folder=f"{folder}/", field="file")
        if rest in {MODEL, MANIFEST} and folder != "__MACOSX":
            raise RefusedError("archive.no_agent", inside=rest, model_folder=f"{folder}/", field="file")
    tops = list(dict.fromkeys(_top(member.name) for member in members))
    raise RefusedError("archive.no_agent", found=tops[:5] or "nothing", field="file")


def _top(name: str) -> str:
    head, slash, _ = name.partition("/")
    return head + slash


def _refuse_requirements(members: Sequence[Member], available: Sequence[str]) -> None:
    for member in members:
        if member.name.lower() == "requirements.txt":
            names = list(available) or installed_libraries()
            raise RefusedError(
                "package.requirements_not_supported", file=member.name, available=names, field="file"
            )


def installed_libraries() -> list[str]:
    """Return the libraries agents may count on here, as `numpy 2.4`."""
    found = []
    for name in _LIBRARIES:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found.append(f"{name} {'.'.join(version.split('.')[:2])}")
    return found


def _warnings(members: Sequence[Member]) -> tuple[str, ...]:
    names = [member.name for member in members]
    warnings = []
    if any(name.startswith("__MACOSX/") or name.endswith(".DS_Store") for name in names):
        warnings.append("The archive holds macOS folder settings (__MACOSX, .DS_Store); they are not used.")
    if any("__pycache__/" in name or name.endswith(".pyc") for name in names):
        warnings.append("The archive holds compiled files (__pycache__); they are not needed.")
    if any(name in {"setup.py", "pyproject.toml"} for name in names):
        warnings.append("setup.py and pyproject.toml are not run; put packages beside agent.py.")
    return tuple(warnings)
