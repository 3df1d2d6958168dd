"""Forms about seasons and finals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coliseum.competitions.phases import FINAL_OPTIONS
from coliseum.pages.forms import RefusableForm

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _number(name: str, label: Any, help_text: Any) -> forms.IntegerField:  # Any: lazy texts
    default, least, most = FINAL_OPTIONS[name]
    return forms.IntegerField(
        label=label, initial=default, min_value=least, max_value=most, help_text=help_text
    )


class SeasonForm(RefusableForm):
    """Closing a season."""

    reason = forms.CharField(label=_("Reason, for everybody to read"), max_length=400)
    keeps_champion = forms.BooleanField(
        label=_("Keep a copy of number 1 in play as an agent of the house"), required=False
    )
    opens_next = forms.BooleanField(label=_("Open the next season at once"), required=False, initial=True)


class FinalForm(RefusableForm):
    """Announcing a final."""

    naming_ends_at = forms.DateTimeField(
        label=_("Finalists are named until (UTC)"),
        widget=_MOMENT,
        help_text=_("Then the final begins by itself."),
    )
    finalists_per_owner = _number(
        "finalists_per_owner",
        _("Finalists of each owner"),
        _("Who names none enters the best and the latest."),
    )
    prize_places = _number("prize_places", _("Prize places"), _("These are told from the rest."))
    budget_episodes = _number(
        "budget_episodes", _("Most episodes of a finalist"), _("Places that are open then are shared.")
    )


class DeadlineForm(RefusableForm):
    """Another end of the naming."""

    naming_ends_at = forms.DateTimeField(label=_("Finalists are named until (UTC)"), widget=_MOMENT)
    reason = forms.CharField(label=_("Reason, for everybody to read"), max_length=400)


class ReasonForm(RefusableForm):
    """An act that only wants a reason."""

    reason = forms.CharField(label=_("Reason, for everybody to read"), max_length=400)


class RemarkForm(RefusableForm):
    """An act that may have a remark."""

    reason = forms.CharField(label=_("Remark, for everybody to read"), max_length=300, required=False)
