"""`coliseum arena`: check an arena before agents are let in."""

import click

from workers.cli.arena_add import add
from workers.cli.arena_check import check


@click.group()
def arena() -> None:
    """Check arenas, and add arenas of your own."""


arena.add_command(add)
arena.add_command(check)
