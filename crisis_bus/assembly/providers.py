"""The channels that a deliver process has: four always, others if `<data>/providers.yaml` sets them up.

    mqtt:
      options: {host: 127.0.0.1, port: 1883, retain: true, payload: sign}
    push:
      options: {key_file: /etc/crisis-bus/vapid.pem, contact: "mailto:desk@example.test"}
    apprise:
      limits: {at_once: 16}

An entry `email` takes the place of the `smtp_…` settings.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.channels.apprise import AppriseChannel, AppriseOptions
from crisis_bus.channels.contract import Channel
from crisis_bus.channels.email import EmailChannel, EmailOptions
from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.kafka import KafkaChannel, Publish
from crisis_bus.channels.mqtt import MqttChannel, MqttOptions
from crisis_bus.channels.push import PushChannel, PushOptions
from crisis_bus.channels.site import Site, Titles
from crisis_bus.channels.web import WebChannel
from crisis_bus.channels.webhook import WebhookChannel
from crisis_bus.domain.providers import Limits, Provider
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import SettingsError
from crisis_bus.packs.templates import load_templates
from crisis_bus.settings import Settings

FILE = "providers.yaml"
Build = Callable[[Any, Limits], Channel]


def _push(options: PushOptions, limits: Limits) -> Channel:
    return PushChannel(options, HttpPost(limits.timeout, limits.at_once), worker.now)


def _mqtt(options: MqttOptions, limits: Limits) -> Channel:
    return MqttChannel(options, limits, worker.now)


KINDS: dict[Transport, tuple[type[BaseModel], Build]] = {
    "email": (EmailOptions, EmailChannel),
    "mqtt": (MqttOptions, _mqtt),
    "push": (PushOptions, _push),
    "apprise": (AppriseOptions, AppriseChannel),
}
"""What `providers.yaml` may set up."""
_NOT_CONNECTED = ("dsn_maildir", "unsubscribe_url")
"""Options of e-mail to which the rest of the system does not answer yet."""


def channels(settings: Settings, publish: Publish) -> dict[Transport, Channel]:
    """Build every channel; raises SettingsError, which names the file, the entry and the field."""
    always: dict[Transport, Channel] = {
        "webhook": WebhookChannel(
            HttpPost(settings.delivery_timeout_seconds, settings.delivery_concurrency), worker.now
        ),
        "email": EmailChannel(_mail(settings), Limits(timeout=settings.delivery_timeout_seconds)),
        "web": _web(settings),
        "kafka": KafkaChannel(publish),
    }
    return always | configured(settings.data / FILE)


def configured(file: Path) -> dict[Transport, Channel]:
    """The channels that a file sets up; none without the file."""
    if not file.exists():
        return {}
    try:
        found = TypeAdapter(dict[str, Provider]).validate_python(yaml.safe_load(file.read_bytes()) or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        msg = f"{file}: it is no YAML: {error}"
        raise SettingsError(msg) from error
    except ValidationError as error:
        raise _refused(file, "", error) from error
    return {_transport(file, name): _built(file, name, provider) for name, provider in found.items()}


def _transport(file: Path, name: str) -> Transport:
    for transport in KINDS:
        if transport == name:
            return transport
    msg = f"{file}: {name}: there is no such entry; there are {', '.join(KINDS)}"
    raise SettingsError(msg)


def _built(file: Path, name: str, provider: Provider) -> Channel:
    options, build = KINDS[_transport(file, name)]
    if unknown := [field for field in _NOT_CONNECTED if field in provider.options]:
        msg = f"{file}: {name}.options.{unknown[0]}: nothing answers to it in this version; leave it out"
        raise SettingsError(msg)
    try:
        return build(options.model_validate(provider.options), provider.limits)
    except ValidationError as error:
        raise _refused(file, f"{name}.options.", error) from error


def _refused(file: Path, place: str, error: ValidationError) -> SettingsError:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return SettingsError(f"{file}: {place}{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _mail(settings: Settings) -> EmailOptions:
    return EmailOptions(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=settings.smtp_password,
        tls="starttls" if settings.smtp_starttls else "none",
    )


def _web(settings: Settings) -> Channel:
    policy = packs.load(settings.pack)
    words = load_templates(settings.pack)
    titles: Titles = {
        language: f"{words.labels.official[language]} · {policy.name[language]}" for language in words.languages
    }
    site = Site(titles, policy.utc_offset_minutes, words.calendars)
    return WebChannel(settings.data / "web", f"{settings.public_url}/public", site)
