"""The command line `coliseum`: play, check, verify, submit, watch, run the site."""

import importlib
import io
import os
import sys
from typing import Final

import click
from click.shell_completion import CompletionItem

from workers.cli.names import nearest
from workers.cli.output import show_refusal
from workers.refusals import SHORT, Exit, RefusedError, printable

_COMPLETION: Final = "_COLISEUM_COMPLETE"
_COMMANDS: Final = {
    "activate": ("own", "Let one of your agents play."),
    "arena": ("arena", "Check arenas, and add arenas of your own."),
    "arenas": ("arenas", "List the arenas, or show one."),
    "bench": ("bench", "Measure the match engine against a bare loop."),
    "check": ("check", "Test an agent exactly as the server will."),
    "competitions": ("boards", "List the competitions of a site."),
    "completion": ("completion", "Print a script that completes commands in your shell."),
    "deactivate": ("own", "Take one of your agents out of play."),
    "doctor": ("doctor", "Tell what this machine can do and prove the sandbox."),
    "explain": ("explain", "Tell what an error code means and what to do."),
    "host": ("host", "Run a competition from one file."),
    "join": ("own", "Join a competition."),
    "leaderboard": ("boards", "Show a competition's leaderboard."),
    "login": ("signing_in", "Sign in to a site."),
    "logout": ("signing_in", "Forget the kept server and token."),
    "logs": ("matches", "Show what your agent printed and what went wrong."),
    "matches": ("matches", "List a competition's matches."),
    "new": ("new", "Make a folder with a working agent."),
    "play": ("play", "Play matches on this machine."),
    "pull": ("pull", "Fetch a competition: limits, ratings, matches, replays."),
    "replay": ("matches", "Fetch a match's replay to keep or to watch."),
    "reproduce": ("reproduce", "Let your agent play a match of the server again, here."),
    "rerate": ("rerate", "Fit a leaderboard again from its ledger."),
    "simulate": ("simulate", "Test the league's engine on worlds whose truth is known, or plan a season."),
    "status": ("following", "Show how a submission goes on."),
    "submissions": ("boards", "List what your teams submitted."),
    "submit": ("submit", "Send an agent to a competition."),
    "token": ("server", "Make API tokens (on the server)."),
    "up": ("server", "Start the whole site on this machine."),
    "verify": ("verify", "Play a match again and compare."),
    "versus": ("versus", "Compare two agents."),
    "watch": ("following", "Follow a submission, a match or a tournament live."),
    "whoami": ("signing_in", "Tell who you are on a site."),
    "worker": ("server", "Start a match worker."),
}


class LazyGroup(click.Group):
    """Imports a command's module when it is called: `coliseum --help` loads none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all commands in order."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"workers.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was called.

        Raises:
            RefusedError: `cli.usage` for one that is not there, with what was probably meant.
        """
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            meant = " or ".join(f"coliseum {name}" for name in nearest(args[0], _COMMANDS))
            problem = f"There is no command {printable(args[0], SHORT)}."
            raise RefusedError("cli.usage", problem=f"{problem} Did you mean: {meant}?" if meant else problem)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so, from the table, without importing them."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        found = sorted(_COMMANDS.items())
        return [CompletionItem(name, help=text) for name, (_, text) in found if name.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(_COMMANDS.items())])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coliseum-rl", prog_name="coliseum")
def cli() -> None:
    """Write an agent, test it with the server's own referee, submit it, watch it play."""


def main() -> None:
    """Run the command line; every refusal ends with its code, a hint and the right exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name in a script the terminal's encoding lacks is shown as escapes.
            stream.reconfigure(errors="backslashreplace")
    if _COMPLETION in os.environ:
        cli.main(prog_name="coliseum", complete_var=_COMPLETION)
    try:
        status = _run(sys.argv[1:])
    except BrokenPipeError:
        # Whoever read the output had enough; what is left goes nowhere, also what Python flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = Exit.DONE
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    """Run one command and return its exit status."""
    try:
        # Not `cli.main`: it swallows the exit status, and answers a closed pipe and Ctrl-C by itself.
        with cli.make_context("coliseum", list(arguments)) as context:
            cli.invoke(context)
        return Exit.DONE
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return Exit.USAGE
    except click.ClickException as error:
        refusal = RefusedError("cli.usage", problem=error.format_message())
    except (KeyboardInterrupt, click.Abort):
        refusal = RefusedError("cli.interrupted", doing="working")
    except RefusedError as error:
        refusal = error
    show_refusal(refusal, as_json="--json" in arguments)
    return refusal.exit_code
