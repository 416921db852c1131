"""E-mail: one message with both languages, signed, handed to a mail server, which may say later what became of it."""

import asyncio
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import aiosmtplib
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from crisis_bus.channels import dsn, mail
from crisis_bus.channels.contract import Prepared, Taken, Tell, Traits
from crisis_bus.channels.dkim_signing import DkimKey, signer
from crisis_bus.channels.smtp import Parcel, Sessions
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.providers import Limits
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import DeliveryError, NotReachable, PermanentDelivery, SettingsError, TransientDelivery

_FINAL = 500
_TOO_LARGE = 552
_QUEUED = re.compile(r"queued as ([A-Za-z0-9]{4,40})\b", re.IGNORECASE | re.ASCII)
_LONGEST_REPORT = 1_048_576


def _address(value: str) -> str:
    if not mail.is_address(value):
        msg = "needs a name, an @ and a domain, in plain ASCII"
        raise ValueError(msg)
    return value


_Address = Annotated[str, AfterValidator(_address)]


class EmailOptions(BaseModel):
    """Where mail is handed over, and in whose name.

    `tls` insists: what cannot be encrypted, or whose certificate is signed by nobody whom the system (or `ca_file`)
    trusts, is not sent. `bounces` is the envelope's sender, where servers send their notifications; an MTA puts these
    into the Maildir `dsn_maildir`, without which none are asked for. `unsubscribe_url` is the public address of the
    gateway. With several keys a mail has a signature by each of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    host: str = "127.0.0.1"
    port: int = Field(25, ge=1, le=65535)
    sender: _Address
    bounces: _Address | None = None
    tls: Literal["none", "starttls", "implicit"] = "none"
    ca_file: Path | None = None
    user: str | None = None
    password: SecretStr | None = None
    dkim: tuple[DkimKey, ...] = ()
    unsubscribe_url: str | None = Field(None, pattern=r"^https?://[!-~]+$")
    dsn_maildir: Path | None = None
    dsn_seconds: float = Field(5.0, gt=0)


class EmailChannel:
    """Hands one message a bulletin and address to the mail server."""

    name: Transport = "email"
    traits = Traits(
        "email",
        "email",
        "mail address",
        "none of ours; the mail server's size limit",
        "both in one mail, text and HTML",
        "by chain, until the mail server",
        "250 of the mail server",
        "a DSN, where the server sends one and dsn_maildir is set",
        carrier=True,
    )

    def __init__(
        self,
        options: EmailOptions,
        limits: Limits,
        token: Callable[[OutboxMessage], str] | None = None,
        tell: Tell | None = None,
    ) -> None:
        """`token` names a subscription in the unsubscribe link; `tell` hears of notifications."""
        self._options = options
        self._timeout = limits.timeout
        self._token = token
        self._tell = tell
        self._signers = tuple(signer(key) for key in options.dkim)
        self._context = _context(options)
        self._sessions = Sessions(self._client, limits.at_once)

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse an address that is none; write and sign the mail."""
        if not mail.is_address(message.address):
            msg = "the e-mail address is none: it needs a name, an @ and a domain, in plain ASCII"
            raise PermanentDelivery(msg)
        unsigned = mail.written(message, self._options.sender, self._unsubscribe(message)).as_bytes()
        seconds = instants.parse(message.bulletin.published_at) // 1000
        signatures = b"".join(each.header(unsigned, seconds) for each in self._signers)
        return Prepared(message, signatures + unsigned)

    async def send(self, prepared: Prepared) -> Taken:
        """Hand it over once; what the server refuses with 5xx for this address is final."""
        message, options = prepared.message, self._options
        ident = None if options.dsn_maildir is None else message.id
        parcel = Parcel(options.bounces or options.sender, message.address, prepared.payload, ident)
        try:
            async with asyncio.timeout(self._timeout):
                said = await self._sessions.send(parcel)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _refusal(error) from error
        queued = _QUEUED.search(said)
        detail = "the mail server took the message" + (f" as {queued[1]}" if queued else "")
        return Taken(detail, Outcome.ACCEPTED, message.id)

    async def listen(self) -> None:
        """Read notifications for as long as the channel is used; without a Maildir there are none."""
        if self._options.dsn_maildir is None:
            await asyncio.Event().wait()
        while self._options.dsn_maildir is not None:
            # What could not be told is still among the new ones, and is read again.
            with suppress(NotReachable):
                await self.hear(self._options.dsn_maildir)
            await asyncio.sleep(self._options.dsn_seconds)

    async def hear(self, maildir: Path) -> None:
        """Tell what new notifications say, each before it is put among those that were read."""
        for path in await asyncio.to_thread(_new, maildir):
            report = dsn.report(await asyncio.to_thread(_head_of, path))
            if report is not None and self._tell is not None:
                await self._tell(report)
            await asyncio.to_thread(path.rename, maildir / "cur" / f"{path.name}:2,S")

    async def close(self) -> None:
        """End the sessions with the mail server."""
        self._sessions.close()

    def _unsubscribe(self, message: OutboxMessage) -> str | None:
        """An outlet is the government's own, and a test, or a question about an address, is no subscription."""
        if self._options.unsubscribe_url is None or self._token is None or message.outlet or message.bulletin.test:
            return None
        return f"{self._options.unsubscribe_url.rstrip('/')}/unsubscribe/{self._token(message)}"

    def _client(self) -> aiosmtplib.SMTP:
        options, password = self._options, self._options.password
        return aiosmtplib.SMTP(
            hostname=options.host,
            port=options.port,
            username=options.user,
            password=None if password is None else password.get_secret_value(),
            use_tls=options.tls == "implicit",
            start_tls=options.tls == "starttls",
            tls_context=self._context,
            timeout=self._timeout,
        )


def _context(options: EmailOptions) -> ssl.SSLContext | None:
    if options.tls == "none":
        return None
    try:
        return ssl.create_default_context(cafile=options.ca_file)
    except OSError as error:
        msg = "ca_file: is no readable file of PEM certificates"
        raise SettingsError(msg) from error


def _new(maildir: Path) -> list[Path]:
    for name in ("tmp", "new", "cur"):
        (maildir / name).mkdir(parents=True, exist_ok=True)
    return sorted(path for path in (maildir / "new").iterdir() if path.is_file() and not path.name.startswith("."))


def _head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LONGEST_REPORT)


def _refusal(error: Exception) -> DeliveryError:
    code = _code(error)
    if code is None:
        what = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        return TransientDelivery(f"the mail server did not take the message: {what}")
    msg = f"the mail server answered {code}"
    return TransientDelivery(msg) if code < _FINAL or _ours(error, code) else PermanentDelivery(msg)


def _ours(error: Exception, code: int) -> bool:
    """A refused greeting, password or sender is about us and not about this address: an operator can put it right."""
    about_them = aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError
    return not isinstance(error, about_them) and code != _TOO_LARGE


def _code(error: Exception) -> int | None:
    return error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None
