"""A bulletin as a mail: as text and as HTML, each language in its own block and direction."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy

from jinja2 import Environment, PackageLoader

from crisis_bus.channels.site import direction
from crisis_bus.domain import ids, instants
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.errors import PermanentDelivery

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{3,254}}\Z){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_LONGEST_SUBJECT = 400
_RULE = "\n\n" + "-" * 40 + "\n\n"
_PAGES = Environment(loader=PackageLoader("crisis_bus.channels", "page"), autoescape=True, trim_blocks=True)


class _AsItIs(UnstructuredHeader, BaseHeader):
    """Ids and links: the standard library would encode what is longer than a line, and nobody would know it again."""

    def fold(self, *, policy: Policy) -> str:
        """Break the line between two of them only."""
        return f"{self.name}: {(policy.linesep + ' ').join(str(self).split())}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("in-reply-to", "references", "list-unsubscribe"):
        registry.map_to_type(name, _AsItIs)
    return registry


_WIRE = SMTP.clone(cte_type="7bit", header_factory=_headers())
"""No relay has to write a body of seven bits anew, which would break its signature (RFC 6376 §5.3)."""


def is_address(text: str) -> bool:
    """Whether a text is one plain mail address."""
    return _ADDRESS.fullmatch(text) is not None


def written(message: OutboxMessage, sender: str, unsubscribe: str | None) -> EmailMessage:
    """Write the mail; `unsubscribe` is the link by which its reader ends the subscription."""
    mail = EmailMessage(policy=_WIRE)
    _head(mail, message, sender)
    if unsubscribe is not None:
        # Mail programs offer one click for these two (RFC 8058 §3.1).
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _body(mail, message, unsubscribe)
    mail["Content-Language"] = ", ".join(_languages(message))
    return mail


def _head(mail: EmailMessage, message: OutboxMessage, sender: str) -> None:
    bulletin, domain = message.bulletin, sender.rpartition("@")[2]
    mail["From"] = Address(addr_spec=sender)
    mail["To"] = Address(addr_spec=message.address)
    mail["Subject"] = _one_line(bulletin.headline[_languages(message)[0]])
    mail["Date"] = datetime.fromtimestamp(instants.parse(bulletin.published_at) / 1000, tz=UTC)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    # The mails that this one replaces had ids derived in the same way, so that it stands beneath them.
    replaced = [f"<{ids.derived(number, message.subscription)}@{domain}>" for number in bulletin.replaces]
    if replaced:
        mail["In-Reply-To"] = " ".join(replaced)
        mail["References"] = " ".join(replaced)
    mail["Auto-Submitted"] = "auto-generated"


def _body(mail: EmailMessage, message: OutboxMessage, unsubscribe: str | None) -> None:
    bulletin = message.bulletin
    blocks = [(each, direction(each), bulletin.headline[each], bulletin.text[each]) for each in _languages(message)]
    plain = _RULE.join(f"{headline}\n\n{text}\n" for _, _, headline, text in blocks)
    leave = f"\nإلغاء الاشتراك · Unsubscribe\n{unsubscribe}\n" if unsubscribe else ""
    mail.set_content(f"{plain}\n{bulletin.number}\n{leave}")
    page = _PAGES.get_template("mail.html.j2")
    mail.add_alternative(page.render(blocks=blocks, bulletin=bulletin, unsubscribe=unsubscribe), subtype="html")
    mail.set_boundary(f"=_{message.id}")


def _languages(message: OutboxMessage) -> list[str]:
    languages = [each for each in message.languages if each in message.bulletin.text]
    if not languages:
        msg = "the bulletin has no text in a language that the subscription asks for"
        raise PermanentDelivery(msg)
    return languages


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST_SUBJECT]
