"""Reads CAP 1.0, 1.1 and 1.2: what is needed must be right, what is not needed is left alone."""

import re
from enum import StrEnum
from typing import TypeVar

from crisis_bus.cap.alert import Area, CapAlert, Category, Coded, Info, MsgType, Reference, Scope, Status
from crisis_bus.cap.defects import CapRefused, Code, Defect, refused
from crisis_bus.cap.document import Element, parse
from crisis_bus.domain import instants
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.values import Certainty, Severity, Urgency

NAMESPACES = {
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "http://www.incident.com/cap/1.0": "1.0",
}
_REFERRING = frozenset({MsgType.UPDATE, MsgType.CANCEL, MsgType.ACK, MsgType.ERROR})
# [0-9], never \d, which takes Arabic-Indic digits; and no Z and no fraction, which CAP refuses.
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}", re.ASCII)
_FORBIDDEN = re.compile(r"[\s,<&]")
_REFERENCE_PARTS = 3

V = TypeVar("V", bound=StrEnum)


def read(data: bytes) -> CapAlert | CapRefused:
    """The alert, or everything that is wrong with it; raises nothing, whatever the bytes are."""
    root = parse(data)
    if isinstance(root, CapRefused):
        return root
    tag = str(root.tag)
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    if name != "alert" or namespace not in NAMESPACES:
        return refused(Code.NAMESPACE, "alert", tag)
    reading = _Reading(namespace)
    alert = reading.alert(root)
    return CapRefused(tuple(reading.defects)) if reading.defects else alert


class _Reading:
    """One pass over one alert; collects what is wrong, and goes on with a harmless value."""

    def __init__(self, namespace: str) -> None:
        self._prefix = f"{{{namespace}}}"
        self._version = NAMESPACES[namespace]
        self.defects: list[Defect] = []

    def alert(self, root: Element) -> CapAlert:
        """The whole of it, in the order of the standard."""
        msg_type = self._choice(root, "msgType", MsgType, MsgType.ALERT)
        return CapAlert(
            version=self._version,
            identifier=self._name(root, "identifier"),
            sender=self._name(root, "sender"),
            sent=self._needed_time(root, "sent"),
            sent_text=self._optional(root, "sent"),
            status=self._choice(root, "status", Status, Status.ACTUAL),
            msg_type=msg_type,
            # CAP 1.0 leaves scope out where it is Public.
            scope=self._choice(root, "scope", Scope, Scope.PUBLIC, optional=self._version == "1.0"),
            note=self._optional(root, "note"),
            references=self._references(root, msg_type),
            infos=tuple(self._info(info) for info in self._children(root, "info")),
        )

    def _info(self, info: Element) -> Info:
        return Info(
            language=self._optional(info, "language") or "en-US",
            categories=self._categories(info),
            event=self._needed(info, "event"),
            event_codes=self._coded(info, "eventCode"),
            response_types=tuple(_text(child) for child in self._children(info, "responseType")),
            urgency=self._choice(info, "urgency", Urgency, Urgency.UNKNOWN),
            severity=self._choice(info, "severity", Severity, Severity.UNKNOWN),
            certainty=self._certainty(info),
            headline=self._optional(info, "headline"),
            description=self._optional(info, "description"),
            instruction=self._optional(info, "instruction"),
            expires=self._optional_time(info, "expires"),
            areas=tuple(self._area(area) for area in self._children(info, "area")),
        )

    def _area(self, area: Element) -> Area:
        return Area(self._needed(area, "areaDesc"), self._coded(area, "geocode"))

    def _categories(self, info: Element) -> tuple[Category, ...]:
        found = self._children(info, "category")
        # CAP 1.0 may leave the category out.
        if not found and self._version != "1.0":
            self._defect(Code.MISSING, "category")
        return tuple(self._one_of("category", _text(child), Category, Category.OTHER) for child in found)

    def _certainty(self, info: Element) -> Certainty:
        # The standard asks to read the word of CAP 1.0 in this way.
        if self._version == "1.0" and self._optional(info, "certainty") == "Very Likely":
            return Certainty.LIKELY
        return self._choice(info, "certainty", Certainty, Certainty.UNKNOWN)

    def _references(self, root: Element, msg_type: MsgType) -> tuple[Reference, ...]:
        words = self._optional(root, "references").split()
        if not words and msg_type in _REFERRING and msg_type is not MsgType.ERROR:
            self._defect(Code.REFERENCES, "references", msg_type)
        return tuple(reference for word in words if (reference := self._reference(word)))

    def _reference(self, word: str) -> Reference | None:
        parts = word.split(",")
        if len(parts) != _REFERENCE_PARTS or not all(parts):
            self._defect(Code.REFERENCE_FORMAT, "references", word)
            return None
        sender, identifier, sent = parts
        return Reference(sender, identifier, self._time("references", sent))

    def _coded(self, parent: Element, name: str) -> tuple[Coded, ...]:
        """Pairs of valueName and value; CAP 1.0 wrote them as one text, `name=value`."""
        return tuple(self._pair(child, name) for child in self._children(parent, name))

    def _pair(self, child: Element, where: str) -> Coded:
        if self._version == "1.0":
            name, _, value = _text(child).partition("=")
            return Coded(name.strip(), value.strip())
        if not self._children(child, "value"):
            self._defect(Code.MISSING, f"{where}/value")
        return Coded(self._needed(child, "valueName"), self._optional(child, "value"))

    def _children(self, parent: Element, name: str) -> list[Element]:
        return list(parent.iterchildren(self._prefix + name))

    def _optional(self, parent: Element, name: str) -> str:
        children = self._children(parent, name)
        if len(children) > 1:
            self._defect(Code.REPEATED, name)
        return _text(children[0]) if children else ""

    def _needed(self, parent: Element, name: str) -> str:
        text = self._optional(parent, name)
        if not text:
            self._defect(Code.MISSING, name)
        return text

    def _name(self, root: Element, name: str) -> str:
        text = self._needed(root, name)
        if _FORBIDDEN.search(text):
            self._defect(Code.CHARACTERS, name, text)
        return text

    def _choice(self, parent: Element, name: str, values: type[V], otherwise: V, *, optional: bool = False) -> V:
        text = self._optional(parent, name)
        if text:
            return self._one_of(name, text, values, otherwise)
        if not optional:
            self._defect(Code.MISSING, name)
        return otherwise

    def _one_of(self, name: str, text: str, values: type[V], otherwise: V) -> V:
        try:
            return values(text)
        except ValueError:
            self._defect(Code.VALUE, name, text)
            return otherwise

    def _needed_time(self, parent: Element, name: str) -> Instant:
        text = self._needed(parent, name)
        return self._time(name, text) if text else 0

    def _optional_time(self, parent: Element, name: str) -> Instant | None:
        text = self._optional(parent, name)
        return self._time(name, text) if text else None

    def _time(self, name: str, text: str) -> Instant:
        instant = _instant(text)
        if instant is None:
            self._defect(Code.DATETIME, name, text)
        return instant or 0

    def _defect(self, code: Code, where: str, found: str = "") -> None:
        defect = Defect(code, where, found)
        if defect not in self.defects:
            self.defects.append(defect)


def _instant(text: str) -> Instant | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        return instants.parse(text)
    except (ValueError, OverflowError):
        # A day or an hour that does not exist.
        return None


def _text(element: Element) -> str:
    """The text of an element, its children included, without the space around it."""
    return "".join(str(part) for part in element.itertext()).strip()
