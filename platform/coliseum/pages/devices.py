"""Device login: a program without a browser shows a code, and a signed-in person says yes to it (RFC 8628).

How it works. The program asks `/device/code` for a pair of codes and polls `/device/token`. The person
opens `/device`, types the short code, sees who asks for what, and confirms. The answer to the program is then
one of our own API tokens, which stands in the person's settings like any other.
"""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.idp.oidc.internal.oauthlib import device_codes
from allauth.idp.oidc.models import Client
from allauth.idp.oidc.views import DeviceAuthorizationView, DeviceCodeView, TokenView
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from oauthlib.oauth2.rfc6749.errors import UnsupportedGrantTypeError

from coliseum.accounts.devices import DAYS, SCOPES, ensure_command_line
from coliseum.accounts.models import Scope, User
from coliseum.accounts.services import create_token
from coliseum.pages.methods import require_form, require_POST


class _Codes(DeviceCodeView):  # type: ignore[misc]  # allauth is not typed
    """Gives a program its pair of codes."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: as in allauth
        """Make the pair, for the scopes asked for."""
        ensure_command_line()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer


class _Token(TokenView):  # type: ignore[misc]  # allauth is not typed
    """Gives a program its token once the person has said yes."""

    http_method_names = ["post"]

    def _create_token_response(
        self, request: HttpRequest, *, user: Any = None, data: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not isinstance(user, User) or data is None:
            raise UnsupportedGrantTypeError()
        token, secret = create_token(
            user=user,
            name=request.POST.get("name", "") or "command line",
            scopes=data["scope"] or list(SCOPES),
            days=DAYS,
        )
        answer = {
            "access_token": secret,
            "token_type": "Bearer",
            "expires_in": DAYS * 24 * 3600,
            "scope": " ".join(token.scopes),
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})


class _Question(DeviceAuthorizationView):  # type: ignore[misc]  # allauth is not typed
    """Asks the person for the short code, and whether to let the program in."""

    def _dispatch_authorization(
        self, request: HttpRequest, user_code: str, device_code: str, client: Client
    ) -> HttpResponse:
        asked = cache.get(device_codes.cache_device_code_key(device_code)) or {}
        may = [str(Scope(scope).label) for scope in asked.get("scope") or SCOPES]
        context = {"user_code": user_code, "program": client.name, "may": may, "days": DAYS}
        if request.method != "POST":
            return render(request, "people/device_confirm.html", context)
        is_yes = request.POST.get("action") == "confirm"
        if is_yes:
            return self._confirmed(request, device_code, context)
        device_codes.confirm_or_deny_device_code(request.user, device_code, confirm=False)
        return render(request, "people/device_done.html", context | {"is_yes": False})

    @method_decorator(reauthentication_required)
    def _confirmed(self, request: HttpRequest, device_code: str, context: dict[str, object]) -> HttpResponse:
        device_codes.confirm_or_deny_device_code(request.user, device_code, confirm=True)
        return render(request, "people/device_done.html", context | {"is_yes": True})


code = require_POST(_Codes.as_view())
token = require_POST(_Token.as_view())
question = require_form(_Question.as_view())
# allauth exempts this page; somebody else's page must not be able to say yes.
question.csrf_exempt = False  # type: ignore[attr-defined]  # what Django's middleware reads
