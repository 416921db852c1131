"""Where requests may go, over the special ranges of the IANA registries."""

import socket
from ipaddress import ip_address, ip_network

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from crisis_bus.channels import guard
from crisis_bus.channels.guard import GuardedResolver, NotAllowedHere
from crisis_bus.errors import PermanentDelivery

# fmt: off
PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::", "fe80::1",
    "fc00::1", "fd12:3456:789a::1", "ff02::1", "2001:db8::1", "100::1", "2001:0:0:0:0:0:80ff:fefe",
]
# fmt: on
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "94.200.1.1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_nobody_goes_where_the_world_does_not(address: str) -> None:
    assert not guard.may_go(ip_address(address), ())


@pytest.mark.parametrize("address", PUBLIC)
def test_the_world_is_open(address: str) -> None:
    assert guard.may_go(ip_address(address), ())


@pytest.mark.parametrize(
    ("address", "expected"), [("10.20.1.1", True), ("::ffff:10.20.1.1", True), ("10.21.0.1", False)]
)
def test_a_network_that_is_meant_is_allowed_and_no_other(address: str, *, expected: bool) -> None:
    assert expected == guard.may_go(ip_address(address), (ip_network("10.20.0.0/16"),))


class Names(AbstractResolver):
    """A resolver that knows one name."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0)
            for each in self.addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def test_a_name_of_which_one_answer_is_private_is_refused() -> None:
    resolver = GuardedResolver(Names("8.8.8.8", "10.0.0.1"), ())

    with pytest.raises(NotAllowedHere):
        await resolver.resolve("two-faces.example")


async def test_the_connection_goes_to_what_was_looked_at() -> None:
    names = Names("8.8.8.8")

    found = await GuardedResolver(names, ()).resolve("good.example", 443)

    assert (["8.8.8.8"], 1) == ([each["host"] for each in found], names.asked)


def test_an_address_in_the_place_of_a_name_is_refused_without_a_resolver() -> None:
    with pytest.raises(PermanentDelivery, match="not allowed here"):
        guard.check_literal("169.254.169.254", ())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "::1"])
async def test_at_subscription_time_this_machine_is_inside(host: str) -> None:
    assert await guard.leads_inside(host, ())
    assert not await guard.leads_inside(host, (ip_network("127.0.0.0/8"), ip_network("::1/128")))


async def test_a_name_that_nobody_knows_leads_nowhere() -> None:
    assert not await guard.leads_inside("no-such-host.invalid", ())
