"""The forms of allauth that we say in words of ours: signing in, making an account, adding a passkey."""

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coliseum.accounts.models import User
from workers.refusals import RefusedError

LONGEST_PASSWORD = 4096


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is not typed
    """Name or e-mail address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as in allauth
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Name or e-mail")
        login.max_length = 254
        login.widget.attrs |= {"autocomplete": "username webauthn", "autofocus": True, "maxlength": 254}
        password.max_length = LONGEST_PASSWORD
        password.widget.attrs["maxlength"] = LONGEST_PASSWORD
        if not settings.SENDS_MAIL:
            password.help_text = _("Lost it? An administrator can give you a link that signs you in once.")


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is not typed
    """A new passkey, or a key for after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as in allauth
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = _("Sign in with it alone, without a password")
        alone.help_text = _("Your device then asks for a finger, a face or a PIN.")


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth is not typed
    """A new account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as in allauth
        super().__init__(*args, **kwargs)
        name, email, password = (self.fields[field] for field in ("username", "email", "password1"))
        name.label = _("Name")
        name.help_text = _("2 to 40 letters, digits, and . _ -; everybody sees it.")
        name.widget.attrs["autofocus"] = True
        email.label = _("E-mail")
        email.help_text = _("Only for messages to you; nobody else sees it.")
        password.help_text = _("At least 10 characters. A few words in a row are good.")
        password.max_length = LONGEST_PASSWORD
        password.widget.attrs["maxlength"] = LONGEST_PASSWORD

    def save(self, request: HttpRequest) -> User:
        """Make the account.

        Raises:
            RefusedError: `name.taken` when somebody took the name at the same moment.
        """
        try:
            with transaction.atomic():
                made: User = super().save(request)
                return made
        except IntegrityError as error:
            raise RefusedError("name.taken", name=self.cleaned_data["username"], field="username") from error
