"""`coliseum login`, `submit`, `status`, `leaderboard`: the site from the command line."""

import hashlib
import time
from pathlib import Path
from typing import Any

import click

from workers.cli.output import say, show_json, show_table
from workers.packing import make_archive
from workers.refusals import RefusedError
from workers.remote import Login, Remote, check_address, keep_login, load_login

FAILED = 6
_POLL_SECONDS = 0.5
_server = click.option("--server", help="Address of the site, if it is not the one you are signed in to.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command()
@click.argument("server")
@click.option("--token", prompt="Token (from the site's settings page)", hide_input=True)
@_json
def login(server: str, token: str, as_json: bool) -> None:
    """Remember SERVER and a token for the other commands."""
    wanted = Login(check_address(server), token.strip())
    me = Remote(wanted).get("/me")
    path = keep_login(wanted)
    if as_json:
        show_json({"server": wanted.server, "user": me.get("username"), "config": str(path)})
    else:
        say(f"Signed in to {wanted.server} as {me.get('username')}; kept in {path}.")


@click.command()
@click.argument("path")
@click.option("--competition", "-c", required=True, help="The competition's short name, as connect-four.")
@click.option("--name", default="", help="What to call the agent.")
@click.option("--note", "-m", default="", help="A note for yourself.")
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
    wait: bool,
    server: str | None,
    as_json: bool,
) -> None:
    """Send the agent at PATH (a .py file, a folder with agent.py, or a zip) to a competition."""
    remote = Remote(load_login(server))
    content, file_name = _package(Path(path))
    # The key follows from what is sent: the same command again, after a cut, makes no second submission.
    key = hashlib.sha256(competition.encode() + b"\0" + content).hexdigest()
    accepted = ""
    try:
        answer = remote.post_file(
            f"/competitions/{competition}/submissions",
            file_name=file_name,
            content=content,
            fields={"name": name, "note": note},
            key=key,
        )
        accepted = str(answer["id"])
        if not as_json:
            say(f"Accepted as {answer['url']}")
        if wait:
            answer = _wait(remote, accepted, as_json=as_json)
    except KeyboardInterrupt as error:
        if accepted:
            raise RefusedError("cli.interrupted", submission=accepted) from error
        raise RefusedError("cli.interrupted") from error
    if as_json:
        show_json(answer)
    context.exit(FAILED if answer["state"] == "rejected" else 0)


def _package(path: Path) -> tuple[bytes, str]:
    if path.is_dir():
        return make_archive(path), "agent.zip"
    try:
        return path.read_bytes(), path.name
    except FileNotFoundError as error:
        raise RefusedError("cli.no_such_file", path=str(path)) from error
    except OSError as error:
        raise RefusedError("cli.no_such_file", unreadable=str(path), problem=error.strerror or "") from error


def _wait(remote: Remote, submission: str, *, as_json: bool) -> Any:  # Any: JSON of the server
    """Follow a submission until there is a verdict; say what happens as it happens."""
    seen = ""
    while True:
        answer = remote.get(f"/submissions/{submission}")
        if answer["state"] != seen and not as_json:
            say(answer["state"])
        seen = answer["state"]
        if seen not in {"uploaded", "validating"} or answer.get("code"):
            if not as_json:
                _show_verdict(answer)
            return answer
        time.sleep(_POLL_SECONDS)


def _show_verdict(answer: Any) -> None:  # Any: JSON of the server
    for step in answer.get("checks", []):
        mark = "ok  " if step["ok"] else "FAIL"
        click.echo(f"{mark} {step['name']:<14} {step['seconds']:6.2f} s  {step['message']}")
    if answer["state"] == "rejected":
        say(f"error [{answer['code']}] {answer['message']}")
        say(f"  {answer['hint']}")


@click.command()
@click.argument("submission")
@_server
@_json
def status(submission: str, server: str | None, as_json: bool) -> None:
    """Show how SUBMISSION goes on."""
    answer = Remote(load_login(server)).get(f"/submissions/{submission}")
    if as_json:
        show_json(answer)
    else:
        click.echo(answer["state"])
        _show_verdict(answer)


@click.command()
@click.argument("competition")
@_server
@_json
def leaderboard(competition: str, server: str | None, as_json: bool) -> None:
    """Show the leaderboard of COMPETITION."""
    answer = Remote(load_login(server)).get(f"/competitions/{competition}/leaderboard")
    if as_json:
        show_json(answer)
        return
    rows = [
        {
            "rank": f"{row['rank']} ({row['rank_low']}-{row['rank_high']})",
            "agent": row["agent"],
            "rating": row["rating"],
            "from": row["low"],
            "to": row["high"],
            "matches": row["matches"],
            "": "provisional" if row["provisional"] else "",
        }
        for row in answer["items"]
    ]
    if rows:
        show_table(rows, list(rows[0]))
    else:
        say("No rated match yet.")
