"""The intake process: reports in, commands out."""

from crisis_bus import packs
from crisis_bus.assembly import streaming, worker
from crisis_bus.domain.instants import Instant, minutes
from crisis_bus.rules.correlation import Codes
from crisis_bus.settings import Settings
from crisis_bus.streams import intake
from crisis_bus.streams.intake import IntakeConfig
from crisis_bus.streams.outlet import Handled
from crisis_bus.telemetry.labels import Intake

_OUTCOMES = {
    Handled.INCIDENT_REPORTED: Intake.OPENED,
    Handled.INCIDENT_UPDATED: Intake.JOINED,
    Handled.NOTHING_NEW: Intake.REPEATED,
    Handled.DEAD_LETTER: Intake.UNREADABLE,
}


async def run(settings: Settings) -> None:
    """Correlate reports until asked to stop."""
    policy = packs.load(settings.pack)
    codes = Codes(frozenset(policy.type_of), frozenset((*policy.emirate_codes, policy.nationwide)))
    async with worker.living(settings) as life:

        def observe(what: Handled, messages: int, at: Instant) -> None:  # noqa: ARG001 the form of an observer
            life.metrics.reports.labels(outcome=_OUTCOMES[what]).inc()

        config = IntakeConfig(await streaming.config(settings, "intake"), minutes(settings.correlation_minutes), codes)
        await intake.run_intake(config, streaming.lifeline(life), observe)
