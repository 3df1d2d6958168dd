"""Times, sizes, numbers and outcomes in words, as every page shows them."""

from datetime import datetime, timedelta

from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from coliseum import clock
from workers.refusals import OUTCOMES

_UNITS = ((86_400, pgettext_lazy("days", "d")), (3_600, "h"), (60, "min"))
_KIB = 1024


def ago(moment: datetime | None) -> str:
    """Return how long ago something was: `now`, `3 min ago`, `2 d ago`, or the date if over 30 days."""
    if moment is None:
        return ""
    seconds = int((clock.now() - moment).total_seconds())
    if seconds < 60:
        return (
            pgettext("how long ago", "now") if seconds < 10 else _("%(time)s ago") % {"time": f"{seconds} s"}
        )
    if seconds > 30 * 86_400:
        return moment.strftime("%Y-%m-%d")
    return _("%(time)s ago") % {"time": _largest_unit(seconds)}


def until(moment: datetime | None) -> str:
    """Return how long something is away: `in 6 d`, or an empty text if it is past."""
    if moment is None:
        return ""
    seconds = int((moment - clock.now()).total_seconds())
    if seconds < 0:
        return ""
    return _("in less than a minute") if seconds < 60 else _("in %(time)s") % {"time": _largest_unit(seconds)}


def _largest_unit(seconds: int) -> str:
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def took(seconds: float) -> str:
    """Return a duration: `0.8 ms`, `12 ms`, `1.2 s`, `3 min 20 s`."""
    if seconds < 0.01:
        return f"{seconds * 1000:.2g} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def size(count: float) -> str:
    """Return a number of bytes: `512 B`, `1.4 kB`, `50 MB` (1 kB is 1024 B)."""
    for unit in ("B", "kB", "MB"):
        if count < _KIB:
            return f"{count:.3g} {unit}" if count < 10 else f"{count:.0f} {unit}"
        count /= _KIB
    return f"{count:.3g} GB"


def counted(count: float) -> str:
    """Return a whole number in groups of three: `1,204`; a narrow space where a comma would part decimals."""
    text = f"{count:,.0f}"
    return text if get_language() in {"en", None} else text.replace(",", "\N{NARROW NO-BREAK SPACE}")


def amount(count: int, one: str, many: str) -> str:
    """Return a count with its noun in the language of the page: `1 agent`, `1,204 matches`.

    Whoever collects the texts to translate takes both nouns from the calls: write them out.
    """
    return f"{counted(count)} {ngettext(one, many, count)}"


def score(value: float | None) -> str:
    """Return a score without needless digits: `1`, `0.5`, `-123.4`."""
    if value is None:
        return ""
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e9 else f"{value:.4g}"


def outcome_label(outcome: str) -> str:
    """Return the chip's words for an outcome."""
    known = OUTCOMES.get(outcome)
    return _(known.label) if known else outcome


def span(start: datetime, end: datetime | None) -> str:
    """Return the time between two moments, or an empty text while the second is open."""
    return took((end - start) / timedelta(seconds=1)) if end else ""


def share(value: float | None) -> str:
    """Return a share of one in per cents: `62 %`, `0.4 %`; nothing for what is unknown."""
    if value is None:
        return ""
    return f"{100 * value:.0f} %" if value >= 0.0095 or value == 0 else f"{100 * value:.1f} %"
