"""How far a statement got, and who has not got its correction."""

from crisis_bus.domain.delivery import Expansion, Outcome
from tests.gateway.stage import Stage, raised
from tests.gateway.test_reading import HOLDING, receipt


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
