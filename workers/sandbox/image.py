"""The image agents' containers run: this installation's own Python and libraries, packed without a registry.

How it works. The tar holds the interpreter and its standard library, the packages a participant's kit depends
on, this project's `arenas` and `workers`, and every shared library that one of them is linked to, at the path
where the host's loader looks for it. There is no shell, no package manager and no account file in it. The
image is named by a digest of what goes in, so it is built again only when that changes.
"""

import contextlib
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

import docker
import msgspec
from docker.client import DockerClient
from docker.errors import APIError, DockerException
from packaging.requirements import Requirement

from workers.errors import IsolationError
from workers.sandbox.containment import INSIDE_FOLDER
from workers.sandbox.policy import JAIL_PACKAGE, JAIL_SCRATCH, LINKS

REPOSITORY: Final = "coliseum-agent"
PREFIX: Final = "/opt/python"
CODE: Final = "/opt/coliseum"
PYTHON: Final = f"{PREFIX}/bin/python3"
EMPTY_FOLDERS: Final = (JAIL_SCRATCH, JAIL_PACKAGE, INSIDE_FOLDER)
"""Where a container's own mounts go; the root itself is read-only."""
_DISTRIBUTION: Final = "coliseum-rl"
_OWN: Final = ("arenas", "workers")
_SOURCE: Final = Path(__file__).resolve().parents[2]
_NOT_AT_RUN_TIME: Final = frozenset(
    (
        "__pycache__",
        "ensurepip",
        "idlelib",
        "lib2to3",
        "site-packages",
        "dist-packages",
        "test",
        "tests",
        "tkinter",
    )
)
_DAEMON_SECONDS: Final = 120
_LDD_FILES: Final = 64
_LIBRARY: Final = re.compile(r"(?:=> |^\s*)(/\S+) \(0x")


class Image(msgspec.Struct, frozen=True):
    """An image that the daemon has."""

    tag: str
    size_bytes: int
    is_new: bool
    removed: int = 0
    """Images of other versions that went."""


def image_tag() -> str:
    """Return the name of the image that fits this installation, whether or not it has been built."""
    digest = hashlib.sha256(f"{sys.version} {os.confstr('CS_GNU_LIBC_VERSION')}".encode())
    for distribution in _distributions():
        digest.update((distribution.read_text("RECORD") or str(distribution.version)).encode())
    for target, path in _own_files():
        digest.update(target.encode() + path.read_bytes())
    return f"{REPOSITORY}:{digest.hexdigest()[:16]}"


def provide_image(docker_host: str, *, prune: bool = False) -> Image:
    """Build the image unless the daemon has it already.

    Args:
        docker_host: address of the daemon.
        prune: also remove the images of other versions that no container uses.

    Raises:
        IsolationError: no daemon is there, or the image cannot be built.
    """
    try:
        client = docker.DockerClient(base_url=docker_host, timeout=_DAEMON_SECONDS)
        before = _tags(client)
        tag = build_image(client)
        removed = 0
        for other in _tags(client) - {tag} if prune else ():
            with contextlib.suppress(APIError):  # A container uses it.
                client.images.remove(other)
                removed += 1
        return Image(tag, client.images.get(tag).attrs["Size"], tag not in before, removed)
    except DockerException as error:
        raise IsolationError(f"The Docker daemon at {docker_host} does not answer: {error}") from error


def _tags(client: DockerClient) -> set[str]:
    return {tag for image in client.images.list(name=REPOSITORY) for tag in image.tags}


def build_image(client: DockerClient) -> str:
    """Build the image unless the daemon has it already; return its tag. Takes some ten seconds.

    Raises:
        IsolationError: this host's files cannot be packed, or the daemon refused them.
    """
    tag = image_tag()
    try:
        if tag in _tags(client):
            return tag
        with tempfile.NamedTemporaryFile(prefix="coliseum-image-", suffix=".tar") as packed:
            with tarfile.open(packed.name, "w") as tar:
                _pack(tar)
            repository, _, name = tag.partition(":")
            answer = client.api.import_image_from_file(packed.name, repository=repository, tag=name)
        if "error" in answer:
            raise IsolationError(f"The daemon refused the agents' image: {answer[-300:].strip()}")
    except (OSError, subprocess.SubprocessError, DockerException) as error:
        raise IsolationError(f"The agents' image cannot be built: {error}") from error
    return tag


