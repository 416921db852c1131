"""Grade, level, deadline and who must know, by the formulas of `rules.md` §3.1-3.3."""

from tests.desk.model.world import MINUTE, SCALES, Record, World, prefixed

_BY_PRIORITY: dict[str, int] = {"HIGH": 3, "MEDIUM": 2, "LOW": 1}
_BY_SEVERITY: dict[str, tuple[int, int]] = {
    "Extreme": (3, 4),
    "Severe": (2, 3),
    "Moderate": (1, 2),
    "Unknown": (1, 2),
    "Minor": (1, 1),
}
"""Grade by severity: not hot, hot."""


def grade(incident: Record) -> int:
    """§3.1."""
    if incident["type"].startswith("INF-") and incident["priority"]:
        return _BY_PRIORITY[str(incident["priority"])]
    if incident["urgency"] == "Past" or incident["certainty"] == "Unlikely":
        return 1
    soon = incident["urgency"] in {"Immediate", "Expected", "Unknown"}
    hot = soon and incident["certainty"] in {"Observed", "Likely"}
    cold, worse = _BY_SEVERITY[str(incident["severity"])]
    return worse if hot else cold


def formula(w: World, incident: Record) -> int:
    """§3.3."""
    emirates, deaths = len(w.affected(incident["emirates"])), incident["fatalities"]
    level: int = max(
        w.policy.type_of[incident["type"]].base_level,
        {4: 3, 3: 2}.get(incident["grade"], 1),
        3 if emirates >= 4 else 2 if emirates >= 2 else 1,
        3 if deaths >= 20 else 2 if deaths >= 5 else 1,
        incident["floor"],
    )
    return level


def allowed(w: World, incident: Record) -> int:
    """The first statement's time, in milliseconds: the smaller of the grade's and the type's."""
    type_ = w.policy.type_of[incident["type"]]
    return MINUTE * min(w.policy.grade_of[incident["grade"]].first_statement, type_.first_statement)


def share(duration: int, percent: int) -> int:
    """⌈ ⌉ rounds up to a whole minute."""
    return -(-duration * percent // (100 * MINUTE)) * MINUTE


def extent(w: World, incident: Record) -> dict[str, int]:
    """How bad each scale is; more is worse."""
    ranks = {name: -scale.index(incident[name]) for name, scale in SCALES.items()}
    return ranks | {"emirates": len(w.affected(incident["emirates"])), "fatalities": incident["fatalities"]}


def notified(w: World, incident: Record) -> None:
    """N-1 (`scenario-format.md` §7, Notify)."""
    lead, supporting, level = incident["lead"], incident["supporting"], incident["level"]
    to = [f"{lead}.duty", "GCO.desk"]
    if level >= 2 or incident["grade"] >= 3 or w.policy.type_of[incident["type"]].coord_always:
        to.append("NCEMA.ops")
    if level >= 2:
        to += [f"{one}.liaison" for one in supporting if one not in {lead, "NCEMA", "GCO"}]
        offices = [f"LMO-{code[-2:]}" for code in w.affected(incident["emirates"])]
        to += [office for office in offices if office not in {lead, *supporting}]
    if level == 3:
        to += ["all-ministries.liaison", "leadership.brief"]
    w.owe("notify", incident=incident["id"], to=prefixed(incident, dict.fromkeys(to)))
