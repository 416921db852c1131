"""Who carries messages: a channel as an operator has set it up."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[float, Field(gt=0)]


class Limits(BaseModel):
    """How many attempts of a provider are under way at once, and how many seconds each may take."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at_once: int = Field(200, ge=1)
    timeout: Positive = 15.0


class Provider(BaseModel):
    """What stands in `providers.yaml` under the name of a transport: the options of its channel, and its limits."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    options: dict[str, Any] = {}
    limits: Limits = Limits()
