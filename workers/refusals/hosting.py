"""Refusals about competition.toml: what is wrong with the file a host opens a competition from."""

from typing import Final

from workers.refusals.table import Exit, refuse, tell

_TEMPLATE: Final = "coliseum host new writes a file that is right, with a comment on every key."
_ZONE: Final = "Write the difference to UTC that is in force at that moment, as 2026-12-01T18:00:00+01:00."

HOSTING: Final = (
    refuse(
        "hosting.bad_file",
        422,
        tell("{file} has {count:problem|problems}: {first}", "coliseum host check lists them all."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.too_large",
        413,
        tell("The file has more than {limit}; no competition needs so much.", "Is this the right file?"),
        exit_code=Exit.USAGE,
    ),
    refuse("hosting.empty", 400, tell("The file is empty.", _TEMPLATE), exit_code=Exit.USAGE),
    refuse(
        "hosting.not_text",
        400,
        tell(
            "The file is no text in UTF-8 (byte {position} of line {row}).",
            "Save it as UTF-8; TOML knows no other encoding.",
        ),
        tell("The file holds a zero byte in line {row}: this is no text.", "Is this the right file?"),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.bad_toml",
        400,
        tell("This is no TOML: {problem}.", "Mend that place; toml.io describes the language in a page."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.too_deep",
        400,
        tell("The file is nested too deeply.", "No key of a competition is more than three levels deep."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.unknown_key",
        422,
        tell("There is no key {path:80}. Did you mean {suggestion}?", "Known here: {known:400}."),
        tell("There is no key {path:80}.", "Known here: {known:400}."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.missing_key",
        422,
        tell("{path:80} is missing; it must be {expected}.", "Add it."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.wrong_type",
        422,
        tell("{path:80} must be {expected}, not {got}.", "Correct the value."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.bad_value",
        422,
        tell(
            "{path:80} must be {expected}; {got:60} is not. Did you mean {suggestion}?", "Correct the value."
        ),
        tell("{path:80} must be {expected}; {got:60} is not.", "Correct the value."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.bad_text",
        422,
        tell(
            "{path:80} has a character that is not allowed ({point} at position {position}).",
            "Take it out; invisible and control characters mislead readers.",
        ),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.naive_time",
        422,
        tell("{path:80} is {got}, which says no time zone.", _ZONE),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.wrong_offset",
        422,
        tell("{path:80} is {got}, but in {zone} the clocks are at {expected} then.", _ZONE),
        tell(
            "{path:80} is {got}: that time does not exist in {zone}, the clocks skip it.",
            "Choose a time before or after the change to summer time.",
        ),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.wrong_order",
        422,
        tell("{path:80} ({got}) must be after {other} ({then}).", "Correct the dates."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.in_the_past",
        422,
        tell("{path:80} ({got}) is over already.", "Choose a time to come."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.twice",
        422,
        tell("{path:80} is {got} for the second time.", "Give each its own."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.unsupported",
        422,
        tell("{path:80}: {problem}.", "{remedy}"),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "hosting.other_slug",
        409,
        tell(
            "The file is of {theirs:60}, not of {ours:60}.",
            "The short name never changes; open a competition of its own instead.",
        ),
    ),
    refuse(
        "competition.changed_meanwhile",
        409,
        tell(
            "Somebody else changed this while you were writing: {names:400}. Nothing was saved yet.",
            "Compare with what it is now, then save again to keep yours.",
        ),
    ),
    refuse(
        "competition.started",
        409,
        tell(
            "This competition has started; these keys stay as they are: {keys:400}.",
            "Put them back, or open another competition. Texts, the end and the quotas may change.",
        ),
    ),
)
