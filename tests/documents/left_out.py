"""What of the documents is not executed here, why, and what proves it instead."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why commands are only parsed by their own program's parser.

    Attributes:
        pattern: of the whole command, without its comment.
        proof: the test that executes the same.
    """

    pattern: str
    why: str
    proof: str

    def covers(self, command: str) -> bool:
        """Say whether it is about this command."""
        return re.fullmatch(self.pattern, command, re.DOTALL) is not None


REASONS = (
    Reason(
        r"([A-Z_]+=\S+ )*make run|coliseum up( --empty)?",
        "run until Ctrl-C",
        "`make run` starts the site on which all documents are tried; tests/e2e/test_up.py",
    ),
    Reason(
        r"make (setup|test(-docker)?|check|fmt|lock|rooms|words|contract|hostile(-layers)?)",
        "a run of minutes, or one that writes into the source tree",
        "the same targets are what CI and developers run; `make --dry-run` of each",
    ),
    Reason(
        r"pip (un)?install .*",
        "changes the environment that the tests run in",
        "the Makefile makes that environment with pip",
    ),
    Reason(
        r"(COLISEUM_SANDBOX=docker |COLISEUM_MIN_ISOLATION=3 )+coliseum .*|coliseum worker image( --prune)?",
        "needs a Docker daemon",
        "tests/workers/containers, by make test-docker",
    ),
    Reason(
        r"([A-Z_]+=\S+ )*docker-compose .*",
        "needs a Docker daemon",
        "tests/workers/containers/test_profiles.py looks at compose.yaml",
    ),
    Reason(
        r"coliseum worker --slots \d+|python -m (uvicorn|celery) .*",
        "runs until it is ended",
        "tests/faults/stack.py starts, kills and replaces these very programs",
    ),
    Reason(
        r"coliseum bench (connect-four|growth|all)\b.*|python manage.py bench \w+",
        "measures for minutes, on a machine that must do nothing else",
        "tests/workers/test_bench.py, tests/platform/league/test_bench.py",
    ),
    Reason(
        r"coliseum simulate( --profile full .*| --world \w+ --replicates 8 .*)?",
        "simulates leagues for minutes",
        "tests/workers/cli/test_simulating.py",
    ),
    Reason(
        r"python manage\.py (migrate --no-input|audit --no-files)",
        "takes seconds to start, once more",
        "`make run` migrates at every start; the audit with files is executed, of the site and of its backup",
    ),
    Reason(
        r"coliseum host check",
        "plays and simulates for a quarter of a minute",
        "tests/workers/cli/test_hosting.py; the same with --no-play is executed",
    ),
    Reason(
        r"coliseum arena check (ARENA|pond-v1)( --\w+)?",
        "plays the arena for twenty seconds",
        "tests/workers/cli/test_arena_checks.py",
    ),
    Reason(
        r"python -m tests\.[a-z0-9_.]+( .*)?",
        "writes into the source tree, or plays for minutes",
        "what each of them writes is compared by a test of the same subject",
    ),
    Reason(
        r"python reproduce\.py",
        "stands in the zip of a failed submission",
        "tests/platform/pages/test_versions.py",
    ),
    Reason(
        r"(apt-get|systemctl|nginx|pg_dump|psql|rsync|certbot) .*",
        "needs root, or a server of its own",
        "nothing of ours is in it",
    ),
)
EXECUTED = {
    *(".", "[", "cd", "coliseum", "cp", "curl", "eval", "export", "git", "mkdir", "sqlite3", "tar", "unset"),
    *("python manage.py", "python -c", "python -m zipfile"),
}
"""What may be executed at all: whatever installs, removes or never ends needs a reason above."""

TRIED_APART = {"receiver.py": "test_the_receiver_takes_signed_messages_and_no_others"}
"""Programs of the documents that have a test of their own."""

PLAIN_CAPITALS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "INTO", "PWD", "VACUUM"}
"""Words in capitals that people type as they stand."""


def allowed_statuses(command: str) -> set[int]:
    """Return how a command may end: an agent that draws at random answers otherwise when asked again."""
    return {0, 1} if command.startswith("coliseum reproduce ") else {0}


def may_be_executed(command: str) -> bool:
    """Say whether the programs of a command hurt nobody."""
    words = [word for word in command.split() if not re.match(r"[A-Za-z_]+=", word)]
    return words[0] in EXECUTED or " ".join(words[:2]) in EXECUTED or " ".join(words[:3]) in EXECUTED
