"""allauth's views in our house: our methods, our statuses, never kept by a cache."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from coliseum.pages.methods import require_http_methods
from workers.refusals import RefusedError

View = Callable[..., HttpResponseBase]


def ours(view: View, *methods: str) -> View:
    """Return a view of allauth's that answers as our own do.

    Args:
        view: what allauth offers.
        methods: what it takes; visits and forms if none is named.
    """

    @require_http_methods(*(methods or ("GET", "HEAD", "POST")))
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            _tell_forms(request, response)
        response["Cache-Control"] = "private, no-store"
        return response

    return answer


def with_passkeys(view: View) -> View:
    """Return a view that reads what a passkey answered, which anybody may have written.

    allauth's reader of it fails by whatever is missing or of another kind.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            if request.method != "POST" or not request.POST.get("credential"):
                raise
            wanted = "what a passkey answered"
            raise RefusedError("request.bad_field", name="credential", wanted=wanted) from error

    return answer


def _tell_forms(request: HttpRequest, response: TemplateResponse) -> None:
    """Give a refused form its status, and take away the placeholders that repeat the labels."""
    for form in (response.context_data or {}).values():
        for field in getattr(form, "fields", {}).values():
            field.widget.attrs.pop("placeholder", None)
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 400
