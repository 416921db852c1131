"""The AsyncAPI 3 document: what outsiders need to speak with the bus, generated from catalogue and schemas."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import yaml

from crisis_bus.wire.catalogue import Bilingual, Catalogue, Topic
from crisis_bus.wire.envelope import JSON
from crisis_bus.wire.schemas import VERSION, Schema

Document = dict[str, Any]

_BINDING = "0.5.0"
_TEXT = {"type": "string", "minLength": 1}
_HEADERS: Document = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {**_TEXT, "description": "UUIDv7 of what begins something, derived from its cause for what follows"},
        "ce_source": {**_TEXT, "description": "the process that wrote the record"},
        "ce_type": _TEXT,
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {**_TEXT, "description": "what it is about; UTF-8, no percent signs"},
        "ce_correlationid": {**_TEXT, "description": "id of the message that began it all"},
        "ce_causationid": {**_TEXT, "description": "id of the message right before"},
        "ce_crisisspace": {**_TEXT, "description": "the space of a command"},
    },
}


class _Dumper(yaml.SafeDumper):
    """Plain YAML: no anchors, Arabic as Arabic."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 the library's signature
        """Write a value out each time that it comes."""
        return True


def text(catalogue: Catalogue, schemas: Mapping[str, Schema]) -> str:
    """The document as its file holds it."""
    made = "# Generated from the topics and the schemas beside it: python -m crisis_bus.wire.generate topics/\n"
    options: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 110}
    body: str = yaml.dump(document(catalogue, schemas), Dumper=_Dumper, **options)
    return made + body


def document(catalogue: Catalogue, schemas: Mapping[str, Schema]) -> Document:
    """The document as a value."""
    topics = catalogue.topics
    types = dict.fromkeys(name for topic in topics for name in events(topic, schemas))
    return {
        "asyncapi": "3.1.0",
        "id": "urn:crisisbus",
        "info": {
            "title": "crisis_bus · ناقل اتصالات الأزمات",
            "version": f"{VERSION}.0",
            "description": "The crisis communication bus of a government, on Apache Kafka. Every record is a "
            "CloudEvents 1.0 event in binary mode; structured mode is read as well.\n\n"
            "ناقل الاتصال الحكومي في الأزمات على أباتشي كافكا، وكل سجل فيه حدث بمعيار CloudEvents 1.0.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": JSON,
        "servers": {"kafka": {"host": "{bootstrap}", "protocol": "kafka", "variables": {"bootstrap": _BOOTSTRAP}}},
        "channels": {topic.name: _channel(topic, schemas) for topic in topics},
        "operations": {name: operation for topic in topics for name, operation in _operations(topic)},
        "components": {
            "messages": {name: _message(name, schemas) for name in types},
            "messageTraits": {"cloudEvent": {"headers": _HEADERS, "contentType": JSON}},
        },
    }


_BOOTSTRAP = {"default": "127.0.0.1:9092", "description": "host:port of the brokers"}


def events(topic: Topic, schemas: Mapping[str, Schema]) -> Iterator[str]:
    """The types that a topic carries, each by its name; a type without a schema stands for itself."""
    for pattern in topic.events:
        yield from [name for name in schemas if fnmatchcase(name, pattern)] or [pattern]


def _channel(topic: Topic, schemas: Mapping[str, Schema]) -> Document:
    return {
        "address": topic.name,
        "title": _both(topic.title),
        "description": f"{_both(topic.purpose)}\n\nKey: {topic.key}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in events(topic, schemas)},
        "tags": _tags(topic),
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "replicas": topic.replicas,
                "topicConfiguration": _configuration(topic),
                "bindingVersion": _BINDING,
            }
        },
    }


def _configuration(topic: Topic) -> Document:
    config = topic.config
    bound = {"cleanup.policy": [config["cleanup.policy"]]}
    numbers = {name: int(config[name]) for name in _NUMBERS if name in config}
    return bound | numbers


_NUMBERS = ("retention.ms", "delete.retention.ms", "max.message.bytes")
"""The settings that the Kafka binding has a place for."""


def _operations(topic: Topic) -> Iterator[tuple[str, Document]]:
    for process in topic.writers:
        yield _operation(process, "send", topic)
    for process in topic.readers:
        yield _operation(process, "receive", topic)


def _operation(process: str, action: str, topic: Topic) -> tuple[str, Document]:
    return f"{process}.{action}.{topic.name}", {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "tags": [{"name": f"process:{process}"}],
    }


def _message(name: str, schemas: Mapping[str, Schema]) -> Document:
    schema = schemas.get(name, {})
    payload = {"$ref": f"schemas/{name}/{VERSION}.json"} if schema else {"type": "object"}
    return {
        "name": name,
        "summary": schema.get("description", "Internal to the desk."),
        "payload": payload,
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": _BINDING}},
    }


def _tags(topic: Topic) -> list[Document]:
    personal = "yes" if topic.personal_data else "no"
    kind = "state" if topic.cleanup == "compact" else "events"
    return _tag([f"visibility:{topic.visibility}", f"kind:{kind}", f"personal-data:{personal}"])


def _tag(names: Iterable[str]) -> list[Document]:
    return [{"name": name} for name in names]


def _both(said: Bilingual) -> str:
    return f"{said.en} · {said.ar}"
