"""`crisis-bus settings`: values, origins, secrets and mistakes."""

import json
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.settings import Settings


def _row(ran: Any, name: str) -> dict[str, Any]:
    rows = {row["setting"]: row for row in json.loads(ran.out)}
    found: dict[str, Any] = rows[name]
    return found


def test_every_setting_is_there_with_a_sentence(cli: Any) -> None:
    ran = cli("settings", "--format", "jsonl")

    rows = [json.loads(line) for line in ran.lines]
    assert list(Settings.model_fields) == [row["setting"] for row in rows]
    assert [] == [row["setting"] for row in rows if not row["what"]]
    assert {"default"} == {row["origin"] for row in rows}


def test_the_environment_wins_over_the_file_and_both_are_named_as_origin(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crisis-bus.toml").write_text('space = "from-file"\ngateway_port = 8111\n')
    monkeypatch.setenv("CRISIS_BUS_SPACE", "from-environment")

    ran = cli("settings", "--format", "json")

    space, port = _row(ran, "space"), _row(ran, "gateway_port")
    assert ("from-environment", "CRISIS_BUS_SPACE") == (space["value"], space["origin"])
    assert (8111, "crisis-bus.toml") == (port["value"], port["origin"])


@pytest.mark.parametrize("output", ["table", "json", "jsonl"])
def test_secrets_are_masked_in_every_format(cli: Any, monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    monkeypatch.setenv("CRISIS_BUS_SMTP_PASSWORD", "correct-horse")
    monkeypatch.setenv("CRISIS_BUS_API_KEY", "cb_battery-staple")

    ran = cli("settings", "--format", output)

    said = ran.out + ran.err
    assert 2 == said.count("********")
    assert "correct-horse" not in said
    assert "battery-staple" not in said


def test_an_unknown_variable_is_named(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_BUS_SPCAE", "uae")

    ran = cli("settings")

    assert 2 == ran.code
    assert "crisis-bus: there is no setting CRISIS_BUS_SPCAE; `crisis-bus settings` lists all\n" == ran.err


def test_a_value_that_cannot_be_is_told_with_its_origin_and_setting(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_BUS_GATEWAY_PORT", "99999")

    ran = cli("settings")

    assert 2 == ran.code
    assert ran.err.startswith("crisis-bus: CRISIS_BUS_GATEWAY_PORT: gateway_port: Input should be less than")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param("space = [", "crisis-bus.toml: cannot be read: ", id="no TOML"),
        pytest.param("spaec = 1", "crisis-bus.toml: spaec: Extra inputs are not permitted", id="unknown setting"),
    ],
)
def test_a_bad_file_is_one_sentence(cli: Any, tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "crisis-bus.toml").write_text(content)

    ran = cli("settings")

    assert 2 == ran.code
    assert ran.err.startswith(f"crisis-bus: {sentence}")
    assert 1 == ran.err.count("\n")
