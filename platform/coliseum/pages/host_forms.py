"""Forms of the host's console."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coliseum.competitions.announcements import MOST_TEXT, MOST_TITLE
from coliseum.pages.forms import RefusableForm


class NoticeForm(RefusableForm):
    """What a host tells some entries."""

    title = forms.CharField(label=_("Title"), max_length=MOST_TITLE)
    text = forms.CharField(
        label=_("Text"),
        max_length=MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown."),
    )


class AnnouncementForm(NoticeForm):
    """What a host tells everybody."""

    is_pinned = forms.BooleanField(
        label=_("Pin it to the overview"), required=False, help_text=_("Three at a time at most.")
    )


class ForumForm(RefusableForm):
    """Where people talk about the competition."""

    forum_url = forms.CharField(
        label=_("Address of the forum"),
        max_length=200,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("https only. Empty: there is none."),
    )
