"""The long tail (Slack, Teams, IRC …) by Apprise, which knows how each of them is spoken to and tells yes or no.

Apprise is imported when the channel is made: that takes half a second, which who has no such provider does not pay.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json, to_json

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.event import Shared
from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Outcome
from crisis_bus.domain.providers import Limits
from crisis_bus.domain.subscriptions import Language, Transport
from crisis_bus.errors import PermanentDelivery, TransientDelivery

_MOST_THREADS = 32


class AppriseOptions(BaseModel):
    """Which services may be called: the schema of an Apprise URL says which one it is and, for some, any host."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    schemas: tuple[str, ...] = Field(("slack", "workflows", "ircs"), min_length=1)


class AppriseChannel:
    """Notifies one Apprise URL; the URL is a secret and stands in no sentence and no log."""

    name: Transport = "apprise"
    traits = Traits(
        "apprise",
        "apprise",
        "Apprise URL of a service that the provider allows",
        "the service's, by Apprise: longer words are cut",
        "both in one message",
        "by chain, until the service",
        "Apprise says yes",
        "none, and no ids: a repeat is a second message",
    )

    def __init__(self, options: AppriseOptions, limits: Limits) -> None:
        self._schemas = frozenset(options.schemas)
        self._timeout = limits.timeout
        self._threads = ThreadPoolExecutor(min(limits.at_once, _MOST_THREADS), "apprise")
        self._notices = Shared(_notice)
        self._apprise = _silent()
        self._asset = self._apprise.AppriseAsset(async_mode=False, http_redirects=False, secure_logging=True)

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse a service that is not allowed and a URL that Apprise does not understand."""
        if message.address.partition("://")[0].lower() not in self._schemas:
            msg = f"the address must begin with one of {', '.join(f'{each}://' for each in sorted(self._schemas))}"
            raise PermanentDelivery(msg)
        if self._service(message.address) is None:
            msg = "the address is no URL that Apprise understands for this service"
            raise PermanentDelivery(msg)
        return Prepared(message, self._notices.of(message))

    async def send(self, prepared: Prepared) -> Taken:
        """Notify once; Apprise does not tell why it could not, so that another attempt may always help."""
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._notify, prepared)
        try:
            async with asyncio.timeout(self._timeout):
                taken = await work
        except TimeoutError as error:
            msg = f"no answer of the service within {self._timeout:g} s"
            raise TransientDelivery(msg) from error
        if not taken:
            msg = "the service did not take the message; Apprise does not say why"
            raise TransientDelivery(msg)
        return Taken("Apprise says that the service took the message", Outcome.ACCEPTED)

    async def close(self) -> None:
        """Begin nothing more; a call that runs ends by its own timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _notify(self, prepared: Prepared) -> bool:
        service = self._service(prepared.message.address)
        if service is None:
            return False
        sender = self._apprise.Apprise(service, asset=self._asset)
        return bool(sender.notify(**from_json(prepared.payload), body_format=self._apprise.NotifyFormat.TEXT))

    def _service(self, address: str) -> Any | None:  # noqa: ANN401 its type is known when Apprise has been imported
        """The service as Apprise knows it; what its URL says of certificates, redirects and waits does not count."""
        service = self._apprise.Apprise.instantiate(address, asset=self._asset)
        if not isinstance(service, self._apprise.NotifyBase):
            return None
        service.verify_certificate, service.redirects = True, False
        service.socket_connect_timeout = service.socket_read_timeout = self._timeout
        return service


def _silent() -> ModuleType:
    """Apprise with all its services; it and what it calls by write addresses into their logs."""
    import apprise  # noqa: PLC0415 see the docstring of the module
    from apprise.manager_plugins import NotificationManager  # noqa: PLC0415 the same

    for name in ("apprise", "urllib3.connectionpool"):
        logging.getLogger(name).disabled = True
    NotificationManager().load_modules()  # type: ignore[no-untyped-call] # Apprise has no types here
    return apprise


def _notice(bulletin: Bulletin, languages: tuple[Language, ...]) -> bytes:
    said = [each for each in languages if each in bulletin.text]
    if not said:
        msg = "the bulletin has no text in a language that the subscription asks for"
        raise PermanentDelivery(msg)
    words = "\n\n".join([*(bulletin.worded("post", each) for each in said), bulletin.number])
    return to_json({"title": bulletin.headline[said[0]], "body": words})
