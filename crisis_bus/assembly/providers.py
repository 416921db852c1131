"""The providers that a deliver process has: one of each of four kinds, others if `<data>/providers.yaml` sets them up.

    mqtt:
      options: {host: 127.0.0.1, port: 1883, retain: true, payload: sign}
    mail-abroad:
      kind: email
      options: {host: mail.example.test, sender: desk@example.test}
      limits: {per_second: 50, burst: 100, per_day: 100000, reserve: 0.2}
      retries: {longest_wait: 3600, give_up: 172800}

The name of an entry is its kind if it does not say another. Entries of one transport are alternates in their order;
they take the place of the one that is there without them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from crisis_bus.assembly.kinds import KINDS, Seams
from crisis_bus.channels.callbacks import CallbackOptions
from crisis_bus.channels.contract import Channel, Report
from crisis_bus.channels.kafka import Publish
from crisis_bus.channels.sms_http import SmsHttpOptions
from crisis_bus.delivery.carriers import Carrier, Carriers
from crisis_bus.domain import suppressing
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.providers import Limits, Provider, Retries
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import NotReachable, SettingsError
from crisis_bus.settings import Settings

FILE = "providers.yaml"
_USUAL: dict[str, dict[str, Any]] = {"handover": {"confirm_within": 600.0}}
"""What holds for a kind that does not say otherwise."""


@dataclass(slots=True)
class Ears:
    """Hands what peers say later to the worker, which is made after its channels."""

    hear: Callable[[str, Report], Awaitable[object]] | None = None

    async def tell(self, provider: str, report: Report) -> None:
        """Pass a word on; raises NotReachable while nobody listens."""
        if self.hear is None:
            msg = "nobody listens to providers yet"
            raise NotReachable(msg)
        await self.hear(provider, report)


def carriers(settings: Settings, publish: Publish, ears: Ears) -> Carriers:
    """Build every provider; raises SettingsError, which names the file, the entry and the field."""
    file = settings.data / FILE
    found: dict[Transport, list[Carrier]] = {}
    for provider in configured(file, settings):
        seams = Seams(settings, publish, partial(ears.tell, provider.name), provider)
        found.setdefault(KINDS[provider.kind][0], []).append(Carrier(provider, _built(file, provider, seams)))
    return Carriers(found, marks=_marks(settings))


def _marks(settings: Settings) -> Callable[[OutboxMessage], frozenset[str]] | None:
    if settings.link_secret is None:
        return None
    secret = settings.link_secret.get_secret_value().encode()
    return lambda message: suppressing.marks(secret, message.transport, message.address, message.channel)


def configured(file: Path, settings: Settings) -> list[Provider]:
    """Those that a file names, in its order, and the usual ones of other transports; raises SettingsError."""
    named = [_provider(file, name, said) for name, said in _entries(file).items()]
    served = {KINDS[provider.kind][0] for provider in named}
    always = [_usual(settings, kind) for kind in ("webhook", "email", "web", "kafka")]
    return [*named, *(provider for provider in always if KINDS[provider.kind][0] not in served)]


def names(settings: Settings) -> list[str]:
    """The names of all providers and their transports."""
    found = configured(settings.data / FILE, settings)
    return sorted({provider.name for provider in found} | {KINDS[provider.kind][0] for provider in found})


def callbacks(settings: Settings) -> dict[str, CallbackOptions]:
    """The providers that call back, and how the gateway reads them; raises SettingsError."""
    file = settings.data / FILE
    found = {}
    for provider in configured(file, settings):
        options = _options(file, provider)
        if isinstance(options, SmsHttpOptions) and options.report is not None:
            found[provider.name] = options.report
    return found


def _usual(settings: Settings, kind: str) -> Provider:
    options = _mail(settings) if kind == "email" else {}
    limits = Limits(at_once=settings.delivery_concurrency, timeout=settings.delivery_timeout_seconds)
    return Provider(name=kind, kind=kind, options=options, limits=limits, retries=_retries(settings))


def _retries(settings: Settings) -> Retries:
    return Retries(first_wait=settings.delivery_first_wait_seconds, give_up=settings.delivery_give_up_seconds)


def _entries(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return TypeAdapter(dict[str, dict[str, Any]]).validate_python(yaml.safe_load(file.read_bytes()) or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        msg = f"{file}: it is no YAML: {error}"
        raise SettingsError(msg) from error
    except ValidationError as error:
        raise _refused(file, "", error) from error


def _provider(file: Path, name: str, said: dict[str, Any]) -> Provider:
    try:
        usual = _USUAL.get(str(said.get("kind", name)), {})
        provider = Provider.model_validate({"kind": name, **usual, **said, "name": name})
    except ValidationError as error:
        raise _refused(file, f"{name}.", error) from error
    if provider.kind not in KINDS:
        msg = f"{file}: {name}: there is no kind {provider.kind!r}; there are {', '.join(KINDS)}"
        raise SettingsError(msg)
    return provider


def _built(file: Path, provider: Provider, seams: Seams) -> Channel:
    return KINDS[provider.kind][2](_options(file, provider), seams)


def _options(file: Path, provider: Provider) -> BaseModel:
    try:
        return KINDS[provider.kind][1].model_validate(provider.options)
    except ValidationError as error:
        raise _refused(file, f"{provider.name}.options.", error) from error


def _refused(file: Path, place: str, error: ValidationError) -> SettingsError:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return SettingsError(f"{file}: {place}{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _mail(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.smtp_host,
        "port": settings.smtp_port,
        "sender": settings.smtp_from,
        "user": settings.smtp_user,
        "password": settings.smtp_password,
        "tls": "starttls" if settings.smtp_starttls else "none",
        "unsubscribe_url": None if settings.link_secret is None else settings.public_url,
    }
