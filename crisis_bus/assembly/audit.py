"""The audit process: it reads what was decided and delivered, and vouches for it only while all is well."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.assembly.worker import Life
from crisis_bus.audit.auditor import Auditor
from crisis_bus.audit.deliveries import Deliveries
from crisis_bus.audit.findings import Finding
from crisis_bus.audit.sentences import RULES
from crisis_bus.bus.ends import Ends
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Record
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.policy import Policy
from crisis_bus.settings import Settings
from crisis_bus.streams.auditing import TOPICS, AuditRunner
from crisis_bus.telemetry import dead_man, logs
from crisis_bus.telemetry.metrics import Metrics
from crisis_bus.views.chain import Standing
from crisis_bus.wire import catalogue, topics

_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class AuditMeter:
    """What the auditor does, as metrics."""

    metrics: Metrics

    def checked(self, appended: Instant) -> None:
        """An entry was checked."""
        self.metrics.audit_entries.inc()
        self.metrics.audit_age.set(max(0, worker.now() - appended) / 1000)

    def skipped(self, standing: Standing) -> None:
        """A journal record does not count."""
        self.metrics.audit_skipped.labels(reason=standing).inc()

    def stands(self, findings: Sequence[Finding], behind: int) -> None:
        """What is wrong now."""
        counted = Counter(finding.rule for finding in findings)
        for rule in RULES:
            self.metrics.audit_findings.labels(rule=rule).set(counted[rule])
        self.metrics.audit_behind.set(behind / 1000)


@dataclass
class Following:
    """Whether what stood on the journal at the look before has been read by now."""

    ends: Ends
    partitions: int
    _stood: dict[tuple[str, int], int] = field(default_factory=dict)

    async def behind(self, read: dict[tuple[str, int], int]) -> bool:
        """Whether something of it was not read; raises NotReachable."""
        places = [(topics.JOURNAL, number) for number in range(self.partitions)]
        ends = dict(zip(places, await asyncio.gather(*(self.ends.end(*place) for place in places)), strict=True))
        stood, self._stood = self._stood or ends, ends
        return any(read.get(place, 0) < stood[place] for place in places)


def runner(settings: Settings, policy: Policy, metrics: Metrics) -> AuditRunner:
    """The auditor of these settings."""
    patience = int(settings.audit_patience_seconds * 1000)
    return AuditRunner(
        Auditor(policy),
        Deliveries(patience, patience + int(settings.delivery_give_up_seconds * 1000)),
        worker.now,
        AuditMeter(metrics),
        patience,
        int(settings.audit_quiet_seconds * 1000),
        frozenset(settings.audit_settled),
    )


async def run(settings: Settings) -> None:
    """Audit until asked to stop."""
    policy = packs.load(settings.pack)
    partitions = catalogue.load(settings.topics).topic(topics.JOURNAL).partitions
    vouching = Vouching()
    async with worker.living(settings, vouching.reasons) as life, AsyncExitStack() as stack:
        audit = runner(settings, policy, life.metrics)
        reader = Reader(settings.kafka, TOPICS, client_id="crisis-bus-audit")
        await reader.start()
        stack.push_async_callback(reader.stop)
        ends = await stack.enter_async_context(Ends(settings.kafka, "crisis-bus-audit-ends"))
        life.needs("journal", lambda: audit.followed_at is not None)
        vouching.over(life, audit)
        tasks = [
            asyncio.create_task(_read(audit, reader.batches())),
            asyncio.create_task(audit.watching(Following(ends, partitions), _LOOK_SECONDS, life.stop)),
        ]
        if settings.dead_man_url is not None:
            url = settings.dead_man_url.get_secret_value()
            tasks.append(
                asyncio.create_task(dead_man.feed(url, settings.dead_man_seconds, vouching.reasons, life.stop))
            )
        await worker.until_stopped(life, *tasks)
        for task in tasks[1:]:
            await task
        tasks[0].cancel()


async def once(settings: Settings) -> tuple[int, list[Finding]]:
    """Check all that is there now: how many entries, and what is wrong."""
    logs.configure(settings.log_format, settings.log_level)
    audit = runner(settings, packs.load(settings.pack), Metrics(CollectorRegistry()))
    audit.tell = _shown_at_the_end
    reader = Reader(settings.kafka, TOPICS, client_id="crisis-bus-audit")
    await reader.start()
    try:
        await _read(audit, reader.batches(for_ever=False))
    finally:
        await reader.stop()
    audit.followed_at = worker.now()
    audit.look()
    return audit.auditor.entries, audit.findings


def _shown_at_the_end(finding: Finding) -> None:
    """Say nothing: whoever asked once is shown a table."""


class Vouching:
    """Whether all is well; until the auditor has begun, it is not."""

    def __init__(self) -> None:
        """Vouch for nothing yet."""
        self._life: Life | None = None
        self._audit: AuditRunner | None = None

    def over(self, life: Life, audit: AuditRunner) -> None:
        """Vouch for what this auditor finds."""
        self._life, self._audit = life, audit
        life.metrics.audit_alive.set_function(lambda: 0 if self.reasons() else 1)

    def reasons(self) -> list[str]:
        """Why all is not well."""
        if self._life is None or self._audit is None:
            return ["the auditor is starting — المدقق قيد البدء"]
        stopping = ["the auditor is stopping — المدقق قيد الإيقاف"] if self._life.stop.is_set() else []
        return stopping + self._audit.reasons()


async def _read(audit: AuditRunner, batches: AsyncIterator[list[Record]]) -> None:
    async for batch in batches:
        audit.take(batch)
