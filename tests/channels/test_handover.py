"""Hand-overs: a signed package with CAP, PDF and texts, to an endpoint or a folder, that somebody acknowledges."""

import json
from collections.abc import AsyncIterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from crisis_bus.cap import reader
from crisis_bus.cap.alert import CapAlert
from crisis_bus.channels import package, signatures
from crisis_bus.channels.contract import Prepared
from crisis_bus.channels.handover import HandoverChannel, HandoverOptions, Office
from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.signatures import SigningKey
from crisis_bus.channels.site import Site
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PermanentDelivery, TransientDelivery, UserError
from tests.cap.test_cap_writing import HAZARD
from tests.channels.contract import Mood, Peer, RefusingContract
from tests.channels.peers import TAKEN, HttpPeer, http_peer, status
from tests.channels.samples import LOOPBACK, bulletin, message

try:
    from crisis_bus.channels.printing import printed
except OSError:
    pytest.skip("Pango is not on this machine: make installs it", allow_module_level=True)
KEY = SigningKey(signatures.made(bytes(range(32))))
SITE = Site({"ar": "حكومة الإمارات", "en": "UAE Government"}, 240)
NOW = 1_776_340_800_000


def office(folder: Path) -> Office:
    return Office(
        key=KEY,
        folder=folder,
        paper=partial(printed, site=SITE),
        link=lambda message: f"https://gov.example/acknowledge/{message.id}",
        within_seconds=600,
        offset_minutes=240,
    )


def made(folder: Path, timeout: float = 1) -> HandoverChannel:
    options = HandoverOptions(cap_sender="desk@gco.example")
    return HandoverChannel(options, office(folder), HttpPost(timeout, LOOPBACK), lambda: NOW)


def files(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


class Operator(Peer):
    """An operator's endpoint."""

    wrong_addresses = ("ftp://operator.example/in", "gopher:operator", "https://user:secret@operator.example/")

    def __init__(self, http: HttpPeer, folder: Path) -> None:
        self.http, self.channel, self.address = http, made(folder), http.url

    def be(self, mood: Mood) -> None:
        self.http.answer = {
            Mood.WELL: TAKEN,
            Mood.BUSY: status(503),
            Mood.REFUSING: status(400),
            Mood.SILENT: None,
        }[mood]

    def effects(self) -> set[str]:
        return {request.headers["webhook-id"] for request in self.http.requests if self.http.answer == TAKEN}

    def words(self) -> str:
        return "\n".join(
            body.decode()
            for request in self.http.requests
            for name, body in files(request.body).items()
            if name.endswith((".txt", ".xml"))
        )

    def message(self, id: str = "m-1", **changes: Any) -> OutboxMessage:  # noqa: A002 the model calls it so
        return super().message(id, **({"bulletin": bulletin(hazard=HAZARD)} | changes))


class TestEndpoint(RefusingContract):
    @pytest.fixture
    async def peer(self, tmp_path: Path) -> AsyncIterator[Peer]:
        async with http_peer() as http:
            operator = Operator(http, tmp_path)
            yield operator
            await operator.channel.close()


async def handed(channel: HandoverChannel, address: str, **changes: Any) -> tuple[Any, bytes]:
    prepared: Prepared = channel.prepare(message(transport="handover", address=address, **changes))
    composed = await channel.compose(prepared)
    return await channel.send(composed), composed.payload


WARNING = {"ar": "إنذار: سيول في دبي.", "en": "Alert: flash flood in Dubai."}


async def test_a_package_holds_all_that_is_to_be_said_and_anybody_can_check_it(tmp_path: Path) -> None:
    said = bulletin(hazard=HAZARD, forms={"broadcast": WARNING})
    taken, data = await handed(made(tmp_path), "folder:radio", bulletin=said)

    found = files(data)
    manifest = package.checked(data, KEY.public)
    assert ("m-1", Outcome.ACCEPTED) == (taken.provider_id, taken.outcome)
    assert [data] == [file.read_bytes() for file in (tmp_path / "radio").iterdir()]
    assert {
        "manifest.json",
        "manifest.sig",
        "cap.xml",
        "statement.pdf",
        "statement.ar.txt",
        "statement.en.txt",
        "broadcast.ar.txt",
        "broadcast.en.txt",
    } == set(found)
    assert isinstance(reader.read(found["cap.xml"]), CapAlert)
    assert found["statement.pdf"].startswith(b"%PDF")
    assert ("uae/W1", "PUBLIC_WARNING", "https://gov.example/acknowledge/m-1", 600) == (
        manifest["number"],
        manifest["kind"],
        manifest["acknowledge"]["url"],
        manifest["acknowledge"]["within_seconds"],
    )


async def test_what_is_no_alert_has_no_cap(tmp_path: Path) -> None:
    _, data = await handed(made(tmp_path), "folder:wire", bulletin=bulletin(kind=Kind.PRESS_RELEASE, hazard=HAZARD))

    assert "cap.xml" not in files(data)


async def test_the_same_message_is_the_same_package(tmp_path: Path) -> None:
    _, first = await handed(made(tmp_path), "folder:a", bulletin=bulletin(hazard=HAZARD))
    _, second = await handed(made(tmp_path), "folder:a", bulletin=bulletin(hazard=HAZARD))

    assert first == second
    assert 1 == len(list((tmp_path / "a").iterdir()))


async def test_an_endpoint_may_acknowledge_at_once(tmp_path: Path) -> None:
    answer = json.dumps({"acknowledged_by": "غرفة البث"}).encode()
    async with http_peer() as http:
        http.answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(answer), answer)
        channel = made(tmp_path)
        taken, data = await handed(channel, http.url)
        await channel.close()

    [request] = http.requests
    assert (Outcome.DELIVERED, "acknowledged by غرفة البث") == (taken.outcome, taken.detail)
    assert request.body == data
    assert request.headers["webhook-signature"] == KEY.sign("m-1", NOW // 1000, data)
    assert request.headers["content-digest"].startswith("sha-256=:")


@pytest.mark.parametrize("answer", [b'{"acknowledged_by": " "}', b'{"acknowledged_by": 7}', b"[]", b"thanks", b"\xff"])
async def test_an_answer_that_names_nobody_acknowledges_nothing(tmp_path: Path, answer: bytes) -> None:
    async with http_peer() as http:
        http.answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(answer), answer)
        channel = made(tmp_path)
        taken, _ = await handed(channel, http.url)
        await channel.close()

    assert Outcome.ACCEPTED is taken.outcome


