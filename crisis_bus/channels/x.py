"""Posts on X by API v2, in the name of one account (OAuth 1.0a, RFC 5849): both languages in one post."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha1
from hmac import digest
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

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
from crisis_bus.text import weighted

_ACCOUNT = re.compile(r"@[A-Za-z0-9_]{1,15}", re.ASCII)
_MOST = 280


class XOptions(BaseModel):
    """The account (`@gco`), the keys that let us post in its name, and where the API is."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    account: str
    key: SecretStr
    key_secret: SecretStr
    token: SecretStr
    token_secret: SecretStr
    api: str = "https://api.x.com"


class XChannel:
    """Posts as one account; `chance` gives random bytes for the nonce of each request."""

    name: Transport = "x"
    traits = Traits(
        "x",
        "x",
        "@account that the provider posts for",
        f"{_MOST} weighted characters: the short wording",
        "both in one post where they fit, otherwise the first",
        "by chain; a correction answers what it corrects",
        "201 of the API, or that it has this text already",
        "the answer is the receipt",
        carrier=True,
    )

    def __init__(
        self, options: XOptions, post: Post, now: Callable[[], Instant], chance: Callable[[int], bytes]
    ) -> None:
        self._options = options
        self._url = f"{options.api.rstrip('/')}/2/tweets"
        self._post = post
        self._now = now
        self._chance = chance
        self._texts = Shared(_text)
        self._threads = Threads()

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse an account that is none, or not the provider's."""
        if _ACCOUNT.fullmatch(message.address) is None or message.address.lower() != self._options.account.lower():
            msg = "the address must be the account that the provider posts for"
            raise PermanentDelivery(msg)
        return Prepared(message, self._texts.of(message))

    async def send(self, prepared: Prepared) -> Taken:
        """Post once; a text that is there already, by an attempt whose answer was lost, is taken."""
        body: dict[str, Any] = {"text": prepared.payload.decode()}
        if (above := self._threads.above(prepared.message)) is not None:
            body["reply"] = {"in_reply_to_tweet_id": above}
        headers = {"content-type": "application/json", "authorization": self._authorization()}
        answer = await self._post(self._url, headers, to_json(body))
        said = _read(answer)
        if answer.status == HTTPStatus.CREATED:
            name = str(said.get("data", {}).get("id", ""))
            self._threads.posted(prepared.message, name)
            return Taken("X took the post", provider_id=name or None)
        if answer.status == HTTPStatus.FORBIDDEN and "duplicate" in str(said.get("detail", "")).lower():
            return Taken("X has this text already")
        raise self._refusal(answer)

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._post.close()

    def _authorization(self) -> str:
        options = self._options
        keys = (options.key, options.key_secret, options.token, options.token_secret)
        nonce = self._chance(16).hex()
        return authorization(self._url, nonce, self._now() // 1000, *(key.get_secret_value() for key in keys))

    def _refusal(self, answer: Answer) -> PermanentDelivery | TransientDelivery:
        msg = f"X answered {answer.status}"
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN}:
            return PermanentDelivery(msg)
        if answer.reset is not None and answer.reset.isdecimal():
            return TransientDelivery(msg, max(0.0, int(answer.reset) - self._now() / 1000))
        return TransientDelivery(msg, wait_asked(answer.retry_after, self._now()))


def authorization(  # noqa: PLR0913, PLR0917 one argument a part of the signature
    url: str, nonce: str, seconds: int, key: str, key_secret: str, token: str, token_secret: str
) -> str:
    """The header of a POST whose body is JSON, and so not signed (RFC 5849 §3.4, HMAC-SHA1)."""
    fields = {
        "oauth_consumer_key": key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(seconds),
        "oauth_token": token,
        "oauth_version": "1.0",
    }
    parameters = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in sorted(fields.items()))
    base = "&".join(("POST", _escaped(url), _escaped(parameters)))
    signature = digest(f"{_escaped(key_secret)}&{_escaped(token_secret)}".encode(), base.encode(), sha1)
    fields["oauth_signature"] = b64encode(signature).decode()
    return "OAuth " + ", ".join(f'{name}="{_escaped(value)}"' for name, value in sorted(fields.items()))


def _escaped(value: str) -> str:
    return quote(value, safe="-._~")


def _text(bulletin: Bulletin, languages: tuple[Language, ...]) -> bytes:
    """The short wordings, one under the other, as many as fit."""
    said = [bulletin.worded("post", each) for each in languages if each in bulletin.text]
    for many in range(len(said), 0, -1):
        words = "\n".join(said[:many])
        if weighted.length(words) <= _MOST:
            return words.encode()
    msg = f"the text is longer than the {_MOST} weighted characters that X takes, and has no short wording"
    raise PermanentDelivery(msg)


def _read(answer: Answer) -> dict[str, Any]:
    try:
        said = from_json(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
