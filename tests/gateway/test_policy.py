"""A version of the policy goes through the door whole, and the door cannot tell the two people apart: the desk does."""

from typing import Any

from tests.gateway.stage import Stage, raised
from tests.rules.amending import proposal


async def _ask(on: Stage, key: str | None, **command: Any) -> dict[str, Any]:
    async with on.client(key) as client:
        accepted = await client.post("/v1/commands", json=command)
        status = await client.get(accepted.json()["status_url"], params={"wait": 1})
    (fact,) = status.json()["facts"]
    return {"type": fact["type"], **fact["data"]}


async def test_a_version_is_proposed_whole_and_not_adopted_by_the_same_key(on: Stage) -> None:
    proposed = await _ask(on, "gco", type="policy.propose", data=proposal())

    adopted = await _ask(on, "gco", type="policy.adopt", data={"version": "2"})

    assert ("policy.proposed", "2") == (proposed["type"], proposed["version"])
    assert ("command.refused", "NOT_ALLOWED", "by") == (adopted["type"], adopted["reason"], adopted["field"])


async def test_an_incident_says_which_version_it_began_with(on: Stage) -> None:
    async with on.client() as client:
        await client.post("/v1/commands", json=raised())
        page = await client.get("/v1/incidents")

    assert ["1"] == [incident["policy"] for incident in page.json()["items"]]
