"""What every request to the API goes through, and how the API describes itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema

from coliseum.api.answers import answer_error
from coliseum.api.bodies import StrictParser, discard_upload, prepare_body
from coliseum.api.callers import ANYBODY, address_of, caller_of, identify
from coliseum.api.rates import count_request
from workers.refusals import RefusedError

_LONGEST_ADDRESS: Final = 8 * 1024
_ERROR: Final = {
    "title": "Refusal",
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "field", "hint", "request_id"],
            "properties": {
                "code": {"type": "string", "description": "Dotted code, as listed in docs/errors.md."},
                "message": {"type": "string"},
                "field": {"type": ["string", "null"], "description": "The field that must be changed."},
                "hint": {"type": "string", "description": "What to do next."},
                "request_id": {"type": "string", "description": "Name it when you report a fault of ours."},
            },
        }
    },
}

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
        for url in urls:
            if isinstance(url, URLPattern):
                url.callback = _guarded(url.callback)
        return urls

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
        """Return the description, with the one error shape on every operation."""
        schema = super().get_openapi_schema(**facts)
        schema["components"]["schemas"]["Refusal"] = _ERROR
        refused = {
            "description": "Refused, or a fault of ours: one shape for all.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
        public = [operation for operation in self._operations() if operation.auth_callbacks == ANYBODY]
        names = {self.get_openapi_operation_id(operation) for operation in public}
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"]["default"] = refused
                if operation["operationId"] in names:
                    operation["security"] = [{}, *operation["security"]]
        return schema

    def _operations(self) -> list[Any]:  # Any: ninja's Operation, which it does not export
        return [
            operation
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
        ]


def _nothing_here(request: HttpRequest) -> HttpResponseBase:
    raise Http404


def _guarded(view: View) -> View:
    """Put the guard in front of a view: body, caller, rate, and the one error shape."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        method = request.method
        try:
            _admit(request)
            response = view(request, *args, **kwargs)
        except Exception as error:
            response = answer_error(request, error)
        request.method = method
        if response.status_code >= 400:
            discard_upload(request)
        if response.status_code == 405:
            allowed = sorted(response["Allow"].split(", "))
            refusal = RefusedError(
                "request.method", allowed=" or ".join(allowed), headers={"Allow": ", ".join(allowed)}
            )
            response = answer_error(request, refusal)
        # Answers differ by who asks; a shared cache must keep none of them.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Vary", "Authorization, Cookie")
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # `identify` checks it for browsers
    return answer


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
    prepare_body(request)
    try:
        identify(request)
    except RefusedError:
        count_request(request, f"address:{address_of(request)}")
        raise
    count_request(request, caller_of(request).key)
