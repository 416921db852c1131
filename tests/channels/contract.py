"""What every channel must keep, run against each of them with a real peer."""

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Any

import pytest

from crisis_bus.channels.contract import Channel, Prepared
from crisis_bus.delivery.carriers import Carrier
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.providers import Provider
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.samples import SECRET, bulletin, message


class Mood(StrEnum):
    """How a peer treats the next messages."""

    WELL = "well"
    BUSY = "busy"
    REFUSING = "refusing"
    SILENT = "silent"


class Peer(ABC):
    """The other side of a channel."""

    channel: Channel
    address: str
    wrong_addresses: tuple[str, ...]

    @abstractmethod
    def be(self, mood: Mood) -> None:
        """Treat the next messages so."""

    @abstractmethod
    def effects(self) -> set[str]:
        """What the destination knows apart by its id."""

    @abstractmethod
    def words(self) -> str:
        """All that the destination was told."""

    def message(self, id: str = "m-1", **changes: Any) -> OutboxMessage:  # noqa: A002 the model calls it so
        base = {"transport": self.channel.name, "address": self.address}
        return message(id, **(base | changes))


async def ready(peer: Peer, message: OutboxMessage) -> Prepared:
    """What the worker makes of a message before it is sent."""
    return await Carrier(Provider(name="any", kind="any"), peer.channel).prepared(message)


class ChannelContract:
    """Inherit, and give a fixture `peer`."""

    async def test_preparing_sends_nothing_and_gives_the_same_twice(self, peer: Peer) -> None:
        first = peer.channel.prepare(peer.message())
        second = peer.channel.prepare(peer.message())

        assert first == second
        assert peer.effects() == set()

    async def test_a_message_arrives_in_its_languages_and_the_sentence_names_no_address(self, peer: Peer) -> None:
        sentence = (await peer.channel.send(await ready(peer, peer.message(secret=SECRET)))).detail

        assert len(peer.effects()) == 1
        assert "ابتعد عن الأودية." in peer.words()
        assert "Keep away from wadis." in peer.words()
        assert sentence.strip()
        assert peer.address == "/" or peer.address not in sentence
        assert SECRET not in sentence

    async def test_only_the_languages_that_are_wanted_leave(self, peer: Peer) -> None:
        await peer.channel.send(await ready(peer, peer.message(languages=("en",))))

        assert "Keep away from wadis." in peer.words()
        assert "ابتعد" not in peer.words()

    async def test_the_same_message_twice_is_one_at_the_destination(self, peer: Peer) -> None:
        await peer.channel.send(await ready(peer, peer.message()))
        await peer.channel.send(await ready(peer, peer.message()))

        assert len(peer.effects()) == 1

    async def test_two_bulletins_are_two_at_the_destination(self, peer: Peer) -> None:
        await peer.channel.send(await ready(peer, peer.message("m-1")))
        await peer.channel.send(await ready(peer, peer.message("m-2", bulletin=bulletin("W2", sequence=2))))

        assert len(peer.effects()) == 2

    async def test_an_address_that_is_none_is_refused_before_anything_is_sent(self, peer: Peer) -> None:
        for address in peer.wrong_addresses:
            with pytest.raises(PermanentDelivery, match=r"address|topic") as refused:
                peer.channel.prepare(peer.message(address=address))

            assert len(address) < 4 or address not in str(refused.value)
        assert peer.effects() == set()

    async def test_a_busy_destination_may_be_tried_again(self, peer: Peer) -> None:
        prepared = await ready(peer, peer.message())
        peer.be(Mood.BUSY)

        with pytest.raises(TransientDelivery) as busy:
            await peer.channel.send(prepared)

        assert peer.address == "/" or peer.address not in str(busy.value)
        peer.be(Mood.WELL)
        await peer.channel.send(prepared)
        assert len(peer.effects()) == 1


class RefusingContract(ChannelContract):
    """For channels whose destination can say no, or say nothing."""

    async def test_a_destination_that_says_no_is_not_tried_again(self, peer: Peer) -> None:
        prepared = await ready(peer, peer.message())
        peer.be(Mood.REFUSING)

        with pytest.raises(PermanentDelivery) as refused:
            await peer.channel.send(prepared)

        assert peer.address not in str(refused.value)
        assert not refused.value.gone

    async def test_a_destination_that_says_nothing_is_given_up_in_time(self, peer: Peer) -> None:
        prepared = await ready(peer, peer.message())
        peer.be(Mood.SILENT)

        with pytest.raises(TransientDelivery, match="no answer"):
            await peer.channel.send(prepared)
