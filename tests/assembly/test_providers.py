"""What `providers.yaml` sets up, and what it may not say."""

import re
from pathlib import Path

import pytest

from crisis_bus.assembly import providers
from crisis_bus.errors import SettingsError


def test_without_a_file_nothing_is_set_up(tmp_path: Path) -> None:
    assert {} == providers.configured(tmp_path / "providers.yaml")


async def test_an_entry_sets_up_its_channel(tmp_path: Path) -> None:
    file = tmp_path / "providers.yaml"
    file.write_text(
        "mqtt: {options: {host: 127.0.0.1, payload: sign}}\n"
        "email: {options: {sender: desk@example.test}, limits: {timeout: 3}}\n",
        encoding="utf-8",
    )

    found = providers.configured(file)

    for channel in found.values():
        await channel.close()
    assert {"mqtt": "mqtt", "email": "email"} == {name: channel.name for name, channel in found.items()}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(
            "pigeon: {}", "pigeon: there is no such entry; there are email, mqtt, push, apprise", id="unknown"
        ),
        pytest.param("webhook: {}", "webhook: there is no such entry", id="always there"),
        pytest.param("mqtt: {}", "mqtt.options.host: Field required", id="an option is missing"),
        pytest.param("mqtt: {option: {}}", "mqtt.option: Extra inputs are not permitted", id="misspelt"),
        pytest.param("mqtt: {limits: {at_once: 0}}", "mqtt.limits.at_once: Input should be", id="a limit"),
        pytest.param("- mqtt", "Input should be a valid dictionary", id="a list"),
        pytest.param("mqtt: {", "it is no YAML", id="no YAML"),
        pytest.param(
            "email: {options: {sender: a@b.test, dsn_maildir: /tmp}}", "email.options.dsn_maildir", id="not connected"
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, said: str, reason: str) -> None:
    file = tmp_path / "providers.yaml"
    file.write_text(said, encoding="utf-8")

    with pytest.raises(SettingsError, match=re.escape(reason)) as refused:
        providers.configured(file)

    assert str(refused.value).startswith(str(file))
