"""The one exception for what a person can put right."""

from collections.abc import Mapping, Sequence
from typing import Final

from workers.refusals.arenas import ARENAS
from workers.refusals.commands import COMMANDS
from workers.refusals.contests import CONTESTS
from workers.refusals.doors import DOORS
from workers.refusals.finals import FINALS
from workers.refusals.hosting import HOSTING
from workers.refusals.ledgers import LEDGERS
from workers.refusals.models import MODELS
from workers.refusals.play import PLAY
from workers.refusals.retelling import Translate, said
from workers.refusals.table import Exit, Refusal, Wording, collect
from workers.refusals.text import render
from workers.refusals.tournaments import TOURNAMENTS
from workers.refusals.uploads import UPLOADS
from workers.refusals.webhooks import WEBHOOKS

REFUSALS: Final[Mapping[str, Refusal]] = collect(
    UPLOADS, MODELS, DOORS, ARENAS, CONTESTS, FINALS, LEDGERS, TOURNAMENTS, HOSTING, PLAY, COMMANDS, WEBHOOKS
)
"""Every code of the project, by its dotted name."""


class RefusedError(Exception):
    """Somebody asked for what cannot be done; the doors show code, message and hint, and nothing broke.

    Args:
        code: a key of `REFUSALS`.
        field: the form field to show the message beside.
        retry_after: whole seconds after which to try again; sent as a header.
        headers: further response headers.
        values: what the wording asks for; the names given choose among several wordings of a code.

    Raises:
        LookupError: there is no such code, or no wording of it with exactly these names: a bug.
    """

    def __init__(
        self,
        code: str,
        /,
        *,
        field: str = "",
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        refusal = REFUSALS.get(code)
        if refusal is None:
            raise LookupError(f"there is no refusal code {code!r}")
        wording = _wording(refusal, values)
        given = values if retry_after is None else values | {"retry_after": retry_after}
        self.code: str = code
        self.values: dict[str, object] = values
        self._wording = wording
        self._given = given
        self.message: str = render(wording.message, given)
        self.hint: str = render(wording.hint, given)
        self.status: int = wording.status or refusal.status
        self.exit_code: Exit = refusal.exit_code
        self.field: str = field
        self.retry_after: int | None = retry_after
        self.headers: dict[str, str] = _headers(self.status, retry_after) | dict(headers or {})
        super().__init__(self.message)

    def said(self, translate: Translate) -> tuple[str, str]:
        """Return message and hint in another language, the values put in after translating."""
        hint = self._wording.hint
        message = said(self._wording.message, self._given, translate)
        return message, said(hint, self._given, translate) if hint else ""

    def as_problem(self, request_id: str = "") -> dict[str, dict[str, str | None]]:
        """Return the JSON body every door sends for a refusal."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "field": self.field or None,
                "hint": self.hint,
                "request_id": request_id,
            }
        }


def unknown_arena(arena: str, suggestions: Sequence[str] = (), *, field: str = "") -> RefusedError:
    """Return the refusal of an arena id, with what was probably meant."""
    if not suggestions:
        return RefusedError("arena.unknown", arena=arena, field=field)
    return RefusedError("arena.unknown", arena=arena, suggestions=" or ".join(suggestions), field=field)


def _wording(refusal: Refusal, values: Mapping[str, object]) -> Wording:
    for wording in refusal.wordings:
        if wording.fields == values.keys():
            return wording
    wanted = " or ".join(str(sorted(wording.fields)) for wording in refusal.wordings)
    raise LookupError(f"{refusal.code} needs {wanted}, was given {sorted(values)}")


def _headers(status: int, retry_after: int | None) -> dict[str, str]:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return headers | {"WWW-Authenticate": "Bearer"} if status == 401 else headers
