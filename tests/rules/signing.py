"""Signatures under the end of a crisis, and incidents that wait for them."""

from tests.rules.playing import Data, Order, report


def sign(at: int, by: str = "GCO.director", name: str = "I") -> Order:
    return at, "incident.stand_down", by, {"incident": name}


def signed(by: str, *missing: str) -> tuple[str, Data]:
    return "stand_down.signed", {"incident": "I", "by": by, "missing": [*missing]}


def stood_down(days: int = 30) -> tuple[str, Data]:
    return "incident.state", {"incident": "I", "state": "STOOD_DOWN", "aar_days": days}


LEVEL = {level: [report(fatalities=deaths)] for level, deaths in ((1, 0), (2, 5), (3, 20))}
