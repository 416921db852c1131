"""Providers call back: who is heard, what reaches the log, and who is kept out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from crisis_bus.channels.callbacks import CallbackOptions
from crisis_bus.domain.callbacks import Callback
from crisis_bus.errors import NotReachable
from crisis_bus.wire import messages, topics
from tests.gateway.stage import Stage, stage

SECRET = "a-secret-of-the-provider"
HEARD: Mapping[str, str] = {"X-Report-Secret": SECRET}
DELIVERED: Mapping[str, Any] = {"id": "77", "status": "DELIVRD"}


def options(**more: Any) -> CallbackOptions:
    usual: dict[str, Any] = {"secret": SECRET, "header": "X-Report-Secret", "id": "id", "state": "status"}
    return CallbackOptions(**usual | {"delivered": ["DELIVRD"], "failed": ["UNDELIV"]} | more)


@pytest.fixture
def on(tmp_path: Path) -> Stage:
    return stage(tmp_path, callbacks={"far": options(), "near": options(header=None, query="token")})


def said(on: Stage) -> list[tuple[str, str, str, str]]:
    """Provider, its id, outcome and key of what is on the log."""
    assert all(topic == topics.CALLBACKS for topic, _, _ in on.log.sent)
    read = [(messages.read_as(Callback, envelope), key.decode()) for _, key, envelope in on.log.sent]
    return [(each.provider, each.provider_id, each.outcome, key) for each, key in read]


async def test_a_report_in_json_is_on_the_log(on: Stage) -> None:
    async with on.client(None, **HEARD) as client:
        answer = await client.post("/v1/reports/far", json=dict(DELIVERED))

    assert (202, {"taken": 1, "passed_over": 0}) == (answer.status_code, answer.json())
    assert [("far", "77", "delivered", "far/77")] == said(on)


async def test_a_report_in_a_form_with_its_secret_in_the_query_is_on_the_log(on: Stage) -> None:
    async with on.client(None) as client:
        answer = await client.post(f"/v1/reports/near?token={SECRET}", data={"id": "78", "status": "UNDELIV"})

    assert (202, [("near", "78", "failed", "near/78")]) == (answer.status_code, said(on))


async def test_a_report_that_comes_twice_has_the_same_id(on: Stage) -> None:
    async with on.client(None, **HEARD) as client:
        for _ in range(2):
            await client.post("/v1/reports/far", json=dict(DELIVERED))

    assert 1 == len({envelope.id for _, _, envelope in on.log.sent})


async def test_a_state_that_is_no_end_is_taken_and_passed_over(on: Stage) -> None:
    async with on.client(None, **HEARD) as client:
        answer = await client.post("/v1/reports/far", json={"id": "77", "status": "ENROUTE"})

    assert (202, {"taken": 0, "passed_over": 1}, []) == (answer.status_code, answer.json(), on.log.sent)


@pytest.mark.parametrize(
    ("path", "secret", "status", "rule", "key"),
    [
        pytest.param("/v1/reports/nobody", SECRET, 404, "unknown_provider", None, id="unknown provider"),
        pytest.param("/v1/reports/far", "wrong", 403, "provider_secret", "far", id="wrong secret"),
        pytest.param(f"/v1/reports/far?token={SECRET}", "", 403, "provider_secret", "far", id="secret elsewhere"),
        pytest.param("/v1/reports/near", SECRET, 403, "provider_secret", "near", id="no secret"),
    ],
)
async def test_whoever_may_not_speak_for_a_provider_is_kept_out_and_it_is_audited(
    on: Stage, path: str, secret: str, status: int, rule: str, key: str | None
) -> None:
    with capture_logs() as logs:
        async with on.client(None, **{"X-Report-Secret": secret}) as client:
            answer = await client.post(path, json=dict(DELIVERED))

    assert (status, [rule], []) == (answer.status_code, on.meter.denials, on.log.sent)
    assert [{"event": "access_denied", "log_level": "warning", "rule": rule, "key": key}] == logs


async def test_an_api_key_is_not_needed_and_does_not_help(on: Stage) -> None:
    async with on.client("admin") as client:
        answer = await client.post("/v1/reports/far", json=dict(DELIVERED))

    assert (403, ["provider_secret"]) == (answer.status_code, on.meter.denials)


@pytest.mark.parametrize(
    ("kind", "body", "status", "field"),
    [
        pytest.param("application/json", b"{", 400, None, id="no JSON"),
        pytest.param("application/json", b"[]", 422, "", id="a list"),
        pytest.param("application/json", b'{"status": "DELIVRD"}', 422, "id", id="no id"),
        pytest.param("application/json", b'{"id": "1"}', 422, "status", id="no state"),
        pytest.param("text/plain", b"id=1&status=DELIVRD", 415, None, id="neither JSON nor a form"),
        pytest.param("application/x-www-form-urlencoded", b"\xff", 400, None, id="bytes"),
        pytest.param("application/x-www-form-urlencoded", b"id=%ff&status=DELIVRD", 400, None, id="no text"),
        pytest.param("application/x-www-form-urlencoded", b"a=1&" * 300, 400, None, id="too many fields"),
        pytest.param("application/x-www-form-urlencoded", b"", 422, "id", id="an empty form"),
    ],
)
async def test_rubbish_is_refused_with_the_field(
    on: Stage, kind: str, body: bytes, status: int, field: str | None
) -> None:
    async with on.client(None, **HEARD) as client:
        answer = await client.post("/v1/reports/far", content=body, headers={"content-type": kind})

    assert (status, field, []) == (answer.status_code, answer.json().get("field"), on.log.sent)


async def test_a_provider_is_told_to_say_it_again_while_the_log_is_away(on: Stage) -> None:
    on.log.fails = NotReachable("away")

    async with on.client(None, **HEARD) as client:
        answer = await client.post("/v1/reports/far", json=dict(DELIVERED))

    assert (503, "5") == (answer.status_code, answer.headers["retry-after"])
