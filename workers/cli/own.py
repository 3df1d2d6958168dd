"""`coliseum join`, `activate`, `deactivate`: what one does with a competition and with one's agents."""

import sys

import click

from workers.cli.asking import json_option, meant, name_of, server_option, site_of
from workers.cli.output import say, show_json, show_line
from workers.client.answers.competition_answers import JoinRequestRow
from workers.refusals import RefusedError


@click.command()
@click.argument("competition")
@click.option("--yes", is_flag=True, help="Accept the rules without being asked.")
@server_option
@json_option
def join(competition: str, yes: bool, server: str | None, as_json: bool) -> None:
    """Join COMPETITION and accept its rules; a second time changes nothing."""
    site, slug = site_of(server), name_of(competition)
    try:
        found = site.get_competition(slug)
    except RefusedError as error:
        raise meant(site, slug, error) from error
    if not (yes or found.joined):
        _ask(found.title, found.rules)
    entry = site.join_competition(slug)
    if as_json:
        show_json(entry.to_dict())
    elif isinstance(entry, JoinRequestRow):
        say(f"The hosts of {found.title} decide who joins; your request is {entry.state}.")
    else:
        say(f"{entry.team} takes part in {found.title}. Now: coliseum submit FOLDER --competition {slug}")


def _ask(title: str, rules: str) -> None:
    """Show the rules and ask; without a terminal nobody can answer, so that only `--yes` says yes."""
    if not sys.stdin.isatty():
        raise RefusedError("cli.usage", problem=f"Read the rules of {title}, then say --yes to accept them.")
    for line in rules.splitlines():
        say(line)
    if not click.confirm(f"Do you accept the rules of {title}?", err=True):
        raise RefusedError("cli.interrupted", doing="asking for the rules to be accepted")


@click.command()
@click.argument("submission")
@server_option
@json_option
def activate(submission: str, server: str | None, as_json: bool) -> None:
    """Let the agent of SUBMISSION play in the league."""
    found = site_of(server).activate_submission(name_of(submission))
    _tell(found.to_dict(), f"{found.name} v{found.number} plays.", as_json=as_json)


@click.command()
@click.argument("submission")
@server_option
@json_option
def deactivate(submission: str, server: str | None, as_json: bool) -> None:
    """Take the agent of SUBMISSION out of the league; its results stay."""
    found = site_of(server).deactivate_submission(name_of(submission))
    _tell(found.to_dict(), f"{found.name} v{found.number} plays no more; its results stay.", as_json=as_json)


def _tell(answer: dict[str, object], text: str, *, as_json: bool) -> None:
    if as_json:
        show_json(answer)
    else:
        show_line(text)
