"""Random days of one space: sensible steps that lead somewhere, and senseless ones that must lead nowhere."""

from typing import Any

from hypothesis import event, target
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from crisis_bus.domain import values
from crisis_bus.domain.commands import Command
from tests.desk import commands as some
from tests.desk.model.statements import missing
from tests.desk.model.world import MINUTE, Record
from tests.desk.space import ZERO, Space

LATER = st.sampled_from([0] * 12 + [1, 1, 1, 2, 3, 5, 5, 8, 15, 30, 31, 60, 61, 120, 240, 1440, 3000])
"""Minutes to the next step: mostly none, sometimes days."""
GRAVE = {"severity": "Severe", "urgency": "Immediate", "certainty": "Observed"}


class Desk(RuleBasedStateMachine):  # size: one method a rule, and the rules are many
    """Bundles hold names that exist, so that sequences reach publication, correction, merge and the end."""

    incidents = Bundle("incidents")
    statements = Bundle("statements")
    rumours = Bundle("rumours")

    def __init__(self) -> None:
        super().__init__()
        self.number = 0

    @initialize(live=st.booleans())
    def opened(self, *, live: bool) -> None:
        self.space = Space(live=live)

    def ask(self, kind: str, by: str, later: int = 0, /, **data: Any) -> None:
        self.number += 1
        self.space.ask(Command(kind, by, data, f"c{self.number}"), later * MINUTE)

    def incident(self, name: str) -> Record:
        return self.space.world.incidents[name]

    @rule(command=some.sensible(), later=LATER, jitter=st.integers(0, 59_999))
    def sensible(self, command: Command, later: int, jitter: int) -> None:
        self.space.ask(command, later * MINUTE + (jitter if later else 0))

    @rule(command=some.senseless(), later=LATER)
    def senseless(self, command: Command, later: int) -> None:
        self.space.ask(command, later * MINUTE)

    @rule(later=st.sampled_from([0, 1, 5, 10, 15, 30, 60, 120, 1440, 10_000]), jitter=st.integers(0, 59_999))
    def time_passes(self, later: int, jitter: int) -> None:
        self.number += 1
        self.space.tick(later * MINUTE + jitter, number=self.number)

    @rule(
        target=incidents,
        name=some.INCIDENTS.filter(lambda name: not name.startswith("INC-")),
        kind=some.TYPES,
        data=st.fixed_dictionaries(
            {
                "severity": st.sampled_from([*values.Severity]),
                "urgency": st.sampled_from([*values.Urgency]),
                "certainty": st.sampled_from([*values.Certainty]),
                "emirates": some.EMIRATES,
                "exercise": st.sampled_from([False, False, True]),
            },
            optional={"topic": some.TOPICS, "depicted": st.just("SPK-MOI-01")},
        ),
        grave=st.booleans(),
    )
    def report(self, name: str, kind: str, data: Record, *, grave: bool) -> Any:
        self.ask("incident.report", "ops", id=name, type=kind, **data | (GRAVE if grave else {}))
        return name if name in self.space.world.incidents else multiple()

    @rule(name=incidents, by=st.sampled_from(["lead", "GCO", "NCEMA"]), what=st.data(), later=LATER)
    def handle(self, name: str, by: str, what: st.DataObject, later: int) -> None:
        lead = self.incident(name)["lead"]
        kind = what.draw(st.sampled_from([
            "incident.acknowledge", "incident.stabilise", "incident.stand_down", "incident.stand_down", "level.override",
            "lead.transfer", "incident.close", "incident.update", "incident.merge", "factsheet.set", "factsheet.set",
        ]))  # fmt: skip
        data = {**what.draw(some.data_of(kind)), "incident": name}
        self.ask(kind, f"{lead if by == 'lead' else by}.duty", later, **data)

    @rule(name=incidents, decline=st.booleans(), later=LATER)
    def answer_for_the_spokesperson(self, name: str, later: int, *, decline: bool) -> None:
        speaker = self.incident(name)["spokesperson"] or "nobody"
        if decline:
            self.ask("spokesperson.decline", speaker, later, incident=name, reason="abroad")
        else:
            self.ask("spokesperson.confirm", speaker, later, incident=name)

    @rule(name=incidents, signers=st.permutations(["GCO", "NCEMA"]), later=LATER)
    def sign_the_end(self, name: str, signers: list[str], later: int) -> None:
        """After everything that stands against it was settled."""
        world = self.space.world
        for rumour in [one["id"] for one in world.rumours_of(self.incident(name))]:
            self._answer(name, rumour)
        for publication in [one["id"] for one in world.publications.values() if one["incident"] == name]:
            outcome = "NO_CONFLICT"
            self.ask("contradiction.resolve", "GCO.desk", contradiction=publication, outcome=outcome)
        for text in [one["id"] for one in world.texts(self.incident(name)) if one["state"] in {"IN_REVIEW", "SCHEDULED"}]:
            self.ask("statement.withdraw", "GCO.desk", statement=text)
        self._refer(name, "ALL_CLEAR", [one["id"] for one in world.texts(self.incident(name)) if one["warning_of"]])
        self.ask("incident.stand_down", f"{signers[0]}.duty", incident=name)
        self.ask("incident.stand_down", f"{signers[1]}.duty", later, incident=name)

    def _answer(self, incident: str, rumour: str) -> None:
        text = f"A{self.number}"
        self._submit(text, incident, "RUMOUR_RESPONSE", answers=[rumour])
        self._give_all(text)

    def _refer(self, incident: str, kind: str, refs: list[str]) -> None:
        text = f"A{self.number}"
        if refs:
            self._submit(text, incident, kind, refs=refs)
            self._give_all(text)

    def _submit(self, name: str, incident: str, kind: str, **more: Any) -> None:
        """A text that nothing stands against, as far as can be seen."""
        known = self.incident(incident)
        marker = {"marker": True} if known["exercise"] else {}
        originator = {"originator": "NCEMA"} if kind == "PUBLIC_WARNING" else {}
        data = {"id": name, "incident": incident, "kind": kind, "facts": known["sheet"], **marker, **originator, **more}
        self.ask("statement.submit", f"{known['lead']}.drafter", **data)

    def _give_all(self, name: str) -> None:
        text = self.space.world.statements.get(name)
        for _ in range(4):
            if text is None or text["state"] != "IN_REVIEW":
                return
            self._give(name, min(missing(text)))

    def _give(self, name: str, key: str) -> None:
        text = self.space.world.statements[name]
        entity = text["needed"].get(key, "GCO")
        by = f"{'MOI' if entity == 'ANY' else entity}.{key.lower()}"
        self.ask("statement.approve", by, statement=name, key=key)

    @rule(
        target=statements,
        name=some.STATEMENTS.filter(lambda name: not name.startswith("AUTO-")),
        incident=incidents,
        kind=st.sampled_from([*values.Kind]),
        more=st.fixed_dictionaries({}, optional={"embargo_until": st.integers(0, 400), "names_victims": st.just(True)}),
        refs=st.lists(statements, max_size=2),
        answers=st.lists(rumours, max_size=1),
    )
    def submit(  # noqa: PLR0913 one argument a part of the text
        self, name: str, incident: str, kind: str, more: Record, refs: list[str], answers: list[str]
    ) -> str:
        if self.number % 3 == 0:
            name = f"T{self.number}"
        self._submit(name, incident, kind, refs=refs, answers=answers, **more)
        return name

    @rule(name=statements)
    def give_all_keys(self, name: str) -> None:
        self._give_all(name)

    @rule(name=statements, key=st.sampled_from([*values.Key]), by=some.ACTORS, right=st.booleans(), later=LATER)
    def give_a_key(self, name: str, key: str, by: str, later: int, *, right: bool) -> None:
        if right and name in self.space.world.statements:
            self._give(name, key)
        else:
            self.ask("statement.approve", by, later, statement=name, key=key)

    @rule(target=statements, incident=incidents, expires=st.integers(0, 400))
    def warn(self, incident: str, expires: int) -> str:
        """A warning on one key."""
        name = f"W{self.number}"
        self.ask("incident.update", "ops", incident=incident, **GRAVE)
        self._submit(name, incident, "PUBLIC_WARNING", expires=expires)
        self._give_all(name)
        return name

    @rule(
        name=statements,
        kind=st.sampled_from(["CORRECTION", "RETRACTION", "ALL_CLEAR", "SITREP"]),
        later=LATER,
    )
    def answer_a_text(self, name: str, kind: str, later: int) -> None:
        text = self.space.world.statements.get(name)
        if text is not None:
            self.space.tick(later * MINUTE, number=0)
            self._refer(text["incident"], kind, [name])

    @rule(incident=incidents, embargo=st.integers(0, 90), later=LATER, way=st.sampled_from(["break", "raise", "wait"]))
    def embargo(self, incident: str, embargo: int, later: int, way: str) -> None:
        """Approved under an embargo, which ends, is broken, or outlives the level it was approved at."""
        name = f"E{self.number}"
        self._submit(name, incident, "PRESS_RELEASE", embargo_until=self._minutes_now() + embargo)
        self._give_all(name)
        if way != "wait":
            self.ask("level.override", "GCO.desk", incident=incident, level=3)
        if way == "break":
            self.ask("embargo.break", "monitor", statement=name, outlet="outlet-1")
        self.space.tick(later * MINUTE, number=0)

    def _minutes_now(self) -> int:
        return (self.space.now - ZERO) // MINUTE

    @rule(name=statements, way=st.sampled_from(["all", "one", "review"]), by=some.ACTORS)
    def deliver_badly(self, name: str, way: str, by: str) -> None:
        text = self.space.world.statements.get(name, {"went_to": []})
        for channel in text["went_to"][: None if way == "all" else 1]:
            self.ask("delivery.fail", "delivery", statement=name, channel=channel)
        if way == "review":
            self.ask("statement.review", by, statement=name)

    @rule(
        target=rumours,
        name=some.RUMOURS,
        incident=st.none() | incidents,
        reach=st.sampled_from([10, 2_000, 70_000]),
        harm=st.integers(1, 3),
        topic=some.TOPICS,
    )
    def log(self, name: str, incident: str | None, reach: int, harm: int, topic: str) -> Any:
        of = {} if incident is None else {"incident": incident}
        self.ask("rumour.log", "monitor", id=name, claim="a claim", reach=reach, harm=harm, topic=topic, **of)
        return name if name in self.space.world.rumours else multiple()

    @rule(name=rumours, way=st.sampled_from(["grow", "close", "verify", "answer"]), later=LATER)
    def go_on_with(self, name: str, way: str, later: int) -> None:
        rumour = self.space.world.rumours[name]
        if way == "grow":
            self.ask("rumour.grow", "monitor", later, rumour=name, reach=rumour["reach"] * 10 + 1)
        elif way == "close":
            self.ask("rumour.close", "GCO.desk", later, rumour=name)
        elif way == "verify":
            self.ask("rumour.verify", "GCO.desk", later, rumour=name, verdict="FALSE")
        elif rumour["incident"] in self.space.world.incidents:
            self._answer(rumour["incident"], name)

    @rule(target=incidents, name=rumours)
    def the_incident_of_a_rumour(self, name: str) -> Any:
        incident = self.space.world.rumours[name]["incident"]
        return multiple() if incident is None else incident

    @rule(name=incidents, id_=some.PUBLICATIONS, value=st.sampled_from([0, "1", True]), government=st.booleans())
    def contradict(self, name: str, id_: str, value: object, *, government: bool) -> None:
        """A value of the sheet, and another one seen outside."""
        self.ask("factsheet.set", "GCO.desk", incident=name, facts={"roads": 1})
        said = {"source": "an account", "government": government, "facts": {"roads": value, "other": 1}}
        self.ask("publication.observe", "monitor", id=id_, incident=name, **said)

    @rule(incident=incidents, name=some.PLANS, later=st.integers(0, 3000))
    def plan(self, incident: str, name: str, later: int) -> None:
        owner, start = self.incident(incident)["lead"], self._minutes_now() + later
        data = {"id": name, "owner": owner, "kind": "EXERCISE", "start": start, "audience": "MEDIA"}
        self.ask("initiative.plan", "GCO.desk", **data)
        self.ask("initiative.release", "GCO.desk", initiative=name)

    def teardown(self) -> None:
        if hasattr(self, "space"):
            self.space.ends()
            for kind in sorted(self.space.kinds):
                event(kind)
            target(float(len(self.space.kinds)), label="kinds of facts and reasons")
