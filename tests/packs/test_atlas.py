"""Which parts of the country a drawn place touches."""

from pathlib import Path
from shutil import copytree

import pytest
from pydantic import ValidationError

from crisis_bus import packs
from crisis_bus.domain.places import Circle, Polygon, Shape
from crisis_bus.errors import PolicyError
from crisis_bus.packs import atlas

UAE = atlas.load("uae")
EMIRATES = packs.load("uae").emirate_codes


def touched(*shapes: Shape) -> set[str]:
    return {code for code in EMIRATES if UAE.touches(shapes, [code])}


@pytest.mark.parametrize(
    ("shape", "there"),
    [
        pytest.param(Circle(lat=24.45, lon=54.38), "AE-AZ", id="Abu Dhabi city"),
        pytest.param(Circle(lat=24.21, lon=55.74), "AE-AZ", id="Al Ain"),
        pytest.param(Circle(lat=23.65, lon=53.70), "AE-AZ", id="Madinat Zayed"),
        pytest.param(Circle(lat=24.11, lon=52.73), "AE-AZ", id="Ruwais"),
        pytest.param(Circle(lat=25.20, lon=55.27), "AE-DU", id="Dubai"),
        pytest.param(Circle(lat=24.80, lon=56.12), "AE-DU", id="Hatta"),
        pytest.param(Circle(lat=25.35, lon=55.40), "AE-SH", id="Sharjah"),
        pytest.param(Circle(lat=25.34, lon=56.35), "AE-SH", id="Khor Fakkan"),
        pytest.param(Circle(lat=25.41, lon=55.44), "AE-AJ", id="Ajman"),
        pytest.param(Circle(lat=25.56, lon=55.56), "AE-UQ", id="Umm Al Quwain"),
        pytest.param(Circle(lat=25.79, lon=55.94), "AE-RK", id="Ras Al Khaimah"),
        pytest.param(Circle(lat=25.12, lon=56.34), "AE-FU", id="Fujairah"),
        pytest.param(Circle(lat=25.59, lon=56.27), "AE-FU", id="Dibba"),
    ],
)
def test_every_town_is_in_its_emirate(shape: Shape, there: str) -> None:
    assert there in touched(shape)


def test_what_is_far_away_touches_nothing_and_a_large_circle_all() -> None:
    assert set() == touched(Circle(lat=51.5, lon=-0.1, km=100))
    assert set(EMIRATES) == touched(Circle(lat=24.8, lon=55.3, km=300))


def test_a_circle_is_as_wide_as_it_says() -> None:
    doha = {"lat": 25.29, "lon": 51.53}

    assert set() == touched(Circle(**doha, km=5))
    assert {"AE-AZ"} == touched(Circle(**doha, km=60))


def test_a_polygon_is_latitude_first() -> None:
    fujairah = Polygon(points=((25.0, 56.3), (25.3, 56.3), (25.3, 56.4), (25.0, 56.3)))

    assert "AE-FU" in touched(fujairah)
    assert "AE-AZ" not in touched(fujairah)


def test_a_line_that_crosses_itself_is_what_it_encloses() -> None:
    bow = Polygon(points=((24.9, 55.1), (25.3, 55.4), (24.9, 55.4), (25.3, 55.1), (24.9, 55.1)))

    assert "AE-DU" in touched(bow)


@pytest.mark.parametrize(
    "shape", [Circle(lat=90, lon=0, km=10), Circle(lat=-90, lon=180), Circle(lat=0, lon=180, km=1000)]
)
def test_the_ends_of_the_world_break_nothing(shape: Shape) -> None:
    assert set() == touched(shape)


def test_one_of_the_shapes_is_enough_and_one_of_the_parts() -> None:
    dubai, london = Circle(lat=25.2, lon=55.27), Circle(lat=51.5, lon=-0.1)

    assert UAE.touches((london, dubai), ["AE-FU", "AE-DU"])


def test_a_part_without_an_outline_is_everywhere() -> None:
    assert UAE.touches((Circle(lat=51.5, lon=-0.1),), ["AE-XX"])
    assert atlas.load("example").touches((Circle(lat=51.5, lon=-0.1),), ["QX-NO"])


def test_every_emirate_has_an_outline() -> None:
    assert set() == {code for code in EMIRATES if UAE.touches((Circle(lat=51.5, lon=-0.1),), [code])}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param("AE-DU: [{points: [[91, 0], [1, 1], [2, 2], [91, 0]]}]", "AE-DU.0.points.0.0", id="no latitude"),
        pytest.param("AE-DU: [{points: [[0, 0], [1, 1], [2, 2], [3, 3]]}]", "not closed", id="open"),
        pytest.param("AE-DU: [{points: [[0, 0], [1, 1], [0, 0]]}]", "AE-DU.0.points", id="too short"),
    ],
)
def test_a_wrong_outline_is_refused_with_its_place(tmp_path: Path, said: str, reason: str) -> None:
    pack = tmp_path / "pack"
    copytree(packs.folder("uae"), pack)
    (pack / "places.yaml").write_text(said, encoding="utf-8")

    with pytest.raises(PolicyError, match=f"places.yaml: .*{reason}"):
        atlas.load(str(pack))


@pytest.mark.parametrize("points", [[], [[25, 55]] * 3, [[25, 55], [26, 55], [26, 56], [25, 56]]])
def test_what_encloses_nothing_is_no_polygon(points: list[list[float]]) -> None:
    with pytest.raises(ValidationError):
        Polygon.model_validate({"points": points})
