"""Random days of one space: sensible steps that lead somewhere, and senseless ones that must lead nowhere.

What a step is about is drawn from what the model knows to exist, so that sequences reach publication,
correction, merge, level 3 and the end of a crisis; who asks is mostly somebody who may.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import event, target
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from crisis_bus.domain import values
from crisis_bus.domain.commands import Command
from tests.desk import commands as some
from tests.desk.model.statements import missing
from tests.desk.model.world import MINUTE, OPEN, Record
from tests.desk.space import ZERO, Space

LATER = st.sampled_from([0] * 14 + [1, 1, 1, 2, 3, 5, 5, 8, 15, 30, 31, 60, 61, 120, 240, 1440])
"""Minutes to the next step: mostly none, sometimes a day."""
GRAVE = {"severity": "Severe", "urgency": "Immediate", "certainty": "Observed"}
MILD = {"severity": "Minor", "urgency": "Future", "certainty": "Possible"}
TRIPLES = st.sampled_from([GRAVE, GRAVE, MILD, GRAVE | {"severity": "Extreme"}]) | st.fixed_dictionaries(
    {
        "severity": st.sampled_from([*values.Severity]),
        "urgency": st.sampled_from([*values.Urgency]),
        "certainty": st.sampled_from([*values.Certainty]),
    }
)
EMBARGOED, VICTIMS = {"embargo_until": 9000}, {"names_victims": True}
FLAWS: list[Record] = [
    {"exercise": True, "kind": "HOLDING", "channels": ["WEB"]},
    {"exercise": True, "kind": "SITREP", "marker": False},
    {"exercise": False, "kind": "HOLDING", "channels": ["EX_SANDBOX"]},
    {"kind": "LINES_TO_TAKE", "channels": ["SOCIAL"]},
    {"kind": "INTERNAL_BRIEFING", **EMBARGOED},
    {"kind": "CORRECTION", "refs": []},
    {"kind": "RUMOUR_RESPONSE"},
    {"kind": "PUBLIC_WARNING", **EMBARGOED},
    {"kind": "HOLDING", "facts": {"roads": "two"}},
    {"kind": "HOLDING", "facts": {"unheard": 1}},
    {"kind": "PRESS_RELEASE", **VICTIMS},
    {"kind": "HOLDING", "text": {"ar": "نص"}},
    {"kind": "PRESS_RELEASE", "parts": {"headline": " "}},
    {"kind": "SITREP", "expires": 100},
    {"kind": "PUBLIC_WARNING", "channels": ["CELL_BROADCAST"]},
]
"""What may be wrong with a text, or at least unusual."""
BETWEEN = st.sampled_from(["nothing", "nothing", "nothing", "level", "grade", "sheet", "same sheet", "publication"])
MORE = st.fixed_dictionaries(
    {"exercise": st.sampled_from([False, False, True])},
    optional={"topic": some.TOPICS, "depicted": st.just("SPK-MOI-01"), "injured": some.COUNTS},
)
WORSE = st.fixed_dictionaries({}, optional={"next_of_kin_informed": some.BOOLEANS, "emirates": some.EMIRATES})
Draw = Callable[[st.SearchStrategy[Any]], Any]


class Steps(RuleBasedStateMachine):
    """One space, and what every step needs."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0

    @initialize(live=st.booleans())
    def opened(self, *, live: bool) -> None:
        self.space = Space(live=live)
        self.world = self.space.world

    def ask(self, kind: str, by: str, later: int = 0, /, **data: Any) -> None:
        self.number += 1
        self.space.ask(Command(kind, by, data, f"c{self.number}"), later * MINUTE)

    def pick(self, draw: Draw, table: dict[str, Record], *states: str) -> Record:
        """Something that exists, mostly in one of these states."""
        fitting = [one for one in table.values() if one.get("state") in states]
        everything = not fitting or not draw(st.integers(0, 7))
        picked: Record = draw(st.sampled_from(list(table.values()) if everything else fitting))
        return picked

    def incident(self, draw: Draw) -> Record:
        return self.pick(draw, self.world.incidents, *OPEN)

    def drill(self) -> Record:
        """An exercise that hardly any crisis suspends."""
        name = f"E{self.number}"
        self.ask("incident.report", "ops", id=name, type="FOR-CITIZENS", emirates=[], exercise=True, **MILD)
        return self.world.incidents[name]

    def publish(self, incident: str, kind: str, **more: Any) -> str:
        name = f"T{self.number}"
        self.submit(name, incident, kind, **more)
        self.give_all(name)
        return name

    def submit(self, name: str, incident: str, kind: str, by: str | None = None, **more: Any) -> None:
        """A text that nothing stands against, as far as can be seen."""
        known = self.world.incidents[incident]
        marker = {"marker": True} if known["exercise"] else {}
        originator = {"originator": "NCEMA"} if kind == "PUBLIC_WARNING" else {}
        data = {"id": name, "incident": incident, "kind": kind, "facts": known["sheet"], **marker, **originator, **more}
        self.ask("statement.submit", by or f"{known['lead']}.drafter", **data)

    def give_all(self, name: str) -> None:
        text = self.world.statements.get(name)
        for _ in range(4):
            if text is None or text["state"] != "IN_REVIEW":
                return
            self.give(text, min(missing(text)))

    def give(self, text: Record, key: str) -> None:
        entity = text["needed"].get(key, "GCO")
        by = f"{'MOI' if entity == 'ANY' else entity}.{key.lower()}"
        self.ask("statement.approve", by, statement=text["id"], key=key)

    def minutes_now(self) -> int:
        return (self.space.now - ZERO) // MINUTE

    @rule(command=some.sensible(), later=LATER, jitter=st.integers(0, 59_999))
    def sensible(self, command: Command, later: int, jitter: int) -> None:
        self.space.ask(command, later * MINUTE + (jitter if later else 0))

    @rule(commands=st.lists(some.senseless() | some.strange(), min_size=1, max_size=3), later=LATER)
    def senseless(self, commands: list[Command], later: int) -> None:
        for command in commands:
            self.space.ask(command, later * MINUTE)

    @rule(later=st.sampled_from([0, 1, 5, 10, 15, 30, 31, 60, 60, 120, 300]), jitter=st.integers(0, 59_999))
    def time_passes(self, later: int, jitter: int) -> None:
        self.number += 1
        self.space.tick(later * MINUTE + jitter, number=self.number)

    def teardown(self) -> None:
        if hasattr(self, "space"):
            self.space.ends()
            for kind in sorted(self.space.kinds):
                event(kind)
            target(float(len(self.space.kinds)), label="kinds of facts and reasons")
