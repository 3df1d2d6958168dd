"""What may stand after the question mark: each address knows its parameters and refuses all others."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.http import HttpRequest

from workers.refusals import RefusedError

MOST_CHARACTERS: Final = 200
"""Of a text that is searched for."""


def known_parameters(operations: Iterable[Any]) -> Mapping[str, tuple[str, ...]]:  # Any: ninja's Operation
    """Return the names of the query parameters of the operations at one address, by method."""
    known: dict[str, tuple[str, ...]] = {}
    for operation in operations:
        names = tuple(
            str(name)
            for model in operation.models
            if model.__ninja_param_source__ == "query"
            for name in model.__ninja_flatten_map__
        )
        known |= dict.fromkeys(operation.methods, names)
    return known


def refuse_unknown(request: HttpRequest, known: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a parameter that the address does not have: it would be a filter that filters nothing.

    Raises:
        RefusedError: `request.bad_field` with the parameters there are.
    """
    names = known.get(request.method or "")
    if names is None:
        return
    for name in request.GET:
        if name not in names:
            choices = ", ".join(names) or "nothing"
            raise RefusedError("request.bad_field", filter=name, choices=choices, field=name[:40])
    search = request.GET.get("q", "")
    if len(search) > MOST_CHARACTERS:
        raise RefusedError("request.bad_field", most_characters=MOST_CHARACTERS, field="q")
