"""The suppression list: addresses that nothing is sent to any more, kept as marks that name nobody.

A mark is an HMAC-SHA256 of transport and address: whoever has an address and the secret can see whether it is on the
list; nobody can read an address from it, and erasing a subscription leaves no personal data behind.
"""

import hmac
from collections.abc import Iterable

from crisis_bus.domain.controls import Action, Control
from crisis_bus.domain.subscriptions import Transport

_PURPOSE = "crisis-bus suppressed"
_LONG = 32


def mark(secret: bytes, transport: Transport, address: str, channel: str = "") -> str:
    """The mark of an address, for one channel or for all; case does not tell addresses of e-mail apart."""
    plain = address.strip()
    plain = plain.casefold() if transport == "email" else plain
    digest = hmac.digest(secret, f"{_PURPOSE}\0{transport}\0{plain}\0{channel}".encode(), "sha256")
    return f"{transport}:{digest.hex()[:_LONG]}"


def marks(secret: bytes, transport: Transport, address: str, channel: str) -> frozenset[str]:
    """The marks that keep a message of this channel from an address."""
    return frozenset({mark(secret, transport, address), mark(secret, transport, address, channel)})


def suppressed(acts: Iterable[Control]) -> dict[str, Control]:
    """The marks that are on the list after all these acts, and by which of them."""
    found: dict[str, Control] = {}
    for act in acts:
        if act.action is Action.SUPPRESS:
            found[act.target] = act
        elif act.action is Action.ALLOW:
            found.pop(act.target, None)
    return found
