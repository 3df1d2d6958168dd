"""A folder to start from: a small network with random weights that fits an arena, and how to replace it."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from workers.nocode.fitting import SeatSpaces
from workers.nocode.input_fit import MASK, parts_of
from workers.nocode.manifest import MANIFEST, MODEL
from workers.nocode.twins import make_network, random_weights
from workers.refusals import RefusedError
from workers.start import Space

_HIDDEN: Final = (64, 64)
_WIDE: Final = 10_000
_HEAD: Final = """\
# What the runner does around the model. Every key may be left out; docs/participant.md lists them all.
"""
_BODY: Final = """
[{section}input.observation]    # the name of the model's input
part = "{part}"    # which part of the arena's observation
# mean = 0.0    # a number, or one for each: the model gets (part - mean) / std, clipped to -clip .. clip
# std = 1.0
# clip = 10.0

[{section}output]
name = "logits"    # the name of the model's output
kind = "{kind}"    # {meaning}
"""
_EXPORT: Final = '''\
"""Export a trained PyTorch network as policy.onnx. This file is not sent: a folder without agent.py sends
policy.toml and its models only."""

import torch


def export(network: torch.nn.Module, inputs: int, path: str = "policy.onnx") -> None:
    """Write a network that takes float32 (batch, inputs) and gives one number for each action."""
    torch.onnx.export(
        network.eval(),
        (torch.zeros(2, inputs),),
        path,
        input_names=["observation"],
        output_names=["logits"],
        dynamic_axes={"observation": {0: "batch"}, "logits": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    layers = torch.nn.Linear(%(inputs)d, 64), torch.nn.ReLU(), torch.nn.Linear(64, %(outputs)d)
    export(torch.nn.Sequential(*layers), %(inputs)d)
'''


def make_template(spaces: Sequence[SeatSpaces]) -> dict[str, bytes]:
    """Return the files of a submission without code that fits an arena, by name.

    Args:
        spaces: of every seat of the arena.

    Raises:
        RefusedError: `onnx.output_mismatch` or `onnx.input_mismatch`, when no model can play there.
    """
    by_role = {seat.role: seat for seat in reversed(spaces)}
    files: dict[str, bytes] = {}
    text = _HEAD
    for role, seat in sorted(by_role.items()):
        name = f"{role}.onnx" if role else MODEL
        part, inputs, outputs = _sizes(seat)
        # Wide inputs are images: a first layer of 64 on them would be larger than a model may be.
        hidden = _HIDDEN if inputs <= _WIDE else (8, 64)
        files[name] = make_network(random_weights((inputs, *hidden, outputs), np.random.default_rng(0)))
        section = f"roles.{role}." if role else ""
        if role:
            text += f'\n[roles.{role}]\nmodel = "{name}"\n'
        is_chosen = seat.action.kind != "box"
        meaning = "one number for each choice; the greatest wins" if is_chosen else "the action itself"
        kind = "logits" if is_chosen else "action"
        text += _BODY.format(section=section, part=part, kind=kind, meaning=meaning)
    files[MANIFEST] = text.encode()
    files["export.py"] = (_EXPORT % {"inputs": inputs, "outputs": outputs}).encode()
    return files


def _sizes(seat: SeatSpaces) -> tuple[str, int, int]:
    """Return the part a template looks at, and how many numbers go in and out."""
    parts = parts_of(seat.observation)
    name = next((each for each in ("observation", *parts) if each in parts and each != MASK), "")
    if not name:
        raise RefusedError(
            "onnx.input_mismatch", file=MODEL, port="observation", seat=seat.seat, known="nothing"
        )
    space = parts[name].space
    inputs = space.n if space.kind == "discrete" else math.prod(space.shape)
    return name, inputs, _outputs(seat.action, seat.seat)


def _outputs(action: Space, seat: int) -> int:
    if action.kind == "discrete":
        return action.n
    if action.kind == "multi_discrete":
        assert action.low is not None
        assert action.high is not None
        return int((action.high - action.low + 1).sum())
    if action.kind == "box" and action.dtype.startswith("float"):
        return math.prod(action.shape)
    raise RefusedError("onnx.output_mismatch", seat=seat, kind=action.kind)
