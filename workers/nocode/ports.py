"""Inputs and outputs of a model, however they were read."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Session: TypeAlias = Any  # Any: onnxruntime has no types.
DTYPES: Final = ("float32", "float64", "float16", "int64", "int32", "int8", "uint8", "bool")
"""Types of inputs and outputs."""


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output."""

    name: str
    dtype: str
    shape: tuple[int | None, ...] | None
    """None for an axis of any length, the batch's say; None altogether where the model does not tell."""

    @property
    def is_float(self) -> bool:
        """Say whether it carries real numbers."""
        return self.dtype.startswith("float")

    @property
    def item(self) -> tuple[int | None, ...]:
        """Return the shape behind the batch axis; needs a known shape."""
        assert self.shape is not None
        return self.shape[1:]

    def __str__(self) -> str:
        return self.dtype if self.shape is None else shown(self.dtype, self.shape)


def shown(dtype: str, shape: tuple[int | None, ...]) -> str:
    """Return type and shape as messages show them: `float32 (any, 4)`."""
    axes = ", ".join("any" if axis is None else str(axis) for axis in shape)
    return f"{dtype} ({axes}{',' if len(shape) == 1 else ''})"
