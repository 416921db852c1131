"""Text messages through an HTTP gateway whose request is a template."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.sms_http import SmsHttpChannel, SmsHttpOptions
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.errors import PermanentDelivery, SettingsError, TransientDelivery
from tests.channels.peers import HttpPeer, http_peer, status
from tests.channels.samples import LOOPBACK, bulletin, message

BODY = '{"to": {{ number|tojson }}, "text": {{ text|tojson }}, "ref": {{ id|tojson }}}'


@pytest.fixture
async def peer() -> AsyncIterator[HttpPeer]:
    async with http_peer() as made:
        yield made


def channel(peer: HttpPeer, **more: Any) -> SmsHttpChannel:
    options = {
        "url": peer.url,
        "body": BODY,
        "headers": {"authorization": "Bearer {{ secret }}", "content-type": "application/json"},
        "secret": "k-123",
        "id_path": "messages.0.id",
    }
    return SmsHttpChannel(SmsHttpOptions(**options | more), HttpPost(1, LOOPBACK), lambda: 0)


def to(text: str = 'Flood "now"', **more: Any) -> OutboxMessage:
    fields: dict[str, Any] = {"transport": "sms", "address": "+971501234567", "languages": ("en",)}
    return message(bulletin=bulletin(text={"en": text}), **fields | more)


def says(body: object) -> bytes:
    content = json.dumps(body).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(content), content)


async def test_the_request_is_the_template_filled_and_the_answer_names_the_message(peer: HttpPeer) -> None:
    peer.answer = says({"messages": [{"id": 77}]})
    made = channel(peer)

    taken = await made.send(made.prepare(to()))
    await made.close()

    [request] = peer.requests
    assert {"to": "+971501234567", "text": 'Flood "now"', "ref": "m-1"} == json.loads(request.body)
    assert "Bearer k-123" == request.headers["authorization"]
    assert (Outcome.ACCEPTED, "77") == (taken.outcome, taken.provider_id)


@pytest.mark.parametrize(("said", "taken"), [("queued", True), ("rejected", False)])
async def test_an_answer_counts_only_if_it_says_so(peer: HttpPeer, said: str, *, taken: bool) -> None:
    peer.answer = says({"status": said})
    made = channel(peer, taken_path="status", taken="queued")

    try:
        await made.send(made.prepare(to()))
        refused = False
    except PermanentDelivery:
        refused = True
    await made.close()

    assert taken is not refused


@pytest.mark.parametrize(
    ("code", "error"),
    [(400, PermanentDelivery), (401, PermanentDelivery), (429, TransientDelivery), (503, TransientDelivery)],
)
async def test_a_refusal_says_whether_a_retry_can_help(peer: HttpPeer, code: int, error: type[Exception]) -> None:
    peer.answer = status(code, "retry-after: 7")
    made = channel(peer)

    with pytest.raises(error, match=str(code)) as refused:
        await made.send(made.prepare(to()))

    await made.close()
    assert (7.0 if error is TransientDelivery else None) == getattr(refused.value, "after_seconds", None)
    assert "k-123" not in str(refused.value)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param({"body": "{{ nobody }}"}, r"sms_http\.body", id="a name that nobody knows"),
        pytest.param({"body": "{% if %}"}, r"sms_http\.body", id="no template"),
        pytest.param(
            {"headers": {"x": "{{ ''.__class__.__mro__ }}"}}, r"sms_http\.headers\.x", id="out of the sandbox"
        ),
    ],
)
async def test_a_template_that_cannot_be_used_is_refused_when_it_is_read(
    peer: HttpPeer, more: dict[str, Any], reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason):
        channel(peer, **more)


async def test_a_text_that_is_too_long_for_the_provider_is_refused(peer: HttpPeer) -> None:
    made = channel(peer, most_characters=10)

    with pytest.raises(PermanentDelivery, match="10 characters"):
        made.prepare(to("x" * 11))
