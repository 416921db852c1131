"""Looks at the rights on a cluster and adds to them; aiokafka has the messages, and no method yet."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.admin import CreateAclsRequest, DescribeAclsRequest

from crisis_bus.errors import NotReachable, UserError
from crisis_bus.wire.acls import Acl

_ANY, _ALLOW = 1, 3
_RESOURCES = {"TOPIC": 2, "GROUP": 3}
_PATTERNS = {"LITERAL": 3, "PREFIXED": 4}
_OPERATIONS = {"READ": 3, "WRITE": 4, "DESCRIBE": 8}
"""As the protocol counts them (KIP-140, KIP-290)."""
_EVERYWHERE = "*"
_SECURITY_DISABLED = 54


class Acls:
    """The rights on a cluster, over a connection that may administer it."""

    def __init__(self, client: AIOKafkaClient) -> None:
        self._client = client

    async def present(self) -> list[Acl]:
        """What is allowed on topics and groups, as far as it is of the kinds that we know."""
        answer = await self._ask(DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ALLOW))
        _raise_for(answer.error_code, answer.error_message)
        return [
            Acl(principal, operation, resource, name, pattern)
            for kind, name, how, allowed in answer.resources
            for principal, _, does, _ in allowed
            for resource in _named(_RESOURCES, kind)
            for pattern in _named(_PATTERNS, how)
            for operation in _named(_OPERATIONS, does)
        ]

    async def allow(self, wanted: Iterable[Acl]) -> None:
        """Add rights; one that is there already stays."""
        for acl in wanted:
            kind, pattern, operation = _RESOURCES[acl.resource], _PATTERNS[acl.pattern], _OPERATIONS[acl.operation]
            request = CreateAclsRequest(kind, acl.name, pattern, acl.principal, _EVERYWHERE, operation, _ALLOW)
            for code, reason in (await self._ask(request)).creation_responses:
                _raise_for(code, reason)

    async def _ask(self, request: Any) -> Any:  # noqa: ANN401 aiokafka is untyped
        node = self._client.get_random_node()
        await self._client.ready(node)
        return await self._client.send(node, request)


@asynccontextmanager
async def connected(bootstrap: str, timeout_seconds: float) -> AsyncIterator[Acls]:
    """A connection; raises NotReachable, and UserError if the cluster knows no rights or refuses ours."""
    client = AIOKafkaClient(bootstrap_servers=bootstrap, client_id="crisis-bus-admin")
    try:
        async with asyncio.timeout(timeout_seconds):
            await client.bootstrap()
            yield Acls(client)
    except (KafkaError, TimeoutError) as error:
        msg = f"Kafka at {bootstrap} does not answer for its rights: {error}"
        raise NotReachable(msg) from error
    finally:
        await client.close()


def _named(codes: dict[str, int], code: int) -> list[Any]:
    return [name for name, known in codes.items() if known == code]


def _raise_for(code: int, reason: str | None) -> None:
    if code == _SECURITY_DISABLED:
        msg = "this cluster has no authorizer: set authorizer.class.name in its settings, then everybody needs a right"
        raise UserError(msg)
    if code:
        msg = f"Kafka refuses: {reason or for_code(code).description}; these rights need an administrator's connection"
        raise UserError(msg)
