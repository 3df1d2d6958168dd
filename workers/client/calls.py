"""What all calls of the client share: typed answers, lists page by page, files."""

import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol, TypeAlias, TypeVar

import msgspec

from workers.client.wire import API, Call, Wire
from workers.refusals import RefusedError

_PAGE: Final = 100
_ALL: Final = 1 << 62
JSON: Final = "application/json"

TOML: Final = "application/toml"

Place: TypeAlias = tuple[str, ...]
Content: TypeAlias = Mapping[str, object] | bytes | None
A = TypeVar("A")
B = TypeVar("B")
Item_co = TypeVar("Item_co", covariant=True)


class Page(Protocol[Item_co]):
    """A part of a list."""

    @property
    def items(self) -> tuple[Item_co, ...]:
        """Return what is in it."""

    @property
    def next(self) -> str | None:
        """Return the cursor of the next part, None at the end."""


class Calls:
    """Base of the groups of calls.

    Args:
        wire: what sends them.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def _get(self, form: type[A], place: Place, query: Mapping[str, object]) -> A:
        return self._understood(self._wire.send(Call("GET", place, _asked(query))), form)

    def _list(
        self, form: type[Page[Item_co]], place: Place, query: Mapping[str, object], *, most: int | None
    ) -> Iterator[Item_co]:
        """Yield the items of all pages, `most` at most; pages are read as they are needed."""
        size = str(_PAGE if most is None else min(_PAGE, most))
        cursor: str | None = ""
        seen: set[str] = set()
        left = _ALL if most is None else most
        while cursor is not None and left > 0:
            asked = _asked(query) | {"limit": size, "cursor": cursor}
            page = self._understood(self._wire.send(Call("GET", place, asked)), form)
            yield from page.items[:left]
            left -= len(page.items)
            cursor = page.next
            if cursor in seen:
                # A server that goes round in circles is not followed for ever.
                raise RefusedError("cli.bad_answer", host=self._wire.host)
            seen.add(cursor or "")

    def _write(self, method: str, form: type[A], place: Place, content: Content) -> A:
        return self._understood(self._sent(method, place, content), form)

    def _write_either(
        self, method: str, forms: tuple[type[A], type[B]], place: Place, content: Content
    ) -> A | B:
        """Send something that has two answers; they differ in what they must have."""
        answer = self._sent(method, place, content)
        try:
            return self._understood(answer, forms[0])
        except RefusedError:
            return self._understood(answer, forms[1])

    def _do(self, method: str, place: Place, content: Content) -> None:
        self._sent(method, place, content)

    def _sent(self, method: str, place: Place, content: Content) -> bytes:
        """Send something under a key of its own, so that it may be sent again and is still done once."""
        kind = TOML if isinstance(content, bytes) else JSON
        if content is None:
            # Some servers ask for a length also where there is nothing.
            content = b""
        elif not isinstance(content, bytes):
            given = {name: value for name, value in content.items() if value is not None}
            content = msgspec.json.encode(given)
        key = uuid.uuid4().hex if method == "POST" else ""
        return self._wire.send(Call(method, place, body=content, kind=kind, key=key))

    def _save(
        self,
        path: Path | str,
        place: Place,
        query: Mapping[str, object],
        *,
        root: str = API,
    ) -> int:
        """Write an answer into a file that appears only when all of it is there; return its length."""
        target = Path(path)
        draft = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with draft.open("wb") as file:
                length = self._wire.fetch(Call("GET", place, _asked(query), accept="*/*", root=root), file)
            draft.replace(target)
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise RefusedError("cli.usage", problem=f"{target} cannot be written: {problem}.") from error
        finally:
            draft.unlink(missing_ok=True)
        return length

    def _understood(self, content: bytes, form: type[A]) -> A:
        """Return an answer in the form that is expected of it; unknown fields are ignored.

        Raises:
            RefusedError: `cli.bad_answer` where it has another form.
        """
        try:
            return msgspec.json.decode(content, type=form)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RefusedError("cli.bad_answer", host=self._wire.host) from error


def _asked(query: Mapping[str, object]) -> dict[str, str]:
    """Return what stands behind the question mark; what is None or empty is left out."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in query.items()
        if value is not None and value != ""
    }
