"""Places that somebody draws: circles and polygons, in degrees of WGS 84, latitude first (CAP 1.2 §3.2.4)."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Circle(BaseModel):
    """All that is within `km` kilometres of a point; 0 is the point itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lat: Latitude
    lon: Longitude
    km: float = Field(0.0, ge=0, le=1000)


class Polygon(BaseModel):
    """All that is inside a closed line of at least four pairs, of which the last is the first."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    points: tuple[tuple[Latitude, Longitude], ...] = Field(min_length=4, max_length=500)

    @model_validator(mode="after")
    def _closed(self) -> Self:
        if self.points[0] != self.points[-1]:
            msg = "the line is not closed: its last pair must be its first"
            raise ValueError(msg)
        return self


Shape = Circle | Polygon
