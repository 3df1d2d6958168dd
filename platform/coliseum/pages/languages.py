"""The language of the pages: chosen in the footer, else as the browser asks."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from coliseum.accounts.models import User
from coliseum.accounts.services import choose_language
from coliseum.pages.methods import require_POST
from coliseum.pages.people import next_address
from coliseum.pages.rows import Row
from workers.refusals import RefusedError

_YEAR = 365 * 24 * 60 * 60


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie and go back."""
    chosen = request.POST.get("language", "")
    known = [code for code, _ in settings.LANGUAGES]
    if chosen not in known:
        wanted = f"one of {', '.join(known)}"
        raise RefusedError("request.bad_field", name="language", wanted=wanted, field="language")
    if isinstance(request.user, User):
        choose_language(user=request.user, language=chosen)
    response = redirect(next_address(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
    )
    return response


def choices() -> list[Row]:
    """Return the languages by their own names, and which one this page is in; nothing where there is one."""
    if len(settings.LANGUAGES) < 2:
        return []
    current = translation.get_language()
    return [{"code": code, "name": name, "is_current": code == current} for code, name in settings.LANGUAGES]
