"""Text messages by SMPP 3.4: one session that is kept, long texts in parts, and delivery receipts."""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import smpp34
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from crisis_bus.channels import gsm7, sms
from crisis_bus.channels.contract import Prepared, Report, Taken, Tell, Traits
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import NotReachable, PermanentDelivery, TransientDelivery
from crisis_bus.text.sms import Encoding, parted

_JOINED, _RECEIPT_KIND, _RECEIPT_MASK = 0x40, 0x04, 0x3C
_ISDN = 1
_WANTS_RECEIPT = 1
_CODINGS = {Encoding.GSM7: 0, Encoding.UCS2: 8}
_BUSY = {0x58: "too fast", 0x14: "its queue is full"}
"""ESME_RTHROTTLED and ESME_RMSGQFUL."""
_BUSY_SECONDS = 2.0
_WRONG = frozenset({0x01, 0x0A, 0x0B, 0x33, 0x34, 0x40, 0x43, 0x48, 0x49, 0x50, 0x51, 0x61, 0x62})
"""Command statuses that another attempt does not change: a wrong length, address, type or time (SMPP 3.4 §5.1.3)."""
_MESSAGE_ID, _MESSAGE_STATE = 0x001E, 0x0427
"""Tags of what a delivery receipt is about (SMPP 3.4 §5.3.2)."""
_REMEMBERED = 200_000
_AGAIN_SECONDS = 2.0
_EARLY_SECONDS = 5.0
"""A receipt may overtake the answer to its submit_sm by so much."""
_MOST_PARTS = 255


