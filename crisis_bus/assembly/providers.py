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
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.channels.apprise import AppriseChannel, AppriseOptions
from crisis_bus.channels.contract import Channel, Report, Tell
from crisis_bus.channels.email import EmailChannel, EmailOptions
from crisis_bus.channels.handover import HandoverChannel, HandoverOptions, Office
from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.kafka import KafkaChannel, Publish
from crisis_bus.channels.mqtt import MqttChannel, MqttOptions
from crisis_bus.channels.push import PushChannel, PushOptions
from crisis_bus.channels.signatures import SigningKey
from crisis_bus.channels.site import Site, Titles
from crisis_bus.channels.smpp import SmppChannel, SmppOptions
from crisis_bus.channels.sms_http import SmsHttpChannel, SmsHttpOptions
from crisis_bus.channels.telegram import TelegramChannel, TelegramOptions
from crisis_bus.channels.web import WebChannel
from crisis_bus.channels.webhook import WebhookChannel
from crisis_bus.channels.x import XChannel, XOptions
from crisis_bus.delivery.carriers import Carrier, Carriers
from crisis_bus.domain import links
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.providers import Limits, Provider, Retries
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import NotReachable, SettingsError
from crisis_bus.packs.templates import load_templates
from crisis_bus.settings import Settings

FILE = "providers.yaml"
_PAPER = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core"
_USUAL: dict[str, dict[str, Any]] = {"handover": {"confirm_within": 600.0}}
"""What holds for a kind that does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Seams:
    """What a channel may need of the process: settings, Kafka, and somebody who hears what its peer says later."""

    settings: Settings
    publish: Publish
    tell: Tell
    provider: Provider

    @property
    def limits(self) -> Limits:
        """What the provider takes."""
        return self.provider.limits


Build = Callable[[Any, Seams], Channel]


class NoOptions(BaseModel):
    """Nothing to choose."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _webhook(_options: NoOptions, seams: Seams) -> Channel:
    key = seams.settings.webhook_signing_key
    signing = None if key is None else SigningKey(key.get_secret_value())
    return WebhookChannel(_post(seams), worker.now, signing)


def _post(seams: Seams) -> HttpPost:
    return HttpPost(seams.limits.timeout, seams.settings.allowed_networks)


def _email(options: EmailOptions, seams: Seams) -> Channel:
    secret = seams.settings.link_secret
    if options.unsubscribe_url is not None and secret is None:
        msg = "email.options.unsubscribe_url: needs the setting link_secret, which the gateway has too"
        raise SettingsError(msg)
    token = None if secret is None else partial(_token, secret.get_secret_value().encode())
    return EmailChannel(options, seams.limits, token, seams.tell)


def _token(secret: bytes, message: OutboxMessage) -> str:
    return links.token(secret, "unsubscribe", message.subscription)


def _push(options: PushOptions, seams: Seams) -> Channel:
    return PushChannel(options, _post(seams), worker.now)


def _mqtt(options: MqttOptions, seams: Seams) -> Channel:
    return MqttChannel(options, seams.limits, worker.now)


def _apprise(options: AppriseOptions, seams: Seams) -> Channel:
    return AppriseChannel(options, seams.limits)


def _smpp(options: SmppOptions, seams: Seams) -> Channel:
    return SmppChannel(options, seams.tell)


def _sms_http(options: SmsHttpOptions, seams: Seams) -> Channel:
    return SmsHttpChannel(options, _post(seams), worker.now)


def _telegram(options: TelegramOptions, seams: Seams) -> Channel:
    return TelegramChannel(options, _post(seams), worker.now)


def _x(options: XOptions, seams: Seams) -> Channel:
    return XChannel(options, _post(seams), worker.now, worker.chance)


def _kafka(_options: NoOptions, seams: Seams) -> Channel:
    return KafkaChannel(seams.publish)


def _handover(options: HandoverOptions, seams: Seams) -> Channel:
    settings, name = seams.settings, seams.provider.name
    if settings.webhook_signing_key is None or settings.link_secret is None:
        msg = f"{name}: a hand-over needs the settings webhook_signing_key and link_secret"
        raise SettingsError(msg)
    secret = settings.link_secret.get_secret_value().encode()

    def link(message: OutboxMessage) -> str:
        token = links.token(secret, "acknowledge", f"{name}/{message.id}")
        return f"{settings.public_url}/acknowledge/{token}"

    site = _site(settings)
    office = Office(
        key=SigningKey(settings.webhook_signing_key.get_secret_value()),
        folder=settings.data / "handover",
        paper=partial(_printer(name), site=site),
        link=link,
        within_seconds=seams.provider.confirm_within,
        offset_minutes=site.offset_minutes,
    )
    return HandoverChannel(options, office, _post(seams), worker.now)


def _printer(name: str) -> Callable[..., bytes]:
    """What makes PDFs; WeasyPrint needs libraries of the system, which only who hands over has to have."""
    try:
        from crisis_bus.channels.printing import printed  # noqa: PLC0415 see above
    except OSError as error:
        msg = f"{name}: a hand-over has a PDF in it, which needs Pango and Arabic letters: install Debian's {_PAPER}"
        raise SettingsError(msg) from error
    return printed


def _web(_options: NoOptions, seams: Seams) -> Channel:
    settings = seams.settings
    post = None if settings.websub_hub is None else _post(seams)
    return WebChannel(settings.data / "web", f"{settings.public_url}/public", _site(settings), post)


def _site(settings: Settings) -> Site:
    policy = packs.load(settings.pack)
    words = load_templates(settings.pack)
    titles: Titles = {
        language: f"{words.labels.official[language]} · {policy.name[language]}" for language in words.languages
    }
    return Site(titles, policy.utc_offset_minutes, words.calendars, settings.websub_hub)


KINDS: dict[str, tuple[Transport, type[BaseModel], Build]] = {
    "webhook": ("webhook", NoOptions, _webhook),
    "email": ("email", EmailOptions, _email),
    "web": ("web", NoOptions, _web),
    "kafka": ("kafka", NoOptions, _kafka),
    "smpp": ("sms", SmppOptions, _smpp),
    "sms_http": ("sms", SmsHttpOptions, _sms_http),
    "x": ("x", XOptions, _x),
    "telegram": ("telegram", TelegramOptions, _telegram),
    "mqtt": ("mqtt", MqttOptions, _mqtt),
    "push": ("push", PushOptions, _push),
    "apprise": ("apprise", AppriseOptions, _apprise),
    "handover": ("handover", HandoverOptions, _handover),
}
"""What `providers.yaml` may set up, and the transport that each kind serves."""


@dataclass(slots=True)
class Ears:
    """Hands what peers say later to the worker, which is made after its channels."""

    hear: Callable[[str, Report], Awaitable[None]] | None = None

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
    return Carriers(found)


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
    _, options, build = KINDS[provider.kind]
    try:
        return build(options.model_validate(provider.options), seams)
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
