"""A raw signal: somebody or something says that something happened."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.domain.subscriptions import Name
from crisis_bus.domain.values import Certainty, Severity, Urgency


class Report(BaseModel):
    """A raw signal, before anybody has decided what it is.

    `subject` is what it is about: reports of one subject inside the correlation window are one
    incident. `id` is the signal's own: the same id twice is one report. `by` is who is authenticated.
    `ends` says that the hazard is over (a CAP Cancel, or an Update with AllClear).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Name
    space: Name
    subject: Name
    by: Name
    type: Name
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    emirates: tuple[Name, ...] = ()
    fatalities: Annotated[int, Field(strict=True, ge=0)] = 0
    injured: Annotated[int, Field(strict=True, ge=0)] = 0
    exercise: bool = False
    source: Name = "http"
