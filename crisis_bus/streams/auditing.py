"""The auditor's runner: journal and receipts in, findings out, and whether all is well."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from pydantic import ValidationError

from crisis_bus.audit.auditor import Auditor
from crisis_bus.audit.deliveries import Deliveries
from crisis_bus.audit.findings import Finding
from crisis_bus.bus.record import Record
from crisis_bus.domain.delivery import Receipt
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import NotReachable
from crisis_bus.views.chain import Standing
from crisis_bus.wire import topics

TOPICS = (topics.JOURNAL, topics.RECEIPTS, topics.SUBSCRIPTIONS)
"""What the auditor reads, from the beginning, in no group."""
_AT_MOST = 10_000
"""So many findings are kept: whoever has more needs no list, and the process must live on."""
_SHOWN = 5
"""So many findings are named where all cannot be."""

log = structlog.get_logger(__name__)


class Watch(Protocol):
    """Told what the auditor does; for metrics."""

    def checked(self, appended: Instant) -> None:
        """An entry was checked."""

    def skipped(self, standing: Standing) -> None:
        """A journal record does not count."""

    def stands(self, findings: Sequence[Finding], behind: int) -> None:
        """What is wrong now, and for how many milliseconds the log has been ahead."""


class Following(Protocol):
    """Says whether a reader has read what stands on the log."""

    async def behind(self, read: dict[tuple[str, int], int]) -> bool:
        """Whether something stands on the log that was not read; raises NotReachable."""


def logged(finding: Finding) -> None:
    """One line for each finding, without a name of a person or a text."""
    log.error(
        "audit_finding",
        finding=finding.id,
        rule=finding.rule,
        code=finding.code,
        space=finding.space,
        about=finding.about,
        partition=finding.partition,
        offset=finding.offset,
        what=finding.en,
        todo=finding.todo_en,
    )


@dataclass
class AuditRunner:
    """One audit process: it judges, and keeps what it found.

    `settled` are the ids of findings that people have looked into; `patience` is how long the desk may be late
    by the clock on the wall, in milliseconds, and `quiet` how long the log may be ahead before all is not well.
    """

    auditor: Auditor
    deliveries: Deliveries
    now: Callable[[], Instant]
    watch: Watch
    patience: int
    quiet: int
    settled: frozenset[str] = frozenset()
    tell: Callable[[Finding], None] = logged
    found: dict[str, Finding] = field(default_factory=dict)
    standing: dict[str, Finding] = field(default_factory=dict)
    read: dict[tuple[str, int], int] = field(default_factory=dict)
    followed_at: Instant | None = None

    def take(self, batch: Iterable[Record]) -> None:
        """Check the next records."""
        for record in batch:
            self.read[record.topic, record.partition] = record.offset + 1
            if record.topic == topics.JOURNAL:
                self._entry(record)
            elif record.topic == topics.RECEIPTS:
                self._receipt(record)
            else:
                self._subscription(record)
        self.watch.stands(self.findings, self._behind(self.now()))

    def look(self) -> None:
        """Judge what has waited, and what is wrong at this moment."""
        now = self.now()
        self._keep(self.deliveries.judge(self.auditor.spaces, now))
        standing = [*self.auditor.breaks(), *self.deliveries.missed(self.auditor.spaces.values(), now)]
        if self.followed_at is not None and now - self.followed_at <= self.quiet:
            standing += self.auditor.late(now, self.patience)
        before, self.standing = self.standing, self._open(standing)
        for name, finding in self.standing.items():
            if name not in before:
                self.tell(finding)
        self.watch.stands(self.findings, self._behind(now))

    async def follow(self, log_: Following) -> None:
        """See whether all that stands on the log was read."""
        try:
            if not await log_.behind(dict(self.read)):
                self.followed_at = self.now()
        except NotReachable as error:
            log.warning("audit_cannot_look", reason=str(error))

    async def watching(self, log_: Following, every: float, stop: asyncio.Event) -> None:
        """Look again and again, until asked to stop."""
        while not stop.is_set():
            await self.follow(log_)
            self.look()
            try:
                async with asyncio.timeout(every):
                    await stop.wait()
            except TimeoutError:
                continue

    @property
    def findings(self) -> list[Finding]:
        """Everything that is wrong and not settled."""
        return [*self.found.values(), *(one for name, one in self.standing.items() if name not in self.found)]

    def reasons(self) -> list[str]:
        """Why all is not well, in sentences; empty while it is."""
        findings, now = self.findings, self.now()
        said = [f"{one.rule}: {one.en} — {one.ar}" for one in findings[:_SHOWN]]
        if len(findings) > _SHOWN:
            said.append(f"{len(findings) - _SHOWN} more findings — نتائج أخرى: {len(findings) - _SHOWN}")
        if self.followed_at is None:
            said.append("the journal has not been read to its end yet — لم يُقرأ السجل إلى نهايته بعد")
        elif now - self.followed_at > self.quiet:
            seconds = (now - self.followed_at) // 1000
            said.append(f"nothing was checked for {seconds} s — لم يُدقَّق شيء منذ {seconds} ثانية")
        return said

    def _behind(self, now: Instant) -> int:
        return self.quiet + 1 if self.followed_at is None else now - self.followed_at

    def _entry(self, record: Record) -> None:
        before = self.auditor.entries
        skipped = dict(self._verdict(record.partition))
        self._keep(self.auditor.take(record.partition, record.offset, record.value))
        if self.auditor.entries > before:
            self.watch.checked(record.timestamp)
        for standing, count in self._verdict(record.partition).items():
            if count != skipped.get(standing, 0):
                self.watch.skipped(standing)

    def _verdict(self, partition: int) -> dict[Standing, int]:
        verdict = self.auditor.verdicts.get(partition)
        return {} if verdict is None else verdict.skipped

    def _receipt(self, record: Record) -> None:
        try:
            receipt = Receipt.model_validate_json(record.value or b"")
        except ValidationError:
            log.warning("receipt_passed_over", partition=record.partition, offset=record.offset)
            return
        if receipt.test:  # of no statement, and so in no journal
            return
        self.deliveries.take(receipt, record.partition, record.offset, self.now())

    def _subscription(self, record: Record) -> None:
        name = (record.key or b"").decode(errors="replace")
        self.deliveries.subscriptions.pop(name, None)
        if record.value is None:
            return
        try:
            self.deliveries.subscriptions[name] = Subscription.model_validate_json(record.value)
        except ValidationError:
            log.warning("subscription_passed_over", partition=record.partition, offset=record.offset)

    def _keep(self, findings: Iterable[Finding]) -> None:
        for name, finding in self._open(findings).items():
            if name not in self.found and len(self.found) < _AT_MOST:
                self.found[name] = finding
                self.tell(finding)

    def _open(self, findings: Iterable[Finding]) -> dict[str, Finding]:
        return {finding.id: finding for finding in findings if finding.id not in self.settled}
