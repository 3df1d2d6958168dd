"""What a submission without code may hold: policy.toml, the models it names, and notes."""

from collections.abc import Collection, Sequence
from typing import Final

from workers.nocode.manifest import MANIFEST, MODEL
from workers.refusals import RefusedError

SUFFIX: Final = ".onnx"

_NOTES: Final = (".md", ".txt")
_CLUTTER: Final = ("__MACOSX/",)


def is_model_package(names: Collection[str]) -> bool:
    """Say whether an archive is meant to be played without code.

    policy.toml says so in any case; policy.onnx only where there is no agent.py, which may well have a model
    of this name as its own data.
    """
    return MANIFEST in names or (MODEL in names and "agent.py" not in names)


def is_model_file(name: str) -> bool:
    """Say whether a file of an archive is a manifest or a model."""
    return "/" not in name and (name == MANIFEST or name.endswith(SUFFIX))


def check_names(names: Sequence[str]) -> None:
    """Refuse an archive that holds more than models, a manifest and notes.

    Raises:
        RefusedError: `package.not_only_model`.
    """
    others = [name for name in names if not _is_expected(name)]
    if others:
        raise RefusedError("package.not_only_model", found=others[:5], field="file")


def _is_expected(name: str) -> bool:
    if name.startswith(_CLUTTER) or name.endswith(".DS_Store"):
        return True
    return is_model_file(name) or ("/" not in name and (name == "LICENSE" or name.endswith(_NOTES)))
