"""What all pages of a host's console share: the head of the competition, and the console's own tabs."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coliseum.competitions.models import Competition
from coliseum.pages.competitions import frame
from coliseum.pages.parameters import known_only
from coliseum.pages.rows import Row
from workers.refusals import RefusedError

_TABS = (
    ("host-console", pgettext_lazy("a competition, for its host", "How it goes")),
    ("host-entries", gettext_lazy("Entries")),
    ("host-failures", gettext_lazy("Failures")),
    ("host-matches", gettext_lazy("Matches")),
    ("host-integrity", gettext_lazy("Integrity")),
    ("host-announcements", gettext_lazy("Announcements")),
    ("host-phases", gettext_lazy("Seasons and finals")),
    ("host-panel", gettext_lazy("Own agents")),
    ("host-requests", gettext_lazy("Who may join")),
    ("host-cost", gettext_lazy("Cost")),
    ("host-export", gettext_lazy("Export")),
    ("host-webhooks", gettext_lazy("Webhooks")),
)


def console_frame(request: HttpRequest, competition: Competition, current: str) -> Row:
    """Return the context of a console page; `current` is the name of its address."""
    return frame(request, competition, "host-console") | {
        "console_tabs": [
            {"url": reverse(name, args=[competition.slug]), "label": label, "is_current": name == current}
            for name, label in _TABS
        ],
    }


def check_typed(request: HttpRequest, competition: Competition) -> None:
    """Refuse a destructive act unless the competition's short name was typed with it.

    Raises:
        RefusedError: `request.bad_field` beside `confirm`.
    """
    if request.POST.get("confirm", "").strip() != competition.slug:
        raise RefusedError("request.bad_field", name="confirm", wanted=competition.slug, field="confirm")


def no_filters(request: HttpRequest) -> None:
    """Refuse query parameters on a page that has none."""
    known_only(request, ())


def percent(part: int, whole: int) -> str:
    """Return a share for people: `62 %`, or nothing where there is no whole."""
    return _("%(share)d %%") % {"share": round(100 * part / whole)} if whole else ""
