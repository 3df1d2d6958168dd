"""Refusals about an uploaded file: its size, its archive, its source."""

from typing import Final

from workers.refusals.table import Exit, refuse, tell

_RESEND: Final = "Nothing was saved. Send the file again."
_REZIP: Final = "Create the archive again with an ordinary zip tool."
_CONTRACT: Final = "An agent is a class Agent with act(self, observation), or a function agent(observation)."

UPLOADS: Final = (
    refuse(
        "upload.missing_file",
        400,
        tell("Choose a file to upload.", "Send the file as the form field named file."),
    ),
    refuse("upload.empty", 400, tell("The file {file} is empty.", "Check that the file was saved.")),
    refuse(
        "upload.too_large",
        413,
        tell(
            "The file is {size}. The limit for this arena is {limit}.",
            "Leave out what the agent does not load.",
        ),
        tell(
            "A single Python file may be at most {file_limit}; this one has {file_size}."
            " Put data files into a zip.",
            "Keep weights and tables in files of their own, beside agent.py.",
        ),
    ),
    refuse(
        "upload.unsupported_type",
        415,
        tell(
            "Upload one Python file (.py) or one zip archive (.zip). This looks like a {kind} file.",
            "Put agent.py at the top of a zip archive. A trained model goes as one ONNX file (.onnx).",
        ),
        tell(
            "Upload one Python file (.py) or one zip archive (.zip).",
            "Put agent.py at the top of a zip archive. A trained model goes as one ONNX file (.onnx).",
        ),
    ),
    refuse(
        "upload.incomplete",
        400,
        tell("The upload was cut off after {received} of {expected}.", _RESEND),
        exit_code=Exit.TROUBLE,
    ),
    refuse(
        "upload.checksum_mismatch",
        422,
        tell("The file arrived damaged (checksum differs). Send it again.", "Nothing was saved."),
        exit_code=Exit.TROUBLE,
    ),
    refuse(
        "archive.corrupt",
        400,
        tell("This file is not a readable zip archive.", _REZIP),
        tell("The zip archive is damaged: {problem}.", _REZIP),
        tell("The zip archive packs {packed} with an unusual method.", _REZIP),
        tell(
            "The zip archive is inconsistent at {member}. Create it again with an ordinary zip tool.",
            "Its directory of files and the files themselves do not agree.",
        ),
    ),
    refuse(
        "archive.encrypted",
        400,
        tell(
            "The archive is password-protected ({member}). Upload it without a password.",
            "Only you, and hosts where the rules say so, can read a submission.",
        ),
    ),
    refuse(
        "archive.unsafe_path",
        400,
        tell(
            "The archive holds a file outside its own folder: '{member}'.",
            "Names must be relative, with / between folders.",
        ),
    ),
    refuse(
        "archive.special_file",
        400,
        tell(
            "{member} is a {kind}. Only ordinary files and folders are allowed.",
            "Put the file itself in its place.",
        ),
    ),
    refuse(
        "archive.duplicate_name",
        400,
        tell(
            "Two files have the same name: {first} and {second}.",
            "Names that differ only by case or accents count as the same.",
        ),
    ),
    refuse(
        "archive.bad_name",
        400,
        tell(
            "The file name '{member}' has characters that are not allowed.",
            "Use letters, digits, spaces and . - _ in names.",
        ),
        tell("The file name '{reserved}' is reserved on some systems.", "Give the file another name."),
        tell("The file name '{member}' is longer than {limit} bytes.", "Give the file a shorter name."),
    ),
    refuse(
        "archive.too_many_files",
        400,
        tell(
            "The archive holds {count:file|files}; the limit is {limit}.",
            "Join small files, for example into one .npz.",
        ),
    ),
    refuse(
        "archive.too_deep",
        400,
        tell(
            "Folders are nested {depth} deep; the limit is {limit}.", "Use fewer folders inside each other."
        ),
    ),
    refuse(
        "archive.too_large_unpacked",
        400,
        tell("The archive unpacks to more than {limit}.", "Leave out what the agent does not load."),
        tell(
            "The archive unpacks to more than {ratio} times its size.",
            "Ordinary files never shrink that much; check what is inside.",
        ),
    ),
    refuse(
        "archive.no_agent",
        400,
        tell(
            "There is no agent.py at the top of the archive. Found: {found}.",
            "Name the file with your agent agent.py.",
        ),
        tell(
            "agent.py is inside {folder}. Zip the files themselves, not the folder.",
            "agent.py must be at the top.",
        ),
        tell(
            "{inside} is inside {model_folder}. Zip the files themselves, not the folder.",
            "policy.onnx and policy.toml must be at the top.",
        ),
    ),
    refuse(
        "source.syntax_error",
        400,
        tell("{file}, line {line}, column {column}: {problem}.", "The line reads: {text}"),
        tell("{file} is nested too deeply to be read.", "Break long expressions into several lines."),
    ),
    refuse(
        "source.not_text",
        400,
        tell("{file} is not UTF-8 text (byte {byte} of line {line}).", "Save the file as UTF-8."),
        tell(
            "{file} is not a text file (it holds a zero byte at position {position}).",
            "agent.py must be Python source, not a compiled file.",
        ),
    ),
    refuse(
        "source.bad_encoding",
        400,
        tell(
            "{file} declares the encoding {encoding:40}. Use UTF-8.",
            "Remove the coding line and save as UTF-8.",
        ),
    ),
    refuse(
        "source.no_entry_point",
        400,
        tell(
            "No agent found. Define class Agent with act(self, observation),"
            " or a function agent(observation). Found: {found}.",
            "The name must stand at the top level of agent.py.",
        ),
    ),
    refuse(
        "source.bad_signature",
        422,
        tell("{owner} must accept an observation: found {found}, wanted {wanted}.", _CONTRACT),
        tell("{coroutine} is async. Make it an ordinary method or function.", _CONTRACT),
    ),
    refuse(
        "package.requirements_not_supported",
        400,
        tell(
            "Packages are not installed from {file}. Available: {available} (see the arena's page).",
            "Remove the file, and put pure-Python packages beside agent.py.",
        ),
    ),
    refuse(
        "load_failed",
        422,
        tell(
            "Your agent imports {module}, which is not available here.",
            "Put the package beside agent.py in a zip.",
        ),
        exit_code=Exit.FAILED_VALIDATION,
    ),
    refuse(
        "crashed",
        422,
        tell(
            "Validation match: crashed at step {step}, {error}.",
            "The log on the submission's page shows where.",
        ),
        exit_code=Exit.FAILED_VALIDATION,
    ),
    refuse(
        "validation.failed",
        422,
        tell(
            "The submission failed validation: {verdict}.",
            "The submission's page shows the check that failed.",
        ),
        exit_code=Exit.FAILED_VALIDATION,
    ),
    refuse(
        "image.unsupported",
        400,
        tell("Use PNG, JPEG or WebP.", "Other kinds of picture, SVG among them, are not accepted."),
    ),
    refuse(
        "image.too_large",
        400,
        tell(
            "The picture has {megapixels:megapixel|megapixels}; the limit is {limit}.",
            "Make the picture smaller.",
        ),
        tell("The picture file is larger than {limit_bytes}.", "Make the picture smaller."),
    ),
)
