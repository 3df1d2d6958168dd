"""Typed readers of the COLISEUM_... variables; the only place that reads the environment."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path


class SettingError(Exception):
    """A setting cannot be used; start is refused with this message."""


def text(name: str, default: str = "") -> str:
    """Return a variable, or the content of the file that NAME_FILE points to."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        try:
            return Path(file_name).read_text().strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE points to {file_name!r}: {error.strerror}.") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    """Return a yes/no variable: 1, true, yes, on against 0, false, no, off.

    Raises:
        SettingError: the value is none of these words.
    """
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise SettingError(f"{name} must be yes or no, not {value!r}.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number.

    Raises:
        SettingError: the value is no whole number or below `least`.
    """
    value = text(name, str(default))
    try:
        parsed = int(value)
    except ValueError as error:
        raise SettingError(f"{name} must be a whole number, not {value!r}.") from error
    if parsed < least:
        raise SettingError(f"{name} must be at least {least}, not {parsed}.")
    return parsed


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return a comma-separated list of networks such as `10.0.0.0/8`.

    Raises:
        SettingError: a part is no network.
    """
    try:
        return [ip_network(part) for part in words(name)]
    except ValueError as error:
        raise SettingError(f"{name} must be networks with commas, such as 10.0.0.0/8: {error}.") from error
