"""What comes in: the same thing twice, refusals, clocks, and bytes that nobody can read."""

import asyncio
import time
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest
from aiokafka import AIOKafkaProducer
from pydantic_core import from_json

from crisis_bus.bus.record import Outgoing, Record
from crisis_bus.cli.client import Json
from crisis_bus.domain import instants
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope, to_kafka
from crisis_bus.wire.messages import DeadLetter
from tests.conftest import ROOT
from tests.live.system import System, eventually, lines
from tests.live.witness import free_port

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(420)]

ALERT = ROOT.parent / "shared" / "cap" / "valid" / "kde__thunderstorm__314b24.xml"
REPORT: Json = {
    "id": "r-1",
    "subject": "wadi-flood",
    "type": "MET-FLOOD",
    "severity": "Severe",
    "urgency": "Immediate",
    "certainty": "Observed",
    "emirates": ["AE-FU"],
    "injured": 1,
}
FLOOD = ("MET-FLOOD", "Extreme", "Immediate", "Observed", "AE-FU")
READ = (
    topics.REPORTS,
    topics.COMMANDS,
    topics.JOURNAL,
    topics.ORDERS,
    topics.OUTBOX_URGENT,
    topics.OUTBOX_ROUTINE,
    topics.SUBSCRIPTIONS,
)
"""Topics whose readers keep what they cannot read; nobody of ours reads the others to act on them."""
ALL = (*READ, topics.INCIDENTS, topics.BULLETINS, topics.RECEIPTS, topics.SNAPSHOTS, topics.DEAD_LETTERS)


def _asked(live: System, kind: str) -> list[Json]:
    """Commands of the real space of one type, as the journal has them."""
    return [one for one in live.gateway.pages("/v1/journal", {"space": "uae"}) if one["type"] == kind]


def _intaken(live: System, subject: str, more: Json) -> list[Json]:
    """What intake has asked for, once it has handled one more report of the subject, which brings something new."""
    before = len(_asked(live, "incident.update"))
    live.gateway.post("/v1/reports", {**REPORT, "id": f"{subject}-last", "subject": subject, **more})
    eventually(lambda: len(_asked(live, "incident.update")) > before, f"the update of {subject}")
    return _asked(live, "incident.report")


def test_the_same_report_twice_and_another_of_its_subject_are_one_incident(live: System) -> None:
    before = len(_asked(live, "incident.report"))

    for name in ("r-1", "r-1", "r-2"):
        live.gateway.post("/v1/reports", {**REPORT, "id": name})
    opened = _intaken(live, "wadi-flood", {"injured": 7})

    assert before + 1 == len(opened)
    assert "incident.graded" in {fact["type"] for fact in opened[-1]["facts"]}


@pytest.mark.skipif(not ALERT.is_file(), reason="the shared CAP corpus is not beside this clone")
def test_a_real_cap_alert_that_is_handed_in_twice_is_one_incident(live: System) -> None:
    before = len(_asked(live, "incident.report"))

    rows = [lines(live.cli("import", "cap", str(ALERT), "--format", "jsonl").stdout)[0] for _ in range(2)]
    subject = next(e.subject for e in live.envelopes(topics.REPORTS) if e.id == rows[0]["report"])
    opened = _intaken(live, str(subject), {"type": "MET-WARN", "emirates": [], "injured": 9})

    assert ["accepted", "accepted"] == [row["verdict"] for row in rows]
    assert before + 1 == len(opened)
    assert "MET-WARN" == opened[-1]["data"]["type"]


def test_the_command_line_says_by_its_exit_code_who_said_no(live: System) -> None:
    raised = live.cli("raise", "CLI-1", *FLOOD, "--format", "jsonl")
    again = live.cli("raise", "CLI-1", *FLOOD)
    wrong = live.cli("raise", "CLI-2", "MET-FLOOD", "Terrible", *FLOOD[2:])
    alone = live.cli("raise", "CLI-3", *FLOOD, gateway_url=f"http://127.0.0.1:{free_port()}")

    assert [0, 3, 2, 4] == [done.returncode for done in (raised, again, wrong, alone)]
    assert "incident.graded" == lines(raised.stdout)[0]["type"]
    assert 1 == len(alone.stderr.splitlines())


