"""What would have to be done to a cluster so that it is as the catalogue says; nothing is done here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from crisis_bus.wire.catalogue import Catalogue, Topic
from crisis_bus.wire.topics import PREFIX

_KAFKA_DEFAULTS = {"cleanup.policy": "delete", "message.timestamp.type": "CreateTime", "retention.ms": "604800000"}
_NEVER_CHANGED = {
    "cleanup.policy": "changing it would delete what is kept, or keep what is deleted",
    "message.timestamp.type": "changing it would change what the time of a record means",
}


@dataclass(frozen=True, slots=True)
class Present:
    """A topic as it is on the cluster; `config` are only the settings that were made on the topic itself."""

    name: str
    partitions: int
    replicas: int
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Create:
    """A topic that is missing."""

    topic: str
    partitions: int
    replicas: int
    config: Mapping[str, str]
    sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    """Settings that can be changed safely: `settings` are those, `config` is the whole as it will be after it."""

    topic: str
    settings: Mapping[str, str]
    config: Mapping[str, str]
    sentence: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """A difference that no program should even out; apply raises TopicDrift."""

    topic: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A topic with our prefix that the catalogue does not know; it is reported and left alone."""

    topic: str
    sentence: str


Step = Create | Change | Refuse | Unknown


def plan(catalogue: Catalogue, present: Iterable[Present], *, brokers: int, replicas: int = 0) -> list[Step]:
    """The steps from the cluster to the catalogue; `replicas` 0 takes the catalogue's number, capped by `brokers`."""
    found = {topic.name: topic for topic in present}
    steps: list[Step] = []
    for topic in catalogue.topics:
        copies = min(replicas or topic.replicas, max(brokers, 1))
        here = found.pop(topic.name, None)
        steps.extend([_create(topic, copies)] if here is None else _compare(topic, here, copies))
    return steps + [_unknown(name) for name in sorted(found) if name.startswith(PREFIX)]


def _create(topic: Topic, copies: int) -> Create:
    config = _wanted(topic, copies)
    sentence = f"create {topic.name}: {topic.partitions} partitions, {copies} replicas, {config['cleanup.policy']}"
    return Create(topic.name, topic.partitions, copies, config, sentence)


def _compare(topic: Topic, here: Present, copies: int) -> Iterator[Step]:
    if here.partitions != topic.partitions:
        yield Refuse(
            topic.name,
            f"{topic.name} has {here.partitions} partitions, not {topic.partitions}: "
            "another number would move keys to other partitions and break their order",
        )
    if here.replicas < copies:
        yield Refuse(
            topic.name,
            f"{topic.name} has {here.replicas} replicas, not {copies}: move them with kafka-reassign-partitions",
        )
    wanted = {
        name: value for name, value in _wanted(topic, here.replicas).items() if not _is_so(here.config, name, value)
    }
    reasons = {name: _danger(here.config, name, value) for name, value in wanted.items()}
    for name, reason in reasons.items():
        if reason:
            now = here.config.get(name, _KAFKA_DEFAULTS.get(name))
            yield Refuse(topic.name, f"{topic.name} has {name}={now}, not {wanted[name]}: {reason}")
    safe = {name: value for name, value in wanted.items() if not reasons[name]}
    if safe:
        changes = ", ".join(f"{name} from {here.config.get(name, 'unset')} to {value}" for name, value in safe.items())
        yield Change(topic.name, safe, {**here.config, **safe}, f"change {topic.name}: {changes}")


def _wanted(topic: Topic, copies: int) -> dict[str, str]:
    return topic.config | {"min.insync.replicas": str(min(topic.min_insync_replicas, copies))}


def _is_so(config: Mapping[str, str], name: str, value: str) -> bool:
    unset = _KAFKA_DEFAULTS[name] if name in _NEVER_CHANGED else None
    return config.get(name, unset) == value


def _danger(config: Mapping[str, str], name: str, value: str) -> str | None:
    if name == "retention.ms" and _longer(config.get(name, _KAFKA_DEFAULTS[name]), value):
        return "keeping records for a shorter time would delete some"
    return _NEVER_CHANGED.get(name)


def _longer(now: str, wanted: str) -> bool:
    return wanted != "-1" and (now == "-1" or int(now) > int(wanted))


def _unknown(name: str) -> Unknown:
    return Unknown(name, f"{name} is not in the catalogue: describe it there, or delete it by hand")
