"""What the people of a space ask for next: sensible as a rule, so that texts are published, corrected and retracted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from crisis_bus.domain import actors
from crisis_bus.domain.commands import COMMANDS
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import minutes
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import ANY, Kind, StatementState
from crisis_bus.office import Office

Wish = tuple[str, object, dict[str, Any]]
"""Command, actor, data."""
_TYPES = ("MET-WARN", "MET-FLOOD", "FIRE-BLDG", "RAD-EVENT", "UTL-WATER")
_FIRST = (Kind.HOLDING, Kind.SITREP, Kind.SITREP, Kind.PRESS_RELEASE, Kind.PUBLIC_WARNING, Kind.INTERNAL_BRIEFING)
_LATER = {StatementState.PUBLISHED, StatementState.CORRECTED, StatementState.SUPERSEDED, StatementState.EXPIRED}
_MOST_INCIDENTS = 2
_JUNK: tuple[object, ...] = (None, 7, "x", [], {"id": "I0"}, True)


@dataclass
class Director:
    """The people of one space; they look at the office as it stands and go on from there."""

    chance: Random
    count: int = 0
    _acts: Mapping[str, Callable[[Office], Wish | None]] = field(init=False)

    def __post_init__(self) -> None:
        self._acts = {
            "approve": self._approve,
            "acknowledge": self._acknowledge,
            "report": self._report,
            "submit": self._submit,
            "refer": self._refer,
            "sheet": self._sheet,
            "update": self._update,
            "senseless": self._senseless,
        }

    def next(self, office: Office) -> Wish:
        """One command that somebody would send now."""
        self.count += 1
        weights = (18, 5, 2, 5, 7, 2, 1, 1)
        names = list(self._acts)
        while True:
            (name,) = self.chance.choices(names, weights)
            wish = self._acts[name](office)
            if wish is not None:
                return wish

    def _live(self, office: Office) -> list[Incident]:
        return [office.incidents[name] for name in office.live if office.incidents[name].open]

    def _report(self, office: Office) -> Wish | None:
        if len(self._live(office)) >= _MOST_INCIDENTS:
            return None
        data = {
            "id": f"I{len(office.incidents) + 1}",
            "type": self.chance.choice(_TYPES),
            "severity": self.chance.choice(("Extreme", "Severe", "Moderate", "Minor")),
            "urgency": self.chance.choice(("Immediate", "Expected")),
            "certainty": self.chance.choice(("Observed", "Likely")),
            "emirates": self.chance.sample(("AE-AZ", "AE-DU", "AE-SH", "AE-FU"), self.chance.randint(1, 3)),
            "exercise": self.chance.random() < 0.2,
        }
        return "incident.report", "POL-FU.ops", data

    def _acknowledge(self, office: Office) -> Wish | None:
        waiting = [each for each in self._live(office) if each.state == "REPORTED"]
        if not waiting:
            return None
        incident = self.chance.choice(waiting)
        return "incident.acknowledge", f"{incident.lead}.duty", {"incident": incident.id}

    def _sheet(self, office: Office) -> Wish | None:
        incident = self._one(self._live(office))
        if incident is None:
            return None
        facts = {self.chance.choice(("roads", "deaths", "eta")): self.chance.randint(0, 9)}
        return "factsheet.set", f"{incident.lead}.desk", {"incident": incident.id, "facts": facts}

    def _update(self, office: Office) -> Wish | None:
        incident = self._one(self._live(office))
        if incident is None:
            return None
        change = self.chance.choice(({"severity": "Extreme"}, {"severity": "Minor"}, {"fatalities": 5}))
        return "incident.update", f"{incident.lead}.desk", {"incident": incident.id, **change}

    def _submit(self, office: Office) -> Wish | None:
        incident = self._one(self._live(office))
        if incident is None:
            return None
        kind = self.chance.choice(_FIRST)
        facts = dict(self.chance.sample(sorted(incident.sheet.items()), self.chance.randint(0, len(incident.sheet))))
        data: dict[str, Any] = self._text(office, incident, kind) | {"facts": facts}
        if kind is Kind.PUBLIC_WARNING:
            data["originator"] = self.chance.choice(("NCEMA", "MOI"))
        if kind is Kind.PRESS_RELEASE and self.chance.random() < 0.5:
            data["embargo_until"] = office.clock.write(office.now + minutes(self.chance.randint(1, 90)))
        if kind in {Kind.HOLDING, Kind.PUBLIC_WARNING} and self.chance.random() < 0.3:
            data["expires"] = office.clock.write(office.now + minutes(self.chance.randint(30, 300)))
        return "statement.submit", f"{incident.lead}.comms", data

    def _refer(self, office: Office) -> Wish | None:
        """A text about an earlier one."""
        out = [text for name, text in sorted(office.statements.items()) if text.state in _LATER and text.public_kind]
        text = self._one(out)
        if text is None:
            return None
        incident = office.incidents[text.incident]
        kind = self.chance.choice((Kind.CORRECTION, Kind.RETRACTION, Kind.RETRACTION))
        if text.kind is Kind.PUBLIC_WARNING:
            kind = self.chance.choice((Kind.ALL_CLEAR, kind))
        data = self._text(office, incident, kind) | {"refs": [text.id]}
        return "statement.submit", f"{incident.lead}.comms", data

    def _text(self, office: Office, incident: Incident, kind: Kind) -> dict[str, Any]:
        number = len(office.statements) + 1
        return {"id": f"T{number}", "incident": incident.id, "kind": kind, "marker": incident.exercise}

    def _approve(self, office: Office) -> Wish | None:
        waiting = [t for _, t in sorted(office.statements.items()) if t.state is StatementState.IN_REVIEW and t.missing]
        text = self._one(waiting)
        if text is None:
            return None
        key = self.chance.choice(text.missing)
        entity = "NCEMA" if text.needed[key] == ANY else text.needed[key]
        return "statement.approve", self._approver(text, entity), {"statement": text.id, "key": key}

    def _approver(self, text: Statement, entity: str) -> str:
        """Somebody who has no part in the text yet; now and then the author, who is refused."""
        taken = {actors.person(by) for by in (text.author, *text.given.values())}
        people = [f"{entity}.{name}" for name in ("chief", "director", "deputy")]
        return text.author if self.chance.random() < 0.05 else next(name for name in people if name not in taken)

    def _senseless(self, office: Office) -> Wish:
        del office
        name = self.chance.choice((*sorted(COMMANDS), "no.such"))
        keys = list(COMMANDS[name].model_fields) if name in COMMANDS else ["id"]
        data = {key: self.chance.choice(_JUNK) for key in keys if self.chance.random() < 0.7}
        return name, self.chance.choice(("GCO.desk", "nobody", "monitor")), data

    def _one(self, found: list[Any]) -> Any:
        return self.chance.choice(found) if found else None
