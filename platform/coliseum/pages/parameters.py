"""Reading ids and query parameters: what cannot be read is refused, never guessed."""

import re
from collections.abc import Collection
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from coliseum.ids import LENGTH
from coliseum.pages.hub import hub
from workers.refusals import RefusedError

SEARCH_CHARACTERS = 200
_ID = re.compile(rf"[0-9a-z]{{{LENGTH}}}")
_SLUG = re.compile(r"[a-z0-9-]{1,60}")
_NUMBER = re.compile(r"[0-9]{1,6}")


def known_id(kind: str, value: str) -> str:
    """Return an id that may exist.

    Raises:
        RefusedError: `not_found` for a text that no id looks like.
    """
    if not _ID.fullmatch(value):
        raise RefusedError("not_found", kind=kind, id=value)
    return value


def known_slug(value: str) -> str:
    """Return a competition's slug that may exist.

    Raises:
        RefusedError: `not_found` for a text that no slug looks like.
    """
    if not _SLUG.fullmatch(value):
        raise RefusedError("not_found", kind="competition", id=value)
    return value


def number(request: HttpRequest, name: str, *, least: int, otherwise: int) -> int:
    """Return a whole number from the query.

    Raises:
        RefusedError: `request.bad_field`.
    """
    value = request.GET.get(name, "")
    if not value:
        return otherwise
    if not _NUMBER.fullmatch(value) or int(value) < least:
        wanted = f"a whole number from {least}"
        raise RefusedError("request.bad_field", name=name, wanted=wanted, field=name)
    return int(value)


def page_number(request: HttpRequest) -> int:
    """Return the page asked for, 1 if none is.

    Raises:
        RefusedError: `request.bad_field`.
    """
    return number(request, "page", least=1, otherwise=1)


def optional_id(request: HttpRequest, name: str) -> str:
    """Return an id from the query, or an empty text.

    Raises:
        RefusedError: `request.bad_field`.
    """
    value = request.GET.get(name, "")
    if value and not _ID.fullmatch(value):
        raise RefusedError("request.bad_field", name=name, wanted="an id as the links have it", field=name)
    return value


def choice(request: HttpRequest, name: str, choices: Collection[str]) -> str:
    """Return one of the words allowed, or an empty text if none was given.

    Raises:
        RefusedError: `request.bad_field`.
    """
    value = request.GET.get(name, "")
    if value and value not in choices:
        raise RefusedError(
            "request.bad_field", name=name, wanted=f"one of {', '.join(choices)}", found=value, field=name
        )
    return value


def search_text(request: HttpRequest, name: str = "q") -> str:
    """Return the trimmed search text.

    Raises:
        RefusedError: `request.bad_field` when it is too long or holds a zero byte.
    """
    value = request.GET.get(name, "").strip()
    if len(value) > SEARCH_CHARACTERS:
        raise RefusedError("request.bad_field", most_characters=SEARCH_CHARACTERS, field=name)
    if "\0" in value:
        raise RefusedError("request.bad_field", name=name, wanted="ordinary text", field=name)
    return value


def known_only(request: HttpRequest, known: Collection[str]) -> None:
    """Refuse query parameters that the page does not know, so that a typo is not taken for a filter.

    Raises:
        RefusedError: `request.bad_field`.
    """
    for name in request.GET:
        if "__" in name or name in {"sort", "order", "order_by"} - set(known):
            raise RefusedError("request.bad_field", filter=name, choices=", ".join(known), field=name)


def with_query(request: HttpRequest, **changes: str) -> str:
    """Return the present address with some query parameters changed; an empty value removes one."""
    kept = {name: value for name, value in request.GET.items() if value and name not in changes}
    query = urlencode(kept | {name: value for name, value in changes.items() if value})
    return f"?{query}" if query else request.path


def live_url(*topics: str) -> str:
    """Return the address of the event stream for some topics."""
    query = [("topic", topic) for topic in topics] + [("last", hub.mark)]
    return f"{reverse('live')}?{urlencode(query)}"
