"""The program that may ask for a token by device login: our own command line."""

from typing import Final

from allauth.idp.oidc.models import Client

from coliseum.accounts.models import Scope

COMMAND_LINE: Final = "coliseum-cli"
"""The client id that the command line sends."""
SCOPES: Final = (Scope.READ.value, Scope.SUBMIT.value)
"""What a device gets that asks for nothing in particular."""
DAYS: Final = 90
"""How long its token lives."""


def ensure_command_line() -> None:
    """Make the command line known, if it is not yet."""
    Client.objects.get_or_create(
        id=COMMAND_LINE,
        defaults={
            "name": "Coliseum's command line",
            "type": Client.Type.PUBLIC,
            "grant_types": Client.GrantType.DEVICE_CODE,
            "scopes": "\n".join(Scope.values),
            "default_scopes": "\n".join(SCOPES),
            "response_types": "",
            # Public programs have no secret; what stands here matches nothing.
            "secret": "!",
        },
    )
