"""Refusals about submissions, competitions, matches, tournaments and workers."""

from typing import Final

from workers.refusals.table import Exit, refuse, tell

CONTESTS: Final = (
    refuse(
        "arena.unknown",
        404,
        tell("There is no arena {arena:40}. Did you mean {suggestions}?", "The arenas page lists them all."),
        tell("There is no arena {arena:40}.", "The arenas page lists them all."),
    ),
    refuse(
        "arena.not_certified",
        409,
        tell(
            "Nothing that is rated can be opened in {arena:60}: {reason:400}.",
            "An operator mends the arena, then runs on the site: coliseum arena check {arena:60} --keep",
        ),
    ),
    refuse(
        "submission.duplicate",
        409,
        tell(
            "This is the same content as your submission {submission}.", "Change the agent, or keep that one."
        ),
    ),
    refuse(
        "submission.quota",
        429,
        tell(
            "You have used {used} of {limit:submission|submissions} today. Next one at {next_at}.",
            "coliseum check tests an agent here, without a submission.",
        ),
    ),
    refuse(
        "submission.rehearsing",
        409,
        tell("A test of yours is being played.", "Wait for its verdict; it takes seconds."),
    ),
    refuse(
        "submission.rehearsals",
        429,
        tell(
            "You have used all {limit} tests of this hour. Next one at {next_at}.",
            "coliseum check tests an agent on your own machine, as often as you like.",
        ),
    ),
    refuse(
        "submission.too_many_active",
        409,
        tell(
            "You have {active:active submission|active submissions}, the limit here. Deactivate one first.",
            "A deactivated agent keeps its results.",
        ),
    ),
    refuse(
        "submission.wrong_state",
        409,
        tell(
            "Submission {submission} is {state}; it cannot be {action}.", "Reload the page to see its state."
        ),
    ),
    refuse(
        "competition.closed",
        403,
        tell("This competition closed on {closed_at}.", "Its agents and replays stay open to read."),
    ),
    refuse(
        "competition.not_open",
        403,
        tell("This competition opens on {opens_at}.", "You can join and practise before."),
    ),
    refuse(
        "competition.not_joined",
        403,
        tell("Join the competition and accept its rules first.", "The button is on its page."),
    ),
    refuse(
        "competition.rules_changed",
        403,
        tell(
            "The rules changed on {at}: accept version {number} first.",
            "The competition's page Rules shows what changed. Agents that are in play go on playing.",
        ),
    ),
    refuse(
        "competition.not_eligible",
        403,
        tell(
            "Only people its host has invited can take part in this competition.",
            "Ask the host for an invitation. Everybody may watch.",
        ),
        tell("The invitation {invitation:12} is not valid, or not any more.", "Ask the host for a new link."),
        tell(
            "Only people with a confirmed e-mail address of {domains:200} can take part in this competition.",
            "Add such an address in your settings and confirm it. Everybody may watch.",
        ),
    ),
    refuse(
        "competition.needs_approval",
        403,
        tell(
            "The host of this competition decides who takes part.",
            "Ask on its page Join; the host's answer is shown there.",
        ),
        tell("Your request of {asked_at} waits for the host's answer.", "It is shown on the page Join."),
        tell("The host declined your request: {reason:400}", "Everybody may watch."),
    ),
    refuse(
        "competition.bad_setting",
        400,
        tell("The end ({end}) must be after the start ({start}).", "Correct the dates."),
        tell("{name:40} must be {wanted}.", "Correct the field and save again."),
    ),
    refuse(
        "competition.wrong_state",
        409,
        tell("This competition is {state}; it cannot be {action}.", "Reload the page to see its state."),
    ),
    refuse(
        "announcement.nobody",
        400,
        tell("No entry here was rejected for that, so there is nobody to write to.", "Reload the page."),
    ),
    refuse(
        "announcement.too_many",
        429,
        tell(
            "There were {limit:announcement|announcements} in the last 24 hours, the most allowed.",
            "Edit one of them, or wait.",
        ),
    ),
    refuse(
        "announcement.withdrawn",
        409,
        tell("This announcement was taken back; it cannot be changed any more.", "Post another one."),
    ),
    refuse(
        "team.refused",
        409,
        tell(
            "The team already has {members:member|members}, the most allowed here.",
            "Ask the host for larger teams.",
        ),
        tell("{name:40} is already in a team of this competition.", "Leave that team first."),
        tell("The last member cannot leave the team.", "Withdraw the entry instead."),
    ),
    refuse(
        "team.closed",
        403,
        tell(
            "Teams here could change until {ended_at}.",
            "Everybody goes on with the team as it is; members may still leave.",
        ),
        tell("This team has merged into {name:80}.", "Look at that team's page."),
    ),
    refuse(
        "team.not_captain",
        403,
        tell("Only the team's captain may {action}.", "Ask {captain:40}, or to be made captain."),
    ),
    refuse(
        "team.bad_invitation",
        404,
        tell("This invitation is not valid any more.", "Ask your team mate for a new one."),
    ),
    refuse(
        "match.bad_seats",
        400,
        tell(
            "This arena needs {wanted:seat|seats}; {given:was|were} given.", "Choose one agent for each seat."
        ),
        tell("{agent} cannot play against itself.", "Choose two different agents."),
    ),
    refuse(
        "match.agent_not_ready",
        409,
        tell(
            "{agent} has not passed validation yet.",
            "Validation takes a minute; its page shows how far it is.",
        ),
        tell("{inactive} is not active.", "Activate it on its page first."),
    ),
    refuse(
        "match.already_done",
        409,
        tell("This match is finished; its result stands.", "Ask for a new match instead."),
    ),
    refuse(
        "match.not_ready",
        409,
        tell("This match is {state}; there is nothing to show yet.", "Come back when it is finished."),
    ),
    refuse(
        "match.none_chosen",
        400,
        tell(
            "No match is chosen that this can be done with.",
            "Tick some matches of the list, or name one agent for all of its matches.",
        ),
    ),
    refuse(
        "match.too_many",
        400,
        tell("{given:match is|matches are} chosen; {most} at a time is the most.", "Do it in parts."),
    ),
    refuse(
        "match.sealed",
        403,
        tell(
            "The seeds of this match are played by everybody here; they are shown when the competition "
            "closes.",
            "The picture of every episode is open to watch.",
        ),
    ),
    refuse(
        "match.replay_withheld",
        403,
        tell(
            "Replays of this competition are shown {to}.",
            "The result of this match, its scores and outcomes stay open to read.",
        ),
    ),
    refuse(
        "match.quota",
        429,
        tell(
            "You have asked for {limit:match|matches} today, the limit here.",
            "League matches go on by themselves.",
        ),
    ),
    refuse(
        "tournament.bad_setting",
        400,
        tell(
            "A tournament needs at least {least:entry|entries}; {given:was|were} given.", "Add entries first."
        ),
        tell("{name:40} must be {wanted}.", "Correct the field and save again."),
    ),
    refuse(
        "tournament.wrong_state",
        409,
        tell("This tournament is {state}; it cannot be {action}.", "Reload the page to see its state."),
    ),
    refuse(
        "lease.lost",
        409,
        tell("This match was given to another worker.", "Drop this work and ask for more."),
    ),
    refuse("result.invalid", 422, tell("Result refused: {problem}.", "The match will be played again.")),
    refuse(
        "worker.version",
        426,
        tell(
            "This worker speaks protocol {theirs}; the server needs {ours}. Update the worker.",
            "Worker and site must have one version.",
        ),
        exit_code=Exit.USAGE,
    ),
)
