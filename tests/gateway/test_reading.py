"""What can be read: incidents, statements, journal, receipts, health and numbers; page by page."""

import asyncio
from typing import Any

from prometheus_client import Counter

from crisis_bus.domain.delivery import Outcome, Receipt
from tests.gateway.stage import FLOOD, Stage, raised

HOLDING: dict[str, Any] = {"id": "S-1", "incident": "FLOOD-1", "kind": "HOLDING", "facts": {}}


def receipt(message: str, outcome: Outcome, at: str = "2026-04-16T12:00:00Z") -> Receipt:
    return Receipt(
        id=f"{message}/{outcome}",
        message=message,
        space="uae",
        number="uae/S-1",
        statement="S-1",
        incident="FLOOD-1",
        subscription="site",
        subscriber="GCO",
        channel="WEB",
        transport="web",
        outlet=True,
        outcome=outcome,
        attempt=1,
        at=at,
        detail="said",
    )


async def test_an_incident_is_read_as_the_desk_left_it(on: Stage) -> None:
    async with on.client() as client:
        await client.post("/v1/commands", json=raised())
        await client.post("/v1/commands", json={"type": "statement.draft", "data": HOLDING})
        incident = (await client.get("/v1/incidents/FLOOD-1")).json()
        statement = (await client.get("/v1/statements/S-1")).json()

    assert ("MET-FLOOD", "REPORTED", "waiting") == (incident["type"], incident["state"], incident["first_statement"])
    assert (["S-1"], FLOOD["emirates"]) == (incident["statements"], incident["emirates"])
    assert ("DRAFT", "GCO.duty", {}) == (statement["state"], statement["author"], statement["deliveries"])


async def test_pages_go_on_where_they_ended_while_the_journal_grows(on: Stage) -> None:
    async with on.client() as client:
        for number in range(5):
            await client.post("/v1/commands", json=raised(id=f"F-{number}"))
        first = (await client.get("/v1/journal", params={"limit": 3})).json()
        await client.post("/v1/commands", json=raised(id="F-5"))
        rest = (await client.get("/v1/journal", params={"limit": 3, "after": first["after"]})).json()
        empty = (await client.get("/v1/journal", params={"after": rest["after"]})).json()
        incidents = (await client.get("/v1/incidents", params={"limit": 4})).json()

    asked = [line["data"]["id"] for line in first["items"] + rest["items"]]
    assert [f"F-{number}" for number in range(6)] == asked
    assert (True, False) == (first["more"], rest["more"])
    assert ([], rest["after"]) == (empty["items"], empty["after"])
    assert (["F-0", "F-1", "F-2", "F-3"], "F-3") == ([item["id"] for item in incidents["items"]], incidents["after"])


async def test_who_waits_at_the_end_of_the_journal_hears_the_next_line(on: Stage) -> None:
    async with on.client() as client:
        waiting = asyncio.create_task(client.get("/v1/journal", params={"wait": 20}))
        await asyncio.sleep(0.05)
        await client.post("/v1/commands", json=raised())
        heard = await asyncio.wait_for(waiting, 5)

    assert ["incident.report"] == [line["type"] for line in heard.json()["items"]]


async def test_receipts_are_found_by_what_became_of_them(on: Stage) -> None:
    on.deps.views.receipts.apply(receipt("m-1", Outcome.DELIVERED))
    on.deps.views.receipts.apply(receipt("m-2", Outcome.FAILED))

    async with on.client() as client:
        failed = (await client.get("/v1/receipts", params={"outcome": "failed", "statement": "S-1"})).json()
        others = (await client.get("/v1/receipts", params={"channel": "SOCIAL"})).json()

    assert (["m-2"], []) == ([item["message"] for item in failed["items"]], others["items"])


async def test_what_is_not_there_is_not_found(on: Stage) -> None:
    async with on.client() as client:
        answers = [await client.get(f"/v1/{what}/nothing") for what in ("incidents", "statements")]

    assert [404, 404] == [answer.status_code for answer in answers]


async def test_ready_is_not_alive(on: Stage) -> None:
    object.__setattr__(on.deps, "ready", lambda: {"views": False, "publisher": True})

    async with on.client(None) as client:
        alive = await client.get("/healthz")
        ready = await client.get("/readyz")

    assert (200, 503, {"views": False, "publisher": True}) == (
        alive.status_code,
        ready.status_code,
        ready.json()["parts"],
    )


async def test_the_numbers_of_the_registry_are_shown(on: Stage) -> None:
    Counter("seen", "Things seen.", registry=on.deps.registry).inc(3)

    async with on.client(None) as client:
        answer = await client.get("/metrics")

    assert "seen_total 3.0" in answer.text
