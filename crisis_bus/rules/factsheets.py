"""The fact sheet: every public value comes from it (`rules.md` §1 R06, OV-3)."""

from crisis_bus.domain.commands import FactsheetSet, Value
from crisis_bus.domain.facts import FactsheetUpdated
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import StatementState
from crisis_bus.rules import checking
from crisis_bus.rules.case import Case, same_value


def set_facts(case: Case, asked: FactsheetSet, by: str) -> None:
    """OV-3: the sheet is where public values come from, and its keepers alone write it (AC06.1)."""
    incident = case.incident(asked.incident)
    checking.must_be_open(incident)
    checking.only(by, *_keepers(case, incident))
    old = incident.sheet
    changed = {key: old[key] for key, value in asked.facts.items() if key in old and not same_value(old[key], value)}
    if changed or not asked.facts.keys() <= old.keys():
        case.change(incident.id, sheet={**old, **asked.facts}, signatures={})
    stale = sorted(name for name in incident.statements if _is_stale(case.statement(name), asked.facts))
    case.tell(FactsheetUpdated(incident=incident.id, facts=asked.facts, changed=changed, stale=tuple(stale)))


def _keepers(case: Case, incident: Incident) -> list[str | None]:
    offices = case.policy_of(incident).offices
    owners = [case.owner(case.rumour(name).topic, incident) for name in incident.rumours]
    lead_side = [incident.lead, *incident.supporting, offices.communication, offices.coordination]
    return [*lead_side, case.owner(incident.topic, incident), *owners]


def _is_stale(text: Statement, facts: dict[str, Value]) -> bool:
    """INV-7: what is out and says another value than the sheet is listed until it is put right (AC06.2)."""
    if text.state is not StatementState.PUBLISHED or not text.public_kind:
        return False
    return any(key in facts and not same_value(value, facts[key]) for key, value in text.facts.items())
