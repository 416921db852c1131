"""The state machine: random days of incidents, texts and the world outside."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from crisis_bus.domain import values
from crisis_bus.domain.commands import COMMANDS
from tests.desk import commands as some
from tests.desk.model.world import MINUTE, OPEN, PENDING, Record
from tests.desk.steps import BETWEEN, GRAVE, LATER, MORE, TRIPLES, WORSE, Draw, Steps
from tests.desk.texts import Texts


class Incidents(Steps):
    """The life of incidents."""

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
        kind = draw(st.sampled_from(sorted(COMMANDS)))
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
    @rule(what=st.data(), triple=TRIPLES, later=LATER, deaths=st.sampled_from([0, 0, 5, 20]), more=WORSE)
    def worsen(self, what: st.DataObject, triple: Record, later: int, deaths: int, more: Record) -> None:
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
        if merge and not what.draw(st.integers(0, 3)):
            other = self.drill()["id"]
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
            self.publish(name, "LINES_TO_TAKE")
        elif between != "nothing":
            facts = {"roads": self.number} if between == "sheet" else {"roads": 1}
            self.ask("factsheet.set", "GCO.desk", incident=name, facts=facts)

    def _settle(self, name: str) -> None:
        incident = self.world.incidents[name]
        for rumour in [one["id"] for one in self.world.rumours_of(incident)]:
            self.publish(name, "RUMOUR_RESPONSE", answers=[rumour])
        for publication in [one["id"] for one in self.world.publications.values() if one["incident"] == name]:
            self.ask("contradiction.resolve", "GCO.desk", contradiction=publication, outcome="NO_CONFLICT")
        for text in [one["id"] for one in self.world.texts(incident) if one["state"] in PENDING]:
            self.ask("statement.withdraw", "GCO.desk", statement=text)
        warnings = [one["id"] for one in self.world.statements.values() if one["warning_of"] == name]
        if warnings:
            self.publish(name, "ALL_CLEAR", refs=warnings)


class Outside(Steps):
    """Rumours, publications, plans, accounts."""

    @rule(what=st.data(), reach=st.sampled_from([10, 2_000, 70_000]), harm=st.integers(1, 3), topic=some.TOPICS)
    def log(self, what: st.DataObject, reach: int, harm: int, topic: str) -> None:
        of: Record = {}
        draw: Draw = what.draw
        if self.world.incidents and draw(st.booleans()):
            of["incident"] = self.incident(draw)["id"]
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
            self.publish(rumour["incident"], "RUMOUR_RESPONSE", answers=[name])
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
        owner, start = self.incident(what.draw)["lead"], self.minutes_now() + later
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


class Desk(Incidents, Texts, Outside):
    """All of it."""
