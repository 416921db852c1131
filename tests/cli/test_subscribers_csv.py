"""Subscriptions as CSV: what is read, what is refused with its line, and that a list comes back as it went."""

import io
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.cli import subscribers_csv
from crisis_bus.errors import UserError

HEAD = "id,channel,transport,address,languages,types,min_grade,quiet_begin,quiet_end,outlet\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "list.csv"
    file.write_text(text, encoding="utf-8-sig")
    return file


def test_a_line_is_a_subscription(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + "wam,MEDIA_WIRE,sms,'+971501234567,ar en,MET-FLOOD ROAD-MCI,2,22:00,06:00,no\n")

    [row] = subscribers_csv.read(file)

    assert ("wam", 2, None) == (row.id, row.line, row.wrong)
    assert {
        "channel": "MEDIA_WIRE",
        "transport": "sms",
        "address": "+971501234567",
        "languages": ["ar", "en"],
        "outlet": False,
        "filter": {"types": ["MET-FLOOD", "ROAD-MCI"], "min_grade": 2},
        "quiet": {"begin": "22:00", "end": "06:00"},
    } == row.body


@pytest.mark.parametrize(
    ("line", "english", "arabic"),
    [
        pytest.param(",WEB,sms,+97150", "id is empty", "الخانة فارغة", id="no id"),
        pytest.param("a,WEB,sms,+97150,,,two", "min_grade: two is no whole number", "ليست عدداً", id="no number"),
        pytest.param("a,WEB,sms,+97150,,,٢", "is no whole number", "ليست عدداً", id="Arabic digits"),
        pytest.param("a,WEB,sms,+97150,,,,,,maybe", "neither yes nor no", "ليست نعم", id="neither yes nor no"),
        pytest.param("a,WEB,sms,+97150,,,,,,no,x,y", "more cells", "خانات أكثر", id="too many cells"),
    ],
)
def test_a_wrong_line_says_what_is_wrong_and_the_others_are_read(
    tmp_path: Path, line: str, english: str, arabic: str
) -> None:
    bad, good = subscribers_csv.read(written(tmp_path, f"{HEAD}{line}\nb,WEB,web,/\n"))

    assert bad.wrong is not None
    assert (english in bad.wrong, arabic in bad.wrong) == (True, True)
    assert ("b", None) == (good.id, good.wrong)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("id,channel,transport,address,colour\n", "The column colour is unknown", id="unknown column"),
        pytest.param("id,channel,transport\n", "The column address is missing", id="missing column"),
        pytest.param("", "The column id is missing", id="empty"),
    ],
)
def test_a_file_of_other_columns_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        subscribers_csv.read(written(tmp_path, text))


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b"id,channel\xff\n")

    with pytest.raises(UserError, match="cannot be read"):
        subscribers_csv.read(tmp_path / "list.csv")


def test_an_exported_list_is_read_back_as_it_was_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    one: dict[str, Any] = {
        "id": "=cmd()",
        "channel": "SMS_TARGETED",
        "transport": "sms",
        "address": "+971501234567",
        "subscriber": "MOE",
        "languages": ["ar"],
        "filter": {"types": [], "emirates": ["AE-FU"], "kinds": [], "audiences": [], "min_grade": 1, "min_level": 2},
        "quiet": {"begin": "22:00", "end": "06:00", "passes": 4, "offset_minutes": 240},
        "outlet": False,
        "paused": True,
    }
    out = io.StringIO(newline="")

    subscribers_csv.write([one], out)

    cells = out.getvalue().splitlines()[1].split(",")
    [row] = subscribers_csv.read(written(tmp_path, out.getvalue()))
    assert not [cell for cell in cells if cell.startswith(("=", "+"))]
    assert ("=cmd()", "+971501234567") == (row.id, row.body["address"])
    assert {"emirates": ["AE-FU"], "min_grade": 1, "min_level": 2} == row.body["filter"]
    assert {"begin": "22:00", "end": "06:00", "passes": 4} == row.body["quiet"]


def test_places_and_ladders_are_json_and_come_back_as_they_went(tmp_path: Path) -> None:
    places, ladder = (
        [{"lat": 25.2, "lon": 55.3, "km": 5.0}],
        [{"transport": "email", "address": "a@b.ae", "after_minutes": 5.0}],
    )
    one = {
        "id": "a",
        "channel": "WEB",
        "transport": "web",
        "address": "/",
        "filter": {"places": places},
        "ladder": ladder,
    }
    out = io.StringIO()
    subscribers_csv.write([one], out)

    [row] = subscribers_csv.read(written(tmp_path, out.getvalue()))

    assert (None, places, ladder) == (row.wrong, row.body["filter"]["places"], row.body["ladder"])


@pytest.mark.parametrize("cell", ["nonsense", '"{""lat"": 1}"', "7"])
def test_a_place_that_is_no_list_is_refused_with_its_column(tmp_path: Path, cell: str) -> None:
    [row] = subscribers_csv.read(written(tmp_path, f"id,channel,transport,address,places\na,WEB,web,/,{cell}\n"))

    assert row.wrong is not None
    assert "places: that is no JSON list" in row.wrong
