import asyncio
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json

from crisis_bus.cap.alert import CapAlert
from crisis_bus.cap.reader import read
from crisis_bus.cap.reports import to_report
from crisis_bus.domain.commands import COMMANDS
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.reports import Report
from crisis_bus.errors import NotReachable
from crisis_bus.packs import cap_mapping, load
from crisis_bus.rules.correlation import Codes
from crisis_bus.streams.faust_app import StreamConfig
from crisis_bus.streams.intake import IntakeConfig, run_intake
from crisis_bus.streams.outlet import Handled, Observer, unobserved
from crisis_bus.streams.worker import Lifeline
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope, to_kafka
from tests.cap.samples import corpus, needs_corpus
from tests.streams.cluster import Cluster, by_id, running

pytestmark = pytest.mark.kafka

POLICY = load("uae")
CODES = Codes(
    frozenset(row.code for row in POLICY.incident_types), frozenset({*POLICY.emirate_codes, POLICY.nationwide})
)
NOON = 1_776_340_800_000


def intake(config: IntakeConfig, observe: Observer = unobserved) -> Callable[[Lifeline], Coroutine[Any, Any, None]]:
    return lambda lifeline: run_intake(config, lifeline, observe)


def report(name: str, subject: str = "flood-1", **fields: Any) -> Report:
    known: dict[str, Any] = {
        "id": name,
        "space": "uae",
        "subject": subject,
        "by": "NCM.desk",
        "type": "MET-FLOOD",
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
        "emirates": ["AE-FU"],
    }
    return Report.model_validate(known | fields)


def message(said: Report) -> tuple[str, Envelope]:
    envelope = messages.message_for(said, types.REPORT, id=f"m-{said.id}", source="/test", at=NOON)
    return said.subject, envelope


def body(envelope: Envelope) -> dict[str, Any]:
    found: dict[str, Any] = from_json(envelope.data or b"")
    return found


@pytest.fixture
def config(cluster: Cluster, tmp_path: Path) -> IntakeConfig:
    app_id = f"intake-{uuid.uuid4().hex[:8]}"
    stream = StreamConfig(cluster.bootstrap, tmp_path / "one", app_id, session_timeout_seconds=6.0)
    return IntakeConfig(stream, window=3_600_000, codes=CODES)


async def test_the_same_report_twice_is_one_incident(cluster: Cluster, config: IntakeConfig) -> None:
    seen: list[Handled] = []

    async with running(intake(config, lambda what, _count, _at: seen.append(what))):
        await cluster.send(topics.REPORTS, message(report("r1")), message(report("r1")), message(report("r2")))
        await cluster.wait_committed(config.stream.app_id, topics.REPORTS, 3)

    commands = await cluster.envelopes(topics.COMMANDS)
    assert [Handled.INCIDENT_REPORTED, Handled.NOTHING_NEW, Handled.NOTHING_NEW] == seen
    assert ["incident.report"] == [types.command_name(command.type) for command in commands]


async def test_a_command_says_where_it_comes_from(cluster: Cluster, config: IntakeConfig) -> None:
    async with running(intake(config)):
        await cluster.send(topics.REPORTS, message(report("r1")))
        await cluster.wait_for(topics.COMMANDS, 1)

    record = (await cluster.read(topics.COMMANDS))[0]
    (envelope,) = await cluster.envelopes(topics.COMMANDS)
    space, command = messages.read_command(envelope)
    assert ("uae", b"uae", "NCM.desk") == (space, record.key, command.by)
    assert ("m-r1", "m-r1", NOON) == (envelope.correlation, envelope.causation, envelope.time)
    COMMANDS["incident.report"].model_validate(command.data)


async def test_reports_of_one_subject_update_one_incident(cluster: Cluster, config: IntakeConfig) -> None:
    async with running(intake(config)):
        await cluster.send(
            topics.REPORTS,
            message(report("r1")),
            message(report("r2", severity="Extreme")),
            message(report("r3", subject="flood-2")),
        )
        commands = await cluster.wait_for(topics.COMMANDS, 3)

    opened = [body(each)["data"]["id"] for each in commands if "report" in each.type.split(".")[-2]]
    (update,) = [body(each)["data"] for each in commands if "update" in each.type]
    assert 2 == len(set(opened))
    assert {"incident": update["incident"], "severity": "Extreme"} == update
    assert update["incident"] in opened


@pytest.mark.parametrize("lost", [False, True], ids=["same machine", "another machine"])
async def test_the_table_survives_a_restart(cluster: Cluster, config: IntakeConfig, tmp_path: Path, lost: bool) -> None:  # noqa: FBT001 a column of the table
    async with running(intake(config)):
        await cluster.send(topics.REPORTS, message(report("r1")))
        (first,) = await cluster.wait_for(topics.COMMANDS, 1)
        await cluster.wait_committed(config.stream.app_id, topics.REPORTS, 1)
    place = tmp_path / ("two" if lost else "one")
    again = IntakeConfig(StreamConfig(cluster.bootstrap, place, config.stream.app_id), config.window, CODES)

    async with running(intake(again)):
        await cluster.send(topics.REPORTS, message(report("r1")), message(report("r2", fatalities=1)))
        commands = await cluster.wait_for(topics.COMMANDS, 2)
        await cluster.wait_committed(config.stream.app_id, topics.REPORTS, 3)

    assert 2 == len(await cluster.envelopes(topics.COMMANDS))
    expected = {"incident": body(first)["data"]["id"], "fatalities": 1}
    assert expected == body(commands[1])["data"]


