"""Forms about seasons and finals."""

from django import forms

from coliseum.competitions.phases import FINAL_OPTIONS
from coliseum.pages.forms import RefusableForm

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _number(name: str, label: str, help_text: str = "") -> forms.IntegerField:
    default, least, most = FINAL_OPTIONS[name]
    return forms.IntegerField(
        label=label, initial=default, min_value=least, max_value=most, help_text=help_text
    )


class SeasonForm(RefusableForm):
    """Closing a season."""

    reason = forms.CharField(label="Reason, for everybody to read", max_length=400)
    keeps_champion = forms.BooleanField(
        label="Keep a copy of number 1 in play as an agent of the house", required=False
    )
    opens_next = forms.BooleanField(label="Open the next season at once", required=False, initial=True)


class FinalForm(RefusableForm):
    """Announcing a final."""

    naming_ends_at = forms.DateTimeField(
        label="Finalists are named until (UTC)", widget=_MOMENT, help_text="Then the final begins by itself."
    )
    finalists_per_owner = _number(
        "finalists_per_owner", "Finalists of each owner", "Who names none enters the best and the latest."
    )
    prize_places = _number("prize_places", "Prize places", "These are told from the rest.")
    budget_episodes = _number(
        "budget_episodes", "Most episodes of a finalist", "Places that are open then are shared."
    )


class DeadlineForm(RefusableForm):
    """Another end of the naming."""

    naming_ends_at = forms.DateTimeField(label="Finalists are named until (UTC)", widget=_MOMENT)
    reason = forms.CharField(label="Reason, for everybody to read", max_length=400)


class ReasonForm(RefusableForm):
    """An act that only wants a reason."""

    reason = forms.CharField(label="Reason, for everybody to read", max_length=400)


class RemarkForm(RefusableForm):
    """An act that may have a remark."""

    reason = forms.CharField(label="Remark, for everybody to read", max_length=300, required=False)
