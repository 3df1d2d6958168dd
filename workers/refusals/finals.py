"""Refusals about finals, exploiters and the life of agents in a league."""

from typing import Final

from workers.refusals.table import refuse, tell

FINALS: Final = (
    refuse(
        "season.wrong_state",
        409,
        tell(
            "A season cannot be {action} now.",
            "One phase is open at a time, and a final is declared before the next season.",
        ),
    ),
    refuse(
        "final.locked",
        403,
        tell(
            "{title:40} is announced: no more submissions.",
            "Owners name their finalists on the competition's final page.",
        ),
    ),
    refuse(
        "final.bad_setting",
        400,
        tell("{name:40} must be {wanted}.", "Correct the field and send it again."),
    ),
    refuse(
        "final.wrong_state",
        409,
        tell("This final is {state}; it cannot be {action}.", "Reload the page to see its state."),
    ),
    refuse(
        "final.rules_fixed",
        409,
        tell(
            "{name:60} cannot change while {title:40} is under way.",
            "Texts may change; rules and quotas again after its result is declared.",
        ),
    ),
    refuse(
        "final.naming_over",
        403,
        tell("Finalists were named until {ended_at}.", "Ask the host if there was a good reason."),
    ),
    refuse(
        "final.not_yours",
        404,
        tell("There is no agent {id:20} of yours that may be a finalist.", "Choose from the list."),
    ),
    refuse(
        "final.too_many",
        409,
        tell("You named {given:finalist|finalists}; {most:is|are} allowed.", "Leave some out."),
    ),
    refuse(
        "final.too_few",
        409,
        tell(
            "A final here needs finalists of {least:owner|owners}; {given:owner has|owners have} some.",
            "Move the deadline, or cancel the final.",
        ),
    ),
    refuse(
        "final.no_finalist",
        404,
        tell("There is no finalist {id:20} in this final.", "Reload the page to see who takes part."),
    ),
    refuse(
        "submission.suspended",
        409,
        tell(
            "Submission {submission} is suspended: it forfeited more than a fifth of its latest episodes.",
            "Submit a mended version, or let this one be validated again on its page.",
        ),
    ),
    refuse(
        "submission.retried_today",
        429,
        tell("It can be validated again at {next_at}.", "A mended version can be submitted at once."),
    ),
    refuse(
        "exploit.bad_target",
        409,
        tell(
            "A target must be another team's agent among the first {top} of the leaderboard.",
            "Choose from the list; the board may have moved meanwhile.",
        ),
    ),
    refuse(
        "exploit.alone",
        409,
        tell("Agents play alone in this arena; there is nobody to exploit.", "Beat their scores instead."),
    ),
    refuse(
        "role.not_yours",
        403,
        tell("Only your own agents can be given a role.", "Join the competition and submit them first."),
    ),
    refuse(
        "panel.impossible",
        409,
        tell(
            "There is nothing to check yet.",
            "It takes an arena of two, an open season with at least two rated agents, and one "
            "held-out agent.",
        ),
    ),
)
