"""Who may do what: users, their API tokens, one-time sign-in links."""

from typing import TypeAlias

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from coliseum.ids import new_id


class User(AbstractUser):
    """A person. Administrators have `is_staff`; hosts are named by their competitions."""

    may_host = models.BooleanField(default=False)
    """Whether this person may open competitions."""
    deleted_at = models.DateTimeField(null=True, blank=True)
    """Since when the account is gone: the name is a pseudonym and nobody can sign in."""
    language = models.CharField(max_length=10, blank=True)
    """What their mails are written in: the language they chose last; empty for the site's own."""
    erased_at = models.DateTimeField(null=True, blank=True)
    """When the last of its code and logs was gone too."""

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("username"), name="a_username_is_taken_once_in_any_case")
        ]

    def __str__(self) -> str:
        return self.username


Visitor: TypeAlias = User | AnonymousUser
"""Whoever sends a request, signed in or not."""


class Scope(models.TextChoices):
    """What an API token may do."""

    READ = "read", _("read")
    SUBMIT = "submit", _("submit agents")
    HOST = "host", _("run competitions")


class Token(models.Model):
    """A key for scripts; only its SHA-256 is kept."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    """First characters, shown so that the owner can tell tokens apart."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the whole token, hex."""
    scopes = models.JSONField(default=list)
    competition = models.CharField(max_length=60, blank=True)
    """Short name of the only competition it is for; empty for all."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"


class SignInLink(models.Model):
    """A link that signs one person in once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret part of the link, hex."""
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link for {self.user}"


class Profile(models.Model):
    """What a person says about themselves; whoever said nothing has none."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    display_name = models.CharField(max_length=80, blank=True)
    """Shown beside the user name, never instead of it."""
    bio = models.TextField(blank=True)
    """Markdown."""
    affiliation = models.CharField(max_length=120, blank=True)
    link = models.CharField(max_length=200, blank=True)
    """An http or https address."""
    picture = models.CharField(max_length=60, blank=True)
    """Key of the uploaded picture in storage; empty for the drawn one."""

    def __str__(self) -> str:
        return f"profile of {self.user}"


class TakenName(models.Model):
    """How a name looks to a reader, so that nobody else takes one that looks the same."""

    realm = models.CharField(max_length=60)
    """Among which names: `people`, `teams:<competition>`, `agents:<competition>`."""
    look = models.CharField(max_length=200)
    """The name with what looks alike made one."""
    owner = models.CharField(max_length=18)
    """Id of whose name it is."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["realm", "look"], name="a_look_is_taken_once")]
        indexes = [
            # What an owner holds, to be let go.
            models.Index(fields=["owner", "realm"], name="names_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.look} among {self.realm}"


class Follow(models.Model):
    """A person wants to hear of a competition, or of the agents of an entry."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    topic = models.CharField(max_length=90)
    """`competition:<slug>` or `agents:<id of the entry>`."""
    since = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="a_topic_is_followed_once")]
        indexes = [
            # Whom to tell.
            models.Index(fields=["topic"], name="followers_of_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.user} follows {self.topic}"


class ExportState(models.TextChoices):
    """waiting -> making -> ready | failed."""

    WAITING = "waiting", _("waiting")
    MAKING = "making", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class DataExport(models.Model):
    """A zip of what the site holds of a person, asked for by that person."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    """Agents written so far."""
    total = models.PositiveIntegerField(default=0)
    """Agents to write."""
    key = models.CharField(max_length=60, blank=True)
    """Where the storage keeps the zip; empty once it is gone."""
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["waiting", "making"]),
                name="one_export_at_a_time",
            ),
            models.CheckConstraint(condition=models.Q(state__in=ExportState.values), name="export_state"),
        ]

    def __str__(self) -> str:
        return f"data of {self.user}"
