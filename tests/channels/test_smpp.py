"""Text messages by SMPP, against an SMS centre of the library."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from crisis_bus.bus.ports import free_port
from crisis_bus.channels import smpp, sms
from crisis_bus.channels.contract import Report
from crisis_bus.channels.smpp import SmppChannel, SmppOptions
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.errors import NotReachable, PermanentDelivery, TransientDelivery
from tests.channels.samples import bulletin, message
from tests.channels.smpp_centre import Centre

ARABIC = "تحذير: سيول جارفة في وادي الحلو. ابتعدوا عن مجاري الأودية."


@dataclass
class Told:
    """Hears reports; the first ones are not written down if it is told so."""

    reports: list[Report] = field(default_factory=list)
    failures: int = 0

    async def __call__(self, report: Report) -> None:
        if self.failures:
            self.failures -= 1
            msg = "Kafka is away"
            raise NotReachable(msg)
        self.reports.append(report)


@pytest.fixture
async def centre() -> AsyncIterator[Centre]:
    made = Centre(free_port())
    serving = asyncio.create_task(made.serve())
    await asyncio.sleep(0.1)
    yield made
    serving.cancel()
    await made.server.stop()


@pytest.fixture
async def told() -> Told:
    return Told()


@pytest.fixture
async def channel(centre: Centre, told: Told) -> AsyncIterator[SmppChannel]:
    made = SmppChannel(SmppOptions(host="127.0.0.1", port=centre.port, system_id="gco", sender="CRISIS"), told)
    yield made
    await made.close()


def to(text: dict[str, str], **more: Any) -> OutboxMessage:
    languages = tuple(text)
    return message(
        transport="sms", address="+971501234567", bulletin=bulletin(text=text), **{"languages": languages} | more
    )


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 the centre is another task
            await asyncio.sleep(0.01)


async def test_a_short_text_is_one_part_in_both_languages_and_accepted(centre: Centre, channel: SmppChannel) -> None:
    taken = await channel.send(channel.prepare(to({"ar": ARABIC, "en": "Flood."})))

    [part] = centre.took
    assert f"{ARABIC}\nFlood." == part.short_message.decode("utf-16-be")
    assert (8, 1, "971501234567", 0) == (
        part.data_coding,
        part.registered_delivery,
        part.destination_addr,
        part.esm_class,
    )
    assert (Outcome.ACCEPTED, "id-1") == (taken.outcome, taken.provider_id)


async def test_a_long_text_goes_in_parts_that_a_phone_joins(centre: Centre, channel: SmppChannel) -> None:
    text = " ".join([ARABIC] * 4)

    taken = await channel.send(channel.prepare(to({"ar": text}, languages=("ar",))))

    headers = [part.short_message[:6] for part in centre.took]
    assert text == "".join(part.short_message[6:].decode("utf-16-be") for part in centre.took)
    assert [(5, 0, 3, headers[0][3], len(headers), n) for n in range(1, len(headers) + 1)] == [*map(tuple, headers)]
    assert {0x40} == {part.esm_class for part in centre.took}
    assert "id-1+3" == taken.provider_id


async def test_latin_words_travel_in_the_default_alphabet(centre: Centre, channel: SmppChannel) -> None:
    await channel.send(channel.prepare(to({"en": "Evacuate [now] @ 5 €"}, languages=("en",))))

    [part] = centre.took
    assert (0, b"Evacuate \x1b<now\x1b> \x00 5 \x1be") == (part.data_coding, part.short_message)


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        pytest.param(["DELIVRD", "DELIVRD"], Outcome.DELIVERED, id="all parts"),
        pytest.param(["DELIVRD", "UNDELIV"], Outcome.FAILED, id="one part is lost"),
        pytest.param(["ACCEPTD", "ENROUTE"], None, id="nothing final"),
        pytest.param(["DELIVRD"], None, id="one part is still on its way"),
    ],
)
async def test_the_receipts_of_all_parts_decide(
    centre: Centre, channel: SmppChannel, told: Told, states: list[str], outcome: Outcome | None
) -> None:
    await channel.send(channel.prepare(to({"ar": " ".join([ARABIC] * 2)}, languages=("ar",))))

    for number, state in enumerate(states, 1):
        await centre.receipt(f"id-{number}", state)
    await (until(lambda: told.reports) if outcome else asyncio.sleep(0.3))

    assert 2 == len(centre.took)
    assert ([("id-1+1", outcome)] if outcome else []) == [(each.provider_id, each.outcome) for each in told.reports]


async def test_a_receipt_that_overtakes_the_answer_is_not_lost(
    centre: Centre, channel: SmppChannel, told: Told
) -> None:
    held: list[Any] = []
    centre.answer = lambda event, _name: held.append(event)
    sending = asyncio.create_task(channel.send(channel.prepare(to({"en": "Flood."}, languages=("en",)))))
    await until(lambda: held)

    await centre.receipt("early-1", "DELIVRD")
    await asyncio.sleep(0.2)
    held[0].accept("early-1")
    await sending

    assert [("early-1", Outcome.DELIVERED)] == [(each.provider_id, each.outcome) for each in told.reports]


async def test_a_receipt_is_said_until_it_is_written_down(centre: Centre, channel: SmppChannel, told: Told) -> None:
    told.failures = 1
    await channel.send(channel.prepare(to({"en": "Flood."}, languages=("en",))))

    await centre.receipt("id-1", "DELIVRD")
    await until(lambda: told.reports)

    assert ["id-1"] == [each.provider_id for each in told.reports]


@pytest.mark.parametrize(
    ("status", "error", "seconds"),
    [
        pytest.param(0x58, TransientDelivery, 2.0, id="throttled"),
        pytest.param(0x14, TransientDelivery, 2.0, id="queue full"),
        pytest.param(0x08, TransientDelivery, None, id="system error"),
        pytest.param(0x0B, PermanentDelivery, None, id="wrong number"),
    ],
)
async def test_a_refusal_says_whether_a_retry_can_help(
    centre: Centre, channel: SmppChannel, status: int, error: type[Exception], seconds: float | None
) -> None:
    centre.answer = lambda event, _name: event.reject(status)

    with pytest.raises(error, match="SMS centre") as refused:
        await channel.send(channel.prepare(to({"en": "Flood."})))

    assert seconds == getattr(refused.value, "after_seconds", None)
    assert "971" not in str(refused.value)


async def test_one_session_is_kept_and_bound_anew_when_it_was_lost(centre: Centre, channel: SmppChannel) -> None:
    for _ in range(3):
        await channel.send(channel.prepare(to({"en": "Flood."})))
    kept = centre.binds
    await centre.esme.unbind()
    await until(lambda: channel._session is None)

    await channel.send(channel.prepare(to({"en": "Flood."})))

    assert (1, 2, 4) == (kept, centre.binds, len(centre.took))


async def test_a_centre_that_nobody_reaches_may_be_tried_again(told: Told) -> None:
    channel = SmppChannel(SmppOptions(host="127.0.0.1", port=1, system_id="gco", sender="CRISIS"), told)

    with pytest.raises(TransientDelivery, match="cannot be reached"):
        await channel.send(channel.prepare(to({"en": "Flood."})))

    await channel.close()


@pytest.mark.parametrize("address", ["0501234567", "+0501234567", "971501234567", "+97150123456a", "+1", "tel:+97150"])
def test_what_is_no_number_is_refused_before_anything_is_sent(address: str) -> None:
    with pytest.raises(PermanentDelivery, match="phone number"):
        sms.number(message(transport="sms", address=address))


def test_a_text_of_too_many_parts_is_refused(told: Told) -> None:
    channel = SmppChannel(SmppOptions(host="127.0.0.1", system_id="gco", sender="CRISIS"), told)

    with pytest.raises(PermanentDelivery, match="255 parts"):
        channel.prepare(to({"ar": "ش" * 67 * 256}, languages=("ar",)))


@pytest.mark.parametrize(
    ("receipts", "outcomes"),
    [
        pytest.param([(1, "DELIVRD"), (1, "DELIVRD")], [], id="one part twice is not both"),
        pytest.param([(2, "UNDELIV"), (1, "DELIVRD")], [Outcome.FAILED], id="a lost part is not made good by another"),
        pytest.param([(1, "DELIVRD"), (1, "UNDELIV")], [], id="a part that arrived does not fail afterwards"),
        pytest.param([(1, "DELIVRD"), (2, "DELIVRD"), (1, "DELIVRD")], [Outcome.DELIVERED], id="said once"),
    ],
)
async def test_repeated_receipts_of_parts_do_not_decide(
    centre: Centre,
    channel: SmppChannel,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
    receipts: list[tuple[int, str]],
    outcomes: list[Outcome],
) -> None:
    monkeypatch.setattr(smpp, "_EARLY_SECONDS", 0.05)
    await channel.send(channel.prepare(to({"ar": " ".join([ARABIC] * 2)}, languages=("ar",))))

    for number, state in receipts:
        await centre.receipt(f"id-{number}", state)
    await asyncio.sleep(0.5)

    assert outcomes == [each.outcome for each in told.reports]


async def test_a_message_has_not_arrived_while_a_part_was_not_even_taken(
    centre: Centre, channel: SmppChannel, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smpp, "_EARLY_SECONDS", 0.05)
    held: list[Any] = []
    centre.answer = lambda event, name: event.accept(name) if name == "id-1" else held.append(event)
    sending = asyncio.create_task(channel.send(channel.prepare(to({"ar": " ".join([ARABIC] * 2)}, languages=("ar",)))))
    await until(lambda: held)
    await centre.receipt("id-1", "DELIVRD")
    await asyncio.sleep(0.5)
    before = list(told.reports)

    held[0].accept("id-2")
    await sending
    await centre.receipt("id-2", "UNDELIV")
    await until(lambda: told.reports)

    assert ([], [Outcome.FAILED]) == (before, [each.outcome for each in told.reports])


async def test_what_the_centre_took_without_a_name_is_not_sent_again(centre: Centre, channel: SmppChannel) -> None:
    centre.answer = lambda event, _name: event.accept("")

    taken = await channel.send(channel.prepare(to({"en": "Flood."}, languages=("en",))))

    assert (Outcome.ACCEPTED, None) == (taken.outcome, taken.provider_id)


async def test_a_session_that_nobody_listens_to_is_not_kept(centre: Centre) -> None:
    async def broken(_report: Report) -> None:
        msg = "a defect"
        raise ValueError(msg)

    made = SmppChannel(SmppOptions(host="127.0.0.1", port=centre.port, system_id="gco", sender="CRISIS"), broken)
    await made.send(made.prepare(to({"en": "Flood."}, languages=("en",))))
    await centre.receipt("id-1", "DELIVRD")
    await until(lambda: made._session is None)

    await made.send(made.prepare(to({"en": "Flood."}, languages=("en",))))
    await made.close()

    assert 2 == centre.binds
