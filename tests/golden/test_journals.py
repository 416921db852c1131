"""Journals that earlier versions wrote are read for ever: `journal-vN/` holds them as they were, byte for byte.

A new folder is added when the form of entries or records changes; none is ever written again.
"""

from functools import cache
from pathlib import Path

import pytest

from crisis_bus.domain.instants import minutes, parse
from crisis_bus.domain.journal import Entry
from crisis_bus.office import Office
from crisis_bus.packs.templates import load_templates
from crisis_bus.streams.bulletins import Newsroom, incidents_of
from crisis_bus.streams.past import Past
from crisis_bus.streams.seat import Restoring, Seat
from crisis_bus.views import chain
from crisis_bus.views.gathered import Views
from crisis_bus.wire import messages
from tests.streams.space import policy

FILES = sorted(Path(__file__).parent.glob("journal-v*/*.jsonl"))
pytestmark = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")


@cache
def lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines()


def entries(file: Path) -> list[Entry]:
    return [chain.read(line) for line in lines(file)]


def restored(file: Path) -> Seat:
    restoring = Restoring(policy())
    for offset, line in enumerate(lines(file)):
        assert restoring.take(offset, line)
    return restoring.seat()


def test_its_chain_holds(file: Path) -> None:
    verdicts = chain.verify((0, offset, line) for offset, line in enumerate(lines(file)))

    chain.ensure_whole(verdicts.values())
    assert (len(lines(file)), {}) == (verdicts[0].counted, verdicts[0].skipped)


def test_its_office_is_restored_at_once_and_entry_by_entry(file: Path) -> None:
    office = Office.opened(policy())
    for entry in entries(file):
        at = max(office.now, parse(entry.command.at))
        office = office.fold(at, entry.answered, entry.changes)

    assert {entries(file)[0].space: office} == restored(file).offices


def test_views_fold_it(file: Path) -> None:
    views = Views()
    for line in lines(file):
        assert chain.Standing.COUNTS is views.journal(0, line)[0]

    space = entries(file)[0].space
    (office,) = restored(file).offices.values()
    assert set(office.incidents) == {one.id for one in views.board.page(space, None, 1000).items}
    assert set(office.statements) == {one.id for one in views.statements.page(space, None, 1000).items}


def test_everything_that_was_published_can_be_told_again(file: Path) -> None:
    newsroom = Newsroom(policy(), load_templates("uae"))
    past, bulletins, standings = Past(), [], []
    for offset, line in enumerate(lines(file)):
        entry = chain.read(line)
        past.counts(offset, entry, line)
        bulletins += newsroom.bulletins(entry, past.of(entry.space))
        standings += list(incidents_of(entry))

    published = [fact for entry in entries(file) for fact in entry.facts if fact.type == "statement.published"]
    assert [fact.data["statement"] for fact in published] == [one.statement for one in bulletins]
    assert standings


def test_the_desk_goes_on_from_it(file: Path) -> None:
    seat, last = restored(file), entries(file)[-1]
    at = parse(last.command.at) + minutes(600)
    tick = messages.command(last.space, "clock.tick", "clock", {}, id="golden-tick", at=at, source="/tests")

    values: list[bytes] = []
    while not values or seat.chain.part:
        values.append(seat.answer(*messages.read_command(tick), tick, last.command.offset + 1, at))

    verdicts = chain.verify((0, offset, line) for offset, line in enumerate([*lines(file), *values]))
    chain.ensure_whole(verdicts.values())
    (office,) = seat.offices.values()
    assert office.next_due is None or office.next_due > at


def test_the_desk_knows_the_commands_that_were_answered(file: Path) -> None:
    seat, last = restored(file), entries(file)[-1]
    known = entries(file)[1].command
    at = parse(last.command.at)
    again = messages.command(last.space, known.type, known.by, known.data, id=known.id, at=at, source="/tests")

    value = seat.answer(*messages.read_command(again), again, last.command.offset + 1, at)

    assert ((), {}) == (chain.read(value).facts, chain.read(value).changes)
