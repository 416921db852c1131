"""Hand-over: a signed package to the system of somebody who says it on: cell broadcast, radio, a wire, a call centre.

The address is the operator's endpoint (https) or `folder:NAME`. The operator has accepted what is in the folder or was
answered with 2xx; delivered it is when somebody acknowledges it, in the answer (`{"acknowledged_by": "…"}`) or by the
link of the manifest. Who does not in time (`confirm_within` of the provider) has failed, and the desk is told.
"""

import asyncio
import json
import os
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.cap import writing
from crisis_bus.channels import package
from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.event import Shared
from crisis_bus.channels.http import Answer, Post, refusal
from crisis_bus.channels.signatures import SigningKey
from crisis_bus.channels.webhook import check_address
from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Outcome
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Language, Transport
from crisis_bus.errors import PermanentDelivery, TransientDelivery

FOLDER = "folder:"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_MOST_WHO = 200
_PEER = "the operator's endpoint"


class HandoverOptions(BaseModel):
    """`cap_sender` names us in CAP alerts (CAP 1.2 §3.2.1: no space, comma, < or &), such as an e-mail address."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    cap_sender: str = Field(pattern=r"^[^\s,<&]{1,200}$")


@dataclass(frozen=True, slots=True)
class Office:
    """Who hands over: the key that signs, the folder of folders, what makes a PDF, and the link that acknowledges.

    An operator has `within_seconds` to acknowledge; times are told at `offset_minutes` from UTC.
    """

    key: SigningKey
    folder: Path
    paper: Callable[[Bulletin, tuple[Language, ...]], bytes]
    link: Callable[[OutboxMessage], str]
    within_seconds: float | None
    offset_minutes: int = 0


class HandoverChannel:
    """Hands packages over to endpoints and folders."""

    name: Transport = "handover"
    traits = Traits(
        "handover",
        "handover",
        "https URL of the operator's endpoint, or folder:NAME below handover/ of the data folder",
        "none of ours",
        "both in one package: CAP, PDF, and texts of each language",
        "by chain, at the operator",
        "a 2xx answer, or the file is in the folder",
        "somebody acknowledges it: in the answer, or by the link of the manifest",
    )

    def __init__(self, options: HandoverOptions, office: Office, post: Post, now: Callable[[], Instant]) -> None:
        self._options = options
        self._office = office
        self._post = post
        self._now = now
        self._papers = Shared(office.paper)

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse an address that is neither a folder nor a web address."""
        if message.address.startswith(FOLDER):
            folder_name(message.address)
        else:
            check_address(message.address)
        return Prepared(message, b"")

    async def compose(self, prepared: Prepared) -> Prepared:
        """Make the package; the paper takes long, and is made in a thread."""
        return replace(prepared, payload=await asyncio.to_thread(self._package, prepared.message))

    async def send(self, prepared: Prepared) -> Taken:
        """Put the package into the folder, or post it once."""
        message = prepared.message
        if message.address.startswith(FOLDER):
            await asyncio.to_thread(self._put, message, prepared.payload)
            return Taken("the package is in the folder", Outcome.ACCEPTED, message.id)
        answer = await self._post(message.address, self._headers(prepared), prepared.payload)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise refusal(_PEER, answer, self._now())
        if (who := _acknowledged_by(answer)) is not None:
            return Taken(f"acknowledged by {who}", Outcome.DELIVERED, message.id)
        return Taken(f"{_PEER} answered {answer.status}", Outcome.ACCEPTED, message.id)

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._post.close()

    def _package(self, message: OutboxMessage) -> bytes:
        bulletin, office = message.bulletin, self._office
        files = {**package.texts(message), "statement.pdf": self._papers.of(message)}
        alert = writing.written(bulletin, self._options.cap_sender, office.offset_minutes, message.languages)
        if alert is not None:
            files["cap.xml"] = alert
        acknowledge = {"url": office.link(message), "within_seconds": office.within_seconds}
        return package.packed(message, files, acknowledge, office.key)

    def _headers(self, prepared: Prepared) -> dict[str, str]:
        message, seconds = prepared.message, self._now() // 1000
        digest = b64encode(sha256(prepared.payload).digest()).decode()
        return {
            "content-type": "application/zip",
            "content-digest": f"sha-256=:{digest}:",
            "user-agent": "crisis-bus",
            "webhook-id": message.id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": self._office.key.sign(message.id, seconds, prepared.payload),
        }

    def _put(self, message: OutboxMessage, data: bytes) -> None:
        """Write the whole file or none; the same message again is the same file."""
        folder = self._office.folder / folder_name(message.address)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            half = folder / f".{message.id}.part"
            with half.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            half.replace(folder / f"{message.id}.zip")
        except OSError as error:
            msg = f"the folder takes no file: {error.strerror}"
            raise TransientDelivery(msg) from error


def folder_name(address: str) -> str:
    """The name of a folder in an address; raises PermanentDelivery."""
    name = address.removeprefix(FOLDER)
    if not _NAME.fullmatch(name):
        msg = "a folder is named by folder: and letters, digits, dot, hyphen and underscore"
        raise PermanentDelivery(msg)
    return name


def _acknowledged_by(answer: Answer) -> str | None:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return None
    who = said.get("acknowledged_by") if isinstance(said, dict) else None
    return who[:_MOST_WHO] if isinstance(who, str) and who.strip() and who.isprintable() else None
