"""How far a statement got, and who has not got its correction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Expansion, Outcome, Receipt
from crisis_bus.domain.instants import MINUTE
from crisis_bus.views.gathered import Views
from crisis_bus.views.reach import Reach
from crisis_bus.wire import messages, topics
from tests.gateway.stage import FLOOD, START, Stage, raised, stage
from tests.gateway.test_reading import HOLDING, receipt

CORRECTS = {"kind": "RETRACTION", "refs": ["S-1"], "originator": "MOI"}


async def test_the_ledger_of_a_statement_tells_what_was_due_and_what_arrived(on: Stage) -> None:
    async with on.client() as client:
        await client.post("/v1/commands", json=raised())
        await client.post("/v1/commands", json={"type": "statement.draft", "data": HOLDING})
        told = Expansion(order="o", partition=0, number="uae/S-1", space="uae", statement="S-1", channels={"WEB": 2})
        on.deps.views.reach.expansion(told)
        on.deps.views.receipt(receipt("m", Outcome.DELIVERED).model_dump_json().encode())
        ledger = (await client.get("/v1/ledger/S-1")).json()
        none = await client.get("/v1/ledger/S-9")

    [web] = ledger["channels"]
    assert ("WEB", 2, 1, 1) == (web["channel"], web["due"], web["delivered"], web["waiting"])
    assert {"5": 50.0, "15": 50.0, "60": 50.0} == web["delivered_within"]
    assert (2, 1, "2026-04-16T12:00:00.000Z") == (
        ledger["total"]["due"],
        ledger["total"]["delivered"],
        ledger["first_accepted_at"],
    )
    assert 404 == none.status_code


async def test_a_statement_without_corrections_has_an_empty_list(on: Stage) -> None:
    async with on.client() as client:
        await client.post("/v1/commands", json=raised())
        await client.post("/v1/commands", json={"type": "statement.draft", "data": HOLDING})
        found = (await client.get("/v1/corrections/S-1")).json()
        none = await client.get("/v1/corrections/S-9")

    assert ({"space": "uae", "statement": "S-1", "corrections": []}, 404) == (found, none.status_code)


async def _asked(on: Stage, person: str, kind: str, data: dict[str, Any], minute: int) -> None:
    at = START + minute * MINUTE
    asked = messages.command("uae", kind, person, data, id=f"{kind}-{minute}", at=at, source="/tests")
    await on.log.publish(topics.COMMANDS, b"uae", asked)


async def _warned(on: Stage, **first: str) -> None:
    """An incident that becomes dangerous at minute 10, and a warning about it at minute 12."""
    await _asked(on, "GCO.duty", "incident.report", {**FLOOD, **first}, 0)
    await _asked(on, "GCO.duty", "incident.update", {"incident": FLOOD["id"], "severity": "Extreme"}, 10)
    said = {"id": "S-1", "incident": FLOOD["id"], "kind": "PUBLIC_WARNING", "originator": "MOI"}
    await _asked(on, "MOI.ops1", "statement.submit", said, 11)
    await _asked(on, "MOI.commander", "statement.approve", {"statement": "S-1", "key": "ORIGINATOR"}, 12)


def _heard(on: Stage, name: str, minute: int, languages: tuple[str, ...]) -> Receipt:
    told = receipt(name, Outcome.DELIVERED, instants.text(START + minute * MINUTE))
    due = instants.text(START + 12 * MINUTE)
    told = told.model_copy(update={"subscription": name, "languages": languages, "due": due})
    on.deps.views.receipt(told.model_dump_json().encode())
    return told


@pytest.mark.parametrize(
    ("first", "seconds"),
    [
        pytest.param({"severity": "Moderate"}, 180.0, id="from the report that made it dangerous"),
        pytest.param({}, 780.0, id="from the first report, which was dangerous"),
    ],
)
async def test_a_warning_is_measured_from_the_report_of_danger_to_its_first_delivery(
    on: Stage, first: dict[str, str], seconds: float
) -> None:
    await _warned(on, **first)
    _heard(on, "late", 14, ("en",))
    _heard(on, "early", 13, ("ar",))

    async with on.client() as client:
        ledger = (await client.get("/v1/ledger/S-1")).json()

    assert (seconds, {"en": 60.0}) == (ledger["warning_seconds"], ledger["language_lags"])
    assert (2, {"5": 100.0, "15": 100.0, "60": 100.0}) == (ledger["total"]["people"], ledger["total"]["reached_within"])


async def test_what_is_no_warning_or_has_not_arrived_has_no_warning_time(on: Stage) -> None:
    await _warned(on)

    async with on.client() as client:
        before = (await client.get("/v1/ledger/S-1")).json()
        await client.post("/v1/commands", json={"type": "statement.draft", "data": HOLDING | {"id": "S-2"}})
        other = (await client.get("/v1/ledger/S-2")).json()

    assert [None, None] == [before["warning_seconds"], other["warning_seconds"]]
    assert [{}, {}] == [before["language_lags"], other["language_lags"]]


async def test_who_misses_a_correction_is_read_from_the_topic_when_it_is_not_at_hand(tmp_path: Path) -> None:
    topic: list[bytes] = []

    async def recall(look: Callable[[bytes | None], None]) -> None:
        for value in (*topic, None, b"{", b'{"statement": "S-1"}'):
            look(value)

    on = stage(tmp_path, views=Views(reach=Reach(at_hand=2)), recall=recall)
    await _warned(on)
    told = [_heard(on, name, 13, ("ar",)) for name in "abcd"]
    topic += [each.model_dump_json().encode() for each in told]
    correction = told[0].model_copy(update={"statement": "C-1", "message": "c", "id": "c"})
    topic.append(correction.model_dump_json().encode())
    await _asked(on, "MOI.ops1", "statement.submit", {"id": "C-1", "incident": FLOOD["id"], **CORRECTS}, 20)
    await _asked(on, "NCEMA.commander", "statement.approve", {"statement": "C-1", "key": "ORIGINATOR"}, 21)

    async with on.client() as client:
        [found] = (await client.get("/v1/corrections/S-1")).json()["corrections"]

    assert (4, 3, 25.0) == (found["had"], found["missing"], found["share"])
    assert ["b", "c", "d"] == [each["subscription"] for each in found["destinations"]]
