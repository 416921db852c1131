"""Every error of the system, as one tree.

CrisisBusError
├── UserError                 somebody gave us something that cannot be right: exit code 2, HTTP 4xx
│   ├── SettingsError         a setting is missing, unknown or malformed
│   ├── PolicyError           a policy pack is invalid
│   ├── CatalogueError        topics/ is invalid
│   └── ScenarioError         a scenario file is invalid
├── UnreadableMessage         bytes on a topic that are no message of ours: they go to the dead letters
├── JournalBroken             the hash chain of the journal does not hold
├── NotReachable              Kafka, the gateway or a peer does not answer: exit code 4
│   └── NotAcknowledged       a record was sent and no acknowledgement came in time
├── LostPartition             another worker wrote to a partition that we believed to hold: rebuild
├── TopicDrift                the cluster differs from the catalogue in a way that apply refuses
└── DeliveryError             a destination did not take a message
    ├── TransientDelivery     trying again can help
    └── PermanentDelivery     trying again cannot help
"""

from typing import ClassVar


class CrisisBusError(Exception):
    """The root: catch it only where a process ends."""

    retriable: ClassVar[bool] = False


class UserError(CrisisBusError):
    """Somebody gave us something that cannot be right."""


class SettingsError(UserError):
    """A setting is missing, unknown or malformed."""


class PolicyError(UserError):
    """A policy pack is invalid; the message names file, line and reason."""


class CatalogueError(UserError):
    """`topics/` is invalid; the message names file and field."""


class ScenarioError(UserError):
    """A scenario file is invalid."""


class UnreadableMessage(CrisisBusError):
    """Bytes on a topic that are no message of ours."""


class JournalBroken(CrisisBusError):
    """The hash chain of the journal does not hold."""


class NotReachable(CrisisBusError):
    """Kafka, the gateway or a peer does not answer."""

    retriable = True


class NotAcknowledged(NotReachable):
    """A record was sent and no acknowledgement came in time: it may or may not be on the log."""


class LostPartition(CrisisBusError):
    """Another worker wrote to a partition that we believed to hold."""

    retriable = True


class TopicDrift(CrisisBusError):
    """The cluster differs from the catalogue in a way that `topics apply` refuses."""


class DeliveryError(CrisisBusError):
    """A destination did not take a message."""


class TransientDelivery(DeliveryError):
    """Trying again can help; `after_seconds` is what the destination asked for, if it did."""

    retriable = True

    def __init__(self, message: str, after_seconds: float | None = None) -> None:
        """Keep the wait that the destination asked for (`Retry-After`), in seconds."""
        super().__init__(message)
        self.after_seconds = after_seconds


class PermanentDelivery(DeliveryError):
    """Trying again cannot help; `gone` means that the destination wants nothing more (HTTP 410)."""

    def __init__(self, message: str, *, gone: bool = False) -> None:
        """Keep whether the destination said that it is gone for good."""
        super().__init__(message)
        self.gone = gone
