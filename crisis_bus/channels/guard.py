"""Where requests may go: a subscriber's address must not lead into networks that are not the world's.

A name is resolved once and the connection goes to exactly the addresses that were looked at: a name that answers
differently a moment later (DNS rebinding) does not help. `allowed` names the private networks that are meant.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from crisis_bus.errors import PermanentDelivery

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SPECIAL = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "3fff::/20", "5f00::/16"))
)
"""Special ranges of the IANA registries that Python takes for the world's, or some versions of it do."""
REFUSED = "the address leads into a network that is not allowed here; an operator may allow it by allowed_networks"


class NotAllowedHere(OSError):
    """A name or address leads where no request may go; the HTTP client carries it as it carries other failures."""


def may_go(address: Address, allowed: Iterable[Network]) -> bool:
    """Whether a request may go to an address: it is global, or in a network that is allowed.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64, Teredo) is looked at as what it is.
    """
    inner = _inside(address)
    if any(each in network for each in (address, inner) for network in allowed if each.version == network.version):
        return True
    special = any(inner in network for network in _SPECIAL if network.version == inner.version)
    return inner.is_global and not inner.is_multicast and not special


def _inside(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or address


def literal(host: str) -> Address | None:
    """The address that a host is, if it is written as one."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def check_literal(host: str, allowed: Iterable[Network]) -> None:
    """Refuse a host that is written as an address where nobody may go; raises PermanentDelivery."""
    address = literal(host)
    if address is not None and not may_go(address, allowed):
        raise PermanentDelivery(REFUSED)


class GuardedResolver(AbstractResolver):
    """Resolves names, and refuses those of which one answer leads where nobody may go."""

    def __init__(self, resolver: AbstractResolver, allowed: Sequence[Network]) -> None:
        self._resolver = resolver
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a name; raises NotAllowedHere."""
        found = await self._resolver.resolve(host, port, family)
        for each in found:
            address = literal(each["host"])
            if address is None or not may_go(address, self._allowed):
                raise NotAllowedHere
        return found

    async def close(self) -> None:
        """Close the resolver behind it."""
        await self._resolver.close()


async def leads_inside(host: str, allowed: Sequence[Network]) -> bool:
    """Whether a host, as it resolves now, leads where nobody may go; one that does not resolve leads nowhere."""
    if (address := literal(host)) is not None:
        return not may_go(address, allowed)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    addresses = {literal(str(place[0])) for *_, place in found}
    return any(address is None or not may_go(address, allowed) for address in addresses)


def leads_nowhere(error: BaseException) -> bool:
    """Whether a failure of the HTTP client comes from the guard."""
    seen: Any = error
    while seen is not None:
        if isinstance(seen, NotAllowedHere) or isinstance(getattr(seen, "os_error", None), NotAllowedHere):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
