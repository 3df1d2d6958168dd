"""`coliseum arena check`: the certificate of an arena, made here."""

import click
import msgspec

from arenas.certifying.certificate import keep_certificate
from arenas.certifying.checks import QUICK, THOROUGH, ArenaCheck
from workers.certifying.supervising import certify
from workers.cli.output import say, show_json, show_line
from workers.local import find_arena
from workers.refusals import Exit, RefusedError


@click.command()
@click.argument("name", metavar="ARENA")
@click.option("--thorough", is_flag=True, help="Play more, for narrower intervals; takes minutes.")
@click.option(
    "--keep", is_flag=True, help="Store the certificate in this installation; it allows rated play."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def check(context: click.Context, name: str, thorough: bool, keep: bool, as_json: bool) -> None:
    """Check ARENA: its API, seeds, masks, secrets, replays, pictures, and how fair it is.

    The environment runs in a process of its own, with limits of time and memory. Exit status 0 if rated play
    may be opened in it, 6 if something forbids that.
    """
    spec = find_arena(name)
    made = certify(
        spec,
        THOROUGH if thorough else QUICK,
        on_check=(lambda _: None) if as_json else _show,
    )
    certificate = made.certificate
    if keep:
        try:
            path = keep_certificate(certificate, made.preview)
        except OSError as error:
            problem = f"The certificate cannot be stored: {error.strerror}: {error.filename}"
            raise RefusedError("cli.cannot_play", problem=problem) from error
        say(f"Kept in {path}.")
    if as_json:
        show_json(msgspec.to_builtins(certificate))
    elif certificate.ok:
        say(f"{spec.id} is fit for rated play ({certificate.seconds:g} seconds).")
    else:
        say(f"{spec.id} is not fit for rated play: {', '.join(one.name for one in certificate.failed)}.")
    context.exit(Exit.DONE if certificate.ok else Exit.FAILED_VALIDATION)


def _show(check: ArenaCheck) -> None:
    mark = "ok  " if check.ok else "FAIL" if check.blocks else "warn"
    value = "" if check.value is None else f"{check.value:.4g}"
    show_line(f"{mark} {check.name:<20} {value:>10}  {check.detail}")
