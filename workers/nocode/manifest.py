"""policy.toml: what the runner does around the model. Every key may be left out."""

import difflib
import math
import tomllib
from collections.abc import Iterator
from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec

from workers.refusals import RefusedError

MANIFEST: Final = "policy.toml"
MODEL: Final = "policy.onnx"
MANIFEST_BYTES: Final = 1024 * 1024

Channels: TypeAlias = Literal["as_is", "first"]
Kind: TypeAlias = Literal["auto", "logits", "values", "action"]
Choose: TypeAlias = Literal["greatest", "sample"]
Squash: TypeAlias = Literal["none", "tanh"]
_WORDS: Final = {"channels": Channels, "kind": Kind, "choose": Choose, "squash": Squash}
_TYPES: Final = {
    "object": "a table",
    "array": "a list",
    "str": "a text",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
}


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one input of the model is fed: `clip((part - mean) / std)`."""

    part: str = ""
    """Key of the observation, `/` between the keys of dicts in dicts; by the input's name if left out."""
    mean: float | tuple[float, ...] = 0.0
    std: float | tuple[float, ...] = 1.0
    """One for all, one for each number of the part in C order, or one for each place of its last axis."""
    clip: float | tuple[float, float] | None = None
    """5.0 is -5 to 5."""
    channels: Channels = "as_is"
    """first: the last axis of an image becomes the first, as convolutions of PyTorch want it."""


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which output of the model decides, and how."""

    name: str = ""
    """The model's first output if left out."""
    kind: Kind = "auto"
    """logits or values: a number for each choice; action: the action itself; auto: by the output's type."""
    choose: Choose = "greatest"
    """sample: draw by softmax of the logits, from the seed the match gives the agent."""
    temperature: float = 1.0
    """Divides the logits before sampling."""
    mask: bool = True
    """Rule out what the observation's `action_mask` forbids."""
    squash: Squash = "none"
    """Continuous actions: applied to the output first."""
    rescale: bool = False
    """Continuous actions: from -1..1 to the bounds of the action space. All are clipped to the bounds."""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One model and how to play it."""

    model: str = MODEL
    input: dict[str, Input] = {}
    """By the names of the model's inputs."""
    output: Output = Output()
    state: dict[str, str] = {}
    """Recurrent models: name of an input = name of the output it gets next turn; zeros at first."""


class Manifest(Section, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    roles: dict[str, Section] = {}
    """Where seats have roles: a section of its own for a role; roles without one use the top of the file."""

    @property
    def sections(self) -> Iterator[Section]:
        """Yield the top and each role's section."""
        yield self
        yield from self.roles.values()

    def section_of(self, role: str) -> Section:
        """Return what is played in a role."""
        return self.roles.get(role, self)


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest; an empty one has all defaults.

    Raises:
        RefusedError: `manifest.*`.
    """
    if len(content) > MANIFEST_BYTES:
        raise _unreadable("it is longer than 1 MB")
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _unreadable(f"byte {error.start + 1} is not UTF-8") from None
    except RecursionError:
        raise _unreadable("it is nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, and integers of endless digits.
        raise _unreadable(str(error)) from None
    _check_keys(table, Manifest, "")
    try:
        manifest = msgspec.convert(table, Manifest)
    except msgspec.ValidationError as error:
        raise _bad_type(str(error)) from None
    for section in manifest.sections:
        _check_section(section)
    return manifest


def _bad_type(complaint: str) -> RefusedError:
    """Put what the decoder says into the words of TOML."""
    problem, _, path = complaint.partition(" - at ")
    key = path.strip("`").removeprefix("$.").replace("[...]", ".*") or "a value"
    if words := _WORDS.get(key.rpartition(".")[2]):
        known = " or ".join(f'"{word}"' for word in get_args(words))
        return _bad(key, known, problem.removeprefix("Invalid enum value "))
    expected, _, got = problem.removeprefix("Expected ").partition(", got ")
    return _bad(key, _in_words(expected), _in_words(got) or "something else")


def _in_words(types: str) -> str:
    names = [name for name in types.strip("`").split(" | ") if name != "null"]
    return " or ".join(_TYPES.get(name, name) for name in names)


def _unreadable(problem: str) -> RefusedError:
    return RefusedError("manifest.unreadable", problem=problem, field="file")


_TABLES: Final[dict[str, type[msgspec.Struct]]] = {"input": Input, "roles": Section}
"""Tables of tables."""


def _check_keys(table: dict[str, Any], kind: type[msgspec.Struct], where: str) -> None:
    """Refuse keys that are not there, with what was probably meant."""
    known = kind.__struct_fields__
    for key, value in table.items():
        path = f"{where}.{key}" if where else key
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            if near:
                raise RefusedError("manifest.unknown_key", key=path, near=near[0], field="file")
            place = f"in [{where}]" if where else "at the top"
            raise RefusedError("manifest.unknown_key", key=path, where=place, known=list(known), field="file")
        inner = _TABLES.get(key)
        if key == "output" and isinstance(value, dict):
            _check_keys(value, Output, path)
        elif inner and isinstance(value, dict):
            for name, each in value.items():
                if isinstance(each, dict):
                    _check_keys(each, inner, f"{path}.{name}")


def _check_section(section: Section) -> None:
    if "/" in section.model or "\\" in section.model or not section.model.endswith(".onnx"):
        raise _bad("model", "the name of an .onnx file at the top of the archive", section.model)
    for name, each in section.input.items():
        _check_input(f"input.{name}", each)
    temperature = section.output.temperature
    if not (math.isfinite(temperature) and temperature > 0):
        raise _bad("output.temperature", "a number above 0", temperature)
    if section.output.kind == "values" and section.output.choose == "sample":
        problem = 'output.choose = "sample" needs logits; values are chosen by the greatest'
        raise RefusedError("manifest.bad_value", problem=problem, field="file")
    for inner, outer in section.state.items():
        if inner in section.input:
            problem = f"the input {inner} is fed by [state] and by [input]; leave one of them out"
            raise RefusedError("manifest.bad_value", problem=problem, field="file")
        if not outer:
            raise _bad(f"state.{inner}", "the name of an output", '""')


def _check_input(key: str, each: Input) -> None:
    mean = each.mean if isinstance(each.mean, tuple) else (each.mean,)
    std = each.std if isinstance(each.std, tuple) else (each.std,)
    if not all(map(math.isfinite, mean)):
        raise _bad(f"{key}.mean", "ordinary numbers", "NaN or infinity")
    if not all(math.isfinite(one) and one > 0 for one in std):
        raise _bad(f"{key}.std", "numbers above 0", "0, less, NaN or infinity")
    low, high = clip_bounds(each.clip)
    if not low < high:
        raise _bad(f"{key}.clip", "a number above 0, or [low, high]", str(each.clip))


def clip_bounds(clip: float | tuple[float, float] | None) -> tuple[float, float]:
    """Return what `clip` means as two bounds; infinite ones where there is none."""
    if clip is None:
        return -math.inf, math.inf
    return clip if isinstance(clip, tuple) else (-clip, clip)


def _bad(key: str, expected: str, got: object) -> RefusedError:
    return RefusedError("manifest.bad_value", key=key, expected=expected, got=str(got), field="file")
