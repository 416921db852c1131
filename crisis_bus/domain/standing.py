"""Where an incident stands now, as `crisis.incidents.v1` tells ministries and dashboards."""

from pydantic import BaseModel, ConfigDict

from crisis_bus.domain.commands import Value


class IncidentStanding(BaseModel):
    """One incident as of an instant; times are RFC 3339, and what does not apply is left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    space: str
    id: str
    type: str
    exercise: bool
    rehearsal: bool
    state: str
    grade: int
    level: int
    lead: str
    supporting: tuple[str, ...]
    emirates: tuple[str, ...]
    severity: str
    urgency: str
    certainty: str
    fatalities: int
    injured: int
    topic: str | None = None
    spokesperson: str | None = None
    confirmed: bool
    first_out: bool
    sheet: dict[str, Value]
    policy: str = ""
    reported_at: str
    first_statement_due: str
    as_of: str
