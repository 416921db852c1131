"""What holds for every channel whatever its peer or the network does."""

import asyncio

import pytest

from crisis_bus.delivery.carriers import Carrier
from crisis_bus.domain.providers import Provider
from crisis_bus.errors import DeliveryError, PermanentDelivery, TransientDelivery
from tests.faults import channels
from tests.faults.channels import TIMEOUT, Setting
from tests.faults.proxy import FAULTS, latency, through


async def attempt(setting: Setting, name: str = "S1") -> DeliveryError | None:
    """One attempt, bounded as the worker bounds it."""
    prepared = await Carrier(Provider(name="any", kind="any"), setting.channel).prepared(setting.message(name))
    try:
        async with asyncio.timeout(TIMEOUT * 2):
            await setting.channel.send(prepared)
    except TimeoutError:
        return TransientDelivery("no answer")
    except DeliveryError as error:
        return error
    return None


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", channels.CHANNELS)
async def test_after_a_fault_the_message_is_taken_and_no_other_has_its_place(kind: str, fault: str) -> None:
    async with channels.CHANNELS[kind]() as setting:
        setting.proxy.strike(FAULTS[fault])
        failed = await attempt(setting)
        setting.proxy.strike(through)
        healed = [await attempt(setting) for _ in range(2)]

        assert isinstance(failed, TransientDelivery), failed
        assert None in healed
        assert 1 == len(set(setting.took()))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", channels.CHANNELS)
async def test_no_sentence_about_a_fault_names_an_address_or_a_secret(kind: str, fault: str) -> None:
    async with channels.CHANNELS[kind]() as setting:
        setting.proxy.strike(FAULTS[fault])
        failed = await attempt(setting)

        said = str(failed)
        hidden = [value for name, value in setting.fields.items() if name != "transport"]
        assert not [value for value in [*hidden, str(setting.proxy.port)] if value in said]


@pytest.mark.parametrize("kind", channels.CHANNELS)
async def test_a_slow_way_is_no_fault(kind: str) -> None:
    async with channels.CHANNELS[kind]() as setting:
        setting.proxy.strike(latency)
        async with asyncio.timeout(10):
            for _ in range(3):
                if await attempt(setting) is None:
                    break

        assert setting.took()


@pytest.mark.parametrize("kind", channels.CHANNELS)
async def test_nobody_there_may_be_tried_again(kind: str) -> None:
    async with channels.CHANNELS[kind]() as setting:
        setting.proxy.target = 1
        setting.proxy.strike(FAULTS["reset"])

        assert isinstance(await attempt(setting), TransientDelivery)


@pytest.mark.parametrize("kind", channels.CHANNELS)
async def test_preparing_sends_nothing_and_a_wrong_address_is_final(kind: str) -> None:
    async with channels.CHANNELS[kind]() as setting:
        with pytest.raises(PermanentDelivery):
            setting.channel.prepare(setting.message(address="\x00 wrong"))
        setting.channel.prepare(setting.message())

        assert [] == setting.took()
