"""What makes a failed validation fail again at home: the agent as sent, seeds, limits, one command."""

import io
import json
import shlex
import zipfile
from typing import Any, Final

from coliseum import storage
from coliseum.matches.models import Match
from coliseum.matches.services import agent_seed, episode_seed
from coliseum.submissions.models import Submission
from workers.packing import archive_entry
from workers.spec import Outcome

_SCRIPT: Final = '''\
"""Plays the validation of {name} again, and says whether it ends as it did on the server."""

import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXPECTED = json.loads((HERE / "expected.json").read_text())


def main() -> int:
    """Return 0 if it is the same, 1 if not, 2 if nothing could be played."""
    for name, there in EXPECTED["versions"].items():
        here = found(name)
        if here not in (None, there):
            print(f"note: {{name}} is {{here}} here and was {{there}} on the server")
    command = [sys.executable, "-c", "from workers.cli import main; main()", *EXPECTED["arguments"], "--json"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    try:
        steps = json.loads(done.stdout)["steps"]
    except (ValueError, KeyError):
        print(done.stderr.strip() or "coliseum is not installed here: pip install coliseum-rl")
        return 2
    last = steps[-1]
    for step in steps:
        print(f"{{'ok  ' if step['ok'] else 'FAIL'}} {{step['name']}}: {{step['message']}}")
    print(last["evidence"])
    is_same = [last["name"], last["code"]] == [EXPECTED["step"], EXPECTED["code"]]
    if is_same:
        print(f"The same as on the server: {{last['code']}} in {{last['name']}}.")
    else:
        print(f"Otherwise than on the server, where it was {{EXPECTED['code']}} in {{EXPECTED['step']}}.")
    return 0 if is_same else 1


def found(name: str) -> "str | None":
    """Return the version of a package here, None if it is not one or not there."""
    if name == "python":
        return ".".join(map(str, sys.version_info[:3]))
    try:
        return version(name)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
'''
_README: Final = """\
{name}: validation in {arena}, {day} UTC

On the server the step {step} ended with: {code}
{message}

To see it again on your machine (pip install coliseum-rl), in this folder:

    python reproduce.py

which runs

    coliseum {command}

with the server's own referee, the same seeds and limits, and compares the verdict. What depends on time may
end otherwise on a faster or slower machine; the server's worker had speed {speed:.2f} (1 is the reference).

{file_name} is your agent exactly as you sent it: SHA-256 {digest}
"""


def reproduction_of(submission: Submission, validation: Match) -> bytes:
    """Return a zip that plays a finished validation again; the same for the same validation.

    Args:
        submission: whose validation it was, with its verdict.
        validation: its finished match.
    """
    facts = _facts(submission, validation)
    arena, arguments = submission.entry.competition.arena, facts["arguments"]
    readme = _README.format(
        name=submission,
        arena=arena,
        day=f"{validation.queued_at:%Y-%m-%d %H:%M}",
        step=facts["step"],
        code=facts["code"],
        message=submission.message,
        command=shlex.join(arguments),
        speed=validation.speed,
        file_name=submission.package.file_name,
        digest=submission.package_id,
    )
    files = {
        submission.package.file_name: storage.read_package(submission.package_id),
        "expected.json": (json.dumps(facts, indent=2, sort_keys=True) + "\n").encode(),
        "reproduce.py": _SCRIPT.format(name=_quoted(submission)).encode(),
        "README.txt": readme.encode(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(archive_entry(name), content)
    return buffer.getvalue()


def _facts(submission: Submission, validation: Match) -> dict[str, Any]:  # Any: JSON
    last = submission.checks[-1] if submission.checks else {}
    source, secret = validation.seed_source, validation.seed_secret
    arguments = ["check", submission.package.file_name, "--arena", submission.entry.competition.arena]
    arguments += ["--seed", str(episode_seed(secret, source, 0))]
    arguments += ["--agent-seed", str(agent_seed(secret, source, 0))]
    for name, value in sorted(submission.entry.competition.limits.items()):
        arguments += ["--limit", f"{name}={value}"]
    return {
        "arguments": arguments,
        "step": last.get("name", ""),
        "code": last.get("code", Outcome.OK.value),
        "versions": validation.played_with.values if validation.played_with else {},
    }


def _quoted(submission: Submission) -> str:
    """Return a name that ends no docstring and starts no escape."""
    return "".join(sign if sign.isalnum() or sign in " .-_" else "?" for sign in str(submission))
