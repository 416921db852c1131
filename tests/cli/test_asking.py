"""What people ask, against a gateway that answers as it is told."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

ACCEPTED = {"id": "c1", "space": "uae", "status_url": "/v1/commands/c1"}


@dataclass
class Desk:
    """What the gateway answers, and what it was sent."""

    url: str = ""
    status: int = 200
    answer: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def decides(self, kind: str, **data: Any) -> None:
        self.answer = {"id": "c1", "status": "decided", "facts": [{"at": 4, "type": kind, "data": data}]}


class _Handler(BaseHTTPRequestHandler):
    desk: ClassVar[Desk]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.desk.asked.append(json.loads(body))
        self._say(202, ACCEPTED)

    def do_GET(self) -> None:
        self._say(self.desk.status, self.desk.answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name that http.server gives
        pass

    def _say(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def desk(cli: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A gateway on loopback; the settings of `cli` are cleared before."""
    assert callable(cli)
    answering = Desk()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"desk": answering}))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    answering.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("CRISIS_BUS_GATEWAY_URL", answering.url)
    yield answering
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_was_decided_is_shown_and_nothing_else(cli: Any, desk: Desk) -> None:
    desk.decides("key.given", statement="W1", key="ORIGINATOR", by="MOI.commander")

    ran = cli("approve", "W1", "ORIGINATOR")

    assert (0, "") == (ran.code, ran.err)
    assert "statement W1 · key ORIGINATOR · by MOI.commander" in ran.out


@pytest.mark.parametrize(
    ("kind", "data", "line"),
    [
        pytest.param(
            "command.refused",
            {"command": "incident.acknowledge", "by": "NCM.duty", "ref": "I1", "reason": "ALREADY_DONE"},
            "ALREADY_DONE (format §5): I1 has been acknowledged before; go on with the fact sheet",
            id="command",
        ),
        pytest.param(
            "key.refused",
            {"statement": "H1", "key": "RELEASE", "by": "NCM.director", "reason": "WRONG_ENTITY", "needs": "GCO"},
            "WRONG_ENTITY (§4.3): The key RELEASE of H1 is for GCO to give",
            id="key",
        ),
        pytest.param(
            "statement.blocked",
            {"statement": "X1", "stage": "submit", "reason": "NOT_LEAD", "rule": "OV-2", "entity": "A", "lead": "B"},
            "NOT_LEAD (OV-2): X1 is blocked: A does not speak on this incident, B leads it",
            id="block",
        ),
        pytest.param(
            "stand_down.refused",
            {"incident": "I1", "by": "MOI.duty", "reasons": ["OPEN_CONTRADICTION"]},
            "OPEN_CONTRADICTION (INV-12): I1 cannot stand down",
            id="stand-down",
        ),
    ],
)
def test_a_refusal_is_one_line_in_both_languages_and_exit_code_3(
    cli: Any, desk: Desk, kind: str, data: dict[str, Any], line: str
) -> None:
    desk.decides(kind, **data)

    ran = cli("ack", "I1", "--format", "jsonl")

    english, _, arabic = ran.err.strip().partition(" · ")
    assert 3 == ran.code
    assert english.startswith(f"crisis-bus: {line}")
    assert any("\u0600" <= sign <= "\u06ff" for sign in arabic)
    assert {"at": 4, "type": kind, "data": data} == json.loads(ran.out)


def test_the_space_of_the_settings_is_the_one_that_is_asked(
    cli: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISIS_BUS_SPACE", "rehearsal-mine")
    desk.decides("incident.state", incident="I1", state="ACKNOWLEDGED")

    cli("ack", "I1", "--by", "NCM.duty", "--at", "3")
    cli("ack", "I1", "--space", "rehearsal-other")

    asked = {"type": "incident.acknowledge", "data": {"incident": "I1"}}
    assert [
        asked | {"space": "rehearsal-mine", "by": "NCM.duty", "at": 3},
        asked | {"space": "rehearsal-other"},
    ] == desk.asked


def test_values_of_the_fact_sheet_keep_their_kind(cli: Any, desk: Desk) -> None:
    desk.decides("factsheet.updated", incident="I1", facts={}, changed={}, stale=[])

    cli("fact", "I1", "roads_closed=3", "schools_open=false", "colour=red", "window=18:00-24:00", "digits=٣")

    facts = desk.asked[0]["data"]["facts"]
    assert {
        "roads_closed": 3,
        "schools_open": False,
        "colour": "red",
        "window": "18:00-24:00",
        "digits": "٣",
    } == facts


def test_a_desk_that_does_not_answer_in_time_is_exit_code_4(cli: Any, desk: Desk) -> None:
    desk.answer = {"id": "c1", "status": "accepted"}

    ran = cli("ack", "I1")

    assert 4 == ran.code
    assert ran.err.startswith("crisis-bus: c1 is accepted, but the desk has not answered yet")


def test_a_problem_of_the_gateway_is_one_line_in_both_languages(cli: Any, desk: Desk) -> None:
    desk.status = 404
    desk.answer = {"code": "NOT_FOUND", "field": "incident", "details": {"en": "there is none", "ar": "لا يوجد"}}

    ran = cli("show", "I9")

    assert (2, "crisis-bus: NOT_FOUND (incident): there is none · لا يوجد\n") == (ran.code, ran.err)


def test_whoever_has_no_key_is_told_where_to_put_one(cli: Any, desk: Desk) -> None:
    desk.status = 401
    desk.answer = {"code": "UNAUTHENTICATED", "details": {"en": "nobody", "ar": "لا أحد"}}

    ran = cli("show")

    assert 2 == ran.code
    assert "CRISIS_BUS_API_KEY" in ran.err


def test_a_gateway_in_trouble_is_exit_code_4(cli: Any, desk: Desk) -> None:
    desk.status = 503
    desk.answer = {"code": "BUSY", "details": {"en": "busy", "ar": "مشغول"}}

    ran = cli("show")

    assert (4, "crisis-bus: BUSY: busy · مشغول\n") == (ran.code, ran.err)
