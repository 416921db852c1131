"""Telegram channels and groups by the Bot API: one message in all languages, plain text."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr
from pydantic_core import from_json, to_json

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.event import Shared
from crisis_bus.channels.http import Answer, Post, wait_asked
from crisis_bus.channels.threads import Threads
from crisis_bus.domain.delivery import Bulletin, OutboxMessage
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Language, Transport
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from crisis_bus.text.sms import utf16

_CHAT = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?[1-9][0-9]{4,18}", re.ASCII)
_MOST_UNITS = 4096


class TelegramOptions(BaseModel):
    """The bot's token, and where the Bot API is."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    token: SecretStr
    api: str = "https://api.telegram.org"


class TelegramChannel:
    """Sends to one chat; the token stands in the address of every request, and in no sentence."""

    name: Transport = "telegram"
    traits = Traits(
        "telegram",
        "telegram",
        "@channel, or the number of a chat",
        f"{_MOST_UNITS} UTF-16 units; longer texts give way to the short wording",
        "both in one message",
        "by chain; a correction answers what it corrects",
        "ok of the Bot API",
        "the answer is the receipt; no ids: a repeat after a lost answer is a second message",
        carrier=True,
    )

    def __init__(self, options: TelegramOptions, post: Post, now: Callable[[], Instant]) -> None:
        self._url = f"{options.api.rstrip('/')}/bot{options.token.get_secret_value()}/sendMessage"
        self._post = post
        self._now = now
        self._texts = Shared(_text)
        self._threads = Threads()

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse what is no chat."""
        if _CHAT.fullmatch(message.address) is None:
            msg = "the address must be @channel or the number of a chat"
            raise PermanentDelivery(msg)
        return Prepared(message, self._texts.of(message))

    async def send(self, prepared: Prepared) -> Taken:
        """Send once."""
        message = prepared.message
        body: dict[str, Any] = {"chat_id": message.address, "text": prepared.payload.decode()}
        if (above := self._threads.above(message)) is not None:
            body["reply_parameters"] = {"message_id": int(above), "allow_sending_without_reply": True}
        answer = await self._post(self._url, {"content-type": "application/json"}, to_json(body))
        said = _read(answer)
        if said.get("ok") is not True:
            raise self._refusal(answer, said)
        post = str(said.get("result", {}).get("message_id", ""))
        self._threads.posted(message, post)
        return Taken("Telegram took the message", provider_id=post or None)

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._post.close()

    def _refusal(self, answer: Answer, said: dict[str, Any]) -> PermanentDelivery | TransientDelivery:
        msg = f"Telegram answered {answer.status}"
        if answer.status == HTTPStatus.FORBIDDEN:
            return PermanentDelivery(f"{msg}: the bot may not write to this chat any more", gone=True)
        if answer.status == HTTPStatus.BAD_REQUEST:
            return PermanentDelivery(f"{msg}: there is no such chat, or it does not take this text")
        asked = said.get("parameters", {}).get("retry_after")
        wait = float(asked) if isinstance(asked, int) else wait_asked(answer.retry_after, self._now())
        return TransientDelivery(msg, wait)


def _text(bulletin: Bulletin, languages: tuple[Language, ...]) -> bytes:
    """The whole text where it fits, otherwise the short wording."""
    said = [each for each in languages if each in bulletin.text]
    whole = "\n\n".join([*(f"{bulletin.headline[each]}\n{bulletin.text[each]}" for each in said), bulletin.number])
    short = "\n\n".join([*(bulletin.worded("post", each) for each in said), bulletin.number])
    words = whole if utf16(whole) <= _MOST_UNITS else short
    if utf16(words) > _MOST_UNITS:
        msg = f"the text is longer than the {_MOST_UNITS} units that Telegram takes, and has no short wording"
        raise PermanentDelivery(msg)
    return words.encode()


def _read(answer: Answer) -> dict[str, Any]:
    try:
        said = from_json(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
