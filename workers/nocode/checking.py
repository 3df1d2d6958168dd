"""Check manifest and models of an upload against each other and against the arena's spaces."""

from collections.abc import Callable, Mapping, Sequence

from workers.nocode.contents import SUFFIX
from workers.nocode.fitting import SeatSpaces, fit
from workers.nocode.manifest import MANIFEST, MANIFEST_BYTES, Manifest, Section, read_manifest
from workers.nocode.model import ModelLimits, read_model
from workers.refusals import RefusedError


def check_models(
    sizes: Mapping[str, int],
    read: Callable[[str], bytes],
    spaces: Sequence[SeatSpaces],
    limits: ModelLimits | None = None,
) -> None:
    """Check manifest and models, and that they fit every seat.

    Args:
        sizes: of the files by name, in bytes.
        read: gives a file's content.
        spaces: of every seat of the arena; none are compared if empty.
        limits: of one model.

    Raises:
        RefusedError: `manifest.*`, `onnx.*`, `package.missing_model` or `package.not_only_model`.
    """
    limits = limits or ModelLimits()
    manifest = _manifest(sizes, read)
    named = {section.model for section in _played(manifest, spaces)}
    there = [name for name in sizes if name.endswith(SUFFIX) and "/" not in name]
    for name in sorted(named):
        if name not in sizes:
            raise RefusedError("package.missing_model", model=name, found=there[:5] or "none", field="file")
    for name in there:
        if name not in {section.model for section in manifest.sections}:
            raise RefusedError("package.not_only_model", model=name, field="file")
    models = {}
    for name in there:
        if sizes[name] > limits.file_bytes:
            count, most = sizes[name], limits.file_bytes
            raise RefusedError(
                "onnx.too_large", file=name, count=count, what="bytes", limit=most, field="file"
            )
        models[name] = read_model(read(name), name, limits)
    for seat in spaces:
        section = manifest.section_of(seat.role)
        fit(section, models[section.model].inputs, models[section.model].outputs, seat)


def _manifest(sizes: Mapping[str, int], read: Callable[[str], bytes]) -> Manifest:
    if MANIFEST not in sizes:
        return Manifest()
    if sizes[MANIFEST] > MANIFEST_BYTES:
        raise RefusedError("manifest.unreadable", problem="it is longer than 1 MB", field="file")
    return read_manifest(read(MANIFEST))


def _played(manifest: Manifest, spaces: Sequence[SeatSpaces]) -> list[Section]:
    """Return the sections some seat is played by."""
    if not spaces:
        return list(manifest.roles.values()) or [manifest]
    known = {seat.role for seat in spaces if seat.role}
    for role in manifest.roles:
        if role not in known:
            where = "here" if known else "here: this arena has none"
            raise RefusedError(
                "manifest.unknown_key",
                key=f"roles.{role}",
                where=f"roles {where}",
                known=sorted(known) or "none",
                field="file",
            )
    return [manifest.section_of(seat.role) for seat in spaces]
