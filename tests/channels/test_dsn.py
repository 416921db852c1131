"""What status notifications say, of servers that know envelope ids and of those that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.channels import dsn
from crisis_bus.channels.contract import Report
from crisis_bus.domain.delivery import Outcome

HEAD = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: bounces@gov.example
Subject: Delivery status
Content-Type: multipart/report; report-type=delivery-status; boundary="b=1"

--b=1
Content-Type: text/plain

The mail for desk@ministry.example …

--b=1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
{envelope}
Final-Recipient: rfc822; desk@ministry.example
Original-Recipient: rfc822; desk@ministry.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <desk@ministry.example>: unknown

"""
HEADERS = """\
--b=1
Content-Type: text/rfc822-headers

From: bus@gov.example
Message-ID: <m-2@gov.example>

--b=1--
"""
WHOLE = """\
--b=1
Content-Type: message/rfc822

From: bus@gov.example
Message-ID: <m-2@gov.example>

text
--b=1--
"""


def _mail(action: str = "failed", status: str = "5.1.1", tail: str = HEADERS, envelope: str = "") -> bytes:
    return (HEAD.format(action=action, status=status, envelope=envelope) + tail).encode()


@pytest.mark.parametrize(
    ("action", "status", "outcome", "said"),
    [
        ("failed", "5.1.1", Outcome.FAILED, "failed (5.1.1)"),
        ("FAILED", "5.1.1 (bad mailbox)", Outcome.FAILED, "failed (5.1.1)"),
        ("failed", "4.4.7", Outcome.FAILED, "failed (4.4.7)"),
        ("failed", "?", Outcome.FAILED, "failed"),
        ("delivered", "2.0.0", Outcome.DELIVERED, "delivered (2.0.0)"),
        ("expanded", "2.0.0", Outcome.DELIVERED, "delivered (2.0.0)"),
    ],
)
def test_what_is_final_is_told_without_the_address(action: str, status: str, outcome: Outcome, said: str) -> None:
    found = dsn.report(_mail(action, status, envelope="Original-Envelope-Id: m-1\n"))

    assert found is not None
    assert (found.provider_id, found.outcome, found.detail) == ("m-1", outcome, f"a mail server reported: {said}")
    assert "desk" not in found.detail


@pytest.mark.parametrize("tail", [HEADERS, WHOLE])
def test_a_server_that_knows_no_envelope_id_returns_the_mail_s_own(tail: str) -> None:
    expected = Report("m-2", Outcome.FAILED, "a mail server reported: failed (5.1.1)")

    assert expected == dsn.report(_mail(tail=tail))


@pytest.mark.parametrize("action", ["delayed", "relayed", "", "unknown"])
def test_what_is_not_final_is_no_report(action: str) -> None:
    assert dsn.report(_mail(action, "4.4.1")) is None


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"Subject: hello\n\ntext",
        b"Content-Type: multipart/report\n\nno parts",
        _mail(tail="--b=1--\n"),
        _mail(tail=HEADERS.replace("<m-2@gov.example>", "none")),
        _mail().replace(b"multipart/report", b"multipart/mixed"),
    ],
)
def test_what_is_no_notification_about_our_mail_is_no_report(mail: bytes) -> None:
    assert dsn.report(mail) is None


@given(st.binary(max_size=400), st.integers(0, 900))
def test_whatever_a_mailbox_holds_is_read_or_is_no_report(noise: bytes, place: int) -> None:
    whole = _mail(envelope="Original-Envelope-Id: m-1\n")

    found = dsn.report(whole[:place] + noise + whole[place:])

    assert found is None or found.provider_id
