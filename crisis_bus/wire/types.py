"""The names of the CloudEvents types: reverse domain name, thing, major version."""

from crisis_bus.errors import UnreadableMessage

REPORT = "org.crisisbus.report.v1"
JOURNAL_ENTRY = "org.crisisbus.journal.entry.v1"
INCIDENT = "org.crisisbus.incident.v1"
BULLETIN = "org.crisisbus.bulletin.v1"
ORDER = "org.crisisbus.order.v1"
OUTBOX = "org.crisisbus.outbox.v1"
WAITING = "org.crisisbus.waiting.v1"
CONTROL = "org.crisisbus.control.v1"
CALLBACK = "org.crisisbus.callback.v1"
EXPANSION = "org.crisisbus.expansion.v1"
RECEIPT = "org.crisisbus.receipt.v1"
SUBSCRIPTION = "org.crisisbus.subscription.v1"
DEAD_LETTER = "org.crisisbus.dead-letter.v1"
SNAPSHOT = "org.crisisbus.snapshot.v1"
SNAPSHOT_PART = "org.crisisbus.snapshot.part.v1"

_COMMAND = "org.crisisbus.command."
_FACT = "org.crisisbus.fact."
_MAJOR = ".v1"


def command_type(name: str) -> str:
    """The type of a command's message: `incident.report` → `org.crisisbus.command.incident.report.v1`."""
    return f"{_COMMAND}{name}{_MAJOR}"


def command_name(type: str) -> str:  # noqa: A002 the envelope calls it so
    """The name of the command inside a type; raises UnreadableMessage if the type is no command's."""
    if not type.startswith(_COMMAND) or not type.endswith(_MAJOR):
        msg = f"the type {type!r} is no command: one looks like {command_type('incident.report')}"
        raise UnreadableMessage(msg)
    return type.removeprefix(_COMMAND).removesuffix(_MAJOR)


def fact_type(name: str) -> str:
    """The name under which the schema of a fact's data is kept; facts travel inside journal entries."""
    return f"{_FACT}{name}{_MAJOR}"
