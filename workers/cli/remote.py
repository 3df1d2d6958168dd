"""`coliseum login`, `submit`, `status`, `leaderboard`: the site from the command line."""

import hashlib
import time
from pathlib import Path
from typing import Any

import click
import msgspec

from workers.cli.output import say, show_json, show_line, show_table
from workers.refusals import Exit, RefusedError
from workers.remote import Login, Remote, check_address, check_token, keep_login, load_login
from workers.spec import Check
from workers.staging import read_upload

_POLL_SECONDS = 0.5
_PATIENCE_SECONDS = 30.0
"""For how long a server that cannot be reached is asked again for a verdict."""
_server = click.option("--server", help="Address of the site, if it is not the one you are signed in to.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


class Me(msgspec.Struct, frozen=True):
    """Who a token belongs to, as the server answers."""

    name: str


class Submission(msgspec.Struct, frozen=True):
    """A submission, as the server answers."""

    id: str
    state: str
    url: str = ""
    code: str = ""
    message: str = ""
    hint: str = ""
    checks: tuple[Check, ...] | None = None

    @property
    def is_judged(self) -> bool:
        """Say whether there is a verdict."""
        return self.state not in {"uploaded", "validating"} or bool(self.code)

    @property
    def is_rejected(self) -> bool:
        """Say whether the verdict is no."""
        return self.state == "rejected"


class Standing(msgspec.Struct, frozen=True):
    """A row of a leaderboard, as the server answers."""

    rank: int
    rank_low: int
    rank_high: int
    agent: str
    rating: float
    low: float
    high: float
    matches: int
    provisional: bool


class Standings(msgspec.Struct, frozen=True):
    """A leaderboard, as the server answers."""

    items: tuple[Standing, ...]


@click.command()
@click.argument("server")
@click.option("--token", prompt="Token (from the site's settings page)", hide_input=True)
@_json
def login(server: str, token: str, as_json: bool) -> None:
    """Remember SERVER and a token for the other commands."""
    wanted = Login(check_address(server), check_token(token.strip()))
    remote = Remote(wanted)
    me = remote.understood(remote.get("me"), Me)
    path = keep_login(wanted)
    if as_json:
        show_json({"server": wanted.server, "user": me.name, "config": str(path)})
    else:
        say(f"Signed in to {wanted.server} as {me.name}; kept in {path}.")


@click.command()
@click.argument("path")
@click.option("--competition", "-c", required=True, help="The competition's short name, as connect-four.")
@click.option("--name", default="", help="What to call the agent.")
@click.option("--note", "-m", default="", help="A note for yourself.")
@click.option(
    "--only-if-better",
    is_flag=True,
    help="Put it into play only once it is shown to be better than your last.",
)
@click.option("--wait/--no-wait", default=True, help="Wait for the verdict.")
@_server
@_json
@click.pass_context
def submit(
    context: click.Context,
    path: str,
    competition: str,
    name: str,
    note: str,
    only_if_better: bool,
    wait: bool,
    server: str | None,
    as_json: bool,
) -> None:
    """Send the agent at PATH (a .py file, an .onnx model, a folder, or a zip) to a competition."""
    remote = Remote(load_login(server))
    content, file_name = read_upload(Path(path))
    # The key follows from what is sent: the same command again, after a cut, makes no second submission.
    key = hashlib.sha256(competition.encode(errors="replace") + b"\0" + content).hexdigest()
    try:
        answer = remote.post_file(
            *("competitions", competition, "submissions"),
            file_name=file_name,
            content=content,
            fields={"name": name, "note": note} | ({"only_if_better": "true"} if only_if_better else {}),
            key=key,
        )
    except KeyboardInterrupt as error:
        raise RefusedError("cli.interrupted") from error
    accepted = remote.understood(answer, Submission)
    if not as_json:
        say(f"Accepted as {accepted.url or accepted.id}")
    if wait:
        try:
            answer = _wait(remote, accepted.id, as_json=as_json)
        except KeyboardInterrupt as error:
            raise RefusedError("cli.interrupted", submission=accepted.id) from error
    if as_json:
        show_json(answer)
    is_rejected = remote.understood(answer, Submission).is_rejected
    context.exit(Exit.FAILED_VALIDATION if is_rejected else Exit.DONE)


def _wait(remote: Remote, submission: str, *, as_json: bool) -> dict[str, Any]:  # Any: JSON of the server
    """Follow a submission until there is a verdict; say what happens as it happens."""
    shown = ""
    while True:
        answer = _ask_patiently(remote, submission)
        found = remote.understood(answer, Submission)
        if found.state != shown and not as_json:
            say(found.state)
        shown = found.state
        if found.is_judged:
            if not as_json:
                _show_verdict(found)
            return answer
        time.sleep(_POLL_SECONDS)


def _ask_patiently(remote: Remote, submission: str) -> dict[str, Any]:  # Any: as above
    """Read a submission, asking again for a while where the server is not to be reached."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return remote.get("submissions", submission)
        except RefusedError as error:
            if error.code != "cli.unreachable":
                raise
            if time.monotonic() >= give_up:
                raise RefusedError("cli.unreachable", submission=submission) from error
        time.sleep(_POLL_SECONDS)


def _show_verdict(found: Submission) -> None:
    for step in found.checks or ():
        mark = "ok  " if step.ok else "FAIL"
        show_line(f"{mark} {step.name:<14} {step.seconds:6.2f} s  {step.message}")
    if found.is_rejected:
        say(f"error [{found.code}] {found.message}")
        say(f"  {found.hint}")


@click.command()
@click.argument("submission")
@_server
@_json
def status(submission: str, server: str | None, as_json: bool) -> None:
    """Show how SUBMISSION goes on."""
    remote = Remote(load_login(server))
    answer = remote.get("submissions", submission)
    found = remote.understood(answer, Submission)
    if as_json:
        show_json(answer)
    else:
        show_line(found.state)
        _show_verdict(found)


@click.command()
@click.argument("competition")
@_server
@_json
def leaderboard(competition: str, server: str | None, as_json: bool) -> None:
    """Show the leaderboard of COMPETITION."""
    remote = Remote(load_login(server))
    answer = remote.get("competitions", competition, "leaderboard")
    found = remote.understood(answer, Standings)
    if as_json:
        show_json(answer)
        return
    rows = [
        {
            "rank": f"{row.rank} ({row.rank_low}-{row.rank_high})",
            "agent": row.agent,
            "rating": row.rating,
            "from": row.low,
            "to": row.high,
            "matches": row.matches,
            "": "provisional" if row.provisional else "",
        }
        for row in found.items
    ]
    if rows:
        show_table(rows, list(rows[0]))
    else:
        say("No rated match yet.")
