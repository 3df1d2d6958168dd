"""Refusals about arenas: unknown environments, arenas that cannot be made or added."""

from typing import Final

from workers.refusals.table import Exit, refuse, tell

ARENAS: Final = (
    refuse(
        "arena.no_environment",
        404,
        tell(
            "There is no environment {environment:60}. Did you mean {suggestions}?",
            "Install the package that brings it; write module:id if its ids are known after its import only.",
        ),
        tell(
            "There is no environment {environment:60}.",
            "Install the package that brings it; write module:id if its ids are known after its import only.",
        ),
    ),
    refuse(
        "arena.unavailable",
        422,
        tell(
            "The arena cannot be made: {problem:300}",
            "Mend the environment or its arguments, then try again.",
        ),
        exit_code=Exit.REFUSED,
    ),
    refuse(
        "arena.bad_id",
        422,
        tell(
            "{given:60} is no id of an arena: it is written name-v1, or family/name-v1.",
            "Choose one with --id; a new version of an environment is a new arena.",
        ),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "arena.exists",
        409,
        tell(
            "There already is an arena {arena:60}.",
            "Choose another --id; --replace writes over one that was added before, in {folder:200}.",
        ),
    ),
)
