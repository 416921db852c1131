import asyncio

from crisis_bus.streams.turns import Turns


async def test_one_key_is_worked_on_in_order_and_another_does_not_wait() -> None:
    turns, done = Turns(), list[str]()

    async def work(key: bytes, name: str, pauses: int) -> None:
        async with turns.of(key):
            for _ in range(pauses):
                await asyncio.sleep(0)
            done.append(name)

    await asyncio.gather(work(b"a", "a1", 9), work(b"a", "a2", 1), work(b"b", "b1", 2), work(b"a", "a3", 0))

    assert ["b1", "a1", "a2", "a3"] == done
    assert not turns._last


async def test_whoever_fails_makes_room_for_the_next() -> None:
    turns = Turns()

    async def fail() -> None:
        async with turns.of(b"a"):
            await asyncio.sleep(0)
            raise ValueError

    async def work() -> str:
        async with turns.of(b"a"):
            return "done"

    failed, done = await asyncio.gather(fail(), work(), return_exceptions=True)

    assert isinstance(failed, ValueError)
    assert "done" == done
