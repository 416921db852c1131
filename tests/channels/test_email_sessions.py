"""E-mail: sessions that are kept, encryption that is insisted on, and notifications that are asked for."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.channels.contract import Report, Taken
from crisis_bus.channels.email import EmailChannel, EmailOptions
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.providers import Limits
from crisis_bus.errors import NotReachable, PermanentDelivery, SettingsError, TransientDelivery
from tests.channels.certificates import Authority, authority
from tests.channels.mail_servers import Server, mail_server
from tests.channels.samples import message


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with mail_server(Server()) as running:
        yield running


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"))


def _channel(server: Server, tell: Any = None, most: int = 200, **options: Any) -> EmailChannel:
    chosen = EmailOptions(host="127.0.0.1", port=server.port, sender="bus@gov.example", **options)
    return EmailChannel(chosen, Limits(timeout=2, at_once=most), tell=tell)


async def _send(channel: EmailChannel, id: str = "m-1", **changes: Any) -> Taken:  # noqa: A002 the model calls it so
    sent = message(id, transport="email", **({"address": "desk@ministry.example"} | changes))
    return await channel.send(channel.prepare(sent))


async def test_many_mails_go_by_one_session(server: Server) -> None:
    channel = _channel(server)

    for number in range(20):
        await _send(channel, f"m-{number}")

    assert len(server.mails) == 20
    assert len(server.sessions) == 1
    await channel.close()


async def test_mails_at_once_have_sessions_of_their_own_and_no_more_are_kept_than_allowed(server: Server) -> None:
    channel = _channel(server, most=3)

    for _ in range(2):
        await asyncio.gather(*(_send(channel, f"m-{number}") for number in range(6)))

    assert len(server.mails) == 12
    assert len(server.sessions) == 6 + 3
    await channel.close()


async def test_a_session_that_the_server_has_ended_is_replaced(server: Server) -> None:
    channel = _channel(server)
    await _send(channel, "m-1")
    await server.end_sessions()

    await _send(channel, "m-2")

    assert [str(mail["Message-ID"]) for mail in server.mails] == ["<m-1@gov.example>", "<m-2@gov.example>"]
    await channel.close()


async def test_a_refused_address_costs_neither_the_session_nor_the_next_mail(server: Server) -> None:
    channel = _channel(server)
    server.refuse_recipient = "550 unknown"
    with pytest.raises(PermanentDelivery, match="550"):
        await _send(channel, "m-1")
    server.refuse_recipient = None

    await _send(channel, "m-2")

    assert server.recipients == ["desk@ministry.example"]
    assert len(server.sessions) == 1
    await channel.close()


async def test_a_server_that_closes_the_service_is_greeted_anew(server: Server) -> None:
    channel = _channel(server)
    server.refuse_data = "421 closing"
    with pytest.raises(TransientDelivery, match="421"):
        await _send(channel, "m-1")
    server.refuse_data = None

    await _send(channel, "m-1")

    assert len(server.sessions) == 2
    await channel.close()


@pytest.mark.parametrize("implicit", [False, True])
async def test_a_mail_goes_encrypted_and_with_a_password(trusted: Authority, *, implicit: bool) -> None:
    async with mail_server(Server(), trusted.server, implicit=implicit, login=True) as server:
        tls = "implicit" if implicit else "starttls"
        channel = _channel(server, tls=tls, ca_file=trusted.ca, user="bus", password="secret-word")

        await _send(channel)

        assert server.recipients == ["desk@ministry.example"]
        assert server.logins == ["bus"]
        await channel.close()


@pytest.mark.parametrize("implicit", [False, True])
async def test_a_certificate_that_nobody_vouches_for_gets_neither_mail_nor_password(
    trusted: Authority, *, implicit: bool
) -> None:
    async with mail_server(Server(), trusted.server, implicit=implicit) as server:
        channel = _channel(server, tls="implicit" if implicit else "starttls", user="bus", password="secret-word")

        with pytest.raises(TransientDelivery, match="did not take") as refused:
            await _send(channel)

        assert "secret-word" not in str(refused.value)
        assert (server.mails, server.logins) == ([], [])


async def test_encryption_that_the_server_does_not_offer_is_insisted_on(server: Server) -> None:
    channel = _channel(server, tls="starttls")

    with pytest.raises(TransientDelivery, match="did not take"):
        await _send(channel)

    assert server.mails == []


def test_a_file_of_authorities_that_is_none_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")

    for path in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        with pytest.raises(SettingsError, match="ca_file"):
            _channel(Server(port=1), tls="starttls", ca_file=path)


async def test_a_notification_is_asked_for_under_the_id_of_the_message(server: Server, tmp_path: Path) -> None:
    channel = _channel(server, dsn_maildir=tmp_path, bounces="bounces@gov.example")

    taken = await _send(channel, "m-1", address="a+b=c@ministry.example")

    assert taken == Taken("the mail server took the message", Outcome.ACCEPTED, "m-1")
    assert server.asked == {
        "RET": "HDRS",
        "ENVID": "M-1",
        "NOTIFY": "SUCCESS,FAILURE,DELAY",
        "ORCPT": "RFC822;A+2BB+3DC@MINISTRY.EXAMPLE",
    }
    await channel.close()


async def test_nothing_is_asked_of_a_server_that_sends_no_notifications(tmp_path: Path) -> None:
    async with mail_server(Server(dsn=False)) as server:
        channel = _channel(server, dsn_maildir=tmp_path)

        await _send(channel)

        assert len(server.mails) == 1
        assert server.asked == {}
        await channel.close()


async def test_nothing_is_asked_for_that_nobody_would_read(server: Server) -> None:
    channel = _channel(server)

    await _send(channel)

    assert server.asked == {}
    await channel.close()


DELIVERED = b"""\
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Original-Envelope-Id: m-1

