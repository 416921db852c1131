"""What `providers.yaml` sets up, and what it may not say."""

import re
from pathlib import Path

import pytest

from crisis_bus.assembly import providers
from crisis_bus.channels.contract import Report
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.providers import Provider
from crisis_bus.errors import NotReachable, SettingsError
from crisis_bus.settings import Settings
from crisis_bus.wire.envelope import Envelope

USUAL = ["webhook", "email", "web", "kafka"]


async def publish(topic: str, key: bytes, envelope: Envelope) -> None:
    raise AssertionError((topic, key, envelope))


def found(said: str | None, tmp_path: Path) -> tuple[Settings, list[Provider]]:
    settings = Settings(data=tmp_path)
    if said is not None:
        (tmp_path / "providers.yaml").write_text(said, encoding="utf-8")
    return settings, providers.configured(tmp_path / "providers.yaml", settings)


def test_without_a_file_there_is_one_of_each_usual_kind(tmp_path: Path) -> None:
    assert USUAL == [provider.name for provider in found(None, tmp_path)[1]]


def test_an_entry_takes_the_place_of_the_usual_one_and_others_of_its_kind_follow_it(tmp_path: Path) -> None:
    _, made = found(
        "mqtt: {options: {host: 127.0.0.1, payload: sign}}\n"
        "near: {kind: email, options: {sender: desk@example.test}, limits: {timeout: 3, per_second: 5}}\n"
        "far: {kind: email, options: {sender: desk@example.test}, retries: {give_up: 172800, longest_wait: 3600}}\n",
        tmp_path,
    )

    assert ["mqtt", "near", "far", "webhook", "web", "kafka"] == [provider.name for provider in made]
    assert (3, 5, 172_800) == (made[1].limits.timeout, made[1].limits.per_second, made[2].retries.give_up)


async def test_providers_of_one_transport_are_alternates_in_the_order_of_the_file(tmp_path: Path) -> None:
    settings, _ = found(
        "near: {kind: email, options: {sender: a@example.test}}\nfar: {kind: email, options: {sender: a@example.test}}",
        tmp_path,
    )

    carriers = providers.carriers(settings, publish, providers.Ears())

    for carrier in carriers.all():
        await carrier.channel.close()
    assert ["near", "far"] == [carrier.provider.name for carrier in carriers.of["email"]]


async def test_what_a_peer_says_later_waits_for_somebody_who_hears_it() -> None:
    ears, heard = providers.Ears(), list[tuple[str, Report]]()
    report = Report("id-1", Outcome.DELIVERED, "arrived")

    with pytest.raises(NotReachable):
        await ears.tell("sms", report)

    async def hear(provider: str, said: Report) -> None:
        heard.append((provider, said))

    ears.hear = hear
    await ears.tell("sms", report)
    assert [("sms", report)] == heard


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param("pigeon: {}", "pigeon: there is no kind 'pigeon'; there are webhook, email", id="unknown"),
        pytest.param("webhook: {options: {a: 1}}", "webhook.options.a: Extra inputs are not", id="nothing to choose"),
        pytest.param("mqtt: {retries: {give_up: 0}}", "mqtt.retries.give_up: Input should be", id="patience"),
        pytest.param("mqtt: {breaker: {failing: 2}}", "mqtt.breaker.failing: Input should be", id="breaker"),
        pytest.param("mqtt: {}", "mqtt.options.host: Field required", id="an option is missing"),
        pytest.param("mqtt: {option: {}}", "mqtt.option: Extra inputs are not permitted", id="misspelt"),
        pytest.param("mqtt: {limits: {at_once: 0}}", "mqtt.limits.at_once: Input should be", id="a limit"),
        pytest.param("- mqtt", "Input should be a valid dictionary", id="a list"),
        pytest.param("mqtt: {", "it is no YAML", id="no YAML"),
        pytest.param(
            "email: {options: {sender: a@b.test, unsubscribe_url: https://b.test}}",
            "link_secret",
            id="no secret",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, said: str, reason: str) -> None:
    (tmp_path / "providers.yaml").write_text(said, encoding="utf-8")

    with pytest.raises(SettingsError, match=re.escape(reason)) as refused:
        providers.carriers(Settings(data=tmp_path), publish, providers.Ears())

    assert str(refused.value).startswith((str(tmp_path / "providers.yaml"), "email.options"))


HANDOVER = "handover: {options: {cap_sender: desk@gco.example}}"


def test_a_hand_over_has_a_clock_of_ten_minutes_unless_it_says_otherwise(tmp_path: Path) -> None:
    _, usual = found(HANDOVER, tmp_path)
    _, other = found(HANDOVER.replace("{options", "{confirm_within: 60, options"), tmp_path)
    _, none = found(HANDOVER.replace("{options", "{confirm_within: null, options"), tmp_path)

    assert [600, 60, None] == [each[0].confirm_within for each in (usual, other, none)]


def test_a_hand_over_needs_the_keys_that_sign_it_and_its_links(tmp_path: Path) -> None:
    settings, _ = found(HANDOVER, tmp_path)

    with pytest.raises(SettingsError, match="webhook_signing_key and link_secret"):
        providers.carriers(settings, publish, providers.Ears())


_CALLS_BACK = """
far:
  kind: sms_http
  options:
    url: https://sms.example.test
    body: "{{ text }}"
    id_path: id
    report: {secret: a-secret-of-the-provider, query: token, id: id, state: status, delivered: [DELIVRD]}
silent: {kind: sms_http, options: {url: "https://sms.example.test", body: "{{ text }}"}}
"""


def test_the_gateway_hears_the_providers_that_call_back(tmp_path: Path) -> None:
    settings, _ = found(_CALLS_BACK, tmp_path)

    heard = providers.callbacks(settings)

    assert {"far": ("token", frozenset({"DELIVRD"}))} == {
        name: (options.query, options.delivered) for name, options in heard.items()
    }


def test_how_a_provider_calls_back_is_refused_with_file_entry_and_field(tmp_path: Path) -> None:
    settings, _ = found(_CALLS_BACK.replace("a-secret-of-the-provider", "short"), tmp_path)

    with pytest.raises(SettingsError, match=r"providers\.yaml: far\.options\.report\.secret: .*at least 16"):
        providers.callbacks(settings)
