"""The closed sets of label values: nothing else may become a label, so no crisis can flood the metrics."""

from enum import StrEnum
from typing import get_args

from crisis_bus.audit.sentences import RULES
from crisis_bus.domain.commands import CLOCK_TICK, COMMANDS, LIVE_COMMANDS, REHEARSAL_OPEN
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.views.chain import Standing
from crisis_bus.wire import topics

OTHER = "other"
"""Stands for a value that is in no closed set; it appears only when one was met."""


class Stage(StrEnum):
    """How far an event has come when its age is taken."""

    ACCEPT = "accept"
    DECIDE = "decide"
    DISPATCH = "dispatch"
    FIRST_DELIVERY = "first_delivery"


class Mode(StrEnum):
    """Whether it counts: alerts wake people for what is real only."""

    REAL = "real"
    EXERCISE = "exercise"
    REHEARSAL = "rehearsal"


class Deadline(StrEnum):
    """How the deadline of a first statement ended."""

    MET = "met"
    LATE = "late"
    BREACHED = "breached"


class Intake(StrEnum):
    """What became of a raw signal."""

    OPENED = "opened"
    JOINED = "joined"
    ENDED = "ended"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"


class Skipped(StrEnum):
    """Why a reader did not count a journal record: repeats are normal, a broken chain never is."""

    REPEATED = "repeated"
    UNCHAINED = "unchained"


PROCESSES = ("gateway", "intake", "desk", "follower", "dispatch", "deliver", "audit")
"""The processes of the flow; Prometheus adds this label when it scrapes."""
PASSED_OVER = tuple(standing for standing in Standing if standing is not Standing.COUNTS)
"""Why a journal record does not count."""
AUDITED = RULES
"""What the auditor watches, by rule."""
TRANSPORTS: tuple[str, ...] = get_args(Transport)
GRADES = ("1", "2", "3", "4")
LEVELS = ("1", "2", "3")
COMMAND_NAMES = (*sorted(COMMANDS), CLOCK_TICK, REHEARSAL_OPEN, *sorted(LIVE_COMMANDS))
DENIALS = (
    "no_key",
    "unknown_key",
    "wrong_secret",
    "scope",
    "space",
    "speaks_for_others",
    "subscriber",
    "outlet",
    "unsubscribe_link",
    "office",
    "unknown_provider",
    "provider_secret",
)
REFUSALS: tuple[str, ...] = tuple(Reason)
ESCALATIONS = (
    "ESC-01a",
    "ESC-01b",
    "ESC-02a",
    "ESC-02b",
    "ESC-02c",
    "ESC-03",
    "ESC-06a",
    "ESC-06b",
    "ESC-07a",
    "ESC-07b",
    "ESC-09a",
    "ESC-09b",
    "ESC-10",
    "ESC-11",
    "ESC-13",
)
TOPICS = tuple(sorted(topics.ALL - {topics.DEAD_LETTERS}))
"""Where a dead letter can come from; dead letters themselves breed none."""