async def test_a_folder_that_takes_nothing_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "radio").write_bytes(b"a file")

    with pytest.raises(TransientDelivery, match="folder takes no file"):
        await handed(made(tmp_path), "folder:radio")


@pytest.mark.parametrize("address", ["folder:", "folder:../up", "folder:a/b", "folder:.hidden"])
def test_a_folder_has_a_plain_name(tmp_path: Path, address: str) -> None:
    with pytest.raises(PermanentDelivery, match="folder is named"):
        made(tmp_path).prepare(message(address=address))


def repacked(data: bytes, **changes: bytes | None) -> bytes:
    found = {**files(data), **{name.replace("_", "."): body for name, body in changes.items()}}
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        for name, body in found.items():
            if body is not None:
                package.writestr(name, body)
    return buffer.getvalue()


async def test_a_package_that_was_changed_is_told_from_ours(tmp_path: Path) -> None:
    _, data = await handed(made(tmp_path), "folder:a", bulletin=bulletin(hazard=HAZARD))
    other = SigningKey(signatures.made(bytes(32)))

    wrong = {
        "does not fit these files: cap.xml": repacked(data, cap_xml=b"<alert/>"),
        "does not fit these files: extra.txt": repacked(data, extra_txt=b"more"),
        "does not fit these files: statement.pdf": repacked(data, statement_pdf=None),
        "not signed by this key": repacked(data, manifest_json=b'{"files": {}}'),
        "no package of a hand-over": b"PK\x03\x04 nothing",
    }
    for reason, changed in wrong.items():
        with pytest.raises(UserError, match=reason):
            package.checked(changed, KEY.public)
    with pytest.raises(UserError, match="not signed by this key"):
        package.checked(data, other.public)
    with pytest.raises(UserError, match="not signed by this key"):
        package.checked(data, "whpk_nonsense")
