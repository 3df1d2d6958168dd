"""Writes about people: tokens and one-time sign-in links."""

import re
import secrets
import string
import zlib
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import QueryDict

from coliseum import clock
from coliseum.accounts.models import Scope, SignInLink, Token, User
from coliseum.accounts.usernames import check_username
from coliseum.ids import digest_of
from workers.refusals import RefusedError

TOKEN_PREFIX = "col_"  # noqa: S105 - marks a token, is none
LINK_HOURS = 24
_SIGNS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM: Final = 34
_LIKE_A_TOKEN: Final = re.compile(rf"{TOKEN_PREFIX}[A-Za-z0-9_-]{{20,100}}")
"""Also those of before the check sum; shorter ones are words that somebody searches for."""


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: list[str], days: int | None = None, competition: str = ""
) -> tuple[Token, str]:
    """Make an API token; the second value is the token itself, shown once and never stored.

    Args:
        user: whose token it is.
        name: what the owner calls it, 1 to 80 characters.
        scopes: any of `Scope`; `submit` and `host` include `read`.
        days: how long it lives; None for no end.
        competition: short name of the only one it is for; empty for all.

    Raises:
        RefusedError: `request.bad_field` for an unknown scope.
    """
    unknown = [scope for scope in scopes if scope not in Scope.values]
    if unknown or not scopes:
        wanted = f"one of {', '.join(Scope.values)}"
        raise RefusedError("request.bad_field", name="scope", wanted=wanted, field="scope")
    secret = _new_secret()
    now = clock.now()
    token = Token.objects.create(
        user=user,
        name=name.strip()[:80] or "token",
        prefix=secret[:10],
        digest=digest_of(secret),
        scopes=sorted({*scopes, Scope.READ.value}),
        competition=competition,
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    return token, secret


def _new_secret() -> str:
    """Return a token that scanners for leaked secrets can tell from other text: its end checks the rest."""
    body = "".join(secrets.choice(_SIGNS) for _ in range(_RANDOM))
    check = zlib.crc32(body.encode())
    digits = (_SIGNS[check // 62**place % 62] for place in range(5, -1, -1))
    return f"{TOKEN_PREFIX}{body}{''.join(digits)}"


def revoke_token(*, token: Token) -> None:
    """End a token; using it from now on is refused."""
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=clock.now())


def refuse_tokens_in_address(query: QueryDict) -> None:
    """Refuse, and revoke, a token that was put where logs and histories keep it.

    Raises:
        RefusedError: `auth.token_in_url`; one text, whether there is such a token or not.
    """
    found = [
        value for _, values in query.lists() for value in values if _LIKE_A_TOKEN.fullmatch(value.strip())
    ]
    for secret in found:
        live = Token.objects.filter(digest=digest_of(secret.strip()), revoked_at__isnull=True)
        live.update(revoked_at=clock.now())
    if found:
        raise RefusedError("auth.token_in_url")


def create_sign_in_link(*, user: User) -> str:
    """Return the address that signs `user` in once, within 24 hours."""
    secret = secrets.token_urlsafe(24)
    SignInLink.objects.create(
        user=user, digest=digest_of(secret), expires_at=clock.now() + timedelta(hours=LINK_HOURS)
    )
    return f"{settings.SITE_URL}/sign-in/link/{secret}"


def claim_sign_in_link(*, secret: str) -> User | None:
    """Use a link up; None when it is unknown, used or too old."""
    now = clock.now()
    wanted = SignInLink.objects.filter(digest=digest_of(secret))
    if not wanted.filter(used_at__isnull=True, expires_at__gt=now).update(used_at=now):
        return None
    return wanted.select_related("user").get().user


def ensure_administrator() -> User:
    """Return the first administrator, made without a password if there is none: it signs in by link."""
    found = User.objects.filter(is_staff=True, is_superuser=True, is_active=True).order_by("pk").first()
    if found:
        return found
    administrator = User(username="admin", is_staff=True, is_superuser=True, may_host=True)
    administrator.set_unusable_password()
    administrator.save()
    return administrator


def allow_hosting(*, user: User, may_host: bool) -> None:
    """Say whether a person may open competitions."""
    User.objects.filter(pk=user.pk).update(may_host=may_host)
    user.may_host = may_host


def choose_language(*, user: User, language: str) -> None:
    """Note which language a person reads, for their mails."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language)


def ensure_user(*, username: str) -> User:
    """Return the person of this name in any case, made without a password if there is none.

    Raises:
        RefusedError: `name.length` or `name.characters` for a name that the site would not take either.
    """
    found = User.objects.filter(username__iexact=username).first()
    if found:
        return found
    check_username(username)
    user = User(username=username)
    user.set_unusable_password()
    user.save()
    return user
