"""The whole API against its own document: no 5xx, and nothing that the document does not say."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import validator_for
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crisis_bus.channels.callbacks import CallbackOptions
from crisis_bus.domain.commands import COMMANDS
from crisis_bus.domain.instants import UTC_CLOCK
from crisis_bus.gateway import examples
from tests.gateway.operating import LETTER, Log
from tests.gateway.stage import Stage, raised, stage

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


_CALLBACK = CallbackOptions.model_validate(
    {"secret": "s" * 16, "header": "X-Report-Secret", "id": "id", "state": "status", "delivered": ["DELIVRD"]}
)
_FUZZED = stage(Path("no-public-pages"), callbacks={"any": _CALLBACK}, operations=Log().operations)
_API = schemathesis.openapi.from_asgi("/openapi.json", _FUZZED.app, headers={"Host": "127.0.0.1"})
_OPERATIONS: dict[str, Any] = {
    found.ok().label: found.ok()  # type: ignore[union-attr]  # a broken operation must fail here
    for found in _API.get_all_operations()
}
# An administrator is let in everywhere, so that what is behind the door is tried, not the door.
_HEADERS = {
    "Authorization": f"Bearer {_FUZZED.tokens['admin']}",
    "Host": "127.0.0.1",
    "X-Report-Secret": "s" * 16,
}
_THERE: dict[str, dict[str, Any]] = {"/v1/reports/{provider}": {"provider": "any"}, LETTER.path: LETTER.parameters}
"""What is there, so that more than the way to nothing is tried."""
_NOTHING_TO_SEND = frozenset({"GET /healthz", "GET /readyz", "GET /metrics", "GET /v1/webhooks/key"})
_CASES = [
    pytest.param(label, mode, id=f"{label} {mode.value}")
    for label in _OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or label not in _NOTHING_TO_SEND
]
_BOUNDED = settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("label", "mode"), _CASES)
def test_every_address_keeps_to_the_document(label: str, mode: GenerationMode) -> None:
    @_BOUNDED
    @given(case=_OPERATIONS[label].as_strategy(generation_mode=mode))
    def keeps(case: Any) -> None:
        if isinstance(case.query, dict):
            case.query.pop("wait", None)
        if mode is GenerationMode.POSITIVE:
            case.path_parameters.update(_THERE.get(case.operation.path, {}))
        case.call_and_validate(headers=_HEADERS, checks=CHECKS)

    keeps()


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
