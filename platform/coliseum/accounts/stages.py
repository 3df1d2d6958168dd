"""Between the right password and the site: an e-mail address that has to be confirmed first."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage


class EmailStage(EmailVerificationStage):  # type: ignore[misc]  # allauth is not typed
    """Asks people with an address to confirm it.

    Accounts may have none: those of the administrator, and those from before the site could send mail.
    """

    def handle(self) -> tuple[Any, bool]:  # Any: a response or none
        """Let somebody without any address through; there is nothing to confirm."""
        user = self.login.user
        if user and not user.email and not EmailAddress.objects.filter(user=user).exists():
            return None, True
        answer: tuple[Any, bool] = super().handle()
        return answer
