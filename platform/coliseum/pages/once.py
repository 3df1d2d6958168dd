"""Forms that act once, however often they are sent: double clicks, and buttons met again by going back.

How it works. Django hides its token anew in every page it makes, so that two forms are the same to the byte
only if both came from one page and nothing was changed in between. What such a form did is kept for a day as
the answers to requests with an Idempotency-Key are; the same form again is led to where the first one led.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from coliseum.idempotency.models import KeptAnswer
from coliseum.idempotency.services import (
    begin_request,
    fingerprint,
    forget_request,
    keep_answer,
    kept_content,
)
from workers.refusals import RefusedError

_View = TypeVar("_View", bound=Callable[..., HttpResponse])
_WAIT_SECONDS: Final = 5.0
"""So long does the second click wait for the first one's answer."""
_STEP_SECONDS: Final = 0.1


def once(view: _View) -> _View:
    """Do what a form asks for the first time it comes; stands below `login_required`."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST" or request.FILES or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        begun, is_new = _begin(request)
        if not is_new:
            return HttpResponseRedirect(kept_content(begun).decode())
        try:
            response = view(request, *args, **kwargs)
        except BaseException:
            forget_request(begun=begun)
            raise
        if response.status_code == 302:
            keep_answer(begun=begun, status=302, content=response["Location"].encode())
        else:
            forget_request(begun=begun)
        return response

    return cast(_View, answer)


def _begin(request: HttpRequest) -> tuple[KeptAnswer, bool]:
    """Begin a form, or wait until the same one is answered.

    Raises:
        RefusedError: `request.in_progress`.
    """
    fields = repr(sorted(request.POST.lists())).encode()
    same = fingerprint("POST", request.get_full_path(), fields)
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            return begin_request(user_id=cast(int, request.user.pk), key=f"form-{same}", request=same)
        except RefusedError as error:
            if error.code != "request.in_progress" or time.monotonic() > until:
                raise
        time.sleep(_STEP_SECONDS)
