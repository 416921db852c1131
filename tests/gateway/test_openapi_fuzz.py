"""The whole API against its own document: no 5xx, and nothing that the document does not say."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from jsonschema_rs import validator_for
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crisis_bus.domain.commands import COMMANDS
from crisis_bus.domain.instants import UTC_CLOCK
from crisis_bus.gateway import examples
from tests.gateway.stage import Stage, raised, stage

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return stage(Path(tmp_path_factory.mktemp("web")))


@pytest.fixture
def api(fuzzed: Stage) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", fuzzed.app, headers={"Host": "127.0.0.1"})


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_address_keeps_to_the_document(case: Any, fuzzed: Stage) -> None:
    # An administrator is let in everywhere, so that what is behind the door is tried, not the door.
    case.query.pop("wait", None) if isinstance(case.query, dict) else None
    headers = {"Authorization": f"Bearer {fuzzed.tokens['admin']}", "Host": "127.0.0.1"}

    case.call_and_validate(headers=headers, checks=CHECKS)


async def test_the_document_shows_every_command_with_an_example(on: Stage) -> None:
    async with on.client(None) as client:
        document = (await client.get("/openapi.json")).json()

    shown = document["paths"]["/v1/commands"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert {*COMMANDS, "rehearsal.open"} == set(shown)
    assert set(COMMANDS) == set(document["x-command-data"])
    assert {ref.rpartition("/")[2] for ref in document["x-command-data"].values()} <= set(
        document["components"]["schemas"]
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_is_a_good_command(name: str) -> None:
    model = COMMANDS[name]

    checked = model.model_validate(examples.data_of(model), context=UTC_CLOCK)

    assert name == checked.TYPE


async def test_the_other_examples_are_good_too(on: Stage) -> None:
    async with on.client() as client:
        report = await client.post("/v1/reports", json=dict(examples.REPORT))
        made = await client.put("/v1/subscriptions/x", json=dict(examples.SUBSCRIPTION))
        patched = await client.patch("/v1/subscriptions/x", json=dict(examples.PATCH))

    assert [202, 201, 200] == [report.status_code, made.status_code, patched.status_code]


async def test_an_answer_fits_the_schema_that_the_document_gives(on: Stage) -> None:
    async with on.client() as client:
        await client.post("/v1/commands", json=raised())
        document = (await client.get("/openapi.json")).json()
        incident = (await client.get("/v1/incidents/FLOOD-1")).json()

    schema = {**document["components"]["schemas"]["IncidentShape"], "components": document["components"]}

    assert validator_for(schema).is_valid(incident)
