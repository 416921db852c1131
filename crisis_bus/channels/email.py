"""E-mail: one message with both languages, as text and as HTML, each block in its own direction."""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import aiosmtplib
from jinja2 import Environment, PackageLoader

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import DeliveryError, PermanentDelivery, TransientDelivery

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{3,254}}\Z){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_LONGEST_SUBJECT = 400
_FINAL = 500
_PAGES = Environment(loader=PackageLoader("crisis_bus.channels", "page"), autoescape=True, trim_blocks=True)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and in whose name."""

    host: str
    port: int
    sender: str
    timeout_seconds: float
    user: str | None = None
    password: str | None = None
    starttls: bool = False


class EmailChannel:
    """Hands one message a bulletin and address to the mail server."""

    name: Transport = "email"
    traits = Traits(
        "email",
        "email",
        "mail address",
        "none of ours",
        "both in one mail, text and HTML",
        "by chain, until the mail server",
        "250 of the mail server",
        "a DSN, where the server sends one",
    )

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse an address that is none; write the mail."""
        if not _ADDRESS.fullmatch(message.address):
            msg = "the e-mail address is none: it needs a name, an @ and a domain, in plain ASCII"
            raise PermanentDelivery(msg)
        return Prepared(message, self._mail(message).as_bytes(policy=SMTP))

    async def send(self, prepared: Prepared) -> Taken:
        """Hand it over once; what the server refuses with 5xx for this address is final."""
        server = self._server
        try:
            async with asyncio.timeout(server.timeout_seconds):
                await aiosmtplib.send(
                    prepared.payload,
                    sender=server.sender,
                    recipients=[prepared.message.address],
                    hostname=server.host,
                    port=server.port,
                    username=server.user,
                    password=server.password,
                    start_tls=server.starttls or False,
                    timeout=server.timeout_seconds,
                )
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _refusal(error) from error
        return Taken("the mail server took the message", Outcome.ACCEPTED)

    async def close(self) -> None:
        """Nothing is held between messages."""

    def _mail(self, message: OutboxMessage) -> EmailMessage:
        bulletin, languages = message.bulletin, [each for each in message.languages if each in message.bulletin.text]
        if not languages:
            msg = "the bulletin has no text in a language that the subscription asks for"
            raise PermanentDelivery(msg)
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(addr_spec=self._server.sender)
        mail["To"] = Address(addr_spec=message.address)
        mail["Subject"] = _one_line(bulletin.headline[languages[0]])
        mail["Date"] = datetime.fromtimestamp(instants.parse(bulletin.published_at) / 1000, tz=UTC)
        mail["Message-ID"] = f"<{message.id}@{self._server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        blocks = [(each, bulletin.headline[each], bulletin.text[each]) for each in languages]
        plain = ("\n\n" + "-" * 40 + "\n\n").join(f"{headline}\n\n{text}\n" for _, headline, text in blocks)
        mail.set_content(f"{plain}\n{bulletin.number}\n")
        page = _PAGES.get_template("mail.html.j2").render(blocks=blocks, bulletin=bulletin)
        mail.add_alternative(page, subtype="html")
        mail.set_boundary(f"=_{message.id}")
        mail["Content-Language"] = ", ".join(languages)
        return mail


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST_SUBJECT]


def _refusal(error: Exception) -> DeliveryError:
    code = _code(error)
    if code is None:
        what = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        return TransientDelivery(f"the mail server did not take the message: {what}")
    msg = f"the mail server answered {code}"
    # A refused greeting or password is about us and not about this address: an operator can put it right.
    ours = isinstance(error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPConnectResponseError)
    return TransientDelivery(msg) if code < _FINAL or ours else PermanentDelivery(msg)


def _code(error: Exception) -> int | None:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return error.recipients[0].code if error.recipients else None
    return error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None
