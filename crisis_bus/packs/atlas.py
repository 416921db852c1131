"""Where the parts of a country are, and which of them a drawn place touches.

`places.yaml` of a pack holds the outlines by code (ISO 3166-2): rings of latitude and longitude. They are coarse on
purpose, and rather too wide: whoever lives at a border is told once too often. A part without an outline is everywhere.
"""

import math
from collections.abc import Collection, Mapping
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError
from shapely import MultiPolygon, Point, Polygon, affinity, make_valid
from shapely.geometry.base import BaseGeometry
from shapely.prepared import prep

from crisis_bus import packs
from crisis_bus.domain import places
from crisis_bus.domain.places import Circle, Shape
from crisis_bus.errors import PolicyError

_KM_A_DEGREE = 111.195
_Outlines = TypeAdapter(dict[str, tuple[places.Polygon, ...]])


class Atlas:
    """The outlines of a pack."""

    def __init__(self, outlines: Mapping[str, MultiPolygon]) -> None:
        self._outlines = {code: prep(outline) for code, outline in outlines.items()}
        self._touched = lru_cache(maxsize=65_536)(self._codes)

    def touches(self, shapes: tuple[Shape, ...], codes: Collection[str]) -> bool:
        """Whether one of the shapes reaches into one of these parts of the country."""
        touched = self._touched(shapes)
        return any(code in touched or code not in self._outlines for code in codes)

    def _codes(self, shapes: tuple[Shape, ...]) -> frozenset[str]:
        drawn = [geometry(shape) for shape in shapes]
        return frozenset(
            code for code, outline in self._outlines.items() if any(outline.intersects(shape) for shape in drawn)
        )


def load(name: str) -> Atlas:
    """The outlines of a pack, code by code a list of `{points: …}`; raises PolicyError."""
    found = packs.outlines(name)
    if found is None:
        return Atlas({})
    try:
        outlines = _Outlines.validate_python(found.value)
    except ValidationError as error:
        first = error.errors()[0]
        msg = f"{found.file}: {'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
        raise PolicyError(msg) from error
    return Atlas({code: MultiPolygon([_polygon(ring) for ring in rings]) for code, rings in outlines.items()})


def geometry(shape: Shape) -> BaseGeometry:
    """A shape in degrees, longitude first as shapely has it; a line that crosses itself is what it encloses."""
    if not isinstance(shape, Circle):
        return make_valid(_polygon(shape))
    point, radius = Point(shape.lon, shape.lat), shape.km / _KM_A_DEGREE
    if not radius:
        return point
    # A degree of longitude is shorter away from the equator; at a pole a circle reaches around it.
    wide = 1 / max(math.cos(math.radians(shape.lat)), 0.01)
    return affinity.scale(point.buffer(radius), xfact=wide, origin=point)


def _polygon(ring: places.Polygon) -> Polygon:
    return Polygon([(lon, lat) for lat, lon in ring.points])
