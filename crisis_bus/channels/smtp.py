"""Sessions with a mail server, kept between mails: thousands of mails do not cost thousands of handshakes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected
from aiosmtplib.typing import SMTPStatus

_IDLE_SECONDS = 30.0
"""A firewall may have forgotten an older connection without a word."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail and its envelope; `ident` is asked back in a status notification, if there is one."""

    sender: str
    recipient: str
    mail: bytes
    ident: str | None


class Sessions:
    """Hands mails over, each by a session of its own at that time."""

    def __init__(self, client: Callable[[], SMTP], most: int) -> None:
        self._client = client
        self._most = most
        self._idle: list[tuple[float, SMTP]] = []

    async def send(self, parcel: Parcel) -> str:
        """Hand one mail over; returns what the server said to it."""
        session = await self._begun(parcel)
        try:
            await session.rcpt(parcel.recipient, options=_recipient_options(session, parcel))
            answer = await session.data(parcel.mail)
        except SMTPResponseException as refusal:
            await self._put_back(session, refusal)
            raise
        except BaseException:
            session.close()
            raise
        self._keep(session)
        return answer.message

    def close(self) -> None:
        """Close what is kept."""
        for _, session in self._idle:
            session.close()
        self._idle.clear()

    async def _begun(self, parcel: Parcel) -> SMTP:
        """A session that took the sender; one that the server has ended meanwhile gives way to the next."""
        while self._idle:
            since, session = self._idle.pop()
            if _now() - since < _IDLE_SECONDS and session.is_connected and await _still_takes(session, parcel):
                return session
            session.close()
        session = self._client()
        try:
            await session.connect()
            if session.is_ehlo_or_helo_needed:
                await session.ehlo()
        except BaseException:
            session.close()
            raise
        await _introduce(session, parcel)
        return session

    async def _put_back(self, session: SMTP, refusal: SMTPResponseException) -> None:
        if refusal.code == SMTPStatus.domain_unavailable or not session.is_connected:
            session.close()
            return
        try:
            await session.rset()
        except (SMTPException, OSError):
            # The refusal is the answer, whatever the server does with the session after it.
            session.close()
        except BaseException:
            session.close()
            raise
        else:
            self._keep(session)

    def _keep(self, session: SMTP) -> None:
        if len(self._idle) < self._most:
            self._idle.append((_now(), session))
        else:
            session.close()


async def _still_takes(session: SMTP, parcel: Parcel) -> bool:
    try:
        await _introduce(session, parcel)
    except (SMTPServerDisconnected, SMTPResponseException):
        return False
    return True


async def _introduce(session: SMTP, parcel: Parcel) -> None:
    try:
        await session.mail(parcel.sender, options=_sender_options(session, parcel))
    except BaseException:
        session.close()
        raise


def _sender_options(session: SMTP, parcel: Parcel) -> list[str]:
    options = [f"SIZE={len(parcel.mail)}"] if session.supports_extension("size") else []
    if parcel.ident is not None and session.supports_extension("dsn"):
        options += ["RET=HDRS", f"ENVID={_xtext(parcel.ident)}"]
    return options


def _recipient_options(session: SMTP, parcel: Parcel) -> list[str]:
    if parcel.ident is None or not session.supports_extension("dsn"):
        return []
    return ["NOTIFY=SUCCESS,FAILURE,DELAY", f"ORCPT=rfc822;{_xtext(parcel.recipient)}"]


def _xtext(text: str) -> str:
    """RFC 3461 §4: what is no plain sign is written as + and two hexadecimal digits."""
    return "".join(sign if "!" <= sign <= "~" and sign not in "+=" else f"+{ord(sign):02X}" for sign in text)


def _now() -> float:
    return asyncio.get_running_loop().time()
