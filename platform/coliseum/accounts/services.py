"""Writes about people: tokens and one-time sign-in links."""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from coliseum import clock
from coliseum.accounts.models import Scope, SignInLink, Token, User
from coliseum.ids import digest_of
from workers.refusals import RefusedError

TOKEN_PREFIX = "col_"  # noqa: S105 - marks a token, is none
LINK_HOURS = 24
NAME_CHARACTERS = 40
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@transaction.atomic
def create_token(*, user: User, name: str, scopes: list[str], days: int | None = None) -> tuple[Token, str]:
    """Make an API token; the second value is the token itself, shown once and never stored.

    Args:
        user: whose token it is.
        name: what the owner calls it, 1 to 80 characters.
        scopes: any of `Scope`; `submit` and `host` include `read`.
        days: how long it lives; None for no end.

    Raises:
        RefusedError: `request.bad_field` for an unknown scope.
    """
    unknown = [scope for scope in scopes if scope not in Scope.values]
    if unknown or not scopes:
        wanted = f"one of {', '.join(Scope.values)}"
        raise RefusedError("request.bad_field", name="scope", wanted=wanted, field="scope")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(30)
    now = clock.now()
    token = Token.objects.create(
        user=user,
        name=name.strip()[:80] or "token",
        prefix=secret[:10],
        digest=digest_of(secret),
        scopes=sorted({*scopes, Scope.READ.value}),
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    return token, secret


def revoke_token(*, token: Token) -> None:
    """End a token; using it from now on is refused."""
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=clock.now())


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


def sign_up(*, username: str, password: str) -> User:
    """Make an account.

    Raises:
        RefusedError: `name.length`, `name.characters` or `name.taken` beside `username`;
            `request.bad_field` beside `password` when it is too easy to guess.
    """
    name = username.strip()
    if not 2 <= len(name) <= NAME_CHARACTERS:
        raise RefusedError("name.length", least=2, most=NAME_CHARACTERS, field="username")
    if not _NAME.fullmatch(name):
        raise RefusedError("name.characters", allowed="letters a to z, digits, and . _ -", field="username")
    try:
        validate_password(password, User(username=name))
    except ValidationError as error:
        wanted = f"harder to guess: {' '.join(error.messages)}"
        raise RefusedError("request.bad_field", name="password", wanted=wanted, field="password") from error
    try:
        with transaction.atomic():
            if User.objects.filter(username__iexact=name).exists():
                raise RefusedError("name.taken", name=name, field="username")
            return User.objects.create_user(username=name, password=password)
    except IntegrityError as error:
        raise RefusedError("name.taken", name=name, field="username") from error


def allow_hosting(*, user: User, may_host: bool) -> None:
    """Say whether a person may open competitions."""
    User.objects.filter(pk=user.pk).update(may_host=may_host)
    user.may_host = may_host


def ensure_user(*, username: str) -> User:
    """Return the person of this name, made without a password if there is none.

    Raises:
        RefusedError: `request.bad_field` for a name that the site would not take either.
    """
    found = User.objects.filter(username=username).first()
    if found:
        return found
    user = User(username=username)
    user.set_unusable_password()
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise RefusedError(
            "request.bad_field",
            name="user",
            wanted="letters, digits and @.+-_ only, at most 150",
            field="user",
        ) from error
    user.save()
    return user
