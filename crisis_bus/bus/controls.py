"""Writes down what operators do to deliveries, and tells what they have done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Again, Outgoing, Record
from crisis_bus.domain import ids, instants
from crisis_bus.domain.controls import Action, Control
from crisis_bus.domain.instants import Instant
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import from_kafka
from crisis_bus.wire.messages import DeadLetter

REPLAY = "ce_replay"
"""The header of a record that comes from the dead letters again; its value is the place where it stood."""
SOURCE = "/crisis-bus/cli"


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter, and what became of it."""

    letter: DeadLetter
    handled: Control | None

    @property
    def place(self) -> str:
        """Where its record stood: `<topic>/<partition>/<offset>`."""
        return f"{self.letter.topic}/{self.letter.partition}/{self.letter.offset}"


def control(action: Action, target: str, by: str, reason: str, at: Instant) -> Control:
    """One act; the same act at the same millisecond is the same."""
    name = ids.derived("control", action, target, by, str(at))
    return Control(id=name, action=action, target=target, by=by, reason=reason, at=instants.text(at))


def to_publish(done: Control, source: str = SOURCE) -> Outgoing:
    """The record of an act."""
    at = instants.parse(done.at)
    envelope = messages.message_for(done, types.CONTROL, id=done.id, source=source, at=at, subject=done.target)
    return Outgoing(topics.CONTROLS, done.target.encode(), envelope)


def replayed(letter: DeadLetter, place: str) -> Again:
    """The record of a dead letter as it was, on its old partition, marked as a replay."""
    headers = [(name, value) for name, value in letter.raw_headers if name != REPLAY]
    return Again(letter.topic, letter.partition, letter.key, (*headers, (REPLAY, place.encode())), letter.value)


def read(record: Record) -> Control:
    """Read an act; raises UnreadableMessage."""
    return messages.read_as(Control, from_kafka(record.headers, record.value))


def paused(acts: Iterable[Control]) -> dict[str, Control]:
    """What is paused after all these acts, and by which of them."""
    found: dict[str, Control] = {}
    for act in acts:
        if act.action is Action.PAUSE:
            found[act.target] = act
        elif act.action is Action.RESUME:
            found.pop(act.target, None)
    return found


def letters(acts: Iterable[Control], records: Iterable[Record]) -> Iterator[Letter]:
    """Every dead letter in its order, once, with what was last done to it."""
    handled = {act.target: act for act in acts if act.action in {Action.REPLAY, Action.DISCARD}}
    seen: set[str] = set()
    for record in records:
        letter = messages.read_as(DeadLetter, from_kafka(record.headers, record.value))
        found = Letter(letter, None)
        if found.place not in seen:
            seen.add(found.place)
            yield Letter(letter, handled.get(found.place))


async def all_of(bootstrap: str, topic: str) -> list[Record]:
    """Every record of a topic that is there now, in the order of its partitions; raises NotReachable."""
    reader = Reader(bootstrap, [topic])
    await reader.start()
    found: list[Record] = []
    try:
        async for batch in reader.batches(for_ever=False):
            found += batch
    finally:
        await reader.stop()
    return sorted(found, key=lambda record: (record.timestamp, record.partition, record.offset))


def acts(records: Iterable[Record]) -> Iterator[Control]:
    """What can be read of the acts; what cannot was written by nobody of ours."""
    for record in records:
        try:
            yield read(record)
        except UnreadableMessage:
            continue
