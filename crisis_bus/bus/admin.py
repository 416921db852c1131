"""Looks at a cluster and changes its topics."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError


async def answers(bootstrap: str, seconds: float = 5.0) -> bool:
    """Whether a broker there knows at least one broker that takes records."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=int(seconds * 1000))
    try:
        async with asyncio.timeout(seconds):
            await client.start()
            return bool((await client.describe_cluster())["brokers"])
    except (KafkaError, TimeoutError, OSError):
        return False
    finally:
        await client.close()
