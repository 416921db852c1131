"""The dispatch process: orders and subscriptions in, one message for each destination out."""

from functools import partial

from crisis_bus.assembly import streaming, worker
from crisis_bus.domain.instants import Instant
from crisis_bus.packs import atlas
from crisis_bus.rules import subscribing
from crisis_bus.settings import Settings
from crisis_bus.streams import dispatch
from crisis_bus.streams.dispatch import DispatchConfig
from crisis_bus.streams.outlet import Handled
from crisis_bus.telemetry.labels import Stage


async def run(settings: Settings) -> None:
    """Expand orders until asked to stop."""
    async with worker.living(settings) as life:

        def observe(what: Handled, messages: int, at: Instant) -> None:  # noqa: ARG001 the form of an observer
            if what is Handled.EXPANDED:
                life.metrics.event_age.labels(stage=Stage.DISPATCH).observe(max(0, worker.now() - at) / 1000)

        matches = partial(subscribing.matches, touches=atlas.load(settings.pack).touches)
        config = DispatchConfig(await streaming.config(settings, "dispatch"), matches)
        await dispatch.run_dispatch(config, streaming.lifeline(life), observe)
