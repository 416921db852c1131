"""Text messages: ten thousand over SMPP to a centre in this process, with a delivery receipt for each."""

import asyncio
import time
from collections.abc import Iterator

from crisis_bus.bus.ports import free_port
from crisis_bus.channels.contract import Report
from crisis_bus.channels.smpp import SmppChannel, SmppOptions
from tests.bench.figures import Figure
from tests.channels.samples import bulletin, message
from tests.channels.smpp_centre import Centre

_MESSAGES, _AT_ONCE = 10_000, 200
_LONGEST_SECONDS = 120.0
_TEXT = {"ar": "تحذير: سيول جارفة في وادي الحلو. ابتعدوا عن مجاري الأودية.", "en": "Flood."}


def run() -> Iterator[Figure]:
    accepted, arrived, receipts = asyncio.run(_told())
    yield Figure("sms over SMPP, accepted", "messages/s", [_MESSAGES / accepted], note=f"({_AT_ONCE} at once)")
    yield Figure(
        "sms over SMPP, receipts heard", "messages/s", [_MESSAGES / arrived], note=f"({receipts} of {_MESSAGES})"
    )


async def _told() -> tuple[float, float, int]:
    """Seconds until all were accepted, and until all receipts were heard or time was up; and how many were heard."""
    centre, heard = Centre(free_port()), set[str]()
    serving = asyncio.create_task(centre.serve())

    async def tell(report: Report) -> None:
        heard.add(report.provider_id)

    channel = SmppChannel(SmppOptions(host="127.0.0.1", port=centre.port, system_id="gco", sender="CRISIS"), tell)
    slots, of = asyncio.Semaphore(_AT_ONCE), bulletin(text=_TEXT)

    async def send(number: int) -> None:
        async with slots:
            sent = message(f"m-{number}", transport="sms", address=f"+9715{number:08}", bulletin=of)
            taken = await channel.send(channel.prepare(sent))
            await centre.receipt(str(taken.provider_id), "DELIVRD")

    await asyncio.sleep(0.2)
    begun = time.perf_counter()
    await asyncio.gather(*map(send, range(_MESSAGES)))
    accepted = time.perf_counter() - begun
    while len(heard) < _MESSAGES and time.perf_counter() - begun < _LONGEST_SECONDS:  # noqa: ASYNC110 the channel is another task
        await asyncio.sleep(0.01)
    arrived = time.perf_counter() - begun
    await channel.close()
    serving.cancel()
    await centre.server.stop()
    return accepted, arrived, len(heard)
