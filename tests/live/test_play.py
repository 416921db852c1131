"""Scenarios through the live system: the same facts as in memory, and everything that is due arrives."""

import itertools
from dataclasses import dataclass
from pathlib import Path

import pytest

from crisis_bus import packs
from crisis_bus.cli.client import Json
from crisis_bus.domain.instants import parse
from crisis_bus.domain.journal import GENESIS, Entry
from crisis_bus.office import Office
from crisis_bus.streams.seat import Restoring, Seat
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import Envelope
from tests.live.system import System

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(420)]

SCENARIOS = ("S01", "S02", "S03", "S05", "S06", "S08", "S10")


@dataclass(frozen=True)
class Played:
    """One scenario, played in a space of its own to 20 destinations."""

    space: str
    said: bytes
    due: set[tuple[str, str]]
    receipts: list[Json]


@pytest.fixture(scope="module")
def played(live: System) -> dict[str, Played]:
    """Every scenario, all at the same time, as fast as it goes."""
    spaces = {name: f"rehearsal-{name.lower()}" for name in SCENARIOS}
    samples = {name: live.subscribed(space) for name, space in spaces.items()}
    ended = live.together([("play", name, "--space", space, "--format", "jsonl") for name, space in spaces.items()])
    found = {}
    for (name, space), done in zip(spaces.items(), ended, strict=True):
        assert (0, b"") == (done.returncode, done.stderr)
        due = live.due(samples[name], space)
        found[name] = Played(space, done.stdout, due, live.finished(space, len(due)))
    return found


@pytest.fixture(scope="module")
def rehearsed(live: System, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which `crisis-bus rehearse` has written the facts of every scenario."""
    folder = tmp_path_factory.mktemp("rehearsed")
    assert live.cli("rehearse", *SCENARIOS, "--out", str(folder)).returncode == 0
    return folder


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_facts_are_those_of_the_rehearsal_byte_for_byte(
    played: dict[str, Played], rehearsed: Path, name: str
) -> None:
    expected = (rehearsed / f"{name}.jsonl").read_bytes()

    assert expected
    assert expected == played[name].said


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_destination_receives_what_is_due_to_it_once(live: System, played: dict[str, Played], name: str) -> None:
    play = played[name]

    delivered = sorted((one["subscription"], one["statement"]) for one in play.receipts)
    there = {arrival.message for arrival in live.witness.arrivals(play.space)}

    assert all(one["outcome"] == ("accepted" if one["transport"] == "email" else "delivered") for one in play.receipts)
    assert sorted(play.due) == delivered
    assert {one["message"] for one in play.receipts if one["transport"] in {"webhook", "email"}} == there
    assert len(there) == len(live.witness.arrivals(play.space))


def test_the_public_page_and_the_ministries_topic_hold_every_bulletin(live: System, played: dict[str, Played]) -> None:
    play = played["S01"]
    statements = {one["statement"] for one in play.receipts if one["transport"] == "web"}
    numbers = {f"{play.space}/{one['statement']}" for one in play.receipts if one["transport"] == "kafka"}

    pages = {path.stem for path in (live.settings.data / "web" / play.space / "bulletins").iterdir()}
    on_topic = {envelope.subject for envelope in live.envelopes(topics.BULLETINS)}

    assert statements
    assert statements == pages
    assert numbers
    assert numbers <= on_topic


@pytest.mark.usefixtures("played")
def test_every_message_names_the_one_before_it_and_the_command_that_began_all(live: System) -> None:
    roots = live.envelopes(topics.COMMANDS)
    outbox = [*live.envelopes(topics.OUTBOX_URGENT), *live.envelopes(topics.OUTBOX_ROUTINE)]
    hops = [roots, live.envelopes(topics.JOURNAL), live.envelopes(topics.ORDERS), outbox]
    hops.append(live.envelopes(topics.RECEIPTS))

    for before, after in itertools.pairwise(hops):
        began = {envelope.id: envelope.correlation or envelope.id for envelope in before}
        assert after
        assert {envelope.id: began.get(envelope.causation or "") for envelope in after} == {
            envelope.id: envelope.correlation for envelope in after
        }
    assert {envelope.correlation for envelope in hops[-1]} <= {envelope.id for envelope in roots}


@pytest.mark.usefixtures("played")
def test_the_journal_verifies_and_nothing_in_it_is_passed_over(live: System) -> None:
    done = live.cli("journal", "verify")

    said = done.stdout.decode()
    assert (0, "the chain holds") == (done.returncode, said.splitlines()[-1])
    assert said.count("skipped: none") == len(said.splitlines()) - 1


@pytest.mark.usefixtures("played")
def test_an_exported_journal_replays_byte_for_byte_and_folds_to_the_same_office(live: System, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    assert live.cli("journal", "export", str(file)).returncode == 0
    entries = file.read_bytes().splitlines()

    replayed, offices = _replayed(entries)

    assert len(entries) > sum(map(len, SCENARIOS))
    assert entries == replayed
    assert offices == _folded(entries)


@pytest.mark.usefixtures("played")
@pytest.mark.parametrize(
    "words", [("explain", "I1", "--lang", "ar"), ("journal", "at", "10")], ids=lambda words: words[0]
)
def test_the_past_is_the_same_from_kafka_and_from_an_exported_file(
    live: System, tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = tmp_path / "journal.jsonl"
    assert live.cli("journal", "export", str(file)).returncode == 0

    from_kafka = live.cli(*words, "--space", "rehearsal-s05")
    from_file = live.cli(*words, "--space", "rehearsal-s05", "--journal", str(file))

    assert (0, b"") == (from_kafka.returncode, from_kafka.stderr)
    assert from_kafka.stdout == from_file.stdout != b""


def _replayed(entries: list[bytes]) -> tuple[list[bytes], dict[str, Office]]:
    """The commands of the entries decided anew, one partition after the other."""
    policy = packs.load("uae")
    again: list[bytes] = []
    offices: dict[str, Office] = {}
    seat = Seat(policy)
    for line in entries:
        entry = Entry.model_validate_json(line)
        if entry.previous == GENESIS:
            seat = Seat(policy)
        at = parse(entry.command.at)
        envelope = _asked(entry, at)
        space, command = messages.read_command(envelope)
        again.append(seat.answer(space, command, envelope, entry.command.offset, at))
        offices |= seat.offices
    return again, offices


def _asked(entry: Entry, at: int) -> Envelope:
    asked = entry.command
    return messages.command(entry.space, str(asked.type), asked.by, asked.data, id=asked.id, at=at, source="/replay")


def _folded(entries: list[bytes]) -> dict[str, Office]:
    policy = packs.load("uae")
    offices: dict[str, Office] = {}
    restoring = Restoring(policy)
    for offset, line in enumerate(entries):
        if Entry.model_validate_json(line).previous == GENESIS:
            offices |= restoring.seat().offices
            restoring = Restoring(policy)
        assert restoring.take(offset, line)
    return offices | restoring.seat().offices