def _pack(tar: tarfile.TarFile) -> None:
    """Write the whole root file system."""
    for folder in EMPTY_FOLDERS:
        _add_folder(tar, folder, 0o1777 if folder == JAIL_SCRATCH else 0o755)
    for link in LINKS:
        if os.path.islink(link):
            _add_link(tar, link, os.readlink(link))
    binary = os.path.realpath(sys.executable)
    packed = {PYTHON: Path(binary)}
    packed |= dict(_standard_library())
    packed |= dict(_package_files())
    packed |= dict(_own_files())
    is_elf = re.compile(r"\.so(\.\d+)*$")
    linked = [str(path) for path in packed.values() if path.samefile(binary) or is_elf.search(path.name)]
    # What lies in a package is found from there, wherever the package is.
    own = {os.path.realpath(path) for path in packed.values()}
    for library in _libraries_of(linked):
        folder, name = os.path.split(library)
        if os.path.realpath(library) not in own:
            packed[os.path.join(os.path.realpath(folder), name)] = Path(library)
    if os.path.exists("/etc/ld.so.cache"):
        packed["/etc/ld.so.cache"] = Path("/etc/ld.so.cache")
    for target, path in packed.items():
        _add(tar, target, path)


def _standard_library() -> Iterator[tuple[str, Path]]:
    """Give the standard library without what no agent runs."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    folder = f"{PREFIX}/lib/python{sys.version_info.major}.{sys.version_info.minor}"
    skipped = _NOT_AT_RUN_TIME - {"__pycache__"}
    for parent, folders, files in os.walk(stdlib):
        folders[:] = [name for name in folders if name not in skipped and not name.startswith("config-")]
        for name in files:
            path = Path(parent, name)
            yield f"{folder}/{path.relative_to(stdlib)}", path


def _package_files() -> Iterator[tuple[str, Path]]:
    """Give the files of all packages that the participant's kit needs."""
    folder = f"{PREFIX}/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    for distribution in _distributions():
        for file in distribution.files or ():
            path = Path(str(distribution.locate_file(file)))
            if not {"..", "tests"} & set(file.parts) and path.is_file():
                yield f"{folder}/{file}", path


def _own_files() -> Iterator[tuple[str, Path]]:
    """Give this project's code for the kit, in the same order everywhere."""
    for package in _OWN:
        for path in sorted((_SOURCE / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{CODE}/{path.relative_to(_SOURCE)}", path


def _distributions() -> list[metadata.Distribution]:
    """Return what the base install of this project depends on, in the end, by name.

    Raises:
        IsolationError: one of them is not installed here.
    """
    found: dict[str, metadata.Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(_DISTRIBUTION, "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError as error:
            raise IsolationError(f"The agents' image needs {error.name}, which is not installed.") from None
        found[name] = distribution
        for line in distribution.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(needed.name.lower(), wanted) for wanted in ("", *needed.extras)]
    del found[_DISTRIBUTION]
    return [found[name] for name in sorted(found)]


def _libraries_of(files: list[str]) -> set[str]:
    """Return the paths of all shared libraries the files are linked to, as the host's loader finds them."""
    found: set[str] = set()
    for first in range(0, len(files), _LDD_FILES):
        command = ["ldd", *files[first : first + _LDD_FILES]]
        # Libraries that find their neighbours only through Python's own loading make ldd answer 1.
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
        found |= {match.group(1) for line in run.stdout.splitlines() if (match := _LIBRARY.search(line))}
    return found


def _add(tar: tarfile.TarFile, target: str, path: Path) -> None:
    """Add a file that everybody may read, under its own time: Python checks its caches by it."""
    with path.open("rb") as file:
        entry = tar.gettarinfo(arcname=target.lstrip("/"), fileobj=file)
        entry.type, entry.linkname = tarfile.REGTYPE, ""
        entry.size = os.fstat(file.fileno()).st_size
        entry.mode = 0o755 if entry.mode & 0o100 else 0o644
        _own_by_root(entry)
        tar.addfile(entry, file)


def _add_folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name.lstrip("/"))
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    tar.addfile(entry)


def _add_link(tar: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name.lstrip("/"))
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)


def _own_by_root(entry: tarfile.TarInfo) -> None:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