def test_a_timer_of_the_real_space_fires_when_nothing_else_comes(live: System) -> None:
    ends = instants.text(time.time_ns() // 1_000_000 + 4_000)
    live.gateway.command({"type": "incident.report", "data": _flood("CLOCK")})
    said = {"id": "W-CLOCK", "incident": "CLOCK", "kind": "PUBLIC_WARNING", "originator": "MOI", "expires": ends}

    _as(live, "MOI.ops1", "statement.submit", said)
    _as(live, "MOI.commander", "statement.approve", {"statement": "W-CLOCK", "key": "ORIGINATOR"})
    expired = eventually(lambda: _told(live, "clock.tick", "statement.state"), "the expiry")

    assert ("W-CLOCK", "clock") == (expired["data"]["statement"], expired["by"])


def _flood(name: str) -> Json:
    named = dict(zip(("type", "severity", "urgency", "certainty"), FLOOD, strict=False))
    return {"id": name, **named, "emirates": ["AE-FU"]}


def _as(live: System, person: str, kind: str, data: Json) -> None:
    """Ask as somebody else: on the log itself, for the gateway lets nobody claim to be another."""
    asked = messages.command("uae", kind, person, data, id=f"{person}-{kind}", at=0, source="/tests")
    live.publish(Outgoing(topics.COMMANDS, b"uae", asked))


def _told(live: System, kind: str, fact: str) -> Json | None:
    return next(
        ({**told, "by": one["by"]} for one in _asked(live, kind) for told in one["facts"] if told["type"] == fact), None
    )


def test_an_unknown_key_is_refused_with_a_problem_and_stands_in_the_log(live: System) -> None:
    answer = httpx2.get(f"{live.settings.gateway_url}/v1/journal", headers={"Authorization": "Bearer cb_nobody_secret"})

    log = (live.settings.data / "logs" / "gateway.log").read_text()
    assert (401, "application/problem+json") == (answer.status_code, answer.headers["Content-Type"])
    assert {"ar", "en"} == set(answer.json()["details"])
    assert "access_denied" in log
    assert "cb_nobody_secret" not in log


def test_a_body_of_ten_megabytes_is_refused_and_the_gateway_goes_on(live: System) -> None:
    answer = live.gateway._http.post("/v1/commands", content=b"[" * 10_000_000)

    assert (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "BODY_TOO_LARGE") == (answer.status_code, answer.json()["code"])
    assert live.gateway.get("/v1/incidents")["items"] is not None


def test_poison_on_every_topic_is_kept_byte_for_byte_and_the_system_goes_on(live: System, tmp_path: Path) -> None:
    asyncio.run(_pour(live.settings.kafka))

    kept = eventually(lambda: _all_kept(live), "the dead letters")
    played = live.cli("play", "S08", "--format", "jsonl")
    live.cli("rehearse", "S08", "--out", str(tmp_path))

    assert all(letter.reason for letter in kept)
    assert (0, (tmp_path / "S08.jsonl").read_bytes()) == (played.returncode, played.stdout)
    assert {0} == {child.restarts for child in live.machine.children.values()}
    assert {None} == {child.process.poll() for child in live.machine.children.values() if child.process}


async def _pour(bootstrap: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        for topic in ALL:
            for headers, value in _poison(topic):
                await producer.send_and_wait(topic, value, b"poison", headers=headers)
    finally:
        await producer.stop()


def _poison(topic: str) -> list[tuple[list[tuple[str, bytes]], bytes | None]]:
    """Bytes without headers, no CloudEvent, no JSON, wrong JSON, a wrong type, and nothing at all."""
    datas = (b"\xff\x00 no JSON", b'{"by": ', b'["a list"]', b'{"id": 7}')
    kinds = {
        topics.REPORTS: types.REPORT,
        topics.COMMANDS: types.command_type("incident.report"),
        topics.JOURNAL: types.JOURNAL_ENTRY,
        topics.ORDERS: types.ORDER,
        topics.SUBSCRIPTIONS: types.SUBSCRIPTION,
    }
    kind = kinds.get(topic, types.OUTBOX)
    found = [Envelope(f"poison-{topic}-{n}", "/tests", kind, 0, data) for n, data in enumerate(datas)]
    found.append(Envelope(f"poison-{topic}-type", "/tests", "org.example.other.v1", 0, b"{}"))
    if topic != topics.SUBSCRIPTIONS:
        # There a record without a value is no poison: it ends a subscription.
        found.append(Envelope(f"poison-{topic}-nothing", "/tests", kind, 0, None))
    structured = [("content-type", b"application/cloudevents+json")]
    return [([], b"\x00\xff\xfe"), (structured, b'{"specversion": "9"}'), *map(to_kafka, found)]


def _all_kept(live: System) -> list[DeadLetter] | None:
    there = {(r.topic, r.partition, r.offset): r.value for topic in READ for r in _poisoned(live, topic)}
    letters = [
        DeadLetter.model_validate(from_json(record.value))
        for record in live.records(topics.DEAD_LETTERS)
        if record.key != b"poison" and record.value
    ]
    kept = {(one.topic, one.partition, one.offset): one.value for one in letters}
    return letters if all(kept.get(place) == value for place, value in there.items()) else None


def _poisoned(live: System, topic: str) -> list[Record]:
    return [record for record in live.records(topic) if record.key == b"poison"]
