"""Refusals about submissions without code: an ONNX model and its manifest, policy.toml."""

from typing import Final

from workers.refusals.table import refuse, tell

_EXPORT: Final = "Export the model again; docs/participant.md has an export that passes."
_PYTHON: Final = (
    "What the runner cannot do, a Python agent can: it may run the model with onnxruntime itself."
)
_MANIFEST: Final = "docs/participant.md lists every key of policy.toml."

MODELS: Final = (
    refuse(
        "onnx.unreadable",
        400,
        tell("{file} is not a readable ONNX model: {problem}.", _EXPORT),
        tell("{file} is no valid ONNX model. The checker of ONNX says: {complaint}", _EXPORT),
    ),
    refuse(
        "onnx.external_data",
        400,
        tell(
            "{file} keeps the tensor {tensor} in another file ({location}). All weights must be inside.",
            "Export with torch.onnx.export(..., external_data=False), or save it with"
            " onnx.save_model(model, path, save_as_external_data=False).",
        ),
    ),
    refuse(
        "onnx.unknown_operator",
        400,
        tell(
            "{file} uses {operator} of the operator set {domain}. Allowed are {allowed} only.",
            "Custom operators are not loaded. " + _PYTHON,
        ),
        tell("{file} uses {operator}, which ONNX opset {opset} does not have.", _EXPORT),
    ),
    refuse(
        "onnx.forbidden_operator",
        400,
        tell("{file} uses {operator}, which has a graph inside: {node}.", "No If, Loop or Scan. " + _PYTHON),
        tell(
            "{file} uses {operator}, which draws at random: {random_node}.",
            'Give logits, and say choose = "sample" in policy.toml; then the runner draws, from its seed.',
        ),
    ),
    refuse(
        "onnx.forbidden_part",
        400,
        tell("{file} holds {part}; only a plain inference graph is played.", _EXPORT),
    ),
    refuse(
        "onnx.version",
        400,
        tell(
            "{file} is of opset {opset}; opsets {least} to {most} are played.",
            "Export with another opset_version.",
        ),
        tell("{file} is of ONNX file version {ir}; {least} to {most} are played.", _EXPORT),
        tell("{file} does not say of which opset it is.", _EXPORT),
    ),
    refuse(
        "onnx.too_large",
        413,
        tell("{file} has {count} {what}; the limit is {limit}.", "Export a smaller model. " + _PYTHON),
    ),
    refuse(
        "onnx.bad_weights",
        400,
        tell(
            "{file}: the tensor {tensor} {problem}.", "Look whether the training diverged, and export again."
        ),
    ),
    refuse(
        "onnx.bad_shape",
        400,
        tell(
            "{file}: {port} has the shape {got}. The first axis must be the batch, of any size or of 1,"
            " and every other axis a fixed number.",
            "Make the batch alone dynamic: dynamic_axes or dynamic_shapes of torch.onnx.export.",
        ),
        tell("{file}: {port} is of type {dtype}; allowed are {allowed}.", "Cast inside the model."),
    ),
    refuse(
        "onnx.input_mismatch",
        422,
        tell(
            "{file}: the input {port} takes {got}, but {part} of seat {seat} gives {expected}.",
            "Train and export for this arena's spaces; coliseum arenas ARENA shows them.",
        ),
        tell(
            "{file}: nothing says what feeds the input {port}. Observations of seat {seat} have: {known}.",
            'Name the input so, or say it in policy.toml: [input.{port}] part = "...".',
        ),
        tell(
            "policy.toml feeds {port} with {part:40}, but observations of seat {seat} have: {known}.",
            _MANIFEST,
        ),
        tell("policy.toml names the input {port:40}, but {file} has: {known}.", _MANIFEST),
    ),
    refuse(
        "onnx.output_mismatch",
        422,
        tell(
            "{file}: the output {port} gives {got}, but the actions of seat {seat} need {expected}.",
            "Export the action itself or one number for each choice; docs/participant.md shows both.",
        ),
        tell("policy.toml names the output {port:40}, but {file} has: {known}.", _MANIFEST),
        tell(
            "The actions of seat {seat} are of kind {kind}, which no model can give.",
            "Submit a Python agent for this arena.",
        ),
        tell("policy.toml asks for {key}, but the output {port} of {file} {problem}.", _MANIFEST),
    ),
    refuse(
        "manifest.unreadable",
        400,
        tell("policy.toml cannot be read: {problem}.", "It must be TOML in UTF-8."),
    ),
    refuse(
        "manifest.unknown_key",
        400,
        tell("policy.toml has an unknown key: {key:40}. Known {where}: {known}.", _MANIFEST),
        tell("policy.toml has an unknown key: {key:40}. Did you mean {near}?", _MANIFEST),
    ),
    refuse(
        "manifest.bad_value",
        400,
        tell("policy.toml: {key} must be {expected}, not {got:60}.", _MANIFEST),
        tell("policy.toml: {problem}.", _MANIFEST),
    ),
    refuse(
        "package.not_only_model",
        400,
        tell(
            "A submission without code holds policy.toml and ONNX files only. Found too: {found}.",
            "Leave them out. For a Python agent, leave out policy.toml and have agent.py at the top.",
        ),
        tell("{model} is not named in policy.toml, so it would never be played.", "Leave it out."),
    ),
    refuse(
        "package.missing_model",
        400,
        tell(
            "policy.toml names the model {model:60}, which is not at the top of the archive. Found: {found}.",
            'The file is called policy.onnx, or say model = "..." in policy.toml.',
        ),
    ),
)
