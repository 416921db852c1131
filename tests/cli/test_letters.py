"""`crisis-bus letters` and `channels pause`, on a real log."""

import asyncio
import json
import uuid
from collections.abc import Sequence
from typing import Any

import pytest

from crisis_bus.bus import controls
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing, Record, buried
from crisis_bus.wire import topics

pytestmark = pytest.mark.kafka
NOON = 1_776_340_800_000
BY = ("--by", "GCO.duty", "--reason", "the template is mended")


@pytest.fixture
def on(cli: Any, catalogue_applied: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line against the broker of the session."""
    monkeypatch.setenv("CRISIS_BUS_KAFKA", catalogue_applied)
    return cli


def _bury(bootstrap: str, *records: Record) -> None:
    asyncio.run(_send(bootstrap, [buried(record, "no bulletin could be written", NOON) for record in records]))


async def _send(bootstrap: str, outgoing: Sequence[Outgoing]) -> None:
    publisher = Publisher(bootstrap)
    await publisher.start()
    try:
        await publisher.send_all(outgoing)
    finally:
        await publisher.stop()


def _broken(offset: int, value: bytes = b'{"messages": [{"address": "+971500000000", "secret": "s"}]}') -> Record:
    key = uuid.uuid4().hex.encode()
    return Record(topics.BULLETINS, 0, offset, NOON, key, (("ce_id", b"1"), ("ce_type", b"some.type")), value)


def _rows(ran: Any) -> dict[str, Any]:
    return {row["place"]: row for row in json.loads(ran.out)}


def test_a_letter_is_listed_shown_without_addresses_and_replayed_once(on: Any, catalogue_applied: str) -> None:
    record, place = _broken(9_000_001), f"{topics.BULLETINS}/0/9000001"
    _bury(catalogue_applied, record)

    before = _rows(on("letters", "list", "--format", "json"))
    shown = on("letters", "show", place).out
    first, second = (on("letters", "replay", place, *BY) for _ in range(2))

    there = asyncio.run(controls.all_of(catalogue_applied, topics.BULLETINS))
    [again] = [found for found in there if found.key == record.key]
    assert "no bulletin could be written" == before[place]["reason"]
    assert "some.type" == before[place]["type"]
    assert "+971500000000" not in shown
    assert ("•••" in shown, "messages" in shown) == (True, True)
    assert (0, 2) == (first.code, second.code)
    assert "replay by GCO.duty" in second.err
    assert (record.value, (*record.headers, (controls.REPLAY, place.encode()))) == (again.value, again.headers)
    assert place not in _rows(on("letters", "list", "--format", "json"))
    assert "replay" == _rows(on("letters", "list", "--all", "--format", "json"))[place]["handled"]


def test_a_discarded_letter_stays_and_is_not_replayed(on: Any, catalogue_applied: str) -> None:
    place = f"{topics.BULLETINS}/0/9000002"
    _bury(catalogue_applied, _broken(9_000_002, b"\xff no JSON"))

    discarded, replayed = on("letters", "discard", place, *BY), on("letters", "replay", place, *BY)

    assert (0, 2) == (discarded.code, replayed.code)
    assert "no JSON" in on("letters", "show", place).out


def test_no_address_is_shown_of_what_is_no_json(on: Any, catalogue_applied: str) -> None:
    place = f"{topics.BULLETINS}/0/9000003"
    broken = b'{"old_secret": "w \\" x", "to": ["+971500000001", "a@example.test", "https://example.test/hook"], "n": 7'
    _bury(catalogue_applied, _broken(9_000_003, broken))

    shown = json.loads(on("letters", "show", place).out)["value"]

    assert '{•••, "to": ["•••", "•••", "•••"], "n": 7' == shown


def test_the_secret_before_the_present_one_is_not_shown_either(on: Any, catalogue_applied: str) -> None:
    place = f"{topics.BULLETINS}/0/9000004"
    _bury(catalogue_applied, _broken(9_000_004, b'{"old_secret": "whsec_old", "old_until": "2026"}'))

    shown = json.loads(on("letters", "show", place).out)["value"]

    assert {"old_secret": "•••", "old_until": "2026"} == shown


def test_a_place_without_a_letter_is_named_in_both_languages(on: Any) -> None:
    ran = on("letters", "replay", "crisis.orders.v1/0/999", *BY)

    assert 2 == ran.code
    assert ("crisis.orders.v1/0/999" in ran.err, "لا توجد رسالة متعذّرة" in ran.err) == (True, True)


def test_a_transport_is_paused_with_a_name_and_a_reason_and_resumed(on: Any) -> None:
    on("channels", "pause", "email", "--by", "GCO.duty", "--reason", "the mail server sends twice")
    while_paused = json.loads(on("channels", "paused", "--format", "json").out)
    on("channels", "resume", "email", *BY)

    assert [("email", "GCO.duty", "the mail server sends twice")] == [
        (row["target"], row["by"], row["reason"]) for row in while_paused
    ]
    assert [] == json.loads(on("channels", "paused", "--format", "json").out)


def test_what_is_neither_transport_nor_provider_is_not_paused(on: Any) -> None:
    ran = on("channels", "pause", "pigeon", *BY)

    assert 2 == ran.code
    assert ("pigeon" in ran.err, "webhook" in ran.err) == (True, True)
