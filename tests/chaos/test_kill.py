"""`kill -9` of anything in the middle of the flood: the facts, what is published and what arrives stay the same."""

import contextlib
import random
import signal
from collections.abc import Iterator

import pytest

from crisis_bus.assembly.machine import Child
from tests.chaos.flood import Blow, all_arrived, broker, fresh_seed, journal_holds, killed, played_under
from tests.live.system import System, eventually
from tests.live.witness import free_port

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(420)]


@pytest.mark.parametrize(
    ("name", "blows"),
    [
        ("desk", [killed("desk"), killed("desk")]),
        ("dispatch", [killed("dispatch")]),
        ("deliver", [killed("deliver"), killed("deliver")]),
        ("gateway", [killed("gateway"), killed("gateway")]),
        ("broker", [broker]),
        ("all", [killed("desk"), killed("deliver"), killed("dispatch"), killed("gateway"), broker]),
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
