"""Refusals at the doors: who asks, and whether the request can be read."""

from typing import Final

from workers.refusals.table import Exit, refuse, tell

_TOKENS: Final = "Make a new token in your settings."
_API: Final = "The API reference lists the fields of each request."

DOORS: Final = (
    refuse(
        "not_found",
        404,
        tell(
            "There is no {kind:40} {id:40}.",
            "Check the address. Private things are shown to their owner only.",
        ),
        tell("There is nothing at this address.", "Check the address, or start from the front page."),
    ),
    refuse(
        "internal",
        500,
        tell("Something went wrong on our side.", "It was logged. Give the request id when you report it."),
    ),
    refuse(
        "service.unavailable",
        503,
        tell("The service is restarting. Nothing was saved; try again in a minute.", "Your form is kept."),
    ),
    refuse(
        "storage.full",
        507,
        tell(
            "The server has no space for uploads now. Nothing was saved; try again later.",
            "The operator has been told.",
        ),
    ),
    refuse(
        "rate.limited",
        429,
        tell(
            "Too many requests: {limit} a minute. Try again in {retry_after} s.",
            "Wait, or ask for more at once.",
        ),
        exit_code=Exit.TROUBLE,
    ),
    refuse(
        "auth.required",
        401,
        tell("Sign in or send an API token.", "coliseum login does both for the command line."),
    ),
    refuse("auth.bad_token", 401, tell("This API token is not valid.", _TOKENS)),
    refuse(
        "auth.bad_credentials",
        400,
        tell(
            "The name and the password do not go together.",
            "Try again, or ask for a new password.",
        ),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.missing_scope",
        403,
        tell("This token may not {action}. It has: {scopes}.", _TOKENS),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.other_competition",
        403,
        tell("This token is for the competition {competition:60} only.", _TOKENS),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.not_allowed",
        403,
        tell("You may not {action}.", "Ask the host of the competition."),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.token_in_url",
        400,
        tell("Send the token in the Authorization header. This token has been revoked.", _TOKENS),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.csrf",
        403,
        tell("This page was open too long. Reload it and try again.", "What you typed is kept."),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.too_many_attempts",
        429,
        tell(
            "Too many attempts. Try again in {minutes:minute|minutes}.",
            "An administrator can give you a link.",
        ),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.bad_origin",
        403,
        tell("This connection comes from another site.", "Open the page on this site."),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.email_unverified",
        403,
        tell("Confirm your e-mail address first.", "Follow the link in the message that was sent to you."),
        exit_code=Exit.NOT_ALLOWED,
    ),
    refuse(
        "auth.provider_failed",
        503,
        tell(
            "The site you sign in with did not answer as it should. Nothing was changed.",
            "Try again in a minute, or sign in another way.",
        ),
        exit_code=Exit.TROUBLE,
    ),
    refuse(
        "mail.unreachable",
        503,
        tell(
            "The message could not be sent. Try again in some minutes.", "The operator finds it in the log."
        ),
        exit_code=Exit.TROUBLE,
    ),
    refuse("request.bad_host", 400, tell("This address is not served here.", "")),
    refuse("request.method", 405, tell("Use {allowed} here.", _API)),
    refuse(
        "request.bad_json",
        400,
        tell("The request body is not valid JSON (line {line}, column {column}).", _API),
        tell("The request body is nested too deeply.", _API),
    ),
    refuse(
        "request.unknown_field",
        400,
        tell("Unknown field: {name:40}. Known: {known}.", _API),
        tell("The request body names {key:40} twice.", _API),
    ),
    refuse("request.missing_field", 400, tell("The field {name:40} is missing.", _API)),
    refuse(
        "request.bad_field",
        400,
        tell("{name:40} must be {wanted}.", "Correct the field and send it again."),
        tell("{name:40} must be {wanted}, not {found}.", "Correct the field and send it again."),
        tell("{name:40} may be at most {most}.", "Ask for less, or in several requests."),
        tell(
            "Cannot sort by {sort:40}. Choose one of: {choices}.", "Put - before a name to reverse the order."
        ),
        tell("Cannot filter by {filter:40}. Choose one of: {choices}.", _API),
        tell(
            "The search text may have at most {most_characters:character|characters}.",
            "Search for fewer words.",
        ),
    ),
    refuse(
        "request.unsupported_media_type",
        415,
        tell("Send application/json or multipart/form-data.", "Set the Content-Type header."),
    ),
    refuse(
        "request.too_large",
        413,
        tell("The request body is larger than {body_limit}.", "Send less at once."),
        tell("The address is longer than {address_limit}.", "Use fewer or shorter parameters.", status=414),
        tell(
            "A header is longer than {header_limit}.", "Delete this site's cookies and try again.", status=431
        ),
        tell("The form has more than {field_limit:field|fields}.", "Send fewer fields.", status=400),
    ),
    refuse(
        "request.bad_idempotency_key",
        400,
        tell("Idempotency-Key must be 1 to 255 letters, digits, '-' or '_'.", "A fresh UUID is a good key."),
    ),
    refuse(
        "request.idempotency_conflict",
        409,
        tell(
            "This Idempotency-Key was used for a different request.", "Use a fresh key for each new request."
        ),
    ),
    refuse(
        "request.in_progress",
        409,
        tell(
            "The first request with this Idempotency-Key is still being answered.",
            "Send it again in a moment with the same key.",
        ),
        exit_code=Exit.TROUBLE,
    ),
    refuse(
        "request.bad_range",
        416,
        tell("The file has {size:byte|bytes}; the part asked for lies outside.", "Ask for the whole file."),
    ),
    refuse(
        "name.length",
        400,
        tell("The name must have {least} to {most:character|characters}.", "Choose a name people can read."),
    ),
    refuse(
        "name.characters",
        400,
        tell(
            "The name has invisible or control characters ({point} at position {position}).",
            "Type the name again.",
        ),
        tell("The name may have {allowed} only.", "Type the name again."),
    ),
    refuse(
        "name.taken",
        409,
        tell("The name {name:80} is too similar to an existing one.", "Choose another name."),
    ),
)
