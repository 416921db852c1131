"""The OpenAPI document: what FastAPI cannot see, because bodies are read by hand and problems are bilingual."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from crisis_bus.domain.commands import COMMANDS
from crisis_bus.domain.reports import Report
from crisis_bus.gateway import examples
from crisis_bus.gateway.shapes import (
    ChannelTestRequest,
    CommandRequest,
    ControlRequest,
    LetterRequest,
    ProblemShape,
    SubscriptionPatch,
    SubscriptionRequest,
)

PROBLEMS = (400, 401, 403, 422, 503)
"""What any address that needs a key may answer."""
_REF = "#/components/schemas/{model}"
_BODIES: tuple[type[BaseModel], ...] = (
    CommandRequest,
    Report,
    SubscriptionRequest,
    SubscriptionPatch,
    ChannelTestRequest,
    ControlRequest,
    LetterRequest,
)
_ABOUT = """The way into the crisis communication bus.

A command that is answered with 202 is on the log with all in-sync replicas; the desk decides about it and
`GET /v1/commands/{id}?wait=10` tells what it decided. Whoever asks is whoever the key belongs to.
Every refusal is `application/problem+json` with a code and both languages."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that an address may answer, for `responses=`."""
    schema = {"$ref": _REF.format(model=ProblemShape.__name__)}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status in statuses
    }


def body(model: type[BaseModel], shown: Mapping[str, Any]) -> dict[str, Any]:
    """A request body that is read by hand, for `openapi_extra=`."""
    schema = {"$ref": _REF.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "examples": shown}}}}


def _one(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"example": {"value": dict(value)}}


COMMAND_BODY = body(CommandRequest, examples.of_commands())
REPORT_BODY = body(Report, _one(examples.REPORT))
SUBSCRIPTION_BODY = body(SubscriptionRequest, _one(examples.SUBSCRIPTION))
PATCH_BODY = body(SubscriptionPatch, _one(examples.PATCH))
CALLBACK_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "object"}, "example": dict(examples.CALLBACK)}
            for kind in ("application/json", "application/x-www-form-urlencoded")
        },
    }
}
"""Each provider has a form of its own."""
CONTROL_BODY = body(ControlRequest, _one(examples.CONTROL))
LETTER_BODY = body(LetterRequest, _one(examples.LETTER_ACT))
CHANNEL_TEST_BODY = body(ChannelTestRequest, _one(examples.CHANNEL_TEST))


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title="crisis_bus", version=app.version, description=_ABOUT, routes=app.routes)
        made["components"].setdefault("schemas", {}).update(_schemas())
        made["x-command-data"] = {name: _REF.format(model=model.__name__) for name, model in COMMANDS.items()}
        app.openapi_schema = made
    return app.openapi_schema


def _schemas() -> dict[str, Any]:
    models: tuple[type[BaseModel], ...] = (*_BODIES, ProblemShape, *COMMANDS.values())
    _, made = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    schemas: dict[str, Any] = made["$defs"]
    report = schemas[Report.__name__]
    # The gateway fills these in: the id, the space of this government, the person of the key.
    report["required"] = [name for name in report["required"] if name not in {"id", "space", "by"}]
    return schemas
