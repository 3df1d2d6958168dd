"""`coliseum submit`: check an agent here, send it, and follow it to its verdict."""

import hashlib
from pathlib import Path
from typing import Final

import click

from workers.cli.asking import json_option, meant, name_of, server_option, site_of
from workers.cli.following import follow_submission, is_rejected
from workers.cli.output import say, show_json
from workers.cli.progress import Progress
from workers.client import Client, Patience
from workers.client.answers.submission_answers import SubmissionDetail
from workers.refusals import Exit, RefusedError
from workers.staging import read_upload

_NOT_HERE: Final = frozenset({"arena.unknown", "cli.cannot_play"})
"""Reasons for which an agent cannot be checked on this machine; the server checks it anyway."""
_LATEST: Final = 5


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
@click.option("--check/--no-check", "checks", default=True, help="Test it here first, as the server will.")
@click.option("--wait/--no-wait", default=True, help="Wait for the verdict.")
@server_option
@json_option
def submit(
    path: str,
    competition: str,
    checks: bool,
    wait: bool,
    server: str | None,
    as_json: bool,
    **facts: str | bool,
) -> None:
    """Send the agent at PATH (a .py file, an .onnx model, a folder, or a zip) to a competition.

    The same command again makes no second submission. Ctrl-C while it is sent stops it; afterwards it only
    stops the waiting. Exit status 0 if the agent is ready, 6 if it was rejected, here or on the server.
    """
    site, slug = site_of(server), name_of(competition)
    content, file_name = read_upload(Path(path))
    if checks:
        _check_here(site, slug, path, is_quiet=as_json)
    said = {name: "true" if value is True else str(value) for name, value in facts.items() if value}
    found = _send(site, slug, content, file_name=file_name, facts=said, is_quiet=as_json)
    if not as_json:
        say(f"Accepted as {found.url or found.id}")
    if wait:
        try:
            found = follow_submission(site, found.id, is_quiet=as_json)
        except KeyboardInterrupt as error:
            raise RefusedError("cli.interrupted", submission=found.id) from error
    if as_json:
        show_json(found.to_dict())
    else:
        _tell_quota(found)
    click.get_current_context().exit(Exit.FAILED_VALIDATION if is_rejected(found) else Exit.DONE)


def _check_here(site: Client, slug: str, path: str, *, is_quiet: bool) -> None:
    """Test an agent on this machine, under the limits of the competition.

    Raises:
        RefusedError: `cli.not_sent` if the server would reject it; what cannot be tested here passes.
    """
    try:
        found = site.get_competition(slug)
    except RefusedError as error:
        raise meant(site, slug, error) from error
    # The arenas and the sandbox need libraries that a command without a check does not wait for.
    from workers.cli.check import limited, run_checks, show_step
    from workers.local import find_agent, find_arena
    from workers.validation import Candidate

    if not is_quiet:
        say("Testing it here, as the server will:")
    try:
        spec = limited(find_arena(found.arena), found.limits)
        agent = find_agent(spec, path)
        candidate = Candidate(agent.package, agent.file_name, seed=0)
        steps = run_checks(spec, candidate, on_check=(lambda _: None) if is_quiet else show_step)
    except RefusedError as error:
        if error.code not in _NOT_HERE:
            raise
        if not is_quiet:
            say(f"Not tested here ({error.message}) The server will.")
        return
    if not steps[-1].ok:
        raise RefusedError("cli.not_sent", step=steps[-1].name, code=steps[-1].code)


def _send(
    site: Client, slug: str, content: bytes, *, file_name: str, facts: dict[str, str], is_quiet: bool
) -> SubmissionDetail:
    progress = Progress(f"Uploading {file_name}", is_quiet=is_quiet)
    try:
        return site.submit(slug, content, file_name=file_name, facts=facts, on_sent=progress)
    except KeyboardInterrupt as error:
        raise _interrupted(site, slug, content, is_all_sent=progress.is_all_sent) from error
    except RefusedError as error:
        raise meant(site, slug, error) from error
    finally:
        progress.close()


def _interrupted(site: Client, slug: str, content: bytes, *, is_all_sent: bool) -> RefusedError:
    """Return what Ctrl-C did: where all of it was out, only the server knows whether it was taken."""
    if not is_all_sent:
        return RefusedError("cli.interrupted")
    digest = hashlib.sha256(content).hexdigest()
    asked = site.again(Patience(tries=1, answer_seconds=5.0))
    try:
        for row in asked.list_submissions(competition=slug, most=_LATEST):
            if asked.get_submission(row.id).digest == digest:
                return RefusedError("cli.interrupted", submission=row.id)
    except (RefusedError, KeyboardInterrupt):
        pass
    return RefusedError("cli.interrupted", doing=f"waiting for the answer of {site.host}")


def _tell_quota(found: SubmissionDetail) -> None:
    left, again = found.submissions_left, found.submissions_reset_at
    if left is not None:
        until = f" (until {again:%Y-%m-%d %H:%M} UTC)" if again else ""
        say(f"{left} submission{'' if left == 1 else 's'} left today{until}")
