"""The topic behind a table of a Faust app: Faust would make it with settings of its own, or not at all."""

from crisis_bus.bus.admin import Admin
from crisis_bus.errors import TopicDrift
from crisis_bus.streams.faust_app import StreamConfig
from crisis_bus.wire.plan import Create

_TOMBSTONE_DAYS = 30
"""How long a machine may be away and still hear that a key is gone, when it gets its old partition back."""
_LARGEST_BYTES = 2_097_152


def name_of(config: StreamConfig, table: str) -> str:
    """The name that Faust gives to the changelog of a table."""
    return f"{config.app_id}-{table}-changelog"


async def ensure(config: StreamConfig, table: str) -> None:
    """Make the changelog if it is not there; raises NotReachable, or TopicDrift if it has other partitions."""
    name = name_of(config, table)
    settings = {
        "cleanup.policy": "compact",
        "delete.retention.ms": str(_TOMBSTONE_DAYS * 86_400_000),
        "max.message.bytes": str(_LARGEST_BYTES),
        "min.insync.replicas": str(min(2, config.replication)),
    }
    create = Create(name, config.partitions, config.replication, settings, f"create {name}")
    async with Admin(config.bootstrap) as admin:
        try:
            await admin.apply([create])
        except TimeoutError as error:
            msg = f"{name} has not {config.partitions} partitions with a leader each, as its source topic has"
            raise TopicDrift(msg) from error
