"""E-mail: the signature holds for exactly what leaves, and a reader can leave by one click."""

import json
from base64 import b64decode, b64encode
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from crisis_bus.channels.email import EmailChannel, EmailOptions
from crisis_bus.domain import ids
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.providers import Limits
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import SettingsError
from crisis_bus.streams import roll
from tests.channels.mail_servers import Server, mail_server
from tests.channels.samples import bulletin, message

RSA = generate_private_key(65537, 2048)
ED25519 = Ed25519PrivateKey.generate()


class _BadSignature(Exception):
    pass


class _VerifyKey:
    """What dkimpy wants of PyNaCl, by cryptography."""

    def __init__(self, raw: bytes, encoder: None) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(b64decode(raw))
        assert encoder is None

    def verify(self, digest: bytes, signature: bytes) -> None:
        try:
            self._key.verify(signature, digest)
        except InvalidSignature as error:
            raise _BadSignature from error


NACL = SimpleNamespace(
    signing=SimpleNamespace(VerifyKey=_VerifyKey),
    encoding=SimpleNamespace(Base64Encoder=None),
    exceptions=SimpleNamespace(BadSignatureError=_BadSignature, ValueError=ValueError),
)


@pytest.fixture(autouse=True)
def _nacl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dkim, "nacl", NACL, raising=False)


def _file(folder: Path, key: Any) -> Path:
    path = folder / f"{type(key).__name__}.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def _dns(name: bytes, timeout: float = 5) -> bytes:
    assert timeout > 0
    rsa = RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ed25519 = ED25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        b"rsa._domainkey.gov.example.": b"v=DKIM1; k=rsa; p=" + b64encode(rsa),
        b"ed._domainkey.gov.example.": b"v=DKIM1; k=ed25519; p=" + b64encode(ed25519),
    }[name]


def _channel(folder: Path, port: int = 25, **options: Any) -> EmailChannel:
    keys = [
        {"selector": "rsa", "domain": "gov.example", "key_file": _file(folder, RSA)},
        {"selector": "ed", "domain": "gov.example", "key_file": _file(folder, ED25519)},
    ]
    base = {"port": port, "sender": "bus@gov.example", "dkim": keys, "unsubscribe_url": "https://bus.gov.example/"}
    return EmailChannel(EmailOptions.model_validate(base | options), Limits(timeout=2), lambda each: each.subscription)


def _holds(mail: bytes, index: int) -> bool:
    try:
        return bool(dkim.DKIM(mail).verify(index, _dns))
    except dkim.ValidationError:
        return False


def _message(**changes: Any) -> OutboxMessage:
    return message(transport="email", address="desk@ministry.example", **changes)


@pytest.mark.parametrize("index", [0, 1], ids=["rsa", "ed25519"])
async def test_the_signature_holds_for_the_bytes_that_arrive(tmp_path: Path, index: int) -> None:
    async with mail_server(Server()) as server:
        channel = _channel(tmp_path, server.port)
        text = {"ar": "سطر\n.\n" + "كلمة " * 300, "en": "one\n.\ntwo  spaces \n\n\n" + "word " * 300}

        await channel.send(channel.prepare(_message(bulletin=bulletin(text=text))))

        assert _holds(server.raw[0], index)
        await channel.close()


@pytest.mark.parametrize("index", [0, 1], ids=["rsa", "ed25519"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"From: bus@", b"From: bug@"),
        (b"\r\nSubject: ", b"\r\nSubject: x"),
        (b"List-Unsubscribe: <https://bus", b"List-Unsubscribe: <https://bug"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
        (b"From: bus@", b"From: other@gov.example\r\nFrom: bus@"),
        (b"\r\nSubject: ", b"\r\nSubject: another\r\nSubject: "),
        (b"\r\n\r\n--=_m-1", b"\r\n\r\nbefore\r\n--=_m-1"),
    ],
)
def test_a_changed_mail_is_not_ours(tmp_path: Path, index: int, old: bytes, new: bytes) -> None:
    payload = _channel(tmp_path).prepare(_message()).payload
    assert old in payload

    assert not _holds(payload.replace(old, new, 1), index)


