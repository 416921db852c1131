"""The topic catalogue: `topics/`, one YAML file a topic, checked before anybody believes it."""

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crisis_bus.domain.instants import minutes
from crisis_bus.errors import CatalogueError

ASYNCAPI = "asyncapi.yaml"
"""Lies beside the topics and is none: it is generated from them."""

DAY = 86_400_000
TOMBSTONE_DAYS = 7
"""How long a compacted topic keeps the sign that a key is gone: a reader that slept longer reads from the start."""

_ARABIC = re.compile("[\u0621-\u064a]")
_NOT_TYPED = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufb50-\ufdff\ufe70-\ufeff]")

Process = Literal["gateway", "intake", "desk", "follower", "dispatch", "deliver", "cli", "ministries", "media"]


def _arabic(text: str) -> str:
    if not _ARABIC.search(text) or _NOT_TYPED.search(text):
        msg = "must be Arabic in plain letters: no presentation forms, no marks of direction"
        raise ValueError(msg)
    return text


Name = Annotated[str, Field(pattern=r"^crisis(\.[a-z]+(-[a-z]+)*)+\.v[1-9][0-9]*$", max_length=100)]
EventType = Annotated[str, Field(pattern=r"^org\.crisisbus(\.([a-z]+([_-][a-z]+)*|\*))+\.v[1-9][0-9]*$")]


class Bilingual(BaseModel):
    """A sentence in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ar: Annotated[str, Field(min_length=1), AfterValidator(_arabic)]
    en: Annotated[str, Field(min_length=1)]


class Topic(BaseModel):
    """One topic. `group` joins topics whose partitions must match, because a worker holds the same one of each."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Name
    title: Bilingual
    purpose: Bilingual
    key: Annotated[str, Field(min_length=1)]
    events: Annotated[tuple[EventType, ...], Field(min_length=1)]
    group: Annotated[str, Field(pattern=r"^[a-z]+$")] | None = None
    partitions: Annotated[int, Field(strict=True, ge=1, le=1000)]
    replicas: Annotated[int, Field(strict=True, ge=1)] = 3
    min_insync_replicas: Annotated[int, Field(strict=True, ge=1)] = 2
    cleanup: Literal["delete", "compact"]
    retention_days: Annotated[int, Field(strict=True, ge=1)] | Literal["forever"]
    compact_within_minutes: Annotated[int, Field(strict=True, ge=1)] | None = None
    timestamp: Literal["create", "append"] = "create"
    max_message_bytes: Annotated[int, Field(strict=True, ge=1024, le=16 * 1024 * 1024)] = 1024 * 1024
    personal_data: Annotated[bool, Field(strict=True)]
    visibility: Literal["internal", "government", "public"]
    writers: Annotated[tuple[Process, ...], Field(min_length=1)]
    readers: Annotated[tuple[Process, ...], Field(min_length=1)]

    @property
    def config(self) -> dict[str, str]:
        """The settings of the topic, as Kafka writes them."""
        kept = "-1" if self.retention_days == "forever" else str(self.retention_days * DAY)
        config = {
            "cleanup.policy": self.cleanup,
            "retention.ms": kept,
            "message.timestamp.type": "LogAppendTime" if self.timestamp == "append" else "CreateTime",
            "max.message.bytes": str(self.max_message_bytes),
            "min.insync.replicas": str(self.min_insync_replicas),
            "unclean.leader.election.enable": "false",
        }
        if self.cleanup == "compact":
            config["delete.retention.ms"] = str(TOMBSTONE_DAYS * DAY)
        if self.compact_within_minutes is not None:
            config["max.compaction.lag.ms"] = str(minutes(self.compact_within_minutes))
        return config


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All topics, by name."""

    topics: tuple[Topic, ...]

    def topic(self, name: str) -> Topic:
        """The topic of a name; raises CatalogueError."""
        for topic in self.topics:
            if topic.name == name:
                return topic
        msg = f"topics/{name}.yaml: there is no such file, so the topic {name} is not known"
        raise CatalogueError(msg)


def load(folder: Path) -> Catalogue:
    """Read and check the catalogue; raises CatalogueError, which names file and field."""
    files = sorted(file for file in folder.glob("*.yaml") if file.name != ASYNCAPI)
    if not files:
        msg = f"{folder}: no topic is described here; one file a topic is expected, such as crisis.journal.v1.yaml"
        raise CatalogueError(msg)
    topics = tuple(_topic(file) for file in files)
    _check_groups(topics, folder)
    return Catalogue(topics)


def _topic(file: Path) -> Topic:
    try:
        topic = Topic.model_validate(_yaml(file))
    except ValidationError as error:
        raise CatalogueError(_sentence(file, error)) from error
    _check(topic, file)
    return topic


def _check(topic: Topic, file: Path) -> None:
    wrong = {
        f"name: is {topic.name!r}, but the file is named {file.stem!r}": topic.name != file.stem,
        "min_insync_replicas: is larger than replicas": topic.min_insync_replicas > topic.replicas,
        "retention_days: a compacted topic keeps the last record of a key for ever": (
            topic.cleanup == "compact" and topic.retention_days != "forever"
        ),
    }
    for sentence, holds in wrong.items():
        if holds:
            msg = f"{file}: {sentence}"
            raise CatalogueError(msg)


def _check_groups(topics: Iterable[Topic], folder: Path) -> None:
    first: dict[str, Topic] = {}
    for topic in topics:
        other = first.setdefault(topic.group, topic) if topic.group else topic
        if other.partitions != topic.partitions:
            msg = (
                f"{folder / topic.name}.yaml: partitions: is {topic.partitions}, but {other.name} of the same group "
                f"{topic.group!r} has {other.partitions}"
            )
            raise CatalogueError(msg)


def _sentence(file: Path, error: ValidationError) -> str:
    problems = (f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}" for found in error.errors())
    return f"{file}: {'; '.join(problems)}"


class _Loader(yaml.SafeLoader):
    """Safe YAML in which a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 the library's signature
        """Refuse a repeated key, of which the last would win silently."""
        keys = [key.value for key, _ in node.value]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        if repeated:
            raise yaml.constructor.ConstructorError(None, None, f"{repeated[0]} is there twice", node.start_mark)
        return super().construct_mapping(node, deep)


def _yaml(file: Path) -> object:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 it is a SafeLoader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"{file}: cannot be read as YAML: {' '.join(str(error).split())}"
        raise CatalogueError(msg) from error
