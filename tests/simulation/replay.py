"""The straight way from the commands to the journal: one office in memory after the other, no runner between."""

from crisis_bus.bus.record import Record
from crisis_bus.desk import Decision, decide_live
from crisis_bus.domain.instants import MINUTE
from crisis_bus.domain.policy import Policy
from crisis_bus.office import Office
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import from_kafka

_Asked = tuple[int, int]
_known: dict[_Asked, tuple[Office, Record, Decision]] = {}
_MOST = 1_000


def opened(policy: Policy) -> Office:
    """An office in which nothing has happened."""
    if id(policy) not in _opened:
        _opened[id(policy)] = Office.opened(policy)
    return _opened[id(policy)]


_opened: dict[int, Office] = {}


def answered(office: Office, record: Record) -> Decision:
    """What a command on the log leads to; the same question of the same office is answered once."""
    asked = (id(office), id(record))
    if asked not in _known:
        if len(_known) >= _MOST:
            _known.clear()
        _known[asked] = (office, record, _answered(office, record))
    return _known[asked][2]


def _answered(office: Office, record: Record) -> Decision:
    """A real space takes the broker's time, a rehearsal that of its commands."""
    envelope = from_kafka(record.headers, record.value)
    _, command = messages.read_command(envelope)
    zero = office.clock.zero
    at = record.timestamp if zero is None else zero + (envelope.time - zero) // MINUTE * MINUTE
    return decide_live(office, command, at)
