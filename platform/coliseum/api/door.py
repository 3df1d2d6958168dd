"""What every request to the API goes through, and how the API describes itself."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema

from coliseum.api.answers import answer_error
from coliseum.api.bodies import StrictParser, prepare_body
from coliseum.api.callers import ANYBODY, BearerToken, address_of, caller_of, check_competition, identify
from coliseum.api.clients import refuse_old
from coliseum.api.describing import describe
from coliseum.api.finishing import finished
from coliseum.api.questions import known_parameters, refuse_unknown
from coliseum.api.rates import count_request
from coliseum.api.repeats import done_once
from workers.refusals import RefusedError

_LONGEST_ADDRESS: Final = 8 * 1024
View = Callable[..., HttpResponseBase]


class Door(NinjaAPI):
    """The API with one guard in front of all its addresses."""

    def __init__(self, **facts: Any) -> None:  # Any: NinjaAPI's own keywords
        super().__init__(parser=StrictParser(), **facts)
        for kind in (Exception, ValidationError, HttpError, Http404):
            # ninja's own type also admits exception classes, which it never passes.
            self.add_exception_handler(kind, answer_error)  # type: ignore[arg-type]

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        urls = super()._get_urls()
        urls.append(re_path(r"", _nothing_here))
        known = self._parameters()
        for url in urls:
            if isinstance(url, URLPattern):
                url.callback = _guarded(url.callback, known.get(str(url.pattern), {}))
        return urls

    def _parameters(self) -> dict[str, Mapping[str, tuple[str, ...]]]:
        """Return what may be asked of each address, by its pattern and method."""
        known = {}
        for router in self._get_bound_routers():
            views = [view for view in router.path_operations.values() for _ in view.operations]
            for url, view in zip(router.urls_paths(router.prefix), views, strict=True):
                known[str(url.pattern)] = known_parameters(view.operations)
        return known

    def validation_error_from_error_contexts(
        self,
        error_contexts: list[ValidationErrorContext[Any]],  # Any: pydantic's own
    ) -> ValidationError:
        """Return all errors with what was found, so that the refusal can say it."""
        errors = []
        for context in error_contexts:
            model = context.model
            for error in context.pydantic_validation_error.errors(include_url=False):
                place = model.__ninja_flatten_map_reverse__.get(error["loc"], error["loc"])
                errors.append({**error, "loc": (model.__ninja_param_source__, *place)})
        return ValidationError(errors)

    def get_openapi_schema(self, **facts: Any) -> OpenAPISchema:  # Any: NinjaAPI's own keywords
        """Return the description, with the one error shape, scopes and examples on every operation."""
        schema = super().get_openapi_schema(**facts)
        by_name = {each.operation_id: each for each in self._operations()}
        public = [name for name, each in by_name.items() if each.auth_callbacks == ANYBODY]
        describe(schema, scope_of=lambda name: "" if name in public else _scope(by_name[name]), public=public)
        return schema

    def _operations(self) -> list[Any]:  # Any: ninja's Operation, which it does not export
        return [
            operation
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
        ]


def _scope(operation: Any) -> str:  # Any: ninja's Operation
    return next(each.scope.value for each in operation.auth_callbacks if isinstance(each, BearerToken))


def _nothing_here(request: HttpRequest) -> HttpResponseBase:
    raise Http404


def _guarded(view: View, known: Mapping[str, tuple[str, ...]]) -> View:
    """Put the guard in front of a view: body, caller, rate, and the one error shape."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        method = request.method
        try:
            _admit(request)
            _check_place(request, kwargs)
            refuse_unknown(request, known)
            response = done_once(request, lambda: view(request, *args, **kwargs))
        except Exception as error:
            response = answer_error(request, error)
        request.method = method
        return finished(request, response)

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # `identify` checks it for browsers
    return answer


_CHECKED_LATER: Final = frozenset({"submission_id", "match_id", "tournament_id"})
"""What is named by these is looked up first; whoever looks it up compares its competition."""


def _check_place(request: HttpRequest, named: Mapping[str, object]) -> None:
    """Refuse a token that is for another competition than the address names, or for one where none is named.

    Raises:
        RefusedError: `auth.other_competition`.
    """
    if "slug" in named:
        check_competition(request, str(named["slug"]))
    elif request.method not in {"GET", "DELETE", "OPTIONS"} and _CHECKED_LATER.isdisjoint(named):
        check_competition(request, "")


def _admit(request: HttpRequest) -> None:
    """Let a request in.

    Raises:
        RefusedError: by the length of its address, its headers, its caller or its rate.
    """
    if len(request.get_full_path()) > _LONGEST_ADDRESS:
        raise RefusedError("request.too_large", address_limit="8 kB")
    if request.method == "HEAD":
        # The server leaves out the body; all else is the same.
        request.method = "GET"
    refuse_old(request)
    prepare_body(request)
    try:
        identify(request)
    except RefusedError:
        count_request(request, f"address:{address_of(request)}")
        raise
    count_request(request, caller_of(request).key)
