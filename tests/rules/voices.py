"""Who speaks in a small scenario, and who was skipped."""

from tests.rules.playing import START, Data, Fact, Order, facts, only

Roster = dict[str, Data]
EVERYBODY_ELSE: Roster = {
    name: {"on_rota": False} for name in ("SPK-GCO-01", "SPK-GCO-02", "SPK-NCEMA-01", "SPK-NCEMA-02")
}
OFF_CENTRE = ["SPK-GCO-01:OFF_ROTA", "SPK-GCO-02:OFF_ROTA", "SPK-NCEMA-01:OFF_ROTA", "SPK-NCEMA-02:OFF_ROTA"]


def voices(told: list[Fact]) -> list[tuple[int, str | None, list[str]]]:
    """Minute, who is assigned (nobody is None), who was skipped."""
    chosen = only(told, "spokesperson.assigned", "spokesperson.unavailable")
    return [(at, data.get("spokesperson"), data["skipped"]) for at, _, data in chosen]


def chosen(*commands: Order, roster: Roster | None = None, start: str = START) -> tuple[str | None, list[str]]:
    _, voice, skipped = voices(facts(commands, roster=roster, start=start))[-1]
    return voice, skipped
