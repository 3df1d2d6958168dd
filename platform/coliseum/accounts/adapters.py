"""What allauth asks of us: names, addresses in mails, limits, and secrets that are stored encrypted."""

import base64
import hashlib
import logging
from types import SimpleNamespace
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from coliseum.accounts.models import User
from coliseum.accounts.usernames import check_free, check_username
from workers.refusals import RefusedError

logger = logging.getLogger(__name__)

LIMIT_MINUTES: Final = 15
_SITE: Final = "Coliseum"
_WRONG: Final = ("username_password_mismatch", "email_password_mismatch", "invalid_login")


def told(error: RefusedError) -> str:
    """Return a refusal as the text that stands beside a field."""
    return " ".join(part for part in (*error.said(gettext), f"[{error.code}]") if part)


def too_many_attempts() -> RefusedError:
    """Return what is answered to somebody who tried too often."""
    seconds = LIMIT_MINUTES * 60
    return RefusedError("auth.too_many_attempts", minutes=LIMIT_MINUTES, retry_after=seconds)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Accounts with a name, a password, and an e-mail address where the site sends mail."""

    def is_ajax(self, request: HttpRequest) -> bool:
        """Say no, as these addresses answer with pages; only passkeys are asked for by a script."""
        return request.path == reverse("mfa_login_webauthn") and request.method == "GET"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say whether strangers may make accounts."""
        return bool(settings.OPEN_SIGN_UP)

    def is_safe_url(self, url: str) -> bool:
        """Say whether an address leads to this very site."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address a request came from; behind a proxy the server puts the client's there."""
        return str(request.META.get("REMOTE_ADDR") or "127.0.0.1")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # Any: as in allauth
        """Count an attempt, for accounts that exist and others alike.

        Raises:
            RefusedError: `auth.too_many_attempts`.
        """
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise too_many_attempts() from error

    def validation_error(self, code: str, *args: Any) -> ValidationError:  # Any: as in allauth
        """Return an error of a form, in our words where the table has them."""
        if code in _WRONG:
            return ValidationError(told(RefusedError("auth.bad_credentials")), code=code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return a name that somebody may take."""
        name = username.strip()
        try:
            check_username(name)
            if not shallow:
                check_free(name)
        except RefusedError as error:
            raise ValidationError(told(error), code=error.code) from error
        return name

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: Any,  # Any: untyped
        commit: bool = True,
    ) -> User:
        """Keep a new account; of two who ask for one name at once only one gets it.

        Raises:
            RefusedError: `name.taken`.
        """
        try:
            with transaction.atomic():
                kept: User = super().save_user(request, user, form, commit)
        except IntegrityError as error:
            raise RefusedError("name.taken", name=user.username, field="username") from error
        return kept

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # Any: untyped
        """Return the link of a mail: of the site's own address, whatever host was asked."""
        return _of_site(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a mail: of the site's own address, whatever host was asked."""
        user, _, secret = key.partition("-")
        return _of_site(reverse("account_reset_password_from_key", args=[user, secret]))

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:  # Any: a template's
        """Send a mail that names this site and no host of the request.

        Raises:
            RefusedError: `mail.unreachable`.
        """
        ours = {
            "current_site": SimpleNamespace(name=_SITE, domain=settings.SITE_URL.partition("://")[2]),
            "signup_url": _of_site(reverse("account_signup")),
            "password_reset_url": context.get("password_reset_url"),
        }
        if template_prefix == "account/email/account_already_exists":
            ours["password_reset_url"] = _of_site(reverse("account_reset_password"))
        message = self.render_mail(template_prefix, email, {"email": email} | context | ours)
        try:
            message.send()
        except OSError as error:  # smtplib's errors are OSErrors
            logger.error("mail_not_sent", extra={"problem": type(error).__name__, "kind": template_prefix})
            raise RefusedError("mail.unreachable", retry_after=300) from error

    def get_login_stages(self) -> list[str]:
        """Return what stands between the password and the site."""
        ours = {"allauth.account.stages.EmailVerificationStage": "coliseum.accounts.stages.EmailStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Accounts that come from another site; their names follow the same rules, and people choose them."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # Any: untyped
        """Say whether strangers may make accounts."""
        return bool(settings.OPEN_SIGN_UP)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Second factors: their secrets are of no use to whoever reads the database alone."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        """Return what an authenticator app shows beside the site's name."""
        return user.username

    def _get_site_name(self) -> str:
        return _SITE


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa {settings.SECRET_KEY}".encode()).digest()))


def _of_site(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"
