"""Refusals about ledgers of results."""

from typing import Final

from workers.refusals.table import Exit, refuse, tell

LEDGERS: Final = (
    refuse(
        "ledger.unreadable",
        400,
        tell(
            "{path}, line {line}: {problem}.",
            "A ledger is written by the site, one event a line; download it again.",
        ),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "ledger.broken",
        422,
        tell(
            "{path}, line {line}: {problem}.",
            "Nothing from this line on can be believed. Download it again; if it stays so, ask the host.",
        ),
        exit_code=Exit.REFUSED,
    ),
    refuse(
        "ledger.version",
        426,
        tell("{path}, line {line}: {problem}.", "Run: pip install -U coliseum-rl"),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "ledger.too_large",
        413,
        tell("{path}, line {line}: {problem}.", "No league of ours is so large; is this the right file?"),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "ledger.unknown_root",
        404,
        tell(
            "No line of {path} has the root {root:70}.",
            "Copy the whole root, 64 characters; a ledger from before that table does not have it.",
        ),
    ),
)
