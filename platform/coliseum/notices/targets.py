"""Which addresses of others the site may send to: never into its own network, whatever is written.

How it works. `read_target` reads an address, looks its name up once, and refuses it if any address that comes
back is not a public one. The connection is then made to those addresses and to nothing that another look-up
would give. What an operator allows (`COLISEUM_WEBHOOKS_ALLOW`) may also be plain http, on any port.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

MOST_CHARACTERS: Final = 400
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Lookup = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a name."""

_CLEAN: Final = re.compile(r"[!#-;=?-\[\]_a-z~]+")
"""What an address consists of: no spaces, quotes, backslashes, angle brackets, nothing past ASCII."""
_HOST: Final = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_TUNNELS: Final = tuple(
    map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
)
"""IPv6 that leads to an IPv4 address written inside it."""


class BlockedError(Exception):
    """Nothing is sent there; the message says why, as half a sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send, with the addresses that were looked up and found to be allowed."""

    scheme: str
    host: str
    port: int
    path: str
    """With its query."""
    addresses: tuple[str, ...]

    @property
    def authority(self) -> str:
        """Return host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a name as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def read_target(url: str, *, allowed: Sequence[Network] = (), lookup: Lookup = look_up) -> Target:
    """Read an address and look it up.

    Args:
        url: as somebody wrote it.
        allowed: networks that the operator lets messages into, though they are not public.
        lookup: gives the addresses of a name; asked once.

    Raises:
        BlockedError: it is no plain https address, or it leads elsewhere than into the public network.
    """
    parts, port = _parts(url)
    host = parts.hostname or ""
    try:
        found = [ip_address(each.partition("%")[0]) for each in lookup(host, port)]
    except (OSError, UnicodeError, ValueError) as error:
        raise BlockedError(f"the name {host} is not known") from error
    if not found:
        raise BlockedError(f"the name {host} is not known")
    if not all(_is_in(each, allowed) for each in found):
        _check_public(parts, port, host, found)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, tuple(map(str, found)))


def _parts(url: str) -> tuple[SplitResult, int]:
    if len(url) > MOST_CHARACTERS or not _CLEAN.fullmatch(url.lower()):
        raise BlockedError(
            "an address has at most 400 plain characters; names in other letters start with xn--"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BlockedError("this is no address") from error
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise BlockedError("an address starts with https://")
    if "@" in parts.netloc or "#" in url:
        raise BlockedError("an address here has no name, password or # in it")
    if not _HOST.fullmatch(parts.hostname) and not parts.netloc.startswith("["):
        raise BlockedError("this is no host name")
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    return parts, port


def _check_public(parts: SplitResult, port: int, host: str, found: Sequence[Address]) -> None:
    if parts.scheme != "https":
        raise BlockedError("an address starts with https://")
    if port != 443:
        raise BlockedError("only port 443 is sent to")
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]) or "." not in host:
        raise BlockedError("it must be a full name, not a number")
    if not all(is_public(each) for each in found):
        raise BlockedError("it leads into a private network")


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the public network, tunnels to others left out."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.is_site_local or any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    )


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
