"""The past under another policy: which facts would have been told differently (`rules.md` AC10.2)."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from crisis_bus import rehearsal
from crisis_bus.desk import decide_live
from crisis_bus.domain.commands import LIVE_COMMANDS, Command
from crisis_bus.domain.instants import parse
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.policy import Policy
from crisis_bus.office import Office
from crisis_bus.rehearsal import Line

_ABOUT = ("incident", "statement", "rumour", "contradiction", "publication", "initiative", "entity", "rule", "key")
"""Fields that tell two facts of one type apart; what the others say of the same thing may change."""
_AT = "at"


class Difference(NamedTuple):
    """One field of one fact; a fact that only one policy leads to has no field, and is None on the other side."""

    at: int | str
    type: str
    about: str
    field: str
    old: Any
    new: Any


def entries(found: Iterable[Entry], policy: Policy) -> Iterator[Line]:
    """The facts of one space, had this policy been in force from its beginning to its end.

    Commands about policies are left out: they would end the experiment.
    """
    office = Office.opened(policy)
    for entry in found:
        asked = entry.command
        if entry.more or asked.type in LIVE_COMMANDS:
            continue
        command, more = Command(asked.type, asked.by, asked.data, asked.id), True
        while more:
            decision = decide_live(office, command, parse(asked.at))
            office, more = decision.office, decision.more
            yield from rehearsal.lines(decision.facts, office.clock)


def differences(old: Iterable[Line], new: Iterable[Line]) -> list[Difference]:
    """What changes from the facts under one policy to those under another."""
    before, after = _by_subject(old), _by_subject(new)
    found: list[Difference] = []
    for subject in dict.fromkeys((*before, *after)):
        found += _of_subject(subject, before.get(subject, []), after.get(subject, []))
    return sorted(found, key=lambda one: (isinstance(one.at, str), one.at))


_Subject = tuple[str, str]


def _by_subject(lines: Iterable[Line]) -> dict[_Subject, list[Line]]:
    found: dict[_Subject, list[Line]] = {}
    for line in lines:
        about = " ".join(str(line["data"][name]) for name in _ABOUT if name in line["data"])
        found.setdefault((line["type"], about), []).append(line)
    return found


def _of_subject(subject: _Subject, old: list[Line], new: list[Line]) -> Iterator[Difference]:
    """Facts of one type about one thing are compared in their order."""
    for before, after in zip(old, new, strict=False):
        was, now = {_AT: before[_AT], **before["data"]}, {_AT: after[_AT], **after["data"]}
        for field in dict.fromkeys((*was, *now)):
            if was.get(field) != now.get(field):
                yield Difference(before[_AT], *subject, field, was.get(field), now.get(field))
    for before in old[len(new) :]:
        yield Difference(before[_AT], *subject, "", before["data"], None)
    for after in new[len(old) :]:
        yield Difference(after[_AT], *subject, "", None, after["data"])
