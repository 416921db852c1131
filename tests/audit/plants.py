"""Faults to plant: each changes a real journal so that only its invariant can tell; the chain is made whole again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.audit.journals import Values


@dataclass(frozen=True)
class Plant:
    """One fault: the code that must be found, its scenario, and what is done to the entries."""

    rule: str
    code: str
    scenario: str
    forge: Callable[[Values], object]
    what: str

    @property
    def id(self) -> str:
        return f"{self.rule} {self.code}: {self.what}"


def fact(entry: dict[str, Any], kind: str, nth: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = [one for one in entry["facts"] if one["type"] == kind][nth]["data"]
    return data


def record(entry: dict[str, Any], table: str, key: str) -> dict[str, Any]:
    kept: dict[str, Any] = entry["changes"][table][key]
    return kept


def dropped(entry: dict[str, Any], kind: str) -> dict[str, Any]:
    entry["facts"] = [one for one in entry["facts"] if one["type"] != kind]
    return entry


def both(entry: dict[str, Any], statement: str, fields: dict[str, Any]) -> None:
    """Change a submission: what was asked, and what was kept."""
    entry["command"]["data"].update(fields)
    record(entry, "statements", statement).update(fields)


def written(entries: Values, first: int, last: int, statement: str, fields: dict[str, Any]) -> None:
    """Change a statement from its submission to its publication."""
    entries[first]["command"]["data"].update(fields)
    for entry in entries[first : last + 1]:
        if statement in entry["changes"].get("statements", {}):
            record(entry, "statements", statement).update(fields)


def unsigned(entries: Values) -> None:
    """S01: the second signature of a national crisis never came, and it ended all the same."""
    entries[55]["facts"] = entries[55]["facts"][1:]


def silenced(entry: dict[str, Any], rule: str) -> None:
    entry["facts"] = [one for one in entry["facts"] if one["data"].get("rule") != rule]


def timer_of(entry: dict[str, Any], kind: str) -> str:
    timers: dict[str, Any] = entry["changes"]["timers"]
    return next(key for key, timer in timers.items() if timer and timer["kind"] == kind)


def without_timer(entry: dict[str, Any], kind: str) -> None:
    del entry["changes"]["timers"][timer_of(entry, kind)]


def removed_timer(entries: Values, first: int, later: int, kind: str) -> None:
    entries[later]["changes"].setdefault("timers", {})[timer_of(entries[first], kind)] = None


def kept_timer(entries: Values, entry: int) -> None:
    """A timer that fired stays in the table."""
    gone = next(key for key, timer in entries[entry]["changes"]["timers"].items() if timer is None)
    del entries[entry]["changes"]["timers"][gone]


def again(entries: Values) -> None:
    """The command of S01 that set the sheet is asked a second time, and sets it again."""
    entries[23]["command"]["id"] = entries[4]["command"]["id"]


def moved(entry: dict[str, Any], minute: int) -> dict[str, Any]:
    for one in entry["facts"]:
        one["at"] = minute
    return entry


PLANTS = (
    Plant("INV-1", "key_missing", "S01", lambda e: dropped(e[6], "key.given"), "a fact of a key is gone"),
    Plant("INV-1", "key_not_asked", "S01",
          lambda e: [record(e[n], "statements", "R1")["needed"].pop("COORD") for n in (18, 19, 20, 21)]
          + [fact(e[18], "approval.requested")["keys"].pop("COORD")], "no COORD was asked for at level 3"),
    Plant("INV-1", "key_not_asked", "S01",
          lambda e: [record(e[n], "statements", "H1")["needed"].update(RELEASE="NCM") for n in (5, 6, 8)]
          + [fact(e[5], "approval.requested")["keys"].update(RELEASE="NCM")], "the lead releases at level 2"),
    Plant("INV-1", "key_wrong_entity", "S01",
          lambda e: [fact(e[6], "key.given").update(by="MOI.chief")]
          + [record(e[n], "statements", "H1")["given"].update(FACT="MOI.chief") for n in (6, 8)], "another entity"),
    Plant("INV-1", "one_key_without_ground", "S01",
          lambda e: record(e[9], "incidents", "I2").update(urgency="Future"), "nothing is immediate"),
    Plant("INV-1", "out_untold", "S02", lambda e: dropped(e[21], "statement.published"), "published in silence"),
    Plant("INV-2", "same_person", "S01",
          lambda e: [fact(e[21], "key.given").update(by="EX:NCEMA.director"),
                     record(e[21], "statements", "R1")["given"].update(RELEASE="EX:NCEMA.director")], "two keys"),
    Plant("INV-2", "same_person", "S01",
          lambda e: [record(e[n], "statements", "H1").update(author="NCM.chief_forecaster") for n in (5, 6, 8)],
          "the author approves"),
    Plant("INV-3", "key_survives", "S01",
          lambda e: record(e[19], "statements", "R1").update(facts={}), "the text changes under its key"),
    Plant("INV-3", "key_untold", "S01",
          lambda e: record(e[5], "statements", "H1")["given"].update(FACT="NCM.director"), "a key from nowhere"),
    Plant("INV-3", "text_swapped", "S01",
          lambda e: [record(e[n], "statements", "H1").update(text={"ar": "غيره", "en": "other"}) for n in (5, 6, 8)],
          "another text is kept"),
    Plant("INV-4", "no_reference", "S06", lambda e: written(e, 16, 18, "K1", {"refs": []}), "no reference at all"),
    Plant("INV-4", "no_reference", "S06", lambda e: written(e, 16, 18, "K1", {"refs": ["P1"]}), "never published"),
    Plant("INV-4", "channel_missed", "S06",
          lambda e: fact(e[18], "statement.published")["channels"].remove("WEB"), "the web keeps the old text"),
    Plant("INV-4", "left_out_in_use", "S06",
          lambda e: [fact(e[18], "statement.published")["channels"].remove("WEB"),
                     fact(e[18], "statement.published").update(suspended_channels=["WEB"])], "not suspended at all"),
    Plant("INV-5", "flag_changed", "S10",
          lambda e: record(e[2], "incidents", "EX1").update(exercise=False), "a drill turns real"),
    Plant("INV-5", "flag_changed", "S10",
          lambda e: e[8]["command"]["data"].update(exercise=True), "reported as a drill, opened as real"),
    Plant("INV-5", "flag_changed", "S10",
          lambda e: record(e[6], "statements", "W1").update(exercise=False), "a real text in a drill"),
    Plant("INV-5", "flag_changed", "S10",
          lambda e: fact(e[7], "statement.published").update(exercise=False), "a drill that says it is real"),
    Plant("INV-5", "drill_leaked", "S10",
          lambda e: fact(e[7], "statement.published")["channels"].append("WEB"), "a drill on the web"),
    Plant("INV-5", "real_on_drill", "S10",
          lambda e: fact(e[17], "statement.published")["channels"].append("EX_SANDBOX"), "real on a drill's channel"),
    Plant("INV-5", "crosses", "S10", lambda e: written(e, 15, 17, "H1", {"refs": ["W1"]}), "a drill is referred to"),
    Plant("INV-6", "language_missing", "S01",
          lambda e: written(e, 5, 8, "H1", {"text": {"ar": "نص", "en": " "}}), "no English"),
    Plant("INV-6", "facts_differ", "S01",
          lambda e: record(e[21], "statements", "R1").update(facts={"roads_closed": 4}), "another value goes out"),
    Plant("INV-7", "stale_unmarked", "S08", lambda e: fact(e[11], "factsheet.updated").update(stale=[]), "no mark"),
    Plant("INV-7", "voices_differ", "S08", lambda e: fact(e[11], "factsheet.updated").update(stale=[]), "two values"),
    Plant("INV-8", "not_on_sheet", "S01",
          lambda e: written(e, 5, 8, "H1", {"facts": {"colour": "red", "cause": "seeding"}}), "a cause from nowhere"),
    Plant("INV-8", "sheet_untold", "S01",
          lambda e: record(e[4], "incidents", "I1")["sheet"].update(cause="seeding"), "a value from nowhere"),
    Plant("INV-9", "names_before_kin", "S08", lambda e: written(e, 6, 8, "H1", {"names_victims": True}), "too early"),
    Plant("INV-9", "kin_by", "S08", lambda e: e[12]["command"].update(by="MOE.ops"), "another ministry"),
    Plant("INV-9", "kin_untold", "S08",
          lambda e: record(e[10], "incidents", "I1").update(next_of_kin_informed=True), "nobody confirmed it"),
    Plant("INV-10", "lead_by", "S06", lambda e: e[7]["command"].update(by="EDE.director"), "it takes the lead itself"),
    Plant("INV-10", "lead_untold", "S06", lambda e: dropped(e[7], "lead.changed"), "two leads"),
    Plant("INV-10", "voice_untold", "S01",
          lambda e: record(e[2], "incidents", "I1").update(spokesperson="SPK-MOI-01"), "somebody else speaks"),
    Plant("INV-10", "voice_engaged", "S10",
          lambda e: [record(e[1], "incidents", "EX1").update(exercise=False),
                     e[1]["command"]["data"].update(exercise=False),
                     record(e[8], "incidents", "I1").update(spokesperson="SPK-NCEMA-01"),
                     fact(e[8], "spokesperson.assigned").update(spokesperson="SPK-NCEMA-01"),
                     e[8].update(facts=e[8]["facts"][:-1])], "one voice for two crises"),
    Plant("INV-11", "lowered_by", "S03", lambda e: e[27]["command"].update(by="TDRA.director"), "the lead lowers"),
    Plant("INV-11", "lowered_by", "S03",
          lambda e: fact(e[12], "level.raised").update(level=1), "a rise that is a fall"),
    Plant("INV-11", "level_untold", "S03",
          lambda e: record(e[21], "incidents", "I1").update(level=2), "it falls in silence"),
    Plant("INV-12", "unsigned", "S01", unsigned, "NCEMA never signed"),
    Plant("INV-12", "unsigned", "S02", lambda e: fact(e[23], "stand_down.signed").update(by="FANR.ops"), "the lead"),
    Plant("INV-12", "unsigned", "S01",
          lambda e: [moved(e[54], 450), moved(e[53], 440)], "a signature of more than an hour ago"),
    Plant("INV-12", "unfinished", "S01", lambda e: dropped(e[53], "statement.published"), "a warning unanswered"),
    Plant("INV-12", "unfinished", "S05", lambda e: dropped(e[9], "contradiction.closed"), "a contradiction is open"),
    Plant("INV-12", "unfinished", "S02", lambda e: [dropped(e[n], "rumour.answered") for n in (10,)]
          + [dropped(e[22], "rumour.state")], "a HIGH rumour is open"),
    Plant("INV-12", "unfinished", "S08", lambda e: dropped(e[17], "statement.published"), "a text is in review"),
    Plant("INV-12", "state_untold", "S01",
          lambda e: record(e[45], "incidents", "I2").update(state="STOOD_DOWN"), "it ends in silence"),
    Plant("INV-13", "twice", "S01", again, "one id has two effects"),
    Plant("INV-13", "time_back", "S01", lambda e: e[20]["facts"].reverse(), "facts out of their order"),
    Plant("INV-14", "unanswered", "S03", lambda e: dropped(e[20], "command.refused"), "a refusal leaves no trace"),
    Plant("INV-14", "anonymous", "S03", lambda e: fact(e[20], "command.refused").update(by=""), "nobody was refused"),
    Plant("INV-14", "anonymous", "S03", lambda e: fact(e[27], "level.lowered").update(rule=""), "no rule"),
    Plant("INV-14", "anonymous", "S01", lambda e: fact(e[15], "statement.blocked").update(reason=""), "no reason"),
    Plant("INV-14", "anonymous", "S05", lambda e: fact(e[16], "keys.waived").update(rule=" "), "a waiver, no rule"),
    Plant("INV-14", "text_state_untold", "S01", lambda e: dropped(e[15], "statement.blocked"), "blocked in silence"),
    Plant("INV-14", "extent_untold", "S03", lambda e: dropped(e[21], "incident.updated"), "it is over in silence"),
    Plant("INV-14", "extent_untold", "S03", lambda e: dropped(e[4], "incident.regraded"), "graded in silence"),
    Plant("INV-14", "waiver_untold", "S05", lambda e: dropped(e[16], "keys.waived"), "waived in silence"),
    Plant("INV-14", "unknown_object", "S01", lambda e: dropped(e[1], "incident.graded"), "an incident from nowhere"),
    Plant("INV-14", "unreadable", "S01",
          lambda e: record(e[1], "incidents", "I1").update(severity="Bad"), "a record that is none"),
    Plant("INV-15", "embargo_early", "S05", lambda e: e[16]["command"].update(type="statement.review"), "too early"),
    Plant("INV-15", "embargo_copy", "S05",
          lambda e: fact(e[13], "statement.scheduled")["embargoed_copy_to"].append("WEB"), "a copy for everybody"),
    Plant("INV-15", "embargo_forbidden", "S05",
          lambda e: written(e, 11, 13, "P1", {"kind": "ALL_CLEAR", "refs": ["H1"]}), "an all-clear waits"),
    Plant("CLOCK", "clock_silent", "S03", lambda e: silenced(e[3], "ESC-01a"), "ESC-01a was not told"),
    Plant("CLOCK", "clock_silent", "S03", lambda e: silenced(e[9], "ESC-02b"), "ESC-02b was not told"),
    Plant("CLOCK", "clock_silent", "S01", lambda e: silenced(e[20], "ESC-09a"), "ESC-09a was not told"),
    Plant("CLOCK", "clock_silent", "S01", lambda e: silenced(e[34], "ESC-10"), "ESC-10 was not told"),
    Plant("CLOCK", "clock_silent", "S05", lambda e: e[6].update(facts=e[6]["facts"][2:]), "ESC-03 was not told"),
    Plant("CLOCK", "clock_silent", "S01", lambda e: dropped(e[17], "post_review.done"), "ESC-13 was not told"),
    Plant("CLOCK", "clock_silent", "S05", lambda e: dropped(e[9], "contradiction.closed"), "ESC-06b was not told"),
    Plant("CLOCK", "clock_silent", "S01", lambda e: dropped(e[30], "rumour.answered"), "ESC-07b was not told"),
    Plant("CLOCK", "clock_silent", "S05", lambda e: e[16].update(facts=e[16]["facts"][:1]), "an embargo never ends"),
    Plant("CLOCK", "clock_left", "S01", lambda e: kept_timer(e, 34), "a timer is not taken out"),
    Plant("LIVE", "clock_missing", "S01", lambda e: without_timer(e[1], "ESC-02c"), "nobody waits for a statement"),
    Plant("LIVE", "clock_missing", "S01", lambda e: without_timer(e[8], "ESC-10"), "no reminder is set"),
    Plant("LIVE", "clock_missing", "S01", lambda e: removed_timer(e, 1, 4, "ESC-02c"), "the clock is taken away"),
    Plant("LIVE", "clock_missing", "S01", lambda e: without_timer(e[13], "ESC-13"), "nobody waits for the review"),
    Plant("LIVE", "clock_missing", "S05", lambda e: without_timer(e[13], "embargo"), "an embargo without an end"),
)  # fmt: skip
