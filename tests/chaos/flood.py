"""The flood played while something is struck, and what must be true at its end."""

import random
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable

from crisis_bus.cli.client import Json
from crisis_bus.cli.playing import patiently
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.wire import topics
from tests.live.system import LONG_SECONDS, System, ended
from tests.live.witness import Arrival

SCENARIO = "S01"
SECONDS = 8.0
"""The flood of 520 minutes, in so many seconds."""
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


def fresh_seed() -> int:
    """A seed of this run; it is printed, and stands in every failure."""
    seed = time.time_ns() % 1_000_000
    print(f"seed {seed}")  # noqa: T201 pytest shows it when the test fails
    return seed


def play(space: str) -> list[str]:
    return ["play", SCENARIO, "--space", space, "--speed", str(520 * 60 / SECONDS), "--format", "jsonl"]


def played_under(
    live: System, space: str, blows: list[Blow], chance: random.Random, *, in_order: bool = False
) -> "subprocess.CompletedProcess[bytes]":
    """Play, strike at moments of chance in the middle, and start again what has died as `crisis-bus up` does."""
    struck = blows if in_order else chance.sample(blows, len(blows))
    moments = sorted(chance.uniform(0.1, 0.9) * SECONDS for _ in blows)
    with live.begun(*play(space)) as process:
        until_open(live, space)
        began = time.monotonic()
        for moment, strike in zip(moments, struck, strict=True):
            while time.monotonic() < began + moment:
                live.machine.watch()
                time.sleep(0.1)
            strike(live)
        watched(live, process)
        return ended(process)


def until_open(live: System, space: str) -> None:
    ends = time.monotonic() + LONG_SECONDS
    while not patiently(lambda: live.gateway.get("/v1/journal", {"space": space}))["items"]:
        assert time.monotonic() < ends, f"{space} was not opened"
        time.sleep(0.05)


def watched(live: System, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + LONG_SECONDS
    while process.poll() is None and time.monotonic() < ends:
        live.machine.watch()
        time.sleep(0.1)


def all_arrived(
    live: System, samples: list[Subscription], space: str, undisturbed: set[tuple[str, str]], why: str
) -> None:
    due = patiently(lambda: live.due(samples, space))
    assert undisturbed == without_space(due, space), why
    receipts = live.finished(space, len(due))
    outcomes = {(one["subscription"], one["statement"]): one["outcome"] for one in receipts}
    assert due == set(outcomes), why
    # An urgent text may overtake a routine one that waited for the restart: then the older one must not follow.
    assert {"accepted", "delivered", "replaced"} >= set(outcomes.values()), why
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
    assert {"accepted", "delivered"} >= {one["outcome"] for one in newest.values()}, why


def _published(live: System, receipts: list[Json], space: str) -> None:
    """The bulletins on the ministries' topic are those that were receipted, each under one id."""
    on_topic: defaultdict[str, set[str]] = defaultdict(set)
    for envelope in live.envelopes(topics.BULLETINS):
        if (envelope.subject or "").startswith(f"{space}/"):
            on_topic[str(envelope.subject)].add(envelope.id)
    delivered = {one["number"] for one in receipts if one["transport"] == "kafka" and one["outcome"] == "delivered"}
    assert delivered == set(on_topic)
    assert {1} == {len(ids) for ids in on_topic.values()}


def journal_holds(live: System, space: str) -> None:
    done = live.cli("journal", "verify")
    assert (0, b"the chain holds") == (done.returncode, done.stdout.splitlines()[-1])
    asked = {one.id for one in live.envelopes(topics.COMMANDS) if one.extensions.get("crisisspace") == space}
    answered = {one["id"] for one in live.gateway.pages("/v1/journal", {"space": space})}
    assert asked == answered


def without_space(found: set[tuple[str, str]], space: str) -> set[tuple[str, str]]:
    return {(subscription.removeprefix(space), statement) for subscription, statement in found}
