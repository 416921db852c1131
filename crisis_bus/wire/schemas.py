"""The schema of every type: JSON Schema 2020-12, generated from the models and frozen in `topics/schemas/`."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import GenerateJsonSchema

from crisis_bus.domain.callbacks import Callback
from crisis_bus.domain.commands import CLOCK_TICK, COMMANDS, LIVE_COMMANDS, REHEARSAL_OPEN
from crisis_bus.domain.controls import Control
from crisis_bus.domain.delivery import Bulletin, Expansion, Order, Receipt, Sheaf, Waiting
from crisis_bus.domain.facts import FACTS
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.reports import Report
from crisis_bus.domain.snapshot import Snapshot, SnapshotPart
from crisis_bus.domain.standing import IncidentStanding
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.wire import types
from crisis_bus.wire.messages import DeadLetter

VERSION = "1.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles that would only repeat the names of the fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 the library's signature
        """Never: the name says it."""
        return False


class ClockTick(BaseModel):
    """Fires what is due; the desk sends it to itself when nothing else comes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RehearsalOpen(BaseModel):
    """Makes an empty space a rehearsal: `start` is minute 0, `roster` the changes to people."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    start: str
    roster: dict[str, dict[str, Any]] = {}


COMMAND_DATA: dict[str, type[BaseModel]] = {
    **COMMANDS,
    **LIVE_COMMANDS,
    CLOCK_TICK: ClockTick,
    REHEARSAL_OPEN: RehearsalOpen,
}
"""The data of each command, by its name."""

MESSAGES: dict[str, type[BaseModel]] = {
    types.REPORT: Report,
    types.JOURNAL_ENTRY: Entry,
    types.INCIDENT: IncidentStanding,
    types.BULLETIN: Bulletin,
    types.ORDER: Order,
    types.OUTBOX: Sheaf,
    types.WAITING: Waiting,
    types.CONTROL: Control,
    types.CALLBACK: Callback,
    types.EXPANSION: Expansion,
    types.RECEIPT: Receipt,
    types.SUBSCRIPTION: Subscription,
    types.DEAD_LETTER: DeadLetter,
    types.SNAPSHOT: Snapshot,
    types.SNAPSHOT_PART: SnapshotPart,
}
"""Every other message, by its type; a new one is added here."""


def schemas() -> dict[str, Schema]:
    """The schema of every type, by the type's name; facts, which travel inside journal entries, included."""
    commands = {types.command_type(name): _command(model) for name, model in COMMAND_DATA.items()}
    facts = {types.fact_type(name): _without_null(_plain(model)) for name, model in FACTS.items()}
    messages = {name: _plain(model) for name, model in MESSAGES.items()}
    return {name: _named(name, schema) for name, schema in sorted((commands | facts | messages).items())}


def text(schema: Schema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _plain(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(schema_generator=_Untitled)
    schema["description"] = (model.__doc__ or "").split("\n\n", 1)[0]
    return schema


def _command(model: type[BaseModel]) -> Schema:
    data = _without_null(_plain(model))
    shared = {"$defs": data.pop("$defs")} if "$defs" in data else {}
    return {
        "description": data["description"],
        "type": "object",
        "properties": {"by": {"type": "string", "minLength": 1}, "data": data, "id": {"not": {"type": "string"}}},
        "required": ["by", "data"],
        **shared,
    }


def _named(name: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, "$id": f"urn:crisisbus:schema:{name}:{VERSION}"} | schema | {"title": name}


def _without_null(node: Any) -> Any:  # noqa: ANN401 any part of a schema comes by
    """What is optional in commands and facts is left out, never null."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {name: _without_null(item) for name, item in node.items() if (name, item) != ("default", None)}
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return kept | choices[0]
    return kept | ({"anyOf": choices} if choices else {})