class SmppOptions(BaseModel):
    """How to reach an SMS centre; `sender` is a number or up to eleven letters that the centre allows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    host: str
    port: int = Field(2775, ge=1, le=65535)
    system_id: str = Field(max_length=15)
    password: SecretStr = SecretStr("")
    sender: str = Field(min_length=1, max_length=20)
    sender_ton: int = Field(5, ge=0, le=6)
    sender_npi: int = Field(0, ge=0, le=18)
    system_type: str = Field("", max_length=12)
    tls: bool = False
    window: int = Field(50, ge=1, le=1000)
    connect_seconds: float = Field(10.0, gt=0)


@dataclass(slots=True)
class _Parts:
    """The parts of a message that the centre has taken so far, and those that have not arrived yet.

    It has its `name` when all were taken; `settled` when its end was said: a repeated receipt says nothing more.
    """

    left: set[str] = field(default_factory=set)
    failed: bool = False
    name: str | None = None
    settled: bool = False

    def outcome(self) -> Outcome | None:
        """What the receipts of the parts decide; None while they do not."""
        if self.name is None or self.settled:
            return None
        if self.failed:
            return Outcome.FAILED
        return None if self.left else Outcome.DELIVERED


class SmppChannel:
    """Sends text messages through one centre; `tell` hears what becomes of them."""

    name: Transport = "sms"
    traits = Traits(
        "smpp",
        "sms",
        "phone number in E.164",
        f"{_MOST_PARTS} parts; GSM-7 160, or 153 a part; UCS-2 70, or 67 a part",
        "both in one message",
        "by chain, until the centre",
        "submit_sm_resp of every part",
        "a delivery receipt for each part; the message has arrived with its last part",
        carrier=True,
    )

    def __init__(self, options: SmppOptions, tell: Tell) -> None:
        self._options = options
        self._tell = tell
        self._session: Any = None
        self._hearing: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._parts: OrderedDict[str, _Parts] = OrderedDict()
        self._early: OrderedDict[str, Outcome] = OrderedDict()
        self._saying: set[asyncio.Task[None]] = set()

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse a wrong number and a text that is too long."""
        sms.number(message)
        text = sms.words(message)
        if len(parted(text).parts) > _MOST_PARTS:
            msg = f"the text is longer than {_MOST_PARTS} parts of a text message"
            raise PermanentDelivery(msg)
        return Prepared(message, text.encode())

    async def send(self, prepared: Prepared) -> Taken:
        """Hand over every part, one after the other."""
        session, names, parts = await self._bound(), list[str](), _Parts()
        for header, body, coding in _pieces(prepared):
            name = await self._submit(session, prepared.message, header + body, coding, joined=bool(header))
            names.append(name)
            self._remember(name, parts)
        if all(names):
            parts.name = _name(names)
            await self._settle(parts)
        return Taken(f"the centre took {len(names)} part(s)", Outcome.ACCEPTED, parts.name)

    async def close(self) -> None:
        """Unbind, which whoever listens to a session does when it ends."""
        tasks = [*self._saying, *([] if self._hearing is None else [self._hearing])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._session = None

    async def _bound(self) -> Any:  # noqa: ANN401 the library's session
        async with self._lock:
            if self._session is None:
                self._session = await _connected(self._options)
                self._hearing = asyncio.create_task(self._listen(self._session))
            return self._session

    async def _submit(self, session: Any, message: OutboxMessage, body: bytes, coding: int, *, joined: bool) -> str:  # noqa: ANN401 see above
        options = self._options
        try:
            answer = await session.submit_sm(
                sms.number(message).removeprefix("+"),
                body,
                source_addr=options.sender,
                source_addr_ton=options.sender_ton,
                source_addr_npi=options.sender_npi,
                dest_addr_ton=_ISDN,
                dest_addr_npi=_ISDN,
                esm_class=_JOINED if joined else 0,
                registered_delivery=_WANTS_RECEIPT,
                data_coding=coding,
                priority_flag=int(message.bulletin.urgent),
            )
        except smpp34.SmppError as error:
            self._lost(session)
            msg = "the SMS centre went away before it answered"
            raise TransientDelivery(msg) from error
        if not answer.is_success:
            raise _refusal(answer.command_status)
        return str(answer.message_id or "")

    def _lost(self, session: Any) -> None:  # noqa: ANN401 see above
        """The next message binds anew."""
        if self._session is session:
            self._session = None

    async def _listen(self, session: Any) -> None:  # noqa: ANN401 see above
        """Take delivery receipts until the session ends; one that nobody listens to must not stay bound."""
        try:
            while not isinstance(event := await session.next(), smpp34.Disconnected):
                if event.esm_class & _RECEIPT_MASK == _RECEIPT_KIND and (found := _receipt(event)) is not None:
                    await self._take(*found)
        finally:
            self._lost(session)
            with suppress(smpp34.SmppError):  # it has gone already
                await session.unbind()

    async def _take(self, name: str, outcome: Outcome) -> None:
        if name in self._parts:
            await self._hear(name, outcome)
        else:  # its submit_sm_resp may still be on its way, or its message was sent before this process
            _keep(self._early, name, outcome)
            asyncio.get_running_loop().call_later(_EARLY_SECONDS, self._look_at, name)

    def _remember(self, name: str, parts: _Parts) -> None:
        """A part that was taken, with the receipt that overtook the answer; without a name nothing is heard of it."""
        if not name:
            return
        parts.left.add(name)
        _keep(self._parts, name, parts)
        if (outcome := self._early.pop(name, None)) is not None:
            _note(parts, name, outcome)

    def _look_at(self, name: str) -> None:
        """Nobody here has sent it: whoever did knows a message of one part by that name (`_name`)."""
        if (outcome := self._early.pop(name, None)) is not None:
            task = asyncio.create_task(self._say(_report(name, outcome)))
            self._saying.add(task)
            task.add_done_callback(self._saying.discard)

    async def _hear(self, name: str, outcome: Outcome) -> None:
        """A part has arrived or failed; the last one that arrives and the first one that fails decide."""
        parts = self._parts[name]
        _note(parts, name, outcome)
        await self._settle(parts)

    async def _settle(self, parts: _Parts) -> None:
        if (outcome := parts.outcome()) is not None:
            parts.settled = True
            await self._say(_report(str(parts.name), outcome))

    async def _say(self, report: Report) -> None:
        """The centre has had its acknowledgement and will not say it again: so it is said until it is written down."""
        while True:
            try:
                await self._tell(report)
            except NotReachable:
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                return


async def _connected(options: SmppOptions) -> Any:  # noqa: ANN401 the library's session
    client = smpp34.Client(
        options.host,
        options.port,
        options.system_id,
        options.password.get_secret_value(),
        bind_type="TRX",
        system_type=options.system_type,
        tls=options.tls,
        window_size=options.window,
        connect_timeout_ms=round(options.connect_seconds * 1000),
    )
    try:
        return await client.connect()
    except smpp34.SmppError as error:
        msg = "the SMS centre cannot be reached, or does not let us bind"
        raise TransientDelivery(msg) from error


def _pieces(prepared: Prepared) -> list[tuple[bytes, bytes, int]]:
    """Header, body and coding of each part; the header joins them, by a number that comes from the message's id."""
    text = parted(prepared.payload.decode())
    bodies = [gsm7.encoded(part) if text.encoding is Encoding.GSM7 else part.encode("utf-16-be") for part in text.parts]
    coding = _CODINGS[text.encoding]
    if len(bodies) == 1:
        return [(b"", bodies[0], coding)]
    mark = sha256(prepared.message.id.encode()).digest()[0]
    headers = (bytes((5, 0, 3, mark, len(bodies), number)) for number in range(1, len(bodies) + 1))
    return [(header, body, coding) for header, body in zip(headers, bodies, strict=True)]


def _receipt(event: Any) -> tuple[str, Outcome] | None:  # noqa: ANN401 the library's event
    """Whose receipt it is, and what it says; None while that is not final."""
    tlvs = {tlv.tag: tlv for tlv in event.tlvs}
    said = sms.receipt(event.short_message.decode("latin-1"))
    name, word = said or ("", "")
    if (found := tlvs.get(_MESSAGE_ID)) is not None:
        name = (found.as_string() or "").rstrip("\0") or name
    if (found := tlvs.get(_MESSAGE_STATE)) is not None:
        word = sms.numbered(found.as_int()) or word
    outcome = sms.state(word)
    return (name, outcome) if name and outcome is not None else None


def _name(names: list[str]) -> str:
    """Name a message after its first part; one of several is told from it, so that no part's receipt speaks for all."""
    return names[0] if len(names) == 1 else f"{names[0]}+{len(names) - 1}"


def _note(parts: _Parts, name: str, outcome: Outcome) -> None:
    parts.failed = parts.failed or (outcome is Outcome.FAILED and name in parts.left)
    parts.left.discard(name)


def _report(name: str, outcome: Outcome) -> Report:
    if outcome is Outcome.DELIVERED:
        return Report(name, Outcome.DELIVERED, "the phone has it")
    return Report(name, Outcome.FAILED, "the centre says that it could not be delivered")


def _refusal(status: int) -> TransientDelivery | PermanentDelivery:
    if (busy := _BUSY.get(status)) is not None:
        return TransientDelivery(f"the SMS centre says: {busy}", _BUSY_SECONDS)
    msg = f"the SMS centre refused the message with status 0x{status:08x}"
    return PermanentDelivery(msg) if status in _WRONG else TransientDelivery(msg)


def _keep(among: "OrderedDict[str, Any]", name: str, value: object) -> None:
    among[name] = value
    if len(among) > _REMEMBERED:
        among.popitem(last=False)
