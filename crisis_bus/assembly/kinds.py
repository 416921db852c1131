"""What `providers.yaml` may set up: each kind of channel, its options, and how it is built."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.channels.apprise import AppriseChannel, AppriseOptions
from crisis_bus.channels.contract import Channel, Tell
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
from crisis_bus.domain import links
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.providers import Limits, Provider
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import SettingsError
from crisis_bus.packs.templates import load_templates
from crisis_bus.settings import Settings

_PAPER = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core"


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
