"""One attempt at a message through one provider, and what follows from its answer."""

import asyncio
from dataclasses import replace
from hashlib import sha256

from crisis_bus.channels.contract import Prepared, Taken
from crisis_bus.delivery import retries
from crisis_bus.delivery.carriers import Carrier
from crisis_bus.delivery.retries import Attempt, End, Tried, Wait
from crisis_bus.delivery.road import Road
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.errors import DeliveryError, PermanentDelivery, TransientDelivery


async def attempt(
    message: OutboxMessage, carrier: Carrier, tried: Tried, road: Road
) -> tuple[Tried, Wait | End, Attempt]:
    """Send once; gives how far the message has come with it, whether to wait, and what the receipt says of it."""
    now = road.world.now
    began = now()
    carrier.take(message, began)
    tried = replace(tried, attempts=tried.attempts + 1, began=began if tried.began is None else tried.began)
    made = Attempt(tried.attempts, provider=carrier.provider.name, step=tried.step)
    try:
        prepared = await carrier.prepared(message)
        made = replace(made, payload=sha256(prepared.payload).hexdigest())
        taken = await _sent(carrier, prepared)
    except DeliveryError as error:
        carrier.answered(message, now(), well=not isinstance(error, TransientDelivery))
        if isinstance(error, PermanentDelivery) and error.gone:
            await road.on_gone(message)
        result = retries.after(error, tried, carrier.provider.retries, now(), road.world.chance())
        return tried, result, replace(made, seconds=(now() - began) / 1000)
    except BaseException:
        carrier.broke_off(message)
        raise
    carrier.answered(message, now(), well=True)
    made = replace(made, seconds=(now() - began) / 1000, provider_id=taken.provider_id)
    return tried, End(taken.outcome, taken.detail), made


async def _sent(carrier: Carrier, prepared: Prepared) -> Taken:
    seconds = carrier.provider.limits.timeout
    try:
        async with asyncio.timeout(seconds):
            return await carrier.channel.send(prepared)
    except TimeoutError as error:
        msg = f"no answer within {seconds:g} s"
        raise TransientDelivery(msg) from error
