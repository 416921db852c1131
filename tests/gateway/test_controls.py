"""Operators over the API: pausing, dead letters, who may, and what the auditor reads of it."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from crisis_bus.bus.controls import REPLAY
from crisis_bus.domain.controls import Action, Control
from crisis_bus.errors import NotReachable
from crisis_bus.wire import messages, topics
from tests.gateway.operating import VALUE, Log, broken
from tests.gateway.stage import Stage, stage

PAUSE = {"action": "pause", "target": "sms", "reason": "the carrier sends twice"}
AGAIN = {"action": "replay", "reason": "the template is mended"}
PLACE = f"{topics.ORDERS}/2/7"


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def on(tmp_path: Path, log: Log) -> Stage:
    return stage(tmp_path, operations=log.operations)


def written(on: Stage) -> list[tuple[str, Action, str, str, str]]:
    """Key, act, target, who and why of what is on the log."""
    assert all(topic == topics.CONTROLS for topic, _, _ in on.log.sent)
    read = [(key, messages.read_as(Control, envelope)) for _, key, envelope in on.log.sent]
    return [(key.decode(), act.action, act.target, act.by, act.reason) for key, act in read]


@pytest.mark.parametrize(("key", "by"), [("gco", "GCO.duty"), ("admin", "GCO.admin")])
async def test_the_office_and_administrators_pause_a_channel_in_the_name_of_their_key(
    on: Stage, key: str, by: str
) -> None:
    async with on.client(key) as client:
        answer = await client.post("/v1/controls", json=PAUSE)

    assert (202, by) == (answer.status_code, answer.json()["by"])
    assert [("sms", Action.PAUSE, "sms", by, PAUSE["reason"])] == written(on)


async def test_what_is_paused_is_told_until_it_is_resumed(on: Stage, log: Log) -> None:
    async with on.client() as client:
        await client.post("/v1/controls", json=PAUSE)
        await client.post("/v1/controls", json=PAUSE | {"target": "far"})
        log.take(on.log.sent)
        before = (await client.get("/v1/controls")).json()["items"]
        await client.post("/v1/controls", json=PAUSE | {"action": "resume", "reason": "mended"})
        log.take(on.log.sent)
        after = (await client.get("/v1/controls")).json()["items"]

    assert (["sms", "far"], ["far"]) == ([one["target"] for one in before], [one["target"] for one in after])
    assert ("GCO.duty", PAUSE["reason"]) == (before[0]["by"], before[0]["reason"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(PAUSE | {"target": "pigeon"}, "target", id="neither a transport nor a provider"),
        pytest.param(PAUSE | {"action": "replay"}, "action", id="an act on something else"),
        pytest.param(PAUSE | {"reason": " "}, "reason", id="no reason"),
        pytest.param(PAUSE | {"by": "GCO.other"}, "by", id="in the name of somebody else"),
    ],
)
async def test_what_cannot_be_paused_is_refused_with_the_field(on: Stage, body: dict[str, str], field: str) -> None:
    async with on.client() as client:
        answer = await client.post("/v1/controls", json=body)

    assert (422, field, []) == (answer.status_code, answer.json()["field"], on.log.sent)


@pytest.mark.parametrize(
    ("key", "status", "rule"),
    [
        pytest.param(None, 401, "no_key", id="nobody"),
        pytest.param("reader", 403, "scope", id="who reads"),
        pytest.param("media", 403, "scope", id="who subscribes"),
        pytest.param("ministry", 403, "office", id="who commands for a ministry"),
        pytest.param("drill", 403, "space", id="who administers rehearsals only"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/controls"),
        ("POST", "/v1/controls"),
        ("GET", "/v1/letters"),
        ("GET", f"/v1/letters/{PLACE}"),
        ("POST", f"/v1/letters/{PLACE}"),
    ],
)
async def test_everybody_else_is_kept_out_and_it_is_audited(
    on: Stage, key: str | None, status: int, rule: str, method: str, path: str
) -> None:
    with capture_logs() as logs:
        async with on.client(key) as client:
            answer = await client.request(method, path, json=AGAIN if method == "POST" else None)

    assert (status, [rule], []) == (answer.status_code, on.meter.denials, on.log.sent)
    assert [{"event": "access_denied", "log_level": "warning", "rule": rule, "key": key}] == logs


async def test_letters_are_listed_from_the_oldest_page_by_page(on: Stage, log: Log) -> None:
    log.buried = [broken(offset) for offset in (3, 1, 2)]

    async with on.client() as client:
        first = (await client.get("/v1/letters?limit=2")).json()
        second = (await client.get("/v1/letters", params={"limit": 2, "after": first["after"]})).json()

    assert [f"{topics.ORDERS}/2/1", f"{topics.ORDERS}/2/2"] == [one["place"] for one in first["items"]]
    assert ([f"{topics.ORDERS}/2/3"], False) == ([one["place"] for one in second["items"]], second["more"])
    assert ("some.type", "no order could be read") == (first["items"][0]["type"], first["items"][0]["reason"])


async def test_a_letter_is_shown_without_addresses_and_secrets(on: Stage) -> None:
    async with on.client() as client:
        shown = (await client.get(f"/v1/letters/{PLACE}")).json()

    assert {"messages": [{"address": "•••", "secret": "•••"}]} == shown["value"]
    assert ("k", "x") == (shown["key"], shown["headers"]["ce_id"])


async def test_a_letter_is_put_back_as_it_was_once_and_the_act_is_written_down(on: Stage, log: Log) -> None:
    async with on.client() as client:
        first = await client.post(f"/v1/letters/{PLACE}", json=AGAIN)
        log.take(on.log.sent)
        second = await client.post(f"/v1/letters/{PLACE}", json=AGAIN)
        listed = (await client.get("/v1/letters")).json()["items"]
        everything = (await client.get("/v1/letters?all=true")).json()["items"]

    assert [202, 409] == [first.status_code, second.status_code]
    assert [(PLACE, Action.REPLAY, PLACE, "GCO.duty", AGAIN["reason"])] == written(on)
    [again] = log.back
    assert (topics.ORDERS, 2, b"k", VALUE) == (again.topic, again.partition, again.key, again.value)
    assert (REPLAY, PLACE.encode()) == again.headers[-1]
    assert ([], ["replay"]) == (listed, [one["handled"] for one in everything])


async def test_a_letter_that_is_set_aside_is_not_put_back(on: Stage, log: Log) -> None:
    async with on.client() as client:
        done = await client.post(f"/v1/letters/{PLACE}", json=AGAIN | {"action": "discard"})

    assert (202, []) == (done.status_code, log.back)
    assert [Action.DISCARD] == [act for _, act, _, _, _ in written(on)]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_where_no_letter_is_nothing_is_found(on: Stage, method: str) -> None:
    async with on.client() as client:
        answer = await client.request(
            method, f"/v1/letters/{topics.ORDERS}/2/8", json=AGAIN if method == "POST" else None
        )

    assert (404, []) == (answer.status_code, on.log.sent)


async def test_while_the_log_is_away_nothing_is_said_to_be_done(on: Stage, log: Log) -> None:
    log.fails = NotReachable("away")

    async with on.client() as client:
        answers = [
            await client.get("/v1/controls"),
            await client.get("/v1/letters"),
            await client.post(f"/v1/letters/{PLACE}", json=AGAIN),
        ]

    assert [503, 503, 503] == [answer.status_code for answer in answers]
    assert [] == on.log.sent
