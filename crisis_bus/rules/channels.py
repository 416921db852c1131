"""Accounts and failed sends: CH-2, ESC-11."""

from crisis_bus.domain.commands import ChannelRestore, ChannelSuspend, DeliveryFail
from crisis_bus.domain.facts import (
    ChannelRestored,
    ChannelSuspended,
    Escalated,
    StatementStateChanged,
    VerificationFlagged,
)
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.records import Suspension
from crisis_bus.domain.values import StatementState
from crisis_bus.office import key_of
from crisis_bus.rules import checking
from crisis_bus.rules.case import Case, Refused, addresses

DELIVERY = "delivery"
"""The actor of the senders."""


def is_suspended(case: Case, channel: str, entity: str) -> bool:
    """Part of CH-2: whether an entity's account on a channel is out of use."""
    return key_of(Suspension(channel, entity, 0)) in case.office.suspensions


def suspend(case: Case, asked: ChannelSuspend, by: str) -> None:
    """CH-2: a compromised account is out of use at once."""
    offices = case.policy.offices
    checking.only(by, asked.entity, offices.communication, offices.coordination, offices.cyber)
    if is_suspended(case, asked.channel, asked.entity):
        raise Refused(Reason.ALREADY_DONE)
    case.put(Suspension(asked.channel, asked.entity, case.now))
    case.tell(ChannelSuspended(channel=asked.channel, entity=asked.entity, rule="CH-2"))
    case.tell(
        VerificationFlagged(channel=asked.channel, entity=asked.entity, verdict="NOT_OFFICIAL_SINCE", since=case.now)
    )


def restore(case: Case, asked: ChannelRestore, by: str) -> None:
    """CH-2: the account is ours again; its own entity cannot say so."""
    offices = case.policy.offices
    checking.only(by, offices.communication, offices.coordination, offices.cyber)
    if not is_suspended(case, asked.channel, asked.entity):
        raise Refused(Reason.ALREADY_DONE)
    case.drop(Suspension(asked.channel, asked.entity, 0))
    case.tell(ChannelRestored(channel=asked.channel, entity=asked.entity))


def fail(case: Case, asked: DeliveryFail, by: str) -> None:
    """ESC-11: a channel did not take a statement; when none did, the statement has failed."""
    statement = case.statement(asked.statement)
    if not statement.is_out or asked.channel not in statement.went_to:
        raise Refused(Reason.WRONG_STATE)
    policy = case.policy_of(statement)
    checking.only(by, DELIVERY, policy.offices.communication)
    if asked.channel in statement.failed_on:
        raise Refused(Reason.ALREADY_DONE)
    failed = (*statement.failed_on, asked.channel)
    statement = case.revise(statement.id, failed_on=failed)
    case.tell(
        Escalated(
            rule="ESC-11",
            statement=statement.id,
            channel=asked.channel,
            reroute_to=policy.alternates.get(asked.channel, ()),
            to=addresses(case.incident(statement.incident), [f"{policy.offices.communication}.desk"]),
        )
    )
    if set(failed) >= set(statement.went_to) and statement.state is StatementState.PUBLISHED:
        case.revise(statement.id, state=StatementState.FAILED)
        case.tell(StatementStateChanged(statement=statement.id, state=StatementState.FAILED, by=DELIVERY))
