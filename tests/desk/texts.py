"""Steps about texts: written well and badly, approved, embargoed, answered, failed."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from crisis_bus.domain import values
from tests.desk import commands as some
from tests.desk.model.blocks import CURRENT
from tests.desk.model.statements import missing
from tests.desk.model.world import MINUTE, REFERRING, Record
from tests.desk.steps import FLAWS, GRAVE, LATER, Draw, Steps


class Texts(Steps):
    """The life of statements."""

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
                self.give_all(f"T{self.number - 1}")

    def _write(self, draw: Draw, kind: str, *, exercise: bool | None = None, **flaw: Any) -> None:
        wanted = [one for one in self.world.open_incidents() if exercise in {None, one["exercise"]}]
        if exercise and not wanted:
            wanted = [self.drill()]
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
        self.submit(name, incident["id"], kind, by, **more | flaw)

    def in_review(self, draw: Draw) -> Record | None:
        """A text that waits for keys, written for the purpose if there is none."""
        waiting = [text for text in self.world.statements.values() if text["state"] == "IN_REVIEW"]
        if not waiting or not draw(st.integers(0, 3)):
            name, kind = f"T{self.number}", draw(st.sampled_from(["SITREP", "HOLDING", "LINES_TO_TAKE"]))
            self.submit(name, self.incident(draw)["id"], kind)
            waiting = [self.world.statements[name]] if name in self.world.statements else list(waiting)
        return draw(st.sampled_from(waiting)) if waiting else None

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
    def warn(self, what: st.DataObject, expires: int, by: str, ends: str, originator: str) -> None:
        """A warning on one key, whose ground may end while the key is awaited, and its review."""
        incident = self.incident(what.draw)["id"]
        self.ask("incident.update", "ops", incident=incident, **GRAVE)
        name = f"W{self.number}"
        self.submit(name, incident, "PUBLIC_WARNING", expires=expires, originator=originator)
        if ends:
            self.ask("incident.update", "ops", incident=incident, **{ends: "Unknown"})
        self.give_all(name)
        if what.draw(st.booleans()):
            self.ask("statement.review", by, statement=name)
        self.space.tick(what.draw(st.sampled_from([0, 0, 31])) * MINUTE, number=0)

    @precondition(lambda self: self.world.statements)
    @rule(what=st.data(), kind=st.sampled_from(["CORRECTION", "RETRACTION", "ALL_CLEAR", "SITREP"]), later=LATER)
    def answer_a_text(self, what: st.DataObject, kind: str, later: int) -> None:
        text = self.pick(what.draw, self.world.statements, *CURRENT)
        self.space.tick(later * MINUTE, number=0)
        self.publish(text["incident"], kind, refs=[text["id"]])

    @precondition(lambda self: self.world.incidents)
    @rule(
        what=st.data(),
        embargo=st.integers(0, 90),
        later=LATER,
        way=st.sampled_from(["break", "raise", "facts", "lead", "wait"]),
    )
    def embargo(self, what: st.DataObject, embargo: int, later: int, way: str) -> None:
        """Approved under an embargo, which ends, is broken, or outlives the level, the facts or the lead it had."""
        incident, until = self.incident(what.draw)["id"], self.minutes_now() + embargo
        self.ask("factsheet.set", "GCO.desk", incident=incident, facts={"roads": 1})
        name = self.publish(incident, "PRESS_RELEASE", embargo_until=until)
        if way in {"break", "raise"}:
            self.ask("level.override", "GCO.desk", incident=incident, level=3)
        elif way == "facts":
            self.ask("factsheet.set", "GCO.desk", incident=incident, facts={"roads": "two"})
        elif way == "lead":
            self.ask("lead.transfer", "GCO.desk", incident=incident, to=what.draw(some.ENTITIES))
            self.submit(name, incident, "PRESS_RELEASE", embargo_until=until + embargo)
            self.give_all(name)
        if way == "break":
            self.ask("embargo.break", "monitor", statement=name, outlet="outlet-1")
        self.space.tick(later * MINUTE, number=0)

    @precondition(lambda self: self.world.statements)
    @rule(what=st.data(), every=st.booleans())
    def deliver_badly(self, what: st.DataObject, *, every: bool) -> None:
        text = self.pick(what.draw, self.world.statements, "PUBLISHED")
        for channel in text["went_to"][: None if every else 1]:
            self.ask("delivery.fail", "delivery", statement=text["id"], channel=channel)
        self.ask("verification.ask", "anybody", ref=text["id"])