def test_a_mail_is_the_same_bytes_at_each_attempt(tmp_path: Path) -> None:
    assert _channel(tmp_path).prepare(_message()) == _channel(tmp_path).prepare(_message())


def test_no_relay_has_a_reason_to_write_the_mail_anew(tmp_path: Path) -> None:
    payload = _channel(tmp_path).prepare(_message()).payload

    assert payload.isascii()
    assert max(len(line) for line in payload.split(b"\r\n")) <= 998


@pytest.mark.parametrize("content", [b"no key", None])
def test_a_file_without_a_key_is_said_at_the_start(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SettingsError, match="selector bad"):
        _channel(tmp_path, dkim=[{"selector": "bad", "domain": "gov.example", "key_file": path}])


@pytest.mark.parametrize("key", [generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP256R1())])
def test_a_key_that_receivers_do_not_accept_is_said_at_the_start(tmp_path: Path, key: Any) -> None:
    path = _file(tmp_path, key).rename(tmp_path / "bad.pem")

    with pytest.raises(SettingsError, match="Ed25519, or RSA of at least 2048"):
        _channel(tmp_path, dkim=[{"selector": "bad", "domain": "gov.example", "key_file": path}])


def test_a_reader_can_leave_by_one_click(tmp_path: Path) -> None:
    mail = message_from_bytes(_channel(tmp_path).prepare(_message()).payload, policy=SMTP)

    assert mail["List-Unsubscribe"] == "<https://bus.gov.example/unsubscribe/sub-1>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert "https://bus.gov.example/unsubscribe/sub-1" in part.get_content()
        assert "إلغاء الاشتراك" in part.get_content()


@pytest.mark.parametrize("options", [{"unsubscribe_url": None}, {}])
def test_an_outlet_and_a_provider_without_a_page_offer_no_way_to_leave(tmp_path: Path, options: dict[str, Any]) -> None:
    payload = _channel(tmp_path, **options).prepare(_message(outlet=not options)).payload

    assert b"nsubscribe" not in payload


def test_a_test_and_a_question_offer_no_way_to_leave_what_is_no_subscription(tmp_path: Path) -> None:
    payload = _channel(tmp_path).prepare(_message(bulletin=bulletin(test=True))).payload

    assert b"nsubscribe" not in payload


def test_a_long_link_and_many_ids_leave_as_they_are(tmp_path: Path) -> None:
    page = f"https://bus.gov.example/{'x' * 200}/"
    replaced = tuple(f"uae/W{number}" for number in range(9))

    of = _message(bulletin=bulletin("W9", replaces=replaced))
    payload = _channel(tmp_path, unsubscribe_url=page).prepare(of).payload

    assert f"\r\nList-Unsubscribe: <{page}unsubscribe/sub-1>\r\n".encode() in payload
    assert all(f"<{ids.derived(number, 'sub-1')}@gov.example>\r\n".encode() in payload for number in replaced)
    assert _holds(payload, 0)


def test_dispatch_names_a_mail_as_the_correction_of_it_will() -> None:
    of = Subscription(
        id="sub-1", space="uae", subscriber="m", channel="WEB", transport="email", address="desk@ministry.example"
    )

    chunk = next(iter(roll.chunks({b"sub-1": (roll.Profile(of), b'"a":1')}, bulletin(), lambda *_: True)))

    assert ids.derived("uae/W1", "sub-1") == json.loads(chunk.messages[0])["id"]


def test_a_correction_stands_beneath_what_it_corrects(tmp_path: Path) -> None:
    corrected = bulletin("W2", replaces=("uae/W1", "uae/W0"))
    mail = message_from_bytes(_channel(tmp_path).prepare(_message(bulletin=corrected)).payload, policy=SMTP)

    expected = " ".join(f"<{ids.derived(number, 'sub-1')}@gov.example>" for number in corrected.replaces)
    assert expected == str(mail["References"]).replace("\r\n", "")
    assert expected == str(mail["In-Reply-To"]).replace("\r\n", "")
