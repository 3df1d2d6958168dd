"""Refusals about tables at which people play themselves."""

from typing import Final

from workers.refusals.table import refuse, tell

_OTHERS: Final = "The arenas page shows where people can play."

PLAY: Final = (
    refuse(
        "play.not_here",
        409,
        tell("People cannot play here. {reason}", "People can play {others}."),
        tell("People cannot play here. {why}", _OTHERS),
    ),
    refuse(
        "play.no_worker",
        503,
        tell(
            "There is no table on this site now: no live worker answers.",
            "Try again in a minute. The operator finds the reason in the log of the live worker.",
        ),
    ),
    refuse(
        "play.full",
        503,
        tell(
            "All tables are taken, and {waiting:person waits|people wait} already.",
            "Try again in a few minutes.",
        ),
    ),
    refuse(
        "play.too_many",
        429,
        tell(
            "{limit:table|tables} may be opened from here in {minutes:minute|minutes}; these were opened.",
            "Finish the game you have, or wait a little.",
        ),
    ),
    refuse(
        "play.unknown_agent",
        404,
        tell("There is no agent {agent:40} to play against here.", "Choose one of the list."),
    ),
    refuse(
        "tv.not_here",
        404,
        tell("{arena:40} cannot be shown here.", "The list of channels has what can."),
    ),
    refuse(
        "tv.too_many",
        429,
        tell(
            "You have {limit:match|matches} in the queue of the TV already.",
            "Wait until one of them is played.",
        ),
    ),
    refuse(
        "tv.full",
        503,
        tell(
            "{waiting:match waits|matches wait} in the queue of the TV already.",
            "Try again in a few minutes.",
        ),
    ),
    refuse(
        "play.bad_press",
        400,
        tell(
            "A press must be an object with two whole numbers, action and turn.",
            "Reload the page; it sends the right thing.",
        ),
    ),
)
