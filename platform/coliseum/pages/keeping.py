"""Forms that are not lost: who was signed out, or whose page was open too long, gets what was typed back."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from workers.refusals import RefusedError

_View = TypeVar("_View", bound=Callable[..., HttpResponse])
Keeper = Callable[[HttpRequest, RefusedError], HttpResponse]


def keeps_form(keeper: Keeper) -> Callable[[_View], _View]:
    """Name who answers a form of this view that came too late, with all that was typed in it."""

    def decorate(view: _View) -> _View:
        view.__dict__["keeper"] = keeper
        return view

    return decorate


def keeper_of(request: HttpRequest) -> Keeper | None:
    """Return who answers this request's form if it came too late; None where nobody was named."""
    view: Any = request.resolver_match.func if request.resolver_match else None  # Any: Django's own type
    return getattr(view, "keeper", None)
