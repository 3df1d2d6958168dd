"""Refusals about webhooks."""

from typing import Final

from workers.refusals.table import refuse, tell

WEBHOOKS: Final = (
    refuse(
        "webhook.bad_address",
        400,
        tell(
            "Nothing can be sent there: {why:200}.",
            "Give a public https address on port 443; the operator may allow networks of your own.",
        ),
    ),
    refuse(
        "webhook.too_many",
        409,
        tell("There are {most} webhooks already, the most there can be.", "Remove one first."),
    ),
    refuse(
        "webhook.off",
        409,
        tell("This webhook is switched off: it failed for days.", "Mend the receiver, then switch it on."),
    ),
)
