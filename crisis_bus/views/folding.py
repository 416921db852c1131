"""The office after one more entry of the journal."""

from crisis_bus.domain.instants import parse
from crisis_bus.domain.journal import Entry
from crisis_bus.office import Office


def folded(office: Office, entry: Entry) -> Office:
    """The records of an entry put in place; a part of an answer does not yet answer its command."""
    return office.fold(parse(entry.command.at), entry.answered, entry.changes)
