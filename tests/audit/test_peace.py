"""An auditor that cries wolf is switched off: nothing is found where nothing is wrong."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import minutes, parse, text
from tests.audit.journals import NAMES, START, answered, asked, audited, auditor, forged, played
from tests.conftest import ROOT
from tests.desk.commands import STEPS
from tests.streams.space import commands_of, scenario

GOLDEN = sorted((ROOT / "tests" / "golden").glob("journal-*/*.jsonl"))
MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_in_a_shipped_scenario(name: str) -> None:
    assert [] == audited(played(name))


@pytest.mark.parametrize("name", NAMES)
def test_forging_nothing_finds_nothing(name: str) -> None:
    assert [] == audited(forged(played(name), list))


def test_spaces_of_one_partition_do_not_disturb_each_other() -> None:
    together = [
        one for each in zip(*(commands_of(scenario(n), f"rehearsal-{n}") for n in NAMES), strict=False) for one in each
    ]

    assert [] == audited(answered(together))


def test_nothing_is_found_in_a_long_silence_that_is_told_in_parts() -> None:
    grave = {"severity": "Severe", "urgency": "Immediate", "certainty": "Observed", "emirates": ["AE-DU"]}
    reports = [
        (0, Command("incident.report", "ops", {"id": f"I{n}", "type": "MET-FLOOD", **grave})) for n in range(120)
    ]

    values = asked("uae", reports, rehearsal=False)

    assert len(values) > len(reports) + 2
    assert [] == audited(values)


@pytest.mark.parametrize("journal", GOLDEN, ids=lambda path: str(path.stem))
def test_nothing_is_found_in_the_journals_of_earlier_versions(journal: Path) -> None:
    assert [] == audited(journal.read_bytes().splitlines())


@MANY
@given(STEPS)
def test_nothing_is_found_in_random_commands_of_a_rehearsal(steps: list[tuple[int, Command]]) -> None:
    assert [] == audited(asked("rehearsal-random", steps))


@MANY
@given(STEPS)
def test_nothing_is_found_in_random_commands_of_a_real_space(steps: list[tuple[int, Command]]) -> None:
    assert [] == audited(asked("uae", steps, rehearsal=False))


def test_every_entry_is_checked() -> None:
    values, witness = played("S01"), auditor()

    for offset, value in enumerate(values):
        witness.take(0, offset, value)

    assert len(values) == witness.entries


@MANY
@given(st.data())
def test_nothing_is_found_in_a_scenario_that_goes_wrong(data: st.DataObject) -> None:
    """Commands are left out, repeated, delayed and swapped: deadlines pass, keys miss, texts are blocked."""
    name = data.draw(st.sampled_from(NAMES))
    drill, real = data.draw(st.booleans()), data.draw(st.booleans())
    steps: list[tuple[int, Command]] = []
    before = 0
    for step in scenario(name).commands:
        fate = data.draw(st.sampled_from(["kept"] * 6 + ["lost", "late", "twice"]))
        asked_for = dict(step.data) | ({"exercise": True} if drill and step.type == "incident.report" else {})
        command = Command(step.type, step.by, _in_time(asked_for) if real else asked_for)
        pause = (step.at - before) + (data.draw(st.integers(0, 300)) if fate == "late" else 0)
        steps += [(pause, command)] * {"lost": 0, "twice": 2}.get(fate, 1)
        before = step.at

    assert [] == audited(asked("uae" if real else "rehearsal-x", steps, rehearsal=not real))


def _in_time(data: dict[str, Any]) -> dict[str, Any]:
    """The minutes of a scenario as instants of a real space."""
    zero = parse(START)
    fields = {"embargo_until", "expires", "start", "notice_at"}
    return {key: text(zero + minutes(value)) if key in fields else value for key, value in data.items()}
