"""What operators did to deliveries, and why: the record that an auditor reads."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from crisis_bus.domain.subscriptions import Name


class Action(StrEnum):
    """What was done."""

    PAUSE = "pause"
    RESUME = "resume"
    REPLAY = "replay"
    DISCARD = "discard"
    SUPPRESS = "suppress"
    ALLOW = "allow"


class Control(BaseModel):
    """One act on `crisis.controls.v1`; `at` is RFC 3339.

    `target` is a transport or a provider for PAUSE and RESUME, and the place `<topic>/<partition>/<offset>` where a
    dead letter's record stood for REPLAY and DISCARD; for SUPPRESS and ALLOW it is the mark of an address
    (`domain/suppressing.py`).
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    action: Action
    target: Name
    by: Name
    reason: Name
    at: str
