"""Random commands, sensible and senseless, over a small world of names."""

from typing import Any

from hypothesis import strategies as st

from crisis_bus.domain import values
from crisis_bus.domain.commands import ABSENT, COMMANDS, Command

ENTITY_CODES = ["GCO", "NCEMA", "NCM", "MOI", "FANR", "CSC", "TDRA", "MOHAP", "POL-FU"]
ACTORS = st.sampled_from([
    "monitor", "clock", "delivery", "nobody", "EX:MOI.duty", "EX:NCEMA.ops", "SPK-NCM-01", "SPK-MOI-01", "SPK-GCO-01",
    *(f"{entity}.{role}" for entity in ENTITY_CODES for role in ("duty", "comms", "director")),
])  # fmt: skip
INCIDENTS = st.sampled_from(["I1", "I2", "I3", "I4", "INC-R1"])
STATEMENTS = st.sampled_from(["T1", "T2", "T3", "T4", "AUTO-I1"])
RUMOURS = st.sampled_from(["R1", "R2", "R3"])
PUBLICATIONS = st.sampled_from(["P1", "P2"])
PLANS = st.sampled_from(["L1", "L2"])
TYPES = st.sampled_from([
    "MET-WARN", "MET-FLOOD", "RAD-EVENT", "INF-RUMOUR", "INF-DEEPFAKE", "FIRE-BLDG", "TEL-OUTAGE", "SEC-AIRTHREAT",
    "FOR-CITIZENS", "INF-FALSEALERT", "EDU-BUS",
])  # fmt: skip
ENTITIES = st.sampled_from(ENTITY_CODES)
CHANNELS = st.sampled_from(["WEB", "SOCIAL", "CELL_BROADCAST", "EX_SANDBOX", "GOV_INTERNAL", "WAM"])
TOPICS = st.sampled_from(["RAD", "MET", "HLT", "GEN"])
EMIRATES = st.lists(st.sampled_from(["AE-AZ", "AE-DU", "AE-SH", "AE-FU", "AE"]), max_size=5)
COUNTS = st.integers(0, 30)
MINUTES = st.integers(0, 2000)
FACTS = st.dictionaries(
    st.sampled_from(["roads", "deaths", "eta"]), st.sampled_from([0, 1, True, False, "1", "open"]), max_size=3
)
BOOLEANS = st.booleans()

_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "incident": INCIDENTS,
    "into": INCIDENTS,
    "supersedes": INCIDENTS,
    "statement": STATEMENTS,
    "rumour": RUMOURS,
    "contradiction": PUBLICATIONS,
    "initiative": PLANS,
    "type": TYPES,
    "severity": st.sampled_from([*values.Severity]),
    "urgency": st.sampled_from([*values.Urgency]),
    "certainty": st.sampled_from([*values.Certainty]),
    "emirates": EMIRATES,
    "fatalities": COUNTS,
    "injured": COUNTS,
    "exercise": BOOLEANS,
    "topic": TOPICS,
    "priority": st.sampled_from([*values.Priority]),
    "depicted": st.sampled_from(["SPK-MOI-01", "SPK-NCM-01"]),
    "next_of_kin_informed": BOOLEANS,
    "level": st.integers(1, 3),
    "to": ENTITIES,
    "owner": ENTITIES,
    "entity": ENTITIES,
    "originator": ENTITIES,
    "reason": st.just("because"),
    "facts": FACTS,
    "refs": st.lists(STATEMENTS, max_size=2),
    "answers": st.lists(RUMOURS, max_size=2),
    "channels": st.lists(CHANNELS, max_size=2),
    "marker": BOOLEANS,
    "names_victims": BOOLEANS,
    "embargo_until": MINUTES,
    "expires": MINUTES,
    "start": MINUTES,
    "notice_at": MINUTES,
    "text": st.sampled_from([{"ar": "نص", "en": "text"}, {"ar": "نص"}]),
    "parts": st.sampled_from([{"known": "x"}, {"headline": " "}]),
    "key": st.sampled_from([*values.Key]),
    "outlet": st.just("outlet-1"),
    "source": st.just("an account"),
    "government": BOOLEANS,
    "claim": st.just("a claim"),
    "reach": st.integers(0, 100_000),
    "harm": st.integers(1, 3),
    "verdict": st.sampled_from([*values.Verdict]),
    "channel": CHANNELS,
    "ref": STATEMENTS,
    "audience": st.just("PUBLIC_ALL"),
}
_IDS = {
    "incident.report": INCIDENTS,
    "statement.draft": STATEMENTS,
    "statement.submit": STATEMENTS,
    "publication.observe": PUBLICATIONS,
    "rumour.log": RUMOURS,
    "initiative.plan": PLANS,
}
_KINDS = {"initiative.plan": st.sampled_from([*values.InitiativeKind])}
_OUTCOMES = {
    "incident.close": st.sampled_from([*values.CloseOutcome]),
    "contradiction.resolve": st.sampled_from([*values.ContradictionOutcome]),
}


def _field(command: str, name: str) -> st.SearchStrategy[Any]:
    if name == "id":
        return _IDS[command]
    if name == "kind":
        return _KINDS.get(command, st.sampled_from([*values.Kind]))
    return _OUTCOMES[command] if name == "outcome" else _FIELDS[name]


def data_of(command: str) -> st.SearchStrategy[dict[str, Any]]:
    fields = COMMANDS[command].model_fields
    required = {name: _field(command, name) for name, field in fields.items() if field.is_required()}
    optional = {name: _field(command, name) for name, field in fields.items() if not field.is_required()}
    return st.fixed_dictionaries(required, optional=optional)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def sensible(draw: st.DrawFn) -> Command:
    """A command whose data have the right form; whether the rules take it is another matter."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    return Command(name, draw(ACTORS), draw(data_of(name)), draw(st.just(ABSENT) | st.uuids().map(str)))


@st.composite
def senseless(draw: st.DrawFn) -> Command:
    """A command with one thing wrong, or everything."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    way = draw(st.sampled_from(["a field", "a field less", "a type", "no type", "nothing right"]))
    if way == "nothing right":
        return Command(name, draw(JSON), draw(JSON), draw(JSON))
    if way == "no type":
        return Command(draw(JSON), draw(JSON), draw(JSON), draw(JSON))
    if way == "a type":
        return Command(draw(st.text(max_size=5)), "GCO.desk", {}, draw(st.uuids().map(str)))
    data = draw(data_of(name))
    field = draw(st.sampled_from([*COMMANDS[name].model_fields, "surplus"]))
    if way == "a field":
        return Command(name, "GCO.desk", data | {field: draw(JSON)})
    return Command(name, "GCO.desk", {key: value for key, value in data.items() if key != field})


_NAMING = ("incident", "statement", "rumour", "initiative", "type", "entity", "to", "channel", "topic", "emirates")
_NAMES = [(field, name) for field in _NAMING for name, model in COMMANDS.items() if field in model.model_fields]


@st.composite
def strange(draw: st.DrawFn) -> Command:
    """A command about something that does not exist."""
    wanted = draw(st.sampled_from(_NAMING))
    field, name = draw(st.sampled_from([place for place in _NAMES if place[0] == wanted]))
    nowhere = ["NOWHERE"] if field == "emirates" else "NOWHERE"
    return Command(name, "GCO.desk", draw(data_of(name)) | {field: nowhere}, draw(st.uuids().map(str)))


STEPS = st.lists(st.tuples(st.integers(0, 40), sensible() | senseless()), max_size=30)
"""Commands, each so many minutes after the one before."""
