"""Which addresses we refuse to connect to, whatever name or spelling led there."""

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Callable
from typing import Any, TypeAlias

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
AddressInfo: TypeAlias = tuple[int, int, int, str, tuple[Any, ...]]
"""What ``getaddrinfo`` gives: family, type, protocol, canonical name, socket address."""


def _table(*rows: tuple[str, str]) -> tuple[tuple[_Network, str], ...]:
    return tuple((ipaddress.ip_network(network), words) for network, words in rows)


_NEVER = _table(
    ("169.254.0.0/16", "link-local address"),  # 169.254.169.254 hands out cloud credentials
    ("fe80::/10", "link-local address"),
    ("100.100.100.200/32", "metadata address"),
    ("192.0.0.192/32", "metadata address"),
    ("168.63.129.16/32", "metadata address"),  # public by its number, internal by its use
    ("fd00:ec2::254/128", "metadata address"),
    ("fd20:ce::254/128", "metadata address"),
    ("224.0.0.0/4", "multicast address"),
    ("ff00::/8", "multicast address"),
    ("0.0.0.0/8", "unspecified address"),  # connecting to it reaches this machine
    ("::/128", "unspecified address"),
    ("240.0.0.0/4", "reserved address"),
    ("2001::/32", "Teredo address"),
    ("192.88.99.0/24", "reserved address"),  # 6to4 relays, given up (RFC 7526)
    ("64:ff9b:1::/48", "reserved address"),
    ("5f00::/16", "reserved address"),  # segment routing (RFC 9602)
    ("100::/64", "reserved address"),
)
_PRIVATE = _table(
    ("127.0.0.0/8", "loopback address"),
    ("::1/128", "loopback address"),
    ("10.0.0.0/8", "private address"),
    ("172.16.0.0/12", "private address"),
    ("192.168.0.0/16", "private address"),
    ("fc00::/7", "private address"),
    ("fec0::/10", "private address"),
    ("100.64.0.0/10", "shared address"),
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_TEREDO = ipaddress.IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)
_LOOPBACK_NAMES = ("localhost", "localhost.localdomain")


REFUSED = "an address that we do not connect to"
"""The text of every refusal. The layer above makes one error of those of several addresses:
of texts that are alike it keeps the first error, and others it strings together."""


class Refused(OSError):
    """We do not connect to this address; ``words`` say what kind of address it is."""

    def __init__(self, words: str) -> None:
        super().__init__(errno.EACCES, REFUSED)
        self.words = words


def refusal(address: str, *, allow_private: bool = False) -> str | None:
    """What kind of refused address this is; ``None`` where we may connect.

    ``address`` is a numeric IPv4 or IPv6 address. IPv4 inside IPv6 (mapped, compatible,
    6to4, NAT64, ISATAP) is judged as IPv4. ``allow_private`` admits loopback, private
    and shared addresses, and never link-local, multicast or metadata addresses.
    """
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return "address of an unknown kind"
    for candidate in _forms(parsed):
        words = _kind(candidate, allow_private)
        if words is not None:
            return words
    return None


def _kind(address: _Address, allow_private: bool) -> str | None:
    for network, words in _NEVER:
        if address in network:
            return words
    for network, words in _PRIVATE:
        if address in network:
            return None if allow_private else words
    if address.is_multicast:
        return "multicast address"
    return None if address.is_global else "reserved address"


def _forms(address: _Address) -> tuple[_Address, ...]:
    """The address to judge: the IPv4 address inside, where one is; else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    number = int(address)
    low = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (low,)
    if address in _COMPATIBLE and number > 1:
        return (low,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if (number >> 32) & 0xFFFFFFFF in _ISATAP and address not in _TEREDO:
        return (address, low)
    return (address,)


def sockets(allow_private: bool) -> Callable[[AddressInfo], socket.socket]:
    """A maker of sockets that raises ``Refused`` for an address we do not connect to.

    It sees the address of every connection just before it is made, so neither a name
    that resolves to a private address nor one that changes its mind gets through.
    """

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        words = refusal(str(address[0]), allow_private=allow_private)
        if words is not None:
            raise Refused(words)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


async def look_first(host: str, port: int, *, allow_private: bool, seconds: float) -> None:
    """Resolve a host before someone else connects to it; raises ``Refused``.

    For connections that we do not make ourselves (a proxy, a caller's transport). One
    refused address among several is enough. A name that cannot be resolved here is left
    to whoever connects: it need not be known on this side of a proxy.
    """
    name = host.strip("[]").rstrip(".").lower()
    if name in _LOOPBACK_NAMES or name.endswith(".localhost"):
        addresses = ["127.0.0.1"]
    else:
        try:
            ipaddress.ip_address(name)
            addresses = [name]
        except ValueError:
            addresses = await _resolve(name, port, seconds)
    for address in addresses:
        words = refusal(address, allow_private=allow_private)
        if words is not None:
            raise Refused(words)


async def _resolve(name: str, port: int, seconds: float) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(info[4][0]) for info in found]
