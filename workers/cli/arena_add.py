"""`coliseum arena add`: any environment becomes an arena in one command."""

import json
from typing import Any, cast, get_args

import click

from arenas import shelves
from arenas.spec import ArenaSpec, Kind, Objective
from arenas.surveying import Survey, Wanted
from workers.adopting import Wish, arena_from, is_taken, survey_in_process
from workers.cli.output import say, show_json
from workers.plugin_file import write_arena
from workers.refusals import RefusedError

KINDS = tuple(kind for kind in get_args(Kind) if kind != "open_spiel")


@click.command()
@click.argument("environment")
@click.option(
    "--id", "name", default="", help="Id of the arena, name-v1; that of the environment if left out."
)
@click.option("--kind", type=click.Choice(KINDS), help="Where the environment does not tell by itself.")
@click.option("--title", default="")
@click.option("--summary", default="", help="One sentence for cards and lists.")
@click.option("--objective", type=click.Choice(get_args(Objective)), help="What counts; guessed if left out.")
@click.option("--max-turns", type=click.IntRange(1, 10**7), help="Longest episode; guessed if left out.")
@click.option(
    "--argument", "arguments", multiple=True, help="name=value for the environment; may be repeated."
)
@click.option(
    "--wrapper",
    "wrappers",
    multiple=True,
    help="'supersuit:resize_v1 x_size=84 y_size=84'; may be repeated, the first one is innermost.",
)
@click.option("--replace", "replaces", is_flag=True, help="Write over an arena that was added before.")
@click.option(
    "--no-check", is_flag=True, help="Do not make its certificate; rated matches stay closed until then."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def add(
    context: click.Context, /, environment: str, **options: Any
) -> None:  # Any: values of the options above.
    """Make an arena of ENVIRONMENT: the id of Gymnasium or PettingZoo, or module:Class."""
    wanted = Wanted(
        environment=environment,
        kind=options["kind"],
        arguments=dict(_pairs(options["arguments"])),
        wrappers=tuple(_wrapper(text) for text in options["wrappers"]),
    )
    if not options["as_json"]:
        say(f"Plays {environment} at random to see what it is ...")
    survey = survey_in_process(wanted)
    wish = Wish(
        id=options["name"],
        title=options["title"],
        summary=options["summary"],
        objective=cast("Objective | None", options["objective"]),
        max_turns=options["max_turns"],
    )
    spec = arena_from(wanted, survey, wish)
    folder = shelves.shelf() / spec.id.replace("/", "__")
    if is_taken(spec.id) and not (options["replaces"] and folder.is_dir()):
        raise RefusedError("arena.exists", arena=spec.id, folder=str(folder))
    path = write_arena(spec, folder, replaces=options["replaces"])
    if options["as_json"]:
        show_json({"id": spec.id, "file": str(path), **_told(spec, survey)})
    else:
        _say(spec, survey, str(path))
    if not options["no_check"]:
        from workers.cli.arena_check import check  # Loads all that plays matches.

        context.invoke(check, arena=spec.id, keep=True)


def _told(spec: ArenaSpec, survey: Survey) -> dict[str, object]:
    return {
        "kind": spec.kind,
        "seats": spec.seats,
        "lineup": spec.lineup,
        "objective": spec.objective,
        "max_turns": spec.max_turns,
        "forfeit_score": spec.forfeit_score,
        "random_play": {"turns": list(survey.lengths), "returns": [list(each) for each in survey.returns]},
    }


def _say(spec: ArenaSpec, survey: Survey, path: str) -> None:
    say(f"{spec.id} is an arena now: {path}")
    seats = f"{spec.seats} seats" if spec.seats > 1 else "one seat"
    together = ", all of one agent" if spec.seats > 1 and spec.lineup == 1 else ""
    shortest, longest = min(survey.lengths), max(survey.lengths)
    say(f"  {seats}{together}; objective {spec.objective}; random play takes {shortest} to {longest} turns")
    say("  These are guesses from a few random episodes: read the file and correct what you know better.")
    say(f"  Try it:  coliseum play {spec.id}{' random' * spec.lineup}")


def _wrapper(text: str) -> tuple[str, dict[str, Any]]:  # Any: JSON values.
    name, *given = text.split()
    return name, dict(_pairs(given))


def _pairs(given: Any) -> list[tuple[str, Any]]:  # Any: JSON values.
    pairs = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise RefusedError("cli.usage", problem=f"{text!r} is not written as name=value.")
        pairs.append((name, _value(value)))
    return pairs


def _value(text: str) -> Any:  # Any: a JSON value, a list of them as a tuple, or the text itself.
    try:
        value = json.loads(text)
    except ValueError:
        return {"True": True, "False": False, "None": None}.get(text, text)
    if isinstance(value, dict):
        raise RefusedError("cli.usage", problem=f"{text!r} is no number, text, true, false, null or list.")
    return tuple(value) if isinstance(value, list) else value
