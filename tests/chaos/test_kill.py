"""`kill -9` of anything in the middle of the flood: the facts, what is published and what arrives stay the same."""

import random
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from crisis_bus import packs, rehearsal
from crisis_bus.cli import rehearsing
from crisis_bus.cli.client import Json
from crisis_bus.cli.playing import patiently
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.wire import topics
from tests.live.system import LONG_SECONDS, System, ended
from tests.live.witness import Arrival

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(420)]

SCENARIO = "S01"
SPEED = 520 * 60 / 8.0
"""The flood in eight seconds."""
Blow = Callable[[System], None]


def killed(name: str) -> Blow:
    """`kill -9`, as a power cut of one process."""

    def strike(live: System) -> None:
        process = live.machine.children[name].process
        assert process is not None
        process.kill()
        process.wait(LONG_SECONDS)

    return strike


def broker(live: System) -> None:
    live.machine.kafka.kill()


@pytest.fixture(scope="module")
def expected() -> bytes:
    """The facts of the scenario, one a line, played in memory where nothing can be killed."""
    scenario = rehearsing.load(packs.scenario(SCENARIO, "uae"))
    return b"".join(rehearsal.as_json(line).encode() + b"\n" for line in rehearsal.play(scenario, packs.load("uae")))


@pytest.fixture(scope="module")
def undisturbed(live: System) -> set[tuple[str, str]]:
    """Which destination gets which statement when nothing is killed."""
    space = "rehearsal-calm"
    samples = live.subscribed(space)
    with live.begun(*_play(space)) as process:
        assert ended(process).returncode == 0
    return _without_space(live.due(samples, space), space)


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
    space, seed = f"rehearsal-kill-{name}", _seed()
    samples = live.subscribed(space)

    done = _played_under(live, space, blows, random.Random(seed))

    assert (0, b"") == (done.returncode, done.stderr), f"seed {seed}"
    assert expected == done.stdout, f"seed {seed}"
    _all_arrived(live, samples, space, undisturbed, f"seed {seed}")
    _journal_holds(live, space)


def _seed() -> int:
    """A seed of this run; it is printed, and stands in every failure."""
    seed = time.time_ns() % 1_000_000
    print(f"seed {seed}")  # noqa: T201 pytest shows it when the test fails
    return seed


def _play(space: str) -> list[str]:
    return ["play", SCENARIO, "--space", space, "--speed", str(SPEED), "--format", "jsonl"]


def _played_under(
    live: System, space: str, blows: list[Blow], chance: random.Random
) -> "subprocess.CompletedProcess[bytes]":
    """Play, strike at moments of chance in the middle, and start again what has died as `crisis-bus up` does."""
    moments = sorted(chance.uniform(0.1, 0.9) * 8.0 for _ in blows)
    with live.begun(*_play(space)) as process:
        _until_open(live, space)
        began = time.monotonic()
        for moment, strike in zip(moments, chance.sample(blows, len(blows)), strict=True):
            while time.monotonic() < began + moment:
                live.machine.watch()
                time.sleep(0.1)
            strike(live)
        _watched(live, process)
        return ended(process)


def _until_open(live: System, space: str) -> None:
    ends = time.monotonic() + LONG_SECONDS
    while not patiently(lambda: live.gateway.get("/v1/journal", {"space": space}))["items"]:
        assert time.monotonic() < ends, f"{space} was not opened"
        time.sleep(0.05)


def _watched(live: System, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + LONG_SECONDS
    while process.poll() is None and time.monotonic() < ends:
        live.machine.watch()
        time.sleep(0.1)


def _all_arrived(
    live: System, samples: list[Subscription], space: str, undisturbed: set[tuple[str, str]], why: str
) -> None:
    due = patiently(lambda: live.due(samples, space))
    assert undisturbed == _without_space(due, space), why
    receipts = live.finished(space, len(due))
    outcomes = {(one["subscription"], one["statement"]): one["outcome"] for one in receipts}
    assert due == set(outcomes), why
    # An urgent text may overtake a routine one that waited for the restart: then the older one must not follow.
    assert {"delivered", "replaced"} >= set(outcomes.values()), why
    arrived = live.witness.arrivals(space)
    _one_id_for_each(arrived, why)
    _nothing_older_after_newer(arrived, why)
    _the_newest_is_everywhere(receipts, why)
    _published(live, receipts, space)


def _one_id_for_each(arrived: list[Arrival], why: str) -> None:
    ids: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in arrived:
        ids[one.place, one.number].add(one.message)
    assert [] == [found for found in ids.values() if len(found) > 1], why


def _nothing_older_after_newer(arrived: list[Arrival], why: str) -> None:
    reached: dict[tuple[str, str], int] = {}
    for one in arrived:
        if one.chain is None or one.sequence is None:
            continue
        newest = reached.get((one.place, one.chain), 0)
        assert one.sequence >= newest, f"{one.place}: {one.number} came after something newer; {why}"
        reached[one.place, one.chain] = one.sequence


def _the_newest_is_everywhere(receipts: list[Json], why: str) -> None:
    newest: dict[tuple[str, str], Json] = {}
    for one in receipts:
        key = (one["subscription"], one["chain"])
        newest[key] = max(newest.get(key, one), one, key=lambda receipt: int(receipt["sequence"]))
    assert {"delivered"} == {one["outcome"] for one in newest.values()}, why


def _published(live: System, receipts: list[Json], space: str) -> None:
    """The bulletins on the ministries' topic are those that were receipted, each under one id."""
    on_topic: defaultdict[str, set[str]] = defaultdict(set)
    for envelope in live.envelopes(topics.BULLETINS):
        if (envelope.subject or "").startswith(f"{space}/"):
            on_topic[str(envelope.subject)].add(envelope.id)
    delivered = {one["number"] for one in receipts if one["transport"] == "kafka" and one["outcome"] == "delivered"}
    assert delivered == set(on_topic)
    assert {1} == {len(ids) for ids in on_topic.values()}


def _journal_holds(live: System, space: str) -> None:
    done = live.cli("journal", "verify")
    assert (0, b"the chain holds") == (done.returncode, done.stdout.splitlines()[-1])
    asked = {one.id for one in live.envelopes(topics.COMMANDS) if one.extensions.get("crisisspace") == space}
    answered = {one["id"] for one in live.gateway.pages("/v1/journal", {"space": space})}
    assert asked == answered


def _without_space(found: set[tuple[str, str]], space: str) -> set[tuple[str, str]]:
    return {(subscription.removeprefix(space), statement) for subscription, statement in found}
