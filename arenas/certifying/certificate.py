"""Certificates as files: what was found of an arena, when, on what kind of machine, of exactly which arena.

How it works. A certificate is of a fingerprint: everything of the spec that decides how the arena plays, the
versions of the libraries that hold its environment, and, where the environment is a file, that file's bytes.
If any of it changes, the certificate is of another arena, and does not count. Certificates that ship with the
package lie in `arenas/certificates/`; those made here, in the installation's home, win over them. Beside each
may lie a preview: the drawing of one episode.
"""

import hashlib
import importlib.metadata
import os
import platform
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from arenas import shelves
from arenas.certifying.checks import ArenaCheck
from arenas.extras import EXTRAS, install_line, is_installed
from arenas.sheets import Sheet
from arenas.spec import ArenaSpec
from arenas.zoo import OWN

FORMAT: Final = 1
_PACKAGE: Final = Path(__file__).resolve().parent.parent
SHIPPED: Final = _PACKAGE / "certificates"
PREVIEW: Final = ".ctr"
_MOST_BYTES: Final = 256 * 1024
_ZOO: Final = ("atari", "butterfly", "classic", "sisl")
_TOLD: Final = ("gymnasium", "numpy", "open_spiel", "pettingzoo")


class Certificate(msgspec.Struct, frozen=True):
    """What was found of an arena."""

    id: str
    ok: bool
    """Whether rated play is allowed: no check that blocks has failed."""
    checks: tuple[ArenaCheck, ...]
    fingerprint: str
    date: str = ""
    """When the checks ended, UTC, as 2026-11-23T10:00:00Z."""
    seconds: float = 0.0
    """How long they took."""
    effort: str = ""
    """How much was played: brief, quick or thorough."""
    host: dict[str, str | int] = {}
    """Machine type, processor, cores and system; never a host's name."""
    versions: dict[str, str] = {}
    sheet: Sheet | None = None
    """What the environment says of itself, so that its page need not open it."""
    format: int = FORMAT

    @property
    def failed(self) -> tuple[ArenaCheck, ...]:
        """Return the checks that forbid rated play."""
        return tuple(check for check in self.checks if check.blocks and not check.ok)


def fingerprint_of(spec: ArenaSpec) -> str:
    """Return what a certificate of this spec must carry, 32 hex characters."""
    facts = {
        "id": spec.id,
        "kind": spec.kind,
        "environment": spec.environment,
        "arguments": dict(spec.arguments),
        "wrappers": [[wrapper.name, dict(wrapper.arguments)] for wrapper in spec.wrappers],
        "seats": spec.seats,
        "teams": spec.teams,
        "objective": spec.objective,
        "swaps": spec.swaps_seats,
        "reopens": spec.reopens,
        "turns": spec.max_turns,
        "hidden": spec.hidden,
        "tags": sorted(tag for tag in spec.tags if tag.endswith("-information")),
        "versions": _home_versions(spec),
    }
    digest = hashlib.blake2b(msgspec.json.encode(facts, order="sorted"), digest_size=16)
    for path in _sources(spec):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def find_certificate(spec: ArenaSpec) -> Certificate | None:
    """Return the certificate of an arena: the one made here if it is of this arena, else the shipped one.

    One of another fingerprint is returned only if there is no better one, so that the caller can say so.
    """
    stale = None
    for place in (kept_folder(), SHIPPED):
        found = _read(place / file_name(spec.id))
        if found is not None and found.id == spec.id:
            if found.fingerprint == fingerprint_of(spec):
                return found
            stale = stale or found
    return stale


def what_forbids(spec: ArenaSpec) -> str:
    """Return why rated play in an arena is forbidden, in half a sentence; empty if it is allowed."""
    if spec.extra and not is_installed(spec):
        return f"its environment is not installed here: {install_line(spec)}"
    found = find_certificate(spec)
    if found is None:
        return "it has no certificate"
    if found.fingerprint != fingerprint_of(spec):
        return "its certificate is of another version of it or of its libraries"
    if not found.ok or found.failed:
        failed = ", ".join(f"{check.name} ({check.detail})" for check in found.failed)
        return f"its certificate failed: {failed or 'nothing was checked'}"
    return ""


