"""Forms: each shows a refusal of the services beside the field it names."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coliseum.accounts.models import Scope
from coliseum.pages.retelling import line_of
from workers.hosting.reading import MOST_BYTES
from workers.refusals import RefusedError


class RefusableForm(forms.Form):
    """A form that can show a RefusedError with its code and hint."""

    def refuse(self, error: RefusedError) -> None:
        """Put a refusal beside its field, or above the form."""
        field = error.field if error.field in self.fields else None
        self.full_clean()
        self.add_error(field, line_of(error))


CODE_CHARACTERS = 1024 * 1024
"""Of a single Python file, as `workers.package` limits it too."""


class SubmissionForm(RefusableForm):
    """What is said about an upload, and its code if written in the page; a file is read by the view."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    """Made with the page, so that the same form sent twice makes one submission."""
    sha256 = forms.CharField(required=False, widget=forms.HiddenInput)
    """Of the file, by a browser that can compute it."""
    code = forms.CharField(
        label=_("agent.py"),
        required=False,
        strip=False,
        max_length=CODE_CHARACTERS,
        widget=forms.Textarea(
            attrs={
                "rows": 22,
                "spellcheck": "false",
                "autocapitalize": "off",
                "class": "code",
                "data-editor": "",
            }
        ),
    )
    name = forms.CharField(
        label=_("Name on the leaderboard"),
        required=False,
        max_length=80,
        help_text=_("Empty: the name of your last agent here, or of the file."),
    )
    note = forms.CharField(
        label=_("Note to yourself"), required=False, max_length=400, help_text=_("Only your team sees it.")
    )
    only_if_better = forms.BooleanField(
        label=_("Put it into play only if it is better than my last one"),
        required=False,
        help_text=_("The two meet until that is clear, then the better one plays. Your first plays at once."),
    )


class TokenForm(RefusableForm):
    """A new API token."""

    name = forms.CharField(label=_("What is it for"), max_length=80, help_text=_("For example: my laptop."))
    scope = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, scope.label) for scope in Scope],
        initial=[Scope.READ.value, Scope.SUBMIT.value],
        widget=forms.CheckboxSelectMultiple,
    )
    competition = forms.CharField(
        label=_("Only in this competition"),
        required=False,
        max_length=60,
        help_text=_("Its short name, as in its address. Empty: in all."),
    )
    days = forms.TypedChoiceField(
        label=_("How long it lives"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year")), (0, _("until you revoke it"))],
        coerce=int,
        initial=90,
    )


class FileForm(RefusableForm):
    """competition.toml, chosen or pasted."""

    file = forms.FileField(label="competition.toml", required=False, allow_empty_file=True)
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )


class DisqualifyForm(RefusableForm):
    """Taking an entry out; the team's name is typed to be sure."""

    entry = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason, for everybody to read"), max_length=400)
    confirm = forms.CharField(label=_("The team's name, typed"), max_length=80)
