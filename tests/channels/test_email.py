"""E-mail in both languages, against a mail server of our own."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest

from crisis_bus.channels.email import EmailChannel, EmailOptions
from crisis_bus.domain.providers import Limits
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.contract import Mood, Peer, RefusingContract
from tests.channels.peers import MailPeer, mail_peer
from tests.channels.samples import bulletin


class MailboxPeer(Peer):
    address = "desk@ministry.example"
    wrong_addresses = (
        "desk",
        "@ministry.example",
        "desk@",
        "desk@ministry.example\r\nBcc: all@example",
        "a@b@ministry.example",
        "Desk <desk@ministry.example>",
        "desk@ministry.example, other@ministry.example",
        "مكتب@ministry.example",
        "desk@ministry..example",
        "de..sk@ministry.example",
    )

    def __init__(self, mail: MailPeer) -> None:
        self.mail = mail
        self.channel = _channel(mail.port)

    def be(self, mood: Mood) -> None:
        self.mail.refuse_recipient = {Mood.BUSY: "450 later", Mood.REFUSING: "550 unknown"}.get(mood)
        self.mail.silent = mood is Mood.SILENT

    def effects(self) -> set[str]:
        return {str(mail["Message-ID"]) for mail in self.mail.mails}

    def words(self) -> str:
        return "\n".join(_part(mail, "plain") for mail in self.mail.mails)


def _channel(port: int, **options: Any) -> EmailChannel:
    return EmailChannel(EmailOptions(port=port, sender="bus@gov.example", **options), Limits(timeout=0.5))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture
async def peer() -> AsyncIterator[MailboxPeer]:
    async with mail_peer() as mail:
        mailbox = MailboxPeer(mail)
        yield mailbox
        await mailbox.channel.close()


class TestEmail(RefusingContract):
    pass


async def _sent(peer: MailboxPeer, **changes: Any) -> EmailMessage:
    await peer.channel.send(peer.channel.prepare(peer.message(**changes)))
    return peer.mail.mails[-1]


async def test_the_headers_say_what_the_mail_is(peer: MailboxPeer) -> None:
    mail = await _sent(peer)

    expected = {
        "From": "bus@gov.example",
        "To": "desk@ministry.example",
        "Subject": "تحذير عام: سيول",
        "Message-ID": "<m-1@gov.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "ar, en",
    }
    assert expected == {name: str(mail[name]) for name in expected}
    assert peer.mail.recipients == ["desk@ministry.example"]


async def test_the_subject_is_in_the_first_language(peer: MailboxPeer) -> None:
    mail = await _sent(peer, languages=("en", "ar"))

    assert str(mail["Subject"]) == "Public warning: flash flood"
    assert _part(mail, "plain").startswith("Public warning: flash flood")


async def test_each_language_is_written_in_its_direction(peer: MailboxPeer) -> None:
    mail = await _sent(peer)

    assert mail.get_content_type() == "multipart/alternative"
    assert '<div lang="ar" dir="rtl">\n<h1>تحذير عام: سيول</h1>\n<p>ابتعد عن الأودية.</p>' in _part(mail, "html")
    assert '<div lang="en" dir="ltr">\n<h1>Public warning: flash flood</h1>' in _part(mail, "html")


async def test_nothing_in_a_text_becomes_html(peer: MailboxPeer) -> None:
    mail = await _sent(peer, bulletin=bulletin(text={"ar": "<script>", "en": "a & b"}))

    assert "<script>" not in _part(mail, "html")
    assert "a &amp; b" in _part(mail, "html")


async def test_a_headline_cannot_add_a_header(peer: MailboxPeer) -> None:
    headline = {"ar": "خبر\r\nBcc: all@example\x00", "en": "news"}

    mail = await _sent(peer, bulletin=bulletin(headline=headline))

    assert mail["Bcc"] is None
    assert str(mail["Subject"]) == "خبر Bcc: all@example"
    assert peer.mail.recipients == ["desk@ministry.example"]


async def test_a_line_of_one_dot_does_not_end_the_mail(peer: MailboxPeer) -> None:
    mail = await _sent(peer, languages=("en",), bulletin=bulletin(text={"en": "one\n.\ntwo"}))

    assert "one\n.\ntwo" in _part(mail, "plain")


def test_a_bulletin_without_a_wanted_language_is_refused() -> None:
    channel = _channel(25)
    mute = bulletin(text={"ar": "نص"}, headline={"ar": "عنوان"})

    with pytest.raises(PermanentDelivery, match="no text in a language"):
        channel.prepare(MailboxPeer(MailPeer(port=1)).message(languages=("en",), bulletin=mute))


@pytest.mark.parametrize("reply", ["421 closing", "450 later", "451 local", "452 full"])
async def test_what_the_server_may_take_later_is_tried_again(peer: MailboxPeer, reply: str) -> None:
    peer.mail.refuse_data = reply

    with pytest.raises(TransientDelivery, match=reply[:3]):
        await _sent(peer)


@pytest.mark.parametrize("reply", ["550 no", "552 too large", "554 refused"])
async def test_what_the_server_refuses_is_final(peer: MailboxPeer, reply: str) -> None:
    peer.mail.refuse_data = reply

    with pytest.raises(PermanentDelivery, match=reply[:3]) as refused:
        await _sent(peer)

    assert not refused.value.gone


async def test_a_mail_server_that_is_away_may_come_back() -> None:
    peer = MailboxPeer(MailPeer(port=1))

    with pytest.raises(TransientDelivery, match="did not take"):
        await _sent(peer)


async def test_a_password_that_the_server_cannot_check_is_our_fault_and_not_the_addressee_s(peer: MailboxPeer) -> None:
    channel = _channel(peer.mail.port, user="bus", password="secret-word")

    with pytest.raises(TransientDelivery) as refused:
        await channel.send(channel.prepare(peer.message()))

    assert "secret-word" not in str(refused.value)