def find_preview(spec: ArenaSpec) -> bytes | None:
    """Return the stored trajectory of an episode to show on the arena's page; None if there is none."""
    for place in (kept_folder(), SHIPPED):
        path = (place / file_name(spec.id)).with_suffix(PREVIEW)
        if path.is_file():
            return path.read_bytes()
    return None


def keep_certificate(certificate: Certificate, preview: bytes = b"", folder: Path | None = None) -> Path:
    """Store a certificate, and its preview if there is one; return the file.

    Args:
        certificate: what was found.
        preview: a stored trajectory.
        folder: where to; the installation's own folder by default.

    Raises:
        OSError: it cannot be written.
    """
    place = folder or kept_folder()
    place.mkdir(parents=True, exist_ok=True)
    path = place / file_name(certificate.id)
    if preview:
        _write(path.with_suffix(PREVIEW), preview)
    _write(path, msgspec.json.format(msgspec.json.encode(certificate), indent=1) + b"\n")
    return path


def kept_folder() -> Path:
    """Return the folder of the certificates made in this installation; it need not exist."""
    return shelves.home() / "certificates"


def file_name(arena: str) -> str:
    """Return the name of a certificate's file: `coliseum__sumo-v1.json`."""
    return f"{arena.replace('/', '__')}.json"


def host_facts() -> dict[str, str | int]:
    """Return what kind of machine this is; nothing that names it."""
    return {
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
    }


def version_facts(spec: ArenaSpec) -> dict[str, str]:
    """Return the versions a certificate was made with."""
    told = {name: version for name in _TOLD if (version := _version(name))}
    return {"python": platform.python_version(), **told, **_home_versions(spec)}


def _read(path: Path) -> Certificate | None:
    """Return the certificate in a file; None if there is none, or none that can be read."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        found = msgspec.json.decode(path.read_bytes(), type=Certificate)
    except (OSError, msgspec.DecodeError):
        return None
    return found if found.format == FORMAT else None


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.write_bytes(content)
    draft.replace(path)


def _home_versions(spec: ArenaSpec) -> dict[str, str]:
    """Return the versions of the distributions that hold the environment and its wrappers."""
    modules = [_home_of(spec), *(wrapper.name.partition(":")[0] for wrapper in spec.wrappers)]
    modules += [*(["Box2D"] if "box2d" in spec.tags else []), *EXTRAS.get(spec.extra, ())]
    found = {name: _version(name) for module in modules if (name := _distribution(module.partition(".")[0]))}
    return {name: version for name, version in sorted(found.items()) if version}


def _home_of(spec: ArenaSpec) -> str:
    name, colon, _ = spec.environment.partition(":")
    if colon:
        return "" if _plugin_file(spec) else name
    if spec.kind in ("gymnasium", "open_spiel"):
        return spec.kind
    family = spec.environment.rpartition("/")[0]
    return "pettingzoo" if family in _ZOO or not family else family


def _distribution(module: str) -> str:
    if not module or module == "arenas":
        return ""  # Its files are hashed; the version of this package does not matter.
    return _owners().get(module, (module,))[0]


@cache
def _owners() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())


@cache
def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _plugin_file(spec: ArenaSpec) -> Path | None:
    name, colon, _ = spec.environment.partition(":")
    path = spec.folder / f"{name}.py" if colon and spec.folder else None
    return path if path and path.is_file() else None


def _sources(spec: ArenaSpec) -> Iterator[Path]:
    """Find the files an environment of our own or of a plug-in consists of, without baselines and specs."""
    plugin = _plugin_file(spec)
    module = OWN.get(spec.environment, spec.environment).partition(":")[0]
    if plugin is not None:
        folder = plugin.parent
    elif module.startswith("arenas."):
        folder = _PACKAGE.joinpath(*module.split(".")[1:-1])
    else:
        return
    for path in sorted(folder.glob("*.py")):
        if path.name not in ("__init__.py", "arena.py") and not path.name.startswith(("train", "figures")):
            yield path


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
