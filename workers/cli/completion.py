"""`coliseum completion`: the script that completes commands and options in a shell."""

import sys

import click
from click.shell_completion import get_completion_class

from workers.cli.output import say

_WHERE = {
    "bash": 'eval "$(coliseum completion bash)"   # in ~/.bashrc',
    "zsh": 'eval "$(coliseum completion zsh)"   # in ~/.zshrc',
    "fish": "coliseum completion fish > ~/.config/fish/completions/coliseum.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(_WHERE)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script for SHELL that completes commands and options."""
    found = get_completion_class(shell)
    assert found is not None
    script = found(context.find_root().command, {}, "coliseum", "_COLISEUM_COMPLETE")
    # Not `source()`: for bash it starts a shell to look at its version.
    click.echo(script.source_template % script.source_vars())
    if sys.stdout.isatty():
        say(f"To use it: {_WHERE[shell]}")
