"""Which methods an address takes; the others are refused with a page that names them."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest

from workers.refusals import RefusedError

_Rest = ParamSpec("_Rest")
_Answer = TypeVar("_Answer")
_View = Callable[..., _Answer]


def require_http_methods(*allowed: str) -> Callable[[_View[_Answer]], _View[_Answer]]:
    """Refuse every method but these with `request.method` and an Allow header."""

    def decorate(view: _View[_Answer]) -> _View[_Answer]:
        @wraps(view)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> _Answer:
            if request.method not in allowed:
                raise RefusedError(
                    "request.method", allowed=" or ".join(allowed), headers={"Allow": ", ".join(allowed)}
                )
            return view(request, *args, **kwargs)

        if iscoroutinefunction(view):
            markcoroutinefunction(checked)
        return checked

    return decorate


require_safe = require_http_methods("GET", "HEAD")
require_POST = require_http_methods("POST")  # noqa: N816 - as Django calls it
require_form = require_http_methods("GET", "HEAD", "POST")
