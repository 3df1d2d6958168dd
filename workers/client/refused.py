"""Refusals that a server worded, shown as they came."""

import json
from typing import Any

from workers.refusals import REFUSALS, Exit, RefusedError

_MOST_SECONDS = 86_400
_BAD_REQUEST = 400


class ServerRefusedError(RefusedError):
    """A refusal in the server's words.

    Args:
        body: the refusal: `code`, `message`, and perhaps `hint`, `field`, `request_id`, `problems`.
        status: of the answer.
        retry_after: seconds after which to try again, where the server said it.

    Raises:
        KeyError, TypeError: it is none.
    """

    def __init__(self, body: dict[str, Any], status: int, retry_after: int | None = None) -> None:
        # Not RefusedError's own: the words are not in our table, and need not be.
        self.code, self.message = str(body["code"]), str(body["message"])
        Exception.__init__(self, self.message)
        self.hint, self.field = str(body.get("hint") or ""), str(body.get("field") or "")
        self.request_id = str(body.get("request_id") or "")
        self.problems = [each for each in body.get("problems") or () if isinstance(each, dict)]
        self.status, self.retry_after = status, retry_after
        self.headers, self.values = {}, {}
        known = REFUSALS.get(self.code)
        self.exit_code = known.exit_code if known else Exit.TROUBLE if status >= 500 else Exit.REFUSED

    def as_problem(self, request_id: str = "") -> dict[str, dict[str, Any]]:
        """Return the JSON body every door sends, with what the server added to it."""
        body: dict[str, Any] = super().as_problem(request_id or self.request_id)["error"]
        return {"error": body | ({"problems": self.problems} if self.problems else {})}


def refusal_of(content: bytes, status: int, retry_after: str | None, host: str) -> RefusedError:
    """Return the refusal that an answer holds; `cli.bad_answer` where it holds none.

    Args:
        content: body of the answer.
        status: 400 or more, or a redirect that is not followed.
        retry_after: the header, if there is one.
        host: who answered.
    """
    wait = None
    if retry_after and retry_after.isascii() and retry_after.isdigit():
        wait = min(int(retry_after[:9]), _MOST_SECONDS)
    try:
        body = json.loads(content)
        if isinstance(body["error"], str) and status == _BAD_REQUEST:
            # The shape of RFC 6749, as the sign-in of devices answers.
            body = {"error": {"code": body["error"], "message": body.get("error_description", body["error"])}}
        return ServerRefusedError(body["error"], status, wait)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return RefusedError("cli.bad_answer", host=host)
