"""Notices in words, made when they are read, in the reader's language."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from coliseum.notices.models import Kind

Facts = Mapping[str, Any]  # Any: JSON values, printed

_TITLES: Final[dict[str, str]] = {
    Kind.VALIDATED: _("%(agent)s passed validation"),
    Kind.REJECTED: _("%(agent)s failed validation: %(code)s"),
    Kind.FIRST_MATCHES: _("%(agent)s has played %(matches)s matches and is at place %(rank)s"),
    Kind.RANK: _("%(agent)s moved from place %(before)s to %(rank)s"),
    Kind.SUSPENDED: _("%(agent)s is suspended"),
    Kind.LET_BACK: _("%(agent)s passed validation again"),
    Kind.BEATEN: _("%(agent)s was beaten by %(winner)s"),
    Kind.DEADLINE: _("%(competition)s closes at %(closes_at)s"),
    Kind.RESULT: _("The result of %(competition)s is final"),
    Kind.ANNOUNCEMENT: _("%(competition)s: %(title)s"),
    Kind.JOIN_ANSWER: _("Your request to join %(competition)s: %(answer)s"),
    f"{Kind.TEAM}:joined": _("%(person)s joined %(team)s"),
    f"{Kind.TEAM}:merged": _("%(other)s merged into %(team)s"),
    f"{Kind.TEAM}:left": _("%(person)s left %(team)s"),
    f"{Kind.TEAM}:removed": _("%(person)s was taken out of %(team)s"),
    f"{Kind.TEAM}:captain": _("%(person)s is captain of %(team)s now"),
    f"{Kind.TEAM}:renamed": _("%(other)s is called %(team)s now"),
    Kind.HOOK_OFF: _("Your webhook to %(host)s was switched off"),
}
_TEXTS: Final[dict[str, str]] = {
    Kind.VALIDATED: _("It can play in %(competition)s now."),
    Kind.REJECTED: _("Its page says why, and how to run the same at home."),
    Kind.FIRST_MATCHES: _("In %(competition)s, with a likely place from %(low)s to %(high)s."),
    Kind.RANK: _("In %(competition)s. The likely place was %(low)s to %(high)s."),
    Kind.SUSPENDED: _("It forfeits too often. Its page has what to do."),
    Kind.LET_BACK: _("The suspension is over."),
    Kind.BEATEN: _("For the first time, in %(competition)s."),
    Kind.DEADLINE: _("After that nobody can submit any more."),
    Kind.JOIN_ANSWER: _("%(reason)s"),
    Kind.TEAM: _("In %(competition)s."),
    Kind.HOOK_OFF: _("It failed for days. Mend it, then switch it on again in your settings."),
}


def title_of(kind: str, facts: Facts) -> str:
    """Return the one line of a notice."""
    return _filled(_TITLES.get(f"{kind}:{facts.get('event')}") or _TITLES.get(kind, ""), facts)


def text_of(kind: str, facts: Facts) -> str:
    """Return what else there is to say, or an empty text."""
    return _filled(_TEXTS.get(kind, ""), facts)


def _filled(pattern: str, facts: Facts) -> str:
    known = defaultdict(str, {name: str(value) for name, value in facts.items()})
    return gettext(pattern) % known if pattern else ""
