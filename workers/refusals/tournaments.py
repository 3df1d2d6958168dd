"""Refusals about tournaments."""

from typing import Final

from workers.refusals.table import refuse, tell

TOURNAMENTS: Final = (
    refuse(
        "tournament.bad_format",
        400,
        tell("The format does not fit: {problem:200}.", "Correct the option, or choose another format."),
    ),
    refuse(
        "tournament.bad_entrant",
        400,
        tell(
            "{agent:40} cannot take part: {problem:100}.",
            "Choose agents that passed validation here, each once.",
        ),
    ),
    refuse(
        "tournament.too_long",
        400,
        tell(
            "This would be {matches:match|matches}; a tournament has at most {most}.",
            "Take fewer entrants, or a shorter format: a Swiss finds a winner in few matches.",
        ),
    ),
    refuse(
        "tournament.started",
        409,
        tell(
            "{title:80} has started; its format, entrants and rules stay as they are.",
            "Cancel it and open another one, or let it be played to its end.",
        ),
    ),
    refuse(
        "tournament.not_in_play",
        409,
        tell("{agent:40} is no longer in play here.", "Reload the page to see who is."),
    ),
    refuse(
        "tournament.nothing_held",
        409,
        tell("No result of this tournament is held back.", "Everybody sees all of them already."),
    ),
    refuse(
        "tournament.round_open",
        409,
        tell("Round {round} is still being played.", "Release it when its last match is over."),
    ),
)
