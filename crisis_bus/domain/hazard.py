"""What a public warning system needs to know beside the words of a statement (CAP 1.2 §3.2)."""

from pydantic import BaseModel, ConfigDict

from crisis_bus.domain.subscriptions import Language


class Place(BaseModel):
    """A part of the country: its code (ISO 3166-2) and its names."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    code: str
    names: dict[Language, str]


class Earlier(BaseModel):
    """A statement that went before in the same chain and still holds; `at` is RFC 3339."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    number: str
    at: str


class Hazard(BaseModel):
    """The hazard that a statement is about, in the code values of CAP; `event` is how its type is called."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    category: str
    severity: str
    urgency: str
    certainty: str
    event: dict[Language, str]
    places: tuple[Place, ...]
    sender: dict[Language, str]
    earlier: tuple[Earlier, ...] = ()
