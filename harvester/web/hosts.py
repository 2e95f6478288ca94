"""Who is at the other end, and by which name: peers, Host headers, origins, local paths.  Pure.

A peer is judged by the address of its connection alone.  What a request says of
itself (X-Forwarded-For and its like) is believed of nobody but a proxy that the
settings name.
"""

import ipaddress
import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import unquote, urlsplit

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "x-forwarded-host")
"""What a proxy adds to a request that it passes on."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach, or be, that address."""
    if host.lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def is_everywhere(host: str) -> bool:
    """Tell whether an address to listen on stands for all addresses of the machine."""
    address = _address(host)
    return address is not None and address.is_unspecified


def networks(addresses: Sequence[str]) -> tuple[_Network, ...]:
    """Return the addresses and networks of the settings, which have checked them."""
    return tuple(ipaddress.ip_network(address) for address in addresses)


def is_in(peer: str, named: Sequence[_Network]) -> bool:
    """Tell whether a peer is at one of the named addresses; text that is no address never is."""
    address = _address(peer)
    return address is not None and any(address in network for network in named)


def throttle_key(peer: str) -> str:
    """Return what counts as one place to try passwords from: of IPv6, a network of 64 bits."""
    address = _address(peer)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "unknown")


def host_name(header: str) -> str | None:
    """Return the name in a Host header, without port; None if it is not one.

    "Review.example.org:8321" -> "review.example.org", "[::1]:8321" -> "::1".
    """
    found = _HOST.fullmatch(header)
    return (found["six"] or found["name"]).lower().rstrip(".") if found else None


def known_names(host: str, allowed: Collection[str]) -> frozenset[str]:
    """Return the names by which browsers may reach us, if we listen on `host`."""
    own = {name for each in (host, *allowed) if (name := host_name(_bracketed(each)))}
    return frozenset(own) | LOOPBACK_NAMES


def is_same_origin(headers: Mapping[str, str], names: Collection[str]) -> bool:
    """Tell whether a browser sent this from one of our own pages, as far as it says.

    An old browser or a program may say nothing: then the token alone speaks.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    sent_from = urlsplit(origin).netloc if origin.isascii() else ""
    return bool(sent_from) and (
        sent_from.lower() == headers.get("host", "").lower()
        # a proxy may have changed the Host header
        or host_name(sent_from) in set(names) - LOOPBACK_NAMES
    )


def local_path(text: str | None) -> str:
    """Return where to go on if that is a path of ours, else "/": no open redirect.

    "//evil.example" and "https:evil.example" lead a browser elsewhere, and so does a backslash.
    """
    if not text or not _LOCAL.fullmatch(text) or text.startswith("//"):
        return "/"
    # a browser takes some of these apart after decoding, a server before it
    return "/" if unquote(text[:6]).startswith(("//", "/\\")) else text


def is_odd_path(path: str, raw: bytes) -> bool:
    """Tell whether a path tries to be something else than it looks; we have no such paths."""
    segments = path.split("/")
    return (
        not path.startswith("/")
        or any(ord(letter) < 32 or letter == "\x7f" for letter in path)
        or "\\" in path
        or ".." in segments
        or "." in segments
        or b"\\" in raw
    )


_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")
_LOCAL = re.compile(r"/[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*")


def _bracketed(host: str) -> str:
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    # an IPv4 peer of a socket for both is written ::ffff:10.0.0.7
    return getattr(found, "ipv4_mapped", None) or found
