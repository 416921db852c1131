"""Ports of this machine that nobody has."""

import random
import socket
from collections.abc import Iterator

from crisis_bus.errors import UserError

HOST = "127.0.0.1"
_RANGE = range(20_000, 32_000)
"""Below the ports that the kernel lends to outgoing connections: a port that we leave for a moment is still free."""


def free_port() -> int:
    """A port that nobody listens on; raises UserError if there is none."""
    for port in _candidates():
        if is_free(port):
            return port
    msg = f"no port of {HOST} between {_RANGE.start} and {_RANGE.stop} is free"
    raise UserError(msg)


def is_free(port: int, host: str = HOST) -> bool:
    """Whether a server could listen there now; a port that only waits for its last packets counts as free."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _candidates() -> Iterator[int]:
    for _ in range(1000):
        yield random.choice(_RANGE)  # noqa: S311 any port will do
