"""Whatever destinations answer and however workers come and go: order, one final receipt, ids that stay."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from crisis_bus.bus.record import Outgoing
from crisis_bus.channels.contract import Prepared
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.domain.delivery import OutboxMessage, Outcome, Receipt
from crisis_bus.domain.providers import Limits
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.samples import bulletin, message
from tests.delivery.virtual import Stage, latest, play

ANSWERS = st.sampled_from(["taken", "busy", "later", "no", "hang", "slow", "bug"])


@dataclass(frozen=True)
class Given:
    """A message, when it comes, and what each attempt at it is answered."""

    destination: int
    incident: int
    sequence: int
    replaces: frozenset[int]
    urgent: bool
    comes_at: float
    answers: tuple[str, ...]
    twice: bool

    @property
    def message(self) -> OutboxMessage:
        name = f"S{self.incident}-{self.sequence}"
        of = bulletin(
            name,
            incident=f"I{self.incident}",
            chain=f"uae/I{self.incident}",
            sequence=self.sequence,
            kind=Kind.RETRACTION if self.urgent else Kind.SITREP,
            grade=1,
            replaces=tuple(f"uae/S{self.incident}-{each}" for each in sorted(self.replaces) if each < self.sequence),
        )
        return message(f"m-{self.destination}-{name}", subscription=f"sub-{self.destination}", bulletin=of)


GIVEN = st.builds(
    Given,
    destination=st.integers(1, 2),
    incident=st.integers(1, 2),
    sequence=st.integers(1, 4),
    replaces=st.frozensets(st.integers(1, 3), max_size=2),
    urgent=st.booleans(),
    comes_at=st.sampled_from([0.0, 0.1, 1.0, 5.0, 30.0, 100.0]),
    answers=st.lists(ANSWERS, max_size=4).map(tuple),
    twice=st.booleans(),
)
SCHEDULES = st.lists(GIVEN, min_size=1, max_size=12, unique_by=lambda each: each.message.id)
CRASHES = st.lists(st.sampled_from([0.05, 0.5, 2.0, 20.0, 90.0]), max_size=3).map(sorted)


class Destinations(MemoryChannel):
    """Destinations that answer by the schedule, over all workers that come and go."""

    def __init__(self, schedule: list[Given]) -> None:
        super().__init__(answer=self.by_schedule)
        self.answers = {each.message.id: each.answers for each in schedule}

    async def by_schedule(self, prepared: Prepared, attempt: int) -> None:
        answers = self.answers[prepared.message.id]
        answer = answers[attempt - 1] if attempt <= len(answers) else "taken"
        await asyncio.sleep({"hang": 60.0, "slow": 3.0}.get(answer, 0.01))
        if answer == "busy":
            raise TransientDelivery(answer)
        if answer == "later":
            raise TransientDelivery(answer, 20.0)
        if answer == "no":
            raise PermanentDelivery(answer)
        if answer == "bug":
            raise ZeroDivisionError(answer)


async def tell(schedule: list[Given], crashes: list[float], seed: int) -> tuple[Destinations, list[Receipt]]:
    """Play the schedule with workers that die at these moments; a new one knows the log and reads what is left."""
    destinations, log, later = Destinations(schedule), list[Receipt](), list[Outgoing]()
    done: set[str] = set()
    start = asyncio.get_running_loop().time()
    for until in [*crashes, 10_000.0]:
        stage = Stage(destinations, Limits(at_once=2, timeout=15), seed)
        for told in log:
            stage.worker.recall(told)
        await stage.worker.room.adopt(latest(later))

        async def come(each: Given, to: Stage = stage) -> None:
            await asyncio.sleep(max(0.0, start + each.comes_at - asyncio.get_running_loop().time()))
            for _ in range(2 if each.twice else 1):
                to.give(each.message)
            await asyncio.gather(*to.tasks)
            done.add(each.message.id)

        stage.worker.room.open()
        coming = [asyncio.create_task(come(each)) for each in schedule if each.message.id not in done]
        left = start + until - asyncio.get_running_loop().time()
        if coming and left > 0:
            await asyncio.wait(coming, timeout=left)
        waiting = asyncio.create_task(stage.all_done())
        if (left := start + until - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait([waiting], timeout=left)
        dying = [waiting, stage.keeping, *coming, *stage.tasks, *stage.worker.room.close()]
        for task in dying:
            task.cancel()
        await asyncio.gather(*dying, return_exceptions=True)
        log.extend(stage.receipts)
        later.extend(stage.log)
    return destinations, log


@given(schedule=SCHEDULES, crashes=CRASHES, seed=st.integers(0, 1000))
@settings(max_examples=150, deadline=None)
def test_whatever_happens_order_holds_and_every_message_ends_once(
    schedule: list[Given], crashes: list[float], seed: int
) -> None:
    destinations, log = play(lambda: tell(schedule, crashes, seed))

    _nothing_older_follows_anything_newer(destinations.taken)
    _each_ends_exactly_once(schedule, log)
    _what_was_never_taken_is_not_called_delivered(destinations, log)


def _nothing_older_follows_anything_newer(taken: list[OutboxMessage]) -> None:
    newest: dict[tuple[str, str], int] = defaultdict(int)
    for each in taken:
        key = (each.subscription, each.bulletin.chain)
        assert newest[key] <= each.bulletin.sequence
        newest[key] = each.bulletin.sequence


def _each_ends_exactly_once(schedule: list[Given], log: list[Receipt]) -> None:
    finals = Counter(told.message for told in log if told.outcome is not Outcome.RETRYING)
    assert finals == Counter(each.message.id for each in schedule)
    ids = Counter(told.id for told in log)
    assert set(ids.values()) == {1}


def _what_was_never_taken_is_not_called_delivered(destinations: Destinations, log: list[Receipt]) -> None:
    taken = {each.id for each in destinations.taken}
    delivered = {told.message for told in log if told.outcome is Outcome.DELIVERED}
    replaced_unsent = {told.message for told in log if told.outcome is Outcome.REPLACED and told.attempt == 0}
    assert delivered <= taken
    assert all(each.id.startswith("m-") for each in destinations.taken)
    assert not (replaced_unsent & delivered)
