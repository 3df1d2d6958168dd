"""Reads about people and their tokens."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from coliseum import clock
from coliseum.accounts.models import Token, User
from coliseum.ids import digest_of
from workers.refusals import RefusedError


def token_of(secret: str) -> Token | None:
    """Return the live token with this text, or None for unknown, expired and revoked ones alike."""
    now = clock.now()
    token = (
        Token.objects.select_related("user")
        .filter(digest=digest_of(secret), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .first()
    )
    if token and (token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1)):
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def tokens_of(user: User) -> QuerySet[Token]:
    """Return a person's tokens, newest first."""
    return user.tokens.order_by("-created_at")


def live_tokens(user: User) -> QuerySet[Token]:
    """Return those of a person's tokens that still open something."""
    unended = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    return user.tokens.filter(unended, revoked_at__isnull=True)


def token_for(token_id: str, user: User) -> Token:
    """Return one of a person's own tokens.

    Raises:
        RefusedError: `not_found`.
    """
    found = user.tokens.filter(pk=token_id).first()
    if found is None:
        raise RefusedError("not_found", kind="token", id=token_id)
    return found


def verified_emails(user: User) -> set[str]:
    """Return the e-mail addresses that a person has confirmed, in small letters."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return {address.casefold() for address in confirmed.values_list("email", flat=True)}


def people(search: str = "") -> QuerySet[User]:
    """Return the people of the site by name, those whose name holds the text searched for."""
    everybody = User.objects.order_by("username")
    return everybody.filter(username__icontains=search) if search else everybody


def person(name: str) -> User:
    """Return a person by name.

    Raises:
        RefusedError: `not_found`.
    """
    found = User.objects.filter(username=name).first()
    if found is None:
        raise RefusedError("not_found", kind="person", id=name)
    return found


def user_named(username: str) -> User | None:
    """Return a person by name, or None."""
    return User.objects.filter(username=username).first()


def unerased_people() -> QuerySet[User]:
    """Return the accounts that are deleted while something of them is not."""
    return User.objects.filter(deleted_at__isnull=False, erased_at=None).order_by("deleted_at")
