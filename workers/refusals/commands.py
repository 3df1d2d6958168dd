"""Refusals of the command line and of operator commands."""

from typing import Final

from workers.refusals.table import Exit, refuse, tell

COMMANDS: Final = (
    refuse(
        "cli.not_signed_in",
        401,
        tell(
            "Not signed in. Run: coliseum login",
            "You need an account on the server and a token from its settings page.",
        ),
    ),
    refuse(
        "cli.unreachable",
        503,
        tell(
            "Cannot reach {host}: {problem}. Nothing was sent.",
            "Check the address and the network, then try again.",
        ),
        tell(
            "Cannot reach the server any more. Submission {submission} was already accepted.",
            "coliseum status shows how it goes on.",
        ),
    ),
    refuse(
        "cli.bad_answer",
        502,
        tell("{host} does not answer like a Coliseum server.", "Check the address with: coliseum login"),
        tell("The answer of {host} is longer than {most}.", "Ask for less, or tell who runs the server."),
    ),
    refuse(
        "cli.no_such_file",
        400,
        tell("No such file: {path}", "Give the path of agent.py, a zip, or a folder."),
        tell("Cannot read {unreadable}: {problem}", "Check the file's permissions."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "cli.no_agent",
        400,
        tell(
            "No agent.py in {folder}.",
            "coliseum new makes a folder with a working agent; a model without code is called policy.onnx.",
        ),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "cli.bad_config",
        400,
        tell("{path}, line {line}: {problem}.", "Mend the file, or delete it and run: coliseum login"),
        tell("{path}: {problem}.", "Mend the file, or delete it and run: coliseum login"),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "cli.bad_season",
        400,
        tell(
            "{path}: there is no key {key:40}. Did you mean {meant:40}?",
            "docs/evaluation.md lists the keys of a season file.",
        ),
        tell("{path}: there is no key {key:40}.", "docs/evaluation.md lists the keys of a season file."),
        tell("{path}: {name:40} must be {wanted}.", "Correct the file and run the command again."),
        tell("{path} is no season file: {problem}.", "docs/evaluation.md shows one."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "cli.usage",
        400,
        tell("{problem}", "coliseum --help lists the commands."),
        exit_code=Exit.USAGE,
    ),
    refuse(
        "cli.version",
        426,
        tell(
            "This server needs coliseum >= {needed}; you have {have}. Run: pip install -U coliseum-rl",
            "The server and the command line must understand each other.",
        ),
    ),
    refuse(
        "cli.not_sent",
        400,
        tell(
            "The step {step} failed here with {code}, so nothing was sent.",
            "Mend the agent; --no-check sends it all the same.",
        ),
        exit_code=Exit.FAILED_VALIDATION,
    ),
    refuse(
        "cli.sign_in_denied",
        403,
        tell("The sign-in was denied in the browser.", "Run the same command again, and say yes there."),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "cli.sign_in_expired",
        401,
        tell("Nobody confirmed the code in time.", "Run the same command again; the next code is a new one."),
    ),
    refuse(
        "cli.unknown_name",
        404,
        tell("There is no {kind} {name:40}. Did you mean {meant}?", "Names are those of the addresses."),
        tell("There is no {kind} {name:40}.", "Names are those of the addresses."),
    ),
    refuse(
        "cli.interrupted",
        400,
        tell("Stopped. The submission was not made.", "Run the same command again."),
        tell(
            "Stopped; submission {submission} was already accepted.", "coliseum status shows how it goes on."
        ),
        tell("Stopped while {doing}.", "Run the same command again."),
        exit_code=Exit.INTERRUPTED,
    ),
    refuse(
        "cli.cannot_play",
        500,
        tell("{problem}", "coliseum doctor tells what this machine can do."),
    ),
    refuse(
        "cli.extra_missing",
        500,
        tell(
            "This command needs more than the kit. Run: pip install 'coliseum-rl[{extra}]'",
            "The kit alone plays and checks matches here.",
        ),
    ),
    refuse("ops.refused", 409, tell("Refused: {reason}. {remedy}", "Nothing was changed.")),
)
