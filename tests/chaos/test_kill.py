"""`kill -9` of anything in the middle of the flood: the facts, what is published and what arrives stay the same."""

import contextlib
import random
import signal
from collections.abc import Iterator

import pytest

from crisis_bus.assembly.machine import Child
from crisis_bus.cli.client import Json
from tests.chaos.flood import Blow, all_arrived, broker, fresh_seed, journal_holds, killed, played_under
from tests.live.system import System, eventually
from tests.live.witness import free_port

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(420)]


@pytest.mark.parametrize(
    ("name", "blows"),
    [
        ("desk", [killed("desk"), killed("desk")]),
        ("follower", [killed("follower"), killed("follower")]),
        ("dispatch", [killed("dispatch")]),
        ("deliver", [killed("deliver"), killed("deliver")]),
        ("gateway", [killed("gateway"), killed("gateway")]),
        ("broker", [broker]),
        ("all", [killed("desk"), killed("follower"), killed("deliver"), killed("dispatch"), killed("gateway"), broker]),
    ],
)
def test_whatever_is_killed_in_the_flood_nothing_is_lost_and_nothing_is_said_twice(
    live: System, expected: bytes, undisturbed: set[tuple[str, str]], name: str, blows: list[Blow]
) -> None:
    space, seed = f"rehearsal-kill-{name}", fresh_seed()
    samples = live.subscribed(space)

    done = played_under(live, space, blows, random.Random(seed))

    assert (0, b"") == (done.returncode, done.stderr), f"seed {seed}"
    assert expected == done.stdout, f"seed {seed}"
    all_arrived(live, samples, space, undisturbed, f"seed {seed}")
    journal_holds(live, space)


def test_intake_that_is_killed_among_the_reports_opens_each_incident_once(live: System) -> None:
    seed = fresh_seed()
    subjects = [f"hazard-{number}" for number in range(30)]
    reports = [(subject, turn) for turn in (1, 1, 2) for subject in subjects]
    fatal = random.Random(seed).randrange(10, len(reports) - 10)

    for number, (subject, turn) in enumerate(reports):
        live.gateway.post("/v1/reports", _report(subject, turn))
        if number == fatal:
            killed("intake")(live)
    live.machine.watch()
    eventually(lambda: len(_decided(live, "incident.update")) >= len(subjects), f"the updates; seed {seed}")

    opened, updated = _decided(live, "incident.report"), _decided(live, "incident.update")
    assert len(subjects) == len(opened) == len(set(opened)), f"seed {seed}"
    assert sorted(opened) == sorted(updated), f"seed {seed}"


def _report(subject: str, turn: int) -> Json:
    kinds = {"type": "MET-FLOOD", "severity": "Severe", "urgency": "Immediate", "certainty": "Observed"}
    return {"id": f"{subject}-{turn}", "subject": subject, **kinds, "emirates": ["AE-FU"], "injured": turn}


def _decided(live: System, kind: str) -> list[str]:
    """Of which incidents the journal has a command of this type, repeats of one command left out."""
    entries = live.gateway.pages("/v1/journal", {"space": "uae"})
    found = [one for one in entries if one["type"] == kind and not one["repeats"]]
    return [one["data"].get("incident") or one["data"]["id"] for one in found]


def test_two_desks_at_once_and_one_that_comes_back_from_the_dead_tell_the_same_facts(
    live: System, expected: bytes, undisturbed: set[tuple[str, str]]
) -> None:
    space, seed = "rehearsal-zombie", fresh_seed()
    samples = live.subscribed(space)

    with _second_desk(live) as second:
        first = live.machine.children["desk"]
        blows = [_stopped(first), _stopped(second), _resumed(first, second)]
        done = played_under(live, space, blows, random.Random(seed), in_order=True)

    assert (0, b"") == (done.returncode, done.stderr), f"seed {seed}"
    assert expected == done.stdout, f"seed {seed}"
    all_arrived(live, samples, space, undisturbed, f"seed {seed}")
    journal_holds(live, space)


@contextlib.contextmanager
def _second_desk(live: System) -> Iterator[Child]:
    """One more desk, which competes with the machine's own for the partitions."""
    child = Child("desk", free_port(), live.settings.data / "logs" / "desk-2.log")
    live.machine._spawn(child)
    try:
        eventually(lambda: child.ready, "the second desk")
        yield child
    finally:
        assert child.process is not None
        child.process.send_signal(signal.SIGCONT)
        child.process.kill()
        child.process.wait()


def _signal(child: Child, number: int) -> None:
    assert child.process is not None
    child.process.send_signal(number)


def _stopped(child: Child) -> Blow:
    return lambda _: _signal(child, signal.SIGSTOP)


def _resumed(*children: Child) -> Blow:
    def strike(_: System) -> None:
        for child in children:
            _signal(child, signal.SIGCONT)

    return strike
