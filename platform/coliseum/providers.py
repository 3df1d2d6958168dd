"""Other sites that people may sign in with; each is there once its client id and secret are set."""

from typing import Any, Final
from urllib.parse import urlsplit

from coliseum.environment import SettingError, text

_KNOWN: Final = {
    "github": ("COLISEUM_GITHUB_", "https://github.com", {"SCOPE": ["user:email"]}),
    "google": ("COLISEUM_GOOGLE_", "https://accounts.google.com", {"SCOPE": ["profile", "email"]}),
    "orcid": ("COLISEUM_ORCID_", "https://orcid.org", {}),
}
_OTHER: Final = "COLISEUM_OIDC_"


def configured_providers() -> dict[str, dict[str, Any]]:  # Any: as allauth's setting
    """Return allauth's setting of the providers that are configured, by their names.

    Raises:
        SettingError: one half of a pair is missing, or the address of the OpenID server is none.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, (variable, _, facts) in _KNOWN.items():
        if keys := _keys(variable):
            found[name] = {**facts, "APPS": [keys]}
    if keys := _keys(_OTHER):
        server = {"server_url": _server(), "token_auth_method": "client_secret_basic"}
        named = {"provider_id": "oidc", "name": text(f"{_OTHER}NAME", "OpenID")}
        found["openid_connect"] = {"APPS": [keys | named | {"settings": server}], "OAUTH_PKCE_ENABLED": True}
    return found


def provider_origins() -> list[str]:
    """Return the origins that a form of ours may lead to: those of the providers that are configured."""
    origins = [origin for variable, origin, _ in _KNOWN.values() if _keys(variable)]
    if _keys(_OTHER):
        parts = urlsplit(_server())
        origins.append(f"{parts.scheme}://{parts.netloc}")
    return origins


def _keys(variable: str) -> dict[str, str] | None:
    client, secret = text(f"{variable}CLIENT_ID"), text(f"{variable}SECRET")
    if bool(client) != bool(secret):
        raise SettingError(f"{variable}CLIENT_ID and {variable}SECRET must both be set, or neither.")
    return {"client_id": client, "secret": secret} if client else None


def _server() -> str:
    address = text(f"{_OTHER}SERVER")
    if not urlsplit(address).netloc or not address.startswith(("https://", "http://localhost")):
        raise SettingError(f"{_OTHER}SERVER must be the https address of an OpenID server, not {address!r}.")
    return address
