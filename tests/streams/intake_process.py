"""Intake in a process of its own, which can be told to die by SIGKILL at a place: `none`, `sent` or `kept`."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from crisis_bus.rules.correlation import Codes
from crisis_bus.streams.faust_app import StreamConfig, Table
from crisis_bus.streams.intake import IntakeConfig, run_intake
from crisis_bus.streams.outlet import Outlet, Parcel
from crisis_bus.streams.worker import Lifeline


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_when_sent() -> None:
    send = Outlet.send

    async def send_and_die(self: Outlet, parcels: Iterable[Parcel]) -> int:
        count = await send(self, parcels)
        if count:
            die()
        return count

    Outlet.send = send_and_die  # type: ignore[method-assign]  # the crash that is tested


def die_when_kept() -> None:
    keep = Table.keep

    async def keep_and_die(self: Table, key: bytes, value: bytes) -> None:
        await keep(self, key, value)
        die()

    Table.keep = keep_and_die  # type: ignore[method-assign]  # the crash that is tested


async def main(bootstrap: str, data: str, app_id: str, place: str) -> None:
    {"none": lambda: None, "sent": die_when_sent, "kept": die_when_kept}[place]()
    lifeline = Lifeline()
    lifeline.stop_on_signals()
    config = IntakeConfig(
        StreamConfig(bootstrap, Path(data), app_id, session_timeout_seconds=6.0),
        window=3_600_000,
        codes=Codes(frozenset({"MET-FLOOD", "GEO-QUAKE"}), frozenset({"AE-FU", "AE-SH"})),
    )
    await run_intake(config, lifeline)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
