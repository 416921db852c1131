"""Takes the facts of one decision and lets the chapters judge them, in the order of time."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from crisis_bus.domain.commands import Command
from tests.desk.model import clocks, incidents, levels, outside, publishing, refusals, shapes, statements, voices
from tests.desk.model.world import OPEN, PENDING, Record, World


class Said(NamedTuple):
    """A fact as the space tells it."""

    at: int
    kind: str
    data: Record


def _paid(kind: str) -> Callable[[World, Record], None]:
    return lambda w, d: w.pay(kind, d)


def _opened(w: World, d: Record) -> None:
    w.pay("incident.opened", d)
    incidents.opened(w, d)


def _nothing(_w: World, _d: Record) -> None: ...


TAKE: dict[str, Callable[[World, Record], None]] = {
    "command.refused": _nothing,
    "rehearsal.opened": _nothing,
    "incident.opened": _opened,
    "incident.graded": incidents.graded,
    "incident.updated": levels.updated,
    "incident.state": incidents.state,
    "level.raised": levels.raised,
    "level.lowered": levels.lowered,
    "lead.changed": incidents.transferred,
    "deadline.breached": clocks.breached,
    "spokesperson.assigned": voices.assigned,
    "spokesperson.unavailable": voices.unavailable,
    "spokesperson.ready": voices.ready,
    "factsheet.updated": outside.sheet_set,
    "statement.drafted": statements.drafted,
    "approval.requested": statements.requested,
    "key.given": statements.key_given,
    "key.refused": statements.key_refused,
    "statement.blocked": statements.blocked,
    "statement.scheduled": statements.scheduled,
    "statement.published": publishing.published,
    "statement.returned": statements.sent_back,
    "statement.rejected": statements.sent_back,
    "statement.withdrawn": statements.withdrawn,
    "statement.state": publishing.state,
    "post_review.done": outside.reviewed,
    "media.strike": statements.struck,
    "publication.observed": outside.observed,
    "contradiction.closed": outside.contradiction_closed,
    "rumour.triaged": outside.triaged,
    "rumour.verdict": outside.verdict,
    "rumour.answered": outside.answered,
    "rumour.state": outside.rumour_closed,
    "channel.suspended": outside.channel_suspended,
    "channel.restored": outside.channel_restored,
    "verification.answered": outside.verified,
    "exercise.suspended": incidents.suspended,
    "stand_down.refused": outside.not_yet,
    "stand_down.signed": outside.signed,
    "initiative.planned": outside.planned,
    "initiative.held": outside.held,
    "initiative.released": outside.released,
    "escalation": clocks.escalated,
}
"""Fact → what it says; one that is not here comes only where it is owed."""
_BY_EMBARGO = {"statement.published", "statement.blocked", "approval.requested"}


def follow(w: World, command: Command | None, at: int, facts: Sequence[Said], *, ticked: bool = False) -> None:
    """One decision at an instant; a tick fires what is due at it too, a repeated command only what was due before."""
    instants = [fact.at for fact in facts]
    assert instants == sorted(instants)
    assert all(w.now <= instant <= at for instant in instants)
    before = [fact for fact in facts if ticked or fact.at < at]
    _timers(w, deque(before), at + ticked)
    w.now = at
    if command is not None:
        _answer(w, command, facts[len(before) :])
    _standing(w)


def _timers(w: World, waiting: deque[Said], until: int) -> None:
    """Every timer due before an instant, minute by minute; what fires, fires for a reason, and what must, fires."""
    w.kind, w.by, w.data, w.turn = "", "", {}, (0, 0)
    while times := [*(fact.at for fact in waiting), *(clock.due for clock in w.clocks if clock.due < until)]:
        w.now = min(times)
        before = list(w.clocks)
        due = [clock for clock in before if clock.due == w.now and clocks.holds(w, clock)]
        while waiting and waiting[0].at == w.now:
            _take(w, waiting.popleft())
        assert [] == w.owed
        for clock in [clock for clock in w.clocks if clock.due <= w.now]:
            assert not clocks.holds(w, clock) or (clock in before and clock not in due), f"{clock} did not fire"
            w.clocks.remove(clock)
            clocks.passed(w, clock)


def _answer(w: World, command: Command, facts: Sequence[Said]) -> None:
    """A command gives its own kind of fact, or one refusal."""
    w.kind, w.by = str(command.type), str(command.by)
    w.data = command.data if isinstance(command.data, dict) else {}
    kinds = [fact.kind for fact in facts]
    if "command.refused" in kinds:
        assert ["command.refused"] == kinds
        _refused(w, command, facts[0].data)
    elif facts:
        assert refusals.expected(w) is None
        assert w.kind in {"rehearsal.open", *shapes.ANSWERS}
        assert 1 <= sum(kind in shapes.ANSWERS.get(w.kind, "rehearsal.opened").split() for kind in kinds), kinds
    for fact in facts:
        _take(w, fact)
    assert [] == w.owed


def _refused(w: World, command: Command, d: Record) -> None:
    """What was asked is told as it was sent; a name or a rule stands against it, or its form."""
    if d["reason"] not in {"BAD_VALUE", "UNKNOWN_COMMAND"} and w.kind != "rehearsal.open":
        assert refusals.expected(w) == d["reason"]
    by = command.by if isinstance(command.by, str) and command.by.strip() else ""
    assert by == d["by"]
    assert command.type == d["command"] or not isinstance(command.type, str)


def _take(w: World, fact: Said) -> None:
    shapes.check(fact.kind, fact.data, w.kind)
    if w.kind == "" and fact.kind in _BY_EMBARGO:
        statements.embargo_ended(w, w.statements[fact.data["statement"]])
    TAKE.get(fact.kind, _paid(fact.kind))(w, fact.data)


def _standing(w: World) -> None:
    """What is so after every decision."""
    voices_held: list[str] = []
    for incident in w.incidents.values():
        if incident["state"] not in OPEN:
            assert not any(text["state"] in PENDING for text in w.texts(incident)), "a text waits for nobody"
            continue
        if incident["exercise"]:
            assert incidents.because(w, incident) is None, "DR-5"
        elif incident["level"] >= 2:
            voices_held += [incident["spokesperson"]] if incident["spokesperson"] else []
            held = [
                plan for plan in w.plans.values() if plan["state"] == "PLANNED" and outside.holds(w, plan, incident)
            ]
            assert [] == held, "OV-7"
    assert len(set(voices_held)) == len(voices_held), "INV-10"
