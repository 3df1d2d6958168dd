"""Forms of people and teams: the profile, the picture, a team's name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coliseum.accounts.profiles import BIO_CHARACTERS
from coliseum.pages.forms import RefusableForm


class ProfileForm(RefusableForm):
    """What a person says of themselves."""

    display_name = forms.CharField(
        label=_("Name to show"),
        required=False,
        max_length=80,
        help_text=_("Shown beside your user name. Any alphabet."),
    )
    affiliation = forms.CharField(
        label=_("Affiliation"), required=False, max_length=120, help_text=_("A school, a company, a city.")
    )
    link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=200,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    bio = forms.CharField(
        label=_("About you"),
        required=False,
        max_length=BIO_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown. Everybody can read it."),
    )


class PictureForm(RefusableForm):
    """A picture of a person."""

    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, at most 4 MB and 16 megapixels. Only a small square of it is kept."),
    )


class TeamNameForm(RefusableForm):
    """A team's name."""

    name = forms.CharField(
        label=_("Team name"), max_length=200, help_text=_("1 to 80 characters; everybody sees it.")
    )


class InvitedForm(RefusableForm):
    """Accepting an invitation to a team, and the rules with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    rules = forms.BooleanField(
        label=_("I have read the rules and accept them"),
        error_messages={"required": _("Accept the rules to join. [competition.not_joined]")},
    )
