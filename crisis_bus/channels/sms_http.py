"""Text messages through the HTTP gateway of a provider: its request is a template, its answer is read by a path."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Self

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from crisis_bus.channels import json_paths, sms
from crisis_bus.channels.callbacks import CallbackOptions
from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.http import Answer, Post, wait_asked
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import PermanentDelivery, SettingsError, TransientDelivery

_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class SmsHttpOptions(BaseModel):
    """How a provider is asked; templates know `number` (E.164), `digits`, `text`, `id`, `secret`, and `tojson`.

    `id_path` leads to the provider's id in a JSON answer (`messages.0.id`); `taken_path` and `taken` say what a 2xx
    answer must hold for the message to count as taken; `report` is how the provider calls back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str
    body: str
    headers: dict[str, str] = {"content-type": "application/json"}
    secret: SecretStr = SecretStr("")
    id_path: str | None = None
    taken_path: str | None = None
    taken: str | None = None
    most_characters: int = Field(1530, ge=1)
    report: CallbackOptions | None = None

    @model_validator(mode="after")
    def _reports_name_what_the_answer_named(self) -> Self:
        if self.report is not None and self.id_path is None:
            msg = "report needs id_path: a callback is about the message that the answer has named"
            raise ValueError(msg)
        return self


class SmsHttpChannel:
    """Sends text messages by one POST each."""

    name: Transport = "sms"
    traits = Traits(
        "sms_http",
        "sms",
        "phone number in E.164",
        "the provider's; most_characters of the options",
        "both in one message",
        "by chain, until the provider",
        "2xx of the provider, and what taken_path must hold",
        "callbacks of the provider to /v1/reports/{provider}, where the options have report",
        carrier=True,
    )

    def __init__(self, options: SmsHttpOptions, post: Post, now: Callable[[], Instant]) -> None:
        """Read the templates; raises SettingsError, which names the option."""
        self._options = options
        self._post = post
        self._now = now
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._templates: dict[str, Any] = {}
        for name, source in {"url": options.url, "body": options.body, **_named(options.headers)}.items():
            try:
                self._templates[name] = environment.from_string(source)
                self._templates[name].render(_names("+10000000", "text", "id", "secret"))
            except TemplateError as error:
                msg = f"sms_http.{name}: the template cannot be used: {error}"
                raise SettingsError(msg) from error

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Fill the template of the body; refuse a wrong number and a text that is too long."""
        text = sms.words(message)
        if len(text) > self._options.most_characters:
            msg = f"the text is longer than the {self._options.most_characters} characters that the provider takes"
            raise PermanentDelivery(msg)
        return Prepared(message, self._filled("body", message).encode())

    async def send(self, prepared: Prepared) -> Taken:
        """Post once."""
        message = prepared.message
        headers = {name: self._filled(f"headers.{name}", message) for name in self._options.headers}
        answer = await self._post(self._filled("url", message), headers, prepared.payload)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise self._refusal(answer)
        said = _read(answer.body)
        if (
            self._options.taken_path is not None
            and json_paths.text(said, self._options.taken_path) != self._options.taken
        ):
            msg = f"the provider answered {answer.status} and did not take the message"
            raise PermanentDelivery(msg)
        name = None if self._options.id_path is None else json_paths.text(said, self._options.id_path)
        return Taken(f"the provider answered {answer.status}", Outcome.ACCEPTED, name)

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._post.close()

    def _filled(self, name: str, message: OutboxMessage) -> str:
        secret = self._options.secret.get_secret_value()
        filled: str = self._templates[name].render(_names(sms.number(message), sms.words(message), message.id, secret))
        return filled

    def _refusal(self, answer: Answer) -> TransientDelivery | PermanentDelivery:
        msg = f"the provider answered {answer.status}"
        final = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if final and answer.status not in _AGAIN:
            return PermanentDelivery(msg)
        return TransientDelivery(msg, wait_asked(answer.retry_after, self._now()))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {f"headers.{name}": value for name, value in headers.items()}


def _names(number: str, text: str, name: str, secret: str) -> dict[str, str]:
    return {"number": number, "digits": number.removeprefix("+"), "text": text, "id": name, "secret": secret}


def _read(body: bytes) -> Any:  # noqa: ANN401 any JSON value comes by
    try:
        return json.loads(body)
    except ValueError:
        return None
