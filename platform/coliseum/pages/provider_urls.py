"""The addresses of signing in with other sites; there only when one is configured."""

import logging
from collections.abc import Callable, Sequence
from functools import wraps

from allauth.socialaccount import views
from allauth.urls import build_provider_urlpatterns
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from requests import RequestException

from coliseum.pages.account_views import ours
from workers.refusals import RefusedError

logger = logging.getLogger(__name__)
_View = Callable[..., HttpResponseBase]


def _careful(view: _View) -> _View:
    """Return a view of allauth's that says so where another site is away, or answers nonsense."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except (RequestException, KeyError, TypeError, ValueError) as error:
            logger.warning("provider_failed", extra={"problem": type(error).__name__})
            raise RefusedError("auth.provider_failed", retry_after=60) from error
        response["Cache-Control"] = "private, no-store"
        return response

    return answer


def _with_care(patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Wrap the views of all these addresses."""
    for each in patterns:
        if isinstance(each, URLResolver):
            _with_care(each.url_patterns)
        else:
            each.callback = _careful(each.callback)
    return list(patterns)


urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/connections", ours(views.connections), name="socialaccount_connections"),
    path("sign-up/with", ours(views.signup), name="socialaccount_signup"),
    path(
        "sign-in/with/stopped",
        ours(views.login_cancelled, "GET", "HEAD"),
        name="socialaccount_login_cancelled",
    ),
    path("sign-in/with/failed", ours(views.login_error, "GET", "HEAD"), name="socialaccount_login_error"),
    path("sign-in/with/", include(_with_care(build_provider_urlpatterns()))),
]