Action: delivered
Status: 2.0.0
--b--
"""


async def test_what_the_maildir_says_is_told_once(tmp_path: Path) -> None:
    told: list[Report] = []

    async def tell(report: Report) -> None:
        told.append(report)

    channel = _channel(Server(port=1), tell, dsn_maildir=tmp_path)
    await channel.hear(tmp_path)
    (tmp_path / "new" / "1.host").write_bytes(DELIVERED)
    (tmp_path / "new" / "2.host").write_bytes(b"Subject: not a report\n\nhello\n")

    await channel.hear(tmp_path)
    await channel.hear(tmp_path)

    assert told == [Report("m-1", Outcome.DELIVERED, "a mail server reported: delivered (2.0.0)")]
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]


async def test_what_could_not_be_told_stays_new(tmp_path: Path) -> None:
    heard = asyncio.Event()

    async def tell(_report: Report) -> None:
        heard.set()
        raise NotReachable

    channel = _channel(Server(port=1), tell, dsn_maildir=tmp_path, dsn_seconds=0.01)
    await channel.hear(tmp_path)
    (tmp_path / "new" / "1.host").write_bytes(DELIVERED)

    listening = asyncio.create_task(channel.listen())
    for _ in range(2):
        await asyncio.wait_for(heard.wait(), 10)
        heard.clear()
    listening.cancel()

    assert [path.name for path in (tmp_path / "new").iterdir()] == ["1.host"]
    with pytest.raises(asyncio.CancelledError):
        await listening


async def test_without_a_maildir_there_is_nothing_to_hear() -> None:
    listening = asyncio.create_task(_channel(Server(port=1)).listen())

    done, _ = await asyncio.wait([listening], timeout=0.1)

    listening.cancel()
    assert set() == done


def test_the_oldest_tls_is_not_spoken(trusted: Authority) -> None:
    channel = _channel(Server(port=1), tls="implicit", ca_file=trusted.ca)

    context = channel._context
    assert context is not None
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


async def test_a_refusal_counts_although_the_server_ends_the_session_after_it(server: Server) -> None:
    channel = _channel(server)
    server.refuse_recipient = "550 unknown"
    server.ends_on_reset = True

    with pytest.raises(PermanentDelivery, match="550"):
        await _send(channel)

    await channel.close()
