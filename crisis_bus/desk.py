"""The desk: what a command does to the office, and which facts it leads to.

`decide` is a pure function. First every timer that was due before the command fires, each at its own
instant; then the command is checked (`scenario-format.md` §4) and its chapter decides (§5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from crisis_bus.domain import commands as c
from crisis_bus.domain.commands import ABSENT, CLOCK_TICK, COMMANDS, LIVE_COMMANDS, REHEARSAL_OPEN, Asked, Command
from crisis_bus.domain.editions import Edition
from crisis_bus.domain.facts import Fact, RehearsalOpened, Told
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.journal import Changes
from crisis_bus.domain.policy import PersonChange
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.records import Timer, TimerKind
from crisis_bus.office import REHEARSAL, Office, record_as_json
from crisis_bus.rules import (
    approvals,
    channels,
    checking,
    deadlines,
    factsheets,
    incidents,
    initiatives,
    keys,
    levels,
    policies,
    publications,
    publishing,
    rumours,
    spokespersons,
    stand_down,
    statements,
    verification,
)
from crisis_bus.rules.case import Case, Refused

CLOCK = "clock"
"""The only actor of `clock.tick`."""

CHAPTERS: Mapping[type[Asked], Callable[[Case, Any, str], None]] = {
    c.IncidentReport: incidents.report,
    c.IncidentAcknowledge: incidents.acknowledge,
    c.IncidentUpdate: incidents.update,
    c.IncidentMerge: incidents.merge,
    c.IncidentStabilise: incidents.stabilise,
    c.IncidentStandDown: stand_down.sign,
    c.IncidentClose: incidents.close,
    c.LevelOverride: levels.override,
    c.LeadTransfer: incidents.transfer,
    c.SpokespersonConfirm: spokespersons.confirm,
    c.SpokespersonDecline: spokespersons.decline,
    c.FactsheetSet: factsheets.set_facts,
    c.StatementDraft: statements.draft,
    c.StatementSubmit: statements.submit,
    c.StatementApprove: approvals.approve,
    c.StatementReturn: statements.send_back,
    c.StatementReject: statements.reject,
    c.StatementWithdraw: statements.withdraw,
    c.StatementReview: statements.review,
    c.EmbargoBreak: statements.break_embargo,
    c.PublicationObserve: publications.observe,
    c.ContradictionResolve: publications.resolve,
    c.RumourLog: rumours.log,
    c.RumourGrow: rumours.grow,
    c.RumourVerify: rumours.verify,
    c.RumourClose: rumours.close,
    c.ChannelSuspend: channels.suspend,
    c.ChannelRestore: channels.restore,
    c.DeliveryFail: channels.fail,
    c.VerificationAsk: verification.ask,
    c.InitiativePlan: initiatives.plan,
    c.InitiativeRelease: initiatives.release,
    c.PolicyPropose: policies.propose,
    c.PolicyAdopt: policies.adopt,
}
"""Each command and the rule that answers it, in the order of the rule book; those of the live system come last."""
_EVERY_COMMAND: checking.Known = {**COMMANDS, **LIVE_COMMANDS}

CLOCKS: Mapping[TimerKind, Callable[[Case, Timer], None]] = {
    TimerKind.EMBARGO: publishing.embargo_ends,
    TimerKind.EXPIRY: publishing.expire,
    TimerKind.ACKNOWLEDGE_1: deadlines.deputy_is_called,
    TimerKind.ACKNOWLEDGE_2: deadlines.office_takes_custody,
    TimerKind.FIRST_STATEMENT_A: deadlines.remind,
    TimerKind.FIRST_STATEMENT_B: deadlines.call_deputies,
    TimerKind.FIRST_STATEMENT_C: deadlines.breach,
    TimerKind.CONFIRM: spokespersons.not_confirmed,
    TimerKind.CONTRADICTION: publications.still_open,
    TimerKind.RUMOUR: rumours.answer_due,
    TimerKind.KEY_1: keys.deputy_is_called,
    TimerKind.KEY_2: keys.office_may_give,
    TimerKind.CADENCE: deadlines.update_due,
    TimerKind.POST_REVIEW: statements.not_reviewed,
}
"""Each timer and the rule that it calls."""

_ROSTER = TypeAdapter(dict[str, PersonChange])


AT_MOST = 200
"""So many timers fire in one decision of the live system; an entry of the journal has room for what they tell."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The office after a command, the facts it led to, and the records it changed.

    `more`: only timers have fired so far, and the command is yet to be answered.
    """

    office: Office
    facts: tuple[Told, ...]
    changes: Changes
    more: bool = False


def decide(office: Office, command: Command, at: Instant) -> Decision:
    """Answer one command of the rule book at an instant (never before the office's own)."""
    return _decide(office, command, at, COMMANDS)


def _decide(office: Office, command: Command, at: Instant, known: checking.Known) -> Decision:
    case = _until(office, at, including=False)
    _answer(case, command, known)
    return _decided(case)


def tick(office: Office, at: Instant) -> Decision:
    """Fire every timer due up to and including an instant."""
    return _decided(_until(office, at, including=True))


def decide_live(office: Office, command: Command, at: Instant, at_most: int = AT_MOST) -> Decision:
    """Answer one command of the live system: the rule book's, `clock.tick`, `rehearsal.open` and those of policies.

    Where more than `at_most` timers are due before it, only these fire, and it is to be asked again.
    """
    ticks = _ticks(command)
    case = _until(office, at, including=ticks, at_most=at_most)
    if _is_due(case.office, at, including=ticks):
        return changed(_decided(case), more=True)
    if not office.begun and not _repeats(office, command):
        case.put(Edition.begun(case.office.base))
    if ticks:
        case.office = _remembering(case.office, command)
    elif command.type == REHEARSAL_OPEN:
        return _open_rehearsal(office, case, command)
    else:
        _answer(case, command, _EVERY_COMMAND)
    return _decided(case)


def fire(office: Office, command: Command, at: Instant, at_most: int) -> Decision | None:
    """Fire timers that are due before a command, and nothing else; None if there are none."""
    ticks = _ticks(command)
    if not _is_due(office, at, including=ticks):
        return None
    return changed(_decided(_until(office, at, including=ticks, at_most=at_most, stop=True)), more=True)


def pass_over(office: Office) -> tuple[Timer, Decision]:
    """Take the next timer out without asking its rule, which cannot answer: the clocks of all others go on."""
    case = Case(office, office.now)
    timer = case.take_timer()
    return timer, changed(_decided(case), more=True)


def _repeats(office: Office, command: Command) -> bool:
    return isinstance(command.id, str) and command.id in office.seen


def _ticks(command: Command) -> bool:
    return command.type == CLOCK_TICK and command.by == CLOCK and command.data == {}


def _is_due(office: Office, at: Instant, *, including: bool) -> bool:
    due = office.next_due
    return due is not None and (due < at or (including and due <= at))


def _until(office: Office, at: Instant, *, including: bool, at_most: int | None = None, stop: bool = False) -> Case:
    """Timers before the command, those of its own instant after it (`scenario-format.md` §2, 2 and 3).

    The office then stands at the instant, or at the last timer if not all have fired.
    """
    case = Case(office, office.now)
    at = max(at, office.now)
    fired = 0
    while _is_due(case.office, at, including=including):
        if fired == at_most:
            return case
        timer = case.take_timer()
        CLOCKS[timer.kind](case, timer)
        fired += 1
    if not stop and case.office.now != at:
        case.office = changed(case.office, now=at)
    return case


def _answer(case: Case, command: Command, known: checking.Known) -> None:
    """INV-13: a command that was seen before, refused or not, changes nothing and gives no fact."""
    if command.id is not ABSENT and not checking.is_text(command.id):
        case.tell(checking.refusal(command, Refused(Reason.BAD_VALUE, "id"), known))
        return
    if command.id in case.office.seen:
        return
    case.office = _remembering(case.office, command)
    try:  # every chapter checks before it changes anything, so a refusal leaves nothing to undo
        asked = checking.parsed(case, command, known)
        CHAPTERS[type(asked)](case, asked, str(command.by))
    except Refused as refused:
        case.tell(checking.refusal(command, refused, known))


def _remembering(office: Office, command: Command) -> Office:
    return office.remembering(str(command.id)) if checking.is_text(command.id) else office


def _open_rehearsal(office: Office, case: Case, command: Command) -> Decision:
    """The first command of a space may make it a rehearsal; its data are `start` and `roster`."""
    if _repeats(case.office, command):
        return _decided(case)
    data = command.data if isinstance(command.data, dict) else {}
    try:
        fact, after, changes = _rehearsal(office, data)
    except Refused as refused:
        case.office = _remembering(case.office, command)
        case.tell(checking.refusal(command, refused, _EVERY_COMMAND))
        return _decided(case)
    after = changed(after, policies=case.office.policies)
    return Decision(_remembering(after, command), (Told(after.now, fact),), {**_decided(case).changes, **changes})


def _rehearsal(office: Office, data: dict[str, Any]) -> tuple[Fact, Office, Changes]:
    if not office.untouched:
        raise Refused(Reason.WRONG_STATE)
    start = data.get("start")
    if not isinstance(start, str):
        raise Refused(Reason.BAD_VALUE, "start")
    try:
        roster = _ROSTER.validate_python(data.get("roster", {}))
    except ValidationError as error:
        raise Refused(Reason.BAD_VALUE, "roster") from error
    try:
        after = office.rehearsing(start, roster)
    except ValueError as error:
        raise Refused(Reason.BAD_VALUE, "roster" if "roster" in str(error) else "start") from error
    kept = {name: change.model_dump(mode="json", exclude_none=True) for name, change in roster.items()}
    return RehearsalOpened(start=start), after, {REHEARSAL: {REHEARSAL: {"start": start, "roster": kept}}}


def _decided(case: Case) -> Decision:
    changes = {
        table: {key: None if record is None else record_as_json(record) for key, record in records.items()}
        for table, records in case.touched.items()
    }
    return Decision(case.office, tuple(case.told), changes)
