"""What the frame of every page needs: theme, who is signed in, request id."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.league.incidents import open_titles
from coliseum.pages.languages import choices
from coliseum.pages.script_words import script_name
from coliseum.pages.told import bell

THEMES = ("auto", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """Return the theme chosen in the cookie, `auto` if none or nonsense."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "auto"


def site(request: HttpRequest) -> dict[str, Any]:  # Any: a template context
    """Return the context of the frame; `section` and `live_url` come from the views."""
    user = getattr(request, "user", None)
    viewer = _viewer(user) if isinstance(user, User) else None
    return {
        "site_title": "Coliseum",
        "site_url": settings.SITE_URL,
        "theme": theme_of(request),
        "languages": choices(),
        "words_script": script_name(get_language() or ""),
        "viewer": viewer,
        "is_host": bool(viewer and viewer["is_host"]),
        "open_incidents": open_titles(),
        "request_id": request.META.get("REQUEST_ID", ""),
    }


def _viewer(user: User) -> dict[str, Any]:  # Any: a template context
    is_host = user.is_staff or user.may_host
    links = [
        {"url": reverse("mine"), "label": _("My agents"), "icon": "agent"},
        {"url": reverse("person", args=[user.username]), "label": _("My page"), "icon": "user"},
    ]
    if is_host:
        links.append({"url": reverse("host"), "label": _("Host"), "icon": "trophy"})
    if user.is_staff:
        links.append({"url": reverse("administration"), "label": _("Administration"), "icon": "fix"})
    links.append({"url": reverse("settings"), "label": _("Settings"), "icon": "user"})
    return {
        "name": user.username,
        "url": reverse("mine"),
        "links": links,
        "is_host": is_host,
        # Of the event stream: where the page has one, the bell counts on by itself.
        "topic": f"person:{user.pk}",
        # Asked for by the header alone: fragments have none.
        "bell": lambda: bell(user),
    }