async def test_a_poison_record_becomes_a_dead_letter_and_the_log_goes_on(
    cluster: Cluster, config: IntakeConfig
) -> None:
    headers, value = to_kafka(message(report("r0"))[1])
    poisons: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]] = [
        (b"flood-1", b"\xff\x00 not json", []),
        (b"flood-1", None, []),
        (None, b"", [("ce_id", b"\xff")]),
        (b"other", value, headers),
    ]
    wrong = Envelope("x", "/test", types.REPORT, NOON, b'{"id": "r9", "fatalities": "\xd9\xa3"}')

    async with running(intake(config)):
        async with cluster.producer() as producer:
            for poison_key, poison, poison_headers in poisons:
                await producer.send_and_wait(topics.REPORTS, poison, poison_key, headers=poison_headers)
        await cluster.send(topics.REPORTS, ("flood-1", wrong), message(report("r1")))
        letters = await cluster.wait_for(topics.DEAD_LETTERS, len(poisons) + 1)
        await cluster.wait_for(topics.COMMANDS, 1)

    kept = [messages.DeadLetter.model_validate_json(letter.data or b"") for letter in letters]
    assert {poison for _, poison, _ in poisons} | {wrong.data} == {letter.value for letter in kept}
    assert all(letter.reason for letter in kept)
    assert 1 == len(await cluster.read(topics.COMMANDS))


@pytest.mark.parametrize("place", ["sent", "kept"])
async def test_killed_in_the_middle_it_asks_again_with_the_same_id(
    cluster: Cluster, config: IntakeConfig, tmp_path: Path, place: str
) -> None:
    app_id = config.stream.app_id
    await cluster.send(topics.REPORTS, message(report("r1")))

    killed = await intake_process(cluster, tmp_path, app_id, place)
    assert -signal.SIGKILL == await ended(killed)
    revived = await intake_process(cluster, tmp_path, app_id, "none")
    await cluster.send(topics.REPORTS, message(report("r2", injured=5)))
    await cluster.wait_committed(app_id, topics.REPORTS, 2, seconds=40)
    revived.terminate()

    assert 0 == await ended(revived)
    commands = by_id(await cluster.envelopes(topics.COMMANDS))
    opened, updated = sorted((body(each)["data"] for each in commands.values()), key=len, reverse=True)
    assert {"incident": opened["id"], "injured": 5} == updated


async def test_a_worker_whose_broker_is_not_there_ends_with_an_error(tmp_path: Path) -> None:
    process = await intake_process(Cluster("127.0.0.1:1"), tmp_path, "nobody", "none")

    assert 0 < await ended(process)


async def intake_process(cluster: Cluster, data: Path, app_id: str, place: str) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[2]
    script = "tests.streams.intake_process"
    command = [sys.executable, "-m", script, cluster.bootstrap, str(data / "process"), app_id, place]
    return await asyncio.to_thread(subprocess.Popen, command, cwd=root, stderr=subprocess.DEVNULL)


async def ended(process: subprocess.Popen[bytes]) -> int:
    return await asyncio.to_thread(process.wait, 60)


@needs_corpus
async def test_real_alerts_become_incidents_once(cluster: Cluster, config: IntakeConfig) -> None:
    mapping = cap_mapping("uae")
    alerts = [read(path.read_bytes()) for path in corpus("valid")]
    answers = [to_report(alert, mapping, space="uae", by="NCM.cap") for alert in alerts if isinstance(alert, CapAlert)]
    reports = [answer for answer in answers if isinstance(answer, Report)]

    async with running(intake(config)):
        await cluster.send(topics.REPORTS, *(message(each) for each in (*reports, *reports)))
        await cluster.wait_committed(config.stream.app_id, topics.REPORTS, 2 * len(reports))

    commands = await cluster.envelopes(topics.COMMANDS)
    opened = {body(each)["data"]["id"] for each in commands if types.command_name(each.type) == "incident.report"}
    assert not await cluster.read(topics.DEAD_LETTERS)
    assert len(commands) == len(by_id(commands))
    assert 20 < len(opened) <= len({(each.exercise, each.subject) for each in reports})
    for each in commands:
        COMMANDS[types.command_name(each.type)].model_validate(body(each)["data"])


async def test_a_worker_that_breaks_ends_with_the_reason_and_commits_nothing(
    cluster: Cluster, config: IntakeConfig
) -> None:
    def broken(_what: Handled, _count: int, _at: Instant) -> None:
        msg = "the metrics are gone"
        raise NotReachable(msg)

    await cluster.send(topics.REPORTS, message(report("r1")))

    with pytest.raises(NotReachable, match="the metrics are gone"):
        async with running(intake(config, broken)):
            await cluster.wait_committed(config.stream.app_id, topics.REPORTS, 1, seconds=5)

    assert 0 == await cluster.committed(config.stream.app_id, topics.REPORTS)
