"""Who may do what: users, their API tokens, one-time sign-in links."""

from typing import TypeAlias

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models

from coliseum.ids import new_id


class User(AbstractUser):
    """A person. Administrators have `is_staff`; hosts are named by their competitions."""

    may_host = models.BooleanField(default=False)
    """Whether this person may open competitions."""

    def __str__(self) -> str:
        return self.username


Visitor: TypeAlias = User | AnonymousUser
"""Whoever sends a request, signed in or not."""


class Scope(models.TextChoices):
    """What an API token may do."""

    READ = "read", "read"
    SUBMIT = "submit", "submit agents"
    HOST = "host", "run competitions"


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
