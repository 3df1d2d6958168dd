"""Tells whoever wrote a markdown text what of it is not shown, and why nobody sees it."""

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from coliseum.pages.markdown import left_out

_NAMED: Final = 8


def tell_left_out(request: HttpRequest, texts: Mapping[str, str]) -> None:
    """Say once after saving what is left out of the texts, by what they are called."""
    for label, text in texts.items():
        found = left_out(text)
        if not found:
            continue
        named = ", ".join(found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
        said = _("%(text)s is saved. Not shown as it was meant: %(found)s. ") % {
            "text": label,
            "found": named,
        }
        why = _(
            "Tags stand as text; pictures and links that are no http, https or mailto addresses are left out."
        )
        messages.warning(request, said + why)
