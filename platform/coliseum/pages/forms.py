"""Forms: each shows a refusal of the services beside the field it names."""

from typing import Any

from django import forms

from arenas import registry
from coliseum.accounts.models import Scope
from workers.hosting.reading import MOST_BYTES
from workers.refusals import RefusedError


class RefusableForm(forms.Form):
    """A form that can show a RefusedError with its code and hint."""

    def refuse(self, error: RefusedError) -> None:
        """Put a refusal beside its field, or above the form."""
        field = error.field if error.field in self.fields else None
        self.full_clean()
        text = " ".join(part for part in (error.message, error.hint, f"[{error.code}]") if part)
        self.add_error(field, text)


class JoinForm(RefusableForm):
    """Accepting the rules."""

    rules = forms.BooleanField(
        label="I have read the rules and accept them",
        error_messages={"required": "Accept the rules to join. [competition.not_joined]"},
    )


class SubmissionForm(RefusableForm):
    """What is said about an upload; the file itself is read by the view."""

    name = forms.CharField(
        label="Name on the leaderboard",
        required=False,
        max_length=80,
        help_text="Empty: the name of your last agent here, or of the file.",
    )
    note = forms.CharField(
        label="Note to yourself", required=False, max_length=400, help_text="Only your team sees it."
    )
    only_if_better = forms.BooleanField(
        label="Put it into play only if it is better than my last one",
        required=False,
        help_text="The two meet until that is clear, then the better one plays. Your first plays at once.",
    )


class SignInForm(RefusableForm):
    """Name and password."""

    username = forms.CharField(
        label="Name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Password",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SignUpForm(RefusableForm):
    """A new account."""

    username = forms.CharField(
        label="Name",
        max_length=150,
        help_text="2 to 40 letters, digits, and . _ -; everybody sees it.",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Password",
        max_length=4096,
        strip=False,
        help_text="At least 10 characters. A few words in a row are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TokenForm(RefusableForm):
    """A new API token."""

    name = forms.CharField(label="What is it for", max_length=80, help_text="For example: my laptop.")
    scope = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(scope.value, scope.label) for scope in Scope],
        initial=[Scope.READ.value, Scope.SUBMIT.value],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label="How long it lives",
        choices=[(30, "30 days"), (90, "90 days"), (365, "a year"), (0, "until you revoke it")],
        coerce=int,
        initial=90,
    )


def _arena_choices() -> list[tuple[str, str]]:
    return [(name, f"{registry.get(name).title} ({name})") for name in registry.names()]


class TextForm(RefusableForm):
    """What a host may change at any time."""

    title = forms.CharField(label="Title", max_length=80)
    summary = forms.CharField(
        label="Summary", max_length=200, required=False, help_text="One sentence for cards and lists."
    )
    overview = forms.CharField(
        label="Overview",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Markdown.",
    )
    rules = forms.CharField(
        label="Rules",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Markdown.",
    )
    closes_at = forms.DateTimeField(
        label="Closes (UTC)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Empty: until you close it.",
    )
    daily_submissions = forms.IntegerField(label="Submissions a day and team", initial=5, min_value=1)
    active_submissions = forms.IntegerField(label="Agents in play for each team", initial=2, min_value=1)
    target_matches = forms.IntegerField(
        label="Rated matches for an agent",
        initial=200,
        min_value=1,
        help_text="The league stops scheduling an agent that has this many.",
    )


class CompetitionForm(TextForm):
    """A new competition."""

    slug = forms.CharField(
        label="Short name in the address", max_length=60, help_text="Small letters, digits and single dashes."
    )
    arena = forms.ChoiceField(label="Arena")
    opens_at = forms.DateTimeField(
        label="Opens (UTC)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Empty: now. It stays a draft until you open it.",
    )
    field_order = (
        *("title", "slug", "arena", "summary", "overview", "rules", "opens_at", "closes_at"),
        *("daily_submissions", "active_submissions", "target_matches"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["arena"].choices = _arena_choices()  # type: ignore[attr-defined]  # a ChoiceField


class FileForm(RefusableForm):
    """competition.toml, chosen or pasted."""

    file = forms.FileField(label="competition.toml", required=False, allow_empty_file=True)
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )


class DisqualifyForm(RefusableForm):
    """Taking an entry out; the team's name is typed to be sure."""

    entry = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Reason, for everybody to read", max_length=400)
    confirm = forms.CharField(label="The team's name, typed", max_length=80)
