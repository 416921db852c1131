"""Random days of one space: sensible steps that lead somewhere, and senseless ones that must lead nowhere.

What a step is about is drawn from what the model knows to exist, so that sequences reach publication,
correction, merge, level 3 and the end of a crisis; who asks is mostly somebody who may.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import event, target
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from crisis_bus.domain import values
from crisis_bus.domain.commands import Command
from tests.desk import commands as some
from tests.desk.model.blocks import CURRENT
from tests.desk.model.statements import missing
from tests.desk.model.world import MINUTE, OPEN, PENDING, REFERRING, Record
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
Draw = Callable[[st.SearchStrategy[Any]], Any]


class Desk(RuleBasedStateMachine):  # size: one method a rule, and the rules are many
    """One space, its days and nights."""

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
        return draw(st.sampled_from(list(table.values()) if everything else fitting))  # type: ignore[no-any-return] # a record

    def incident(self, draw: Draw) -> Record:
        return self.pick(draw, self.world.incidents, *OPEN)

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

    @rule(kind=some.TYPES, triple=TRIPLES, emirates=some.EMIRATES, more=MORE, worse=st.integers(0, 40))
    def report(self, kind: str, triple: Record, emirates: list[str], more: Record, worse: int) -> None:
        """Sometimes it gets worse before anything is out."""
        self.number += 1
        name = f"I{self.number}"
        self.ask("incident.report", "ops", id=name, type=kind, emirates=emirates, **triple, **more)
        if worse < 20 and name in self.world.incidents:
            self.ask("incident.update", "ops", worse, incident=name, **GRAVE | {"severity": "Extreme"})
            self.space.tick(worse * MINUTE, number=0)

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), later=LATER)
    def handle(self, what: st.DataObject, later: int) -> None:
        """Any command about what exists, by somebody who may or somebody else."""
        draw: Draw = what.draw
        kind = draw(st.sampled_from(sorted(some.COMMANDS)))
        incident = self.incident(draw)
        data = {**draw(some.data_of(kind))}
        names = {
            "incident": (self.world.incidents, OPEN),
            "into": (self.world.incidents, OPEN),
            "statement": (self.world.statements, {"IN_REVIEW", "SCHEDULED"}),
            "rumour": (self.world.rumours, {"OPEN", "VERIFIED"}),
            "contradiction": (self.world.publications, set()),
            "initiative": (self.world.plans, {"HELD"}),
        }
        for field, (table, states) in names.items():
            if field in data and table:
                data[field] = self.pick(draw, table, *states)["id"]
        taken = [*self.world.incidents, *self.world.rumours, *self.world.plans, *self.world.publications]
        if "id" in data and draw(st.booleans()):
            data["id"] = draw(st.sampled_from(taken))
        if "incident" in data:
            incident = self.world.incidents.get(data["incident"], incident)
        by = draw(st.sampled_from([f"{incident['lead']}.duty", "GCO.desk", "NCEMA.ops"]) | some.ACTORS)
        self.ask(kind, by, later, **data)

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), triple=TRIPLES, later=LATER, deaths=st.sampled_from([0, 0, 5, 20]), kin=st.booleans())
    def worsen(self, what: st.DataObject, triple: Record, later: int, deaths: int, *, kin: bool) -> None:
        more = {"next_of_kin_informed": True} if kin else {}
        name = self.incident(what.draw)["id"]
        self.ask("incident.update", "MOI.duty", later, incident=name, fatalities=deaths, **triple, **more)

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), level=st.integers(1, 3), to=some.ENTITIES, later=LATER)
    def decide(self, what: st.DataObject, level: int, to: str, later: int) -> None:
        """What only the Office decides."""
        incident = self.incident(what.draw)
        by = what.draw(st.sampled_from(["GCO.director", "NCEMA.director", f"{incident['lead']}.director"]))
        if what.draw(st.integers(0, 3)):
            self.ask("level.override", by, later, incident=incident["id"], level=level)
        else:
            self.ask("lead.transfer", by, later, incident=incident["id"], to=to)

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), outcome=st.sampled_from([*values.CloseOutcome]), merge=st.booleans(), later=LATER)
    def end_otherwise(self, what: st.DataObject, outcome: str, later: int, *, merge: bool) -> None:
        """Merged, a false alarm, a duplicate."""
        incident, other = self.incident(what.draw)["id"], self.incident(what.draw)["id"]
        if merge:
            self.ask("incident.merge", "ops", later, incident=incident, into=other)
        else:
            self.ask("incident.close", "GCO.desk", later, incident=incident, outcome=outcome)

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), decline=st.booleans(), later=LATER)
    def answer_for_the_spokesperson(self, what: st.DataObject, later: int, *, decline: bool) -> None:
        incident = self.incident(what.draw)
        speaker = incident["spokesperson"] or "nobody"
        if decline:
            self.ask("spokesperson.decline", speaker, later, incident=incident["id"], reason="abroad")
        else:
            self.ask("spokesperson.confirm", speaker, later, incident=incident["id"])

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), signers=st.permutations(["GCO", "NCEMA"]), later=LATER, between=BETWEEN)
    def sign_the_end(self, what: st.DataObject, signers: list[str], later: int, between: str) -> None:
        """Nationally, after all that stands against it was settled; or it is only tried."""
        name = self.incident(what.draw)["id"]
        if not what.draw(st.integers(0, 2)):
            self.ask("incident.stand_down", f"{signers[0]}.duty", incident=name)
            return
        self.ask("level.override", "GCO.desk", incident=name, level=3)
        self._settle(name)
        self.ask("incident.stand_down", f"{signers[0]}.duty", incident=name)
        self._disturb(name, between)
        self.ask("incident.stand_down", f"{signers[1]}.duty", later, incident=name)
        self.ask("incident.close", "GCO.desk", incident=name, outcome="AAR_FILED")

    def _disturb(self, name: str, between: str) -> None:
        """What ends a signature, and what does not."""
        if between == "level":
            self.ask("level.override", "GCO.desk", incident=name, level=2)
            self.ask("level.override", "GCO.desk", incident=name, level=3)
        elif between == "grade":
            self.ask("incident.update", "ops", incident=name, severity="Minor")
            self.ask("incident.update", "ops", incident=name, **GRAVE | {"severity": "Extreme"})
        elif between == "publication":
            self._publish(name, "LINES_TO_TAKE")
        elif between != "nothing":
            facts = {"roads": self.number} if between == "sheet" else {"roads": 1}
            self.ask("factsheet.set", "GCO.desk", incident=name, facts=facts)

    def _settle(self, name: str) -> None:
        incident = self.world.incidents[name]
        for rumour in [one["id"] for one in self.world.rumours_of(incident)]:
            self._publish(name, "RUMOUR_RESPONSE", answers=[rumour])
        for publication in [one["id"] for one in self.world.publications.values() if one["incident"] == name]:
            self.ask("contradiction.resolve", "GCO.desk", contradiction=publication, outcome="NO_CONFLICT")
        for text in [one["id"] for one in self.world.texts(incident) if one["state"] in PENDING]:
            self.ask("statement.withdraw", "GCO.desk", statement=text)
        warnings = [one["id"] for one in self.world.statements.values() if one["warning_of"] == name]
        if warnings:
            self._publish(name, "ALL_CLEAR", refs=warnings)

    def _publish(self, incident: str, kind: str, **more: Any) -> str:
        name = f"T{self.number}"
        self._submit(name, incident, kind, **more)
        self._give_all(name)
        return name

    def _submit(self, name: str, incident: str, kind: str, by: str | None = None, **more: Any) -> None:
        """A text that nothing stands against, as far as can be seen."""
        known = self.world.incidents[incident]
        marker = {"marker": True} if known["exercise"] else {}
        originator = {"originator": "NCEMA"} if kind == "PUBLIC_WARNING" else {}
        data = {"id": name, "incident": incident, "kind": kind, "facts": known["sheet"], **marker, **originator, **more}
        self.ask("statement.submit", by or f"{known['lead']}.drafter", **data)

    def _give_all(self, name: str) -> None:
        text = self.world.statements.get(name)
        for _ in range(4):
            if text is None or text["state"] != "IN_REVIEW":
                return
            self._give(text, min(missing(text)))

    def _give(self, text: Record, key: str) -> None:
        entity = text["needed"].get(key, "GCO")
        by = f"{'MOI' if entity == 'ANY' else entity}.{key.lower()}"
        self.ask("statement.approve", by, statement=text["id"], key=key)

    @precondition(lambda self: self.world.incidents)
    @rule(
        what=st.data(),
        kinds=st.lists(st.sampled_from([*values.Kind]), max_size=3),
        flaws=st.lists(st.sampled_from(FLAWS), max_size=3),
        give=st.booleans(),
    )
    def write(self, what: st.DataObject, kinds: list[str], flaws: list[Record], *, give: bool) -> None:
        """Texts with and without a flaw, some in the place of another, some by somebody else."""
        for flaw in [*({"kind": kind} for kind in kinds), *flaws]:
            self._write(what.draw, **flaw)
            if give:
                self._give_all(f"T{self.number - 1}")

    def _write(self, draw: Draw, kind: str, exercise: bool | None = None, **flaw: Any) -> None:
        wanted = [one for one in self.world.open_incidents() if exercise in {None, one["exercise"]}]
        name, incident = f"T{self.number}", draw(st.sampled_from(wanted)) if wanted else self.incident(draw)
        texts, more = self.world.statements, {}
        if texts and (kind in REFERRING or not draw(st.integers(0, 7))):
            more["refs"] = [self.pick(draw, texts, "PUBLISHED")["id"] for _ in range(draw(st.integers(1, 2)))]
        if self.world.rumours and (kind == "RUMOUR_RESPONSE" or not draw(st.integers(0, 7))):
            more["answers"] = draw(st.lists(st.sampled_from(list(self.world.rumours)), min_size=1, max_size=3))
        if texts and not flaw and not draw(st.integers(0, 3)):
            text = self.pick(draw, texts, "DRAFT", "BLOCKED", "IN_REVIEW")
            name, incident = text["id"], self.world.incidents[text["incident"]]
        if not draw(st.integers(0, 7)):
            self.ask("statement.draft", "GCO.desk", id=name, incident=incident["id"], kind=kind, **more)
        by = None if flaw or draw(st.integers(0, 3)) else draw(some.ACTORS)
        self._submit(name, incident["id"], kind, by, **more | flaw)

    def in_review(self, draw: Draw) -> Record | None:
        """A text that waits for keys, written for the purpose if there is none."""
        waiting = [text for text in self.world.statements.values() if text["state"] == "IN_REVIEW"]
        if not waiting or not draw(st.integers(0, 3)):
            name, kind = f"T{self.number}", draw(st.sampled_from(["SITREP", "HOLDING", "LINES_TO_TAKE"]))
            self._submit(name, self.incident(draw)["id"], kind)
            waiting = [self.world.statements[name]] if name in self.world.statements else list(waiting)
        return draw(st.sampled_from(waiting)) if waiting else None  # type: ignore[no-any-return] # a record

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), key=st.sampled_from([*values.Key]), by=some.ACTORS, later=LATER)
    def give_keys(self, what: st.DataObject, key: str, by: str, later: int) -> None:
        """The right person, a wrong one, the author, one who gave a key before; a key twice; a key of no use."""
        text = self.in_review(what.draw)
        for _ in range(4 if text else 0):
            assert text is not None
            wanted = list(missing(text)) or [key]
            people = [by, text["author"], *text["given"].values(), *(f"{text['needed'].get(one)}.x" for one in wanted)]
            who = what.draw(st.sampled_from(people))
            which = what.draw(st.sampled_from([*wanted, *wanted, key, *text["given"]]))
            self.ask("statement.approve", who, later, statement=text["id"], key=which)
            later = 0

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), way=st.sampled_from(["return", "reject", "withdraw", "wait"]), later=LATER, by=some.ACTORS)
    def end_a_review(self, what: st.DataObject, way: str, later: int, by: str) -> None:
        text = self.in_review(what.draw)
        if text is None or way == "wait":
            self.space.tick(later * MINUTE, number=0)
            return
        by = what.draw(st.sampled_from([by, "GCO.desk", *(f"{entity}.y" for entity in text["needed"].values())]))
        reason = {} if way == "withdraw" else {"reason": "because"}
        self.ask(f"statement.{way}", by, later, statement=text["id"], **reason)

    @precondition(lambda self: self.world.incidents)
    @rule(
        what=st.data(),
        expires=st.integers(0, 4000),
        by=some.ACTORS,
        ends=st.sampled_from([*GRAVE, "", "", ""]),
        originator=st.sampled_from(["NCEMA", "NCEMA", "NCEMA", "MOI", "POL-FU", "FANR"]),
    )
    def warn(  # noqa: PLR0913 one argument a part of the warning
        self, what: st.DataObject, expires: int, by: str, ends: str, originator: str
    ) -> None:
        """A warning on one key, whose ground may end while the key is awaited, and its review."""
        incident = self.incident(what.draw)["id"]
        self.ask("incident.update", "ops", incident=incident, **GRAVE)
        name = f"W{self.number}"
        self._submit(name, incident, "PUBLIC_WARNING", expires=expires, originator=originator)
        if ends:
            self.ask("incident.update", "ops", incident=incident, **{ends: "Unknown"})
        self._give_all(name)
        if what.draw(st.booleans()):
            self.ask("statement.review", by, statement=name)
        self.space.tick(what.draw(LATER) * MINUTE, number=0)

    @precondition(lambda self: self.world.statements)
    @rule(what=st.data(), kind=st.sampled_from(["CORRECTION", "RETRACTION", "ALL_CLEAR", "SITREP"]), later=LATER)
    def answer_a_text(self, what: st.DataObject, kind: str, later: int) -> None:
        text = self.pick(what.draw, self.world.statements, *CURRENT)
        self.space.tick(later * MINUTE, number=0)
        self._publish(text["incident"], kind, refs=[text["id"]])

    @precondition(lambda self: self.world.incidents)
    @rule(
        what=st.data(), embargo=st.integers(0, 90), later=LATER, way=st.sampled_from(["break", "raise", "kin", "wait"])
    )
    def embargo(self, what: st.DataObject, embargo: int, later: int, way: str) -> None:
        """Approved under an embargo, which ends, is broken, or outlives the level or the facts of its approval."""
        incident = self.incident(what.draw)["id"]
        self.ask("factsheet.set", "GCO.desk", incident=incident, facts={"roads": 1})
        name = self._publish(incident, "PRESS_RELEASE", embargo_until=self._minutes_now() + embargo)
        if way in {"break", "raise"}:
            self.ask("level.override", "GCO.desk", incident=incident, level=3)
        if way == "kin":
            self.ask("factsheet.set", "GCO.desk", incident=incident, facts={"roads": "two"})
        if way == "break":
            self.ask("embargo.break", "monitor", statement=name, outlet="outlet-1")
        self.space.tick(later * MINUTE, number=0)

    def _minutes_now(self) -> int:
        return (self.space.now - ZERO) // MINUTE

    @precondition(lambda self: self.world.statements)
    @rule(what=st.data(), every=st.booleans())
    def deliver_badly(self, what: st.DataObject, *, every: bool) -> None:
        text = self.pick(what.draw, self.world.statements, "PUBLISHED")
        for channel in text["went_to"][: None if every else 1]:
            self.ask("delivery.fail", "delivery", statement=text["id"], channel=channel)
        self.ask("verification.ask", "anybody", ref=text["id"])

    @rule(what=st.data(), reach=st.sampled_from([10, 2_000, 70_000]), harm=st.integers(1, 3), topic=some.TOPICS)
    def log(self, what: st.DataObject, reach: int, harm: int, topic: str) -> None:
        of = {}
        if self.world.incidents and what.draw(st.booleans()):
            of = {"incident": self.incident(what.draw)["id"]}
        data = {"id": f"R{self.number}", "claim": "a claim", "reach": reach, "harm": harm, "topic": topic}
        self.ask("rumour.log", "monitor", **data, **of)

    @precondition(lambda self: self.world.rumours)
    @rule(what=st.data(), way=st.sampled_from(["grow", "close", "close later", "verify", "answer"]), later=LATER)
    def go_on_with(self, what: st.DataObject, way: str, later: int) -> None:
        rumour = self.pick(what.draw, self.world.rumours, "OPEN")
        name = rumour["id"]
        if way == "grow":
            self.ask("rumour.grow", "monitor", later, rumour=name, reach=rumour["reach"] * 10 + 1)
        elif way == "verify":
            self.ask("rumour.verify", "GCO.desk", later, rumour=name, verdict="FALSE")
        elif way == "answer" and rumour["incident"] in self.world.incidents:
            self._publish(rumour["incident"], "RUMOUR_RESPONSE", answers=[name])
        else:
            self.ask("rumour.close", "GCO.desk", 60 if way == "close later" else later, rumour=name)

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), value=st.sampled_from([0, "1", True]), government=st.booleans(), settle=st.booleans())
    def contradict(self, what: st.DataObject, value: object, *, government: bool, settle: bool) -> None:
        """A value of the sheet, and another one seen outside."""
        name, of = f"P{self.number}", self.incident(what.draw)["id"]
        self.ask("factsheet.set", "GCO.desk", incident=of, facts={"roads": 1})
        said = {"source": "an account", "government": government, "facts": {"roads": value, "other": 1}}
        self.ask("publication.observe", "monitor", id=name, incident=of, **said)
        if settle:
            self.ask("contradiction.resolve", "GCO.desk", contradiction=name, outcome="RETRACT_OTHER")

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), later=st.integers(0, 3000), release=st.booleans())
    def plan(self, what: st.DataObject, later: int, *, release: bool) -> None:
        owner, start = self.incident(what.draw)["lead"], self._minutes_now() + later
        name = f"L{self.number}"
        data = {"id": name, "owner": owner, "kind": "EXERCISE", "start": start, "audience": "MEDIA"}
        self.ask("initiative.plan", "GCO.desk", **data)
        if release:
            self.ask("initiative.release", "GCO.desk", initiative=name)

    @precondition(lambda self: self.world.incidents)
    @rule(what=st.data(), channel=some.CHANNELS, restore=st.booleans())
    def suspend(self, what: st.DataObject, channel: str, *, restore: bool) -> None:
        entity = self.incident(what.draw)["lead"]
        self.ask("channel.suspend", f"{entity}.duty", channel=channel, entity=entity)
        if restore:
            self.ask("channel.restore", "CSC.soc", channel=channel, entity=entity)

    def teardown(self) -> None:
        if hasattr(self, "space"):
            self.space.ends()
            for kind in sorted(self.space.kinds):
                event(kind)
            target(float(len(self.space.kinds)), label="kinds of facts and reasons")
