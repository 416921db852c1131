"""The straight way from the commands to the journal: one office in memory after the other, no runner between."""

from crisis_bus.bus.record import Record
from crisis_bus.desk import Decision, decide_live
from crisis_bus.domain.instants import MINUTE
from crisis_bus.office import Office
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import from_kafka


def answered(office: Office, record: Record) -> Decision:
    """What a command on the log leads to: a real space takes the broker's time, a rehearsal that of its commands."""
    envelope = from_kafka(record.headers, record.value)
    _, command = messages.read_command(envelope)
    zero = office.clock.zero
    at = record.timestamp if zero is None else zero + (envelope.time - zero) // MINUTE * MINUTE
    return decide_live(office, command, at)
