"""A statement as CAP 1.2: one `info` for each language, with the same hazard and the same places (`rules.md` §2.3)."""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

from crisis_bus.cap.alert import MsgType, Scope, Status
from crisis_bus.cap.document import Element
from crisis_bus.domain import ids, instants
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.hazard import Hazard
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
GEOCODE = "ISO 3166-2"
_FORBIDDEN = re.compile(r"[\s,<&]")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNWRITTEN = frozenset({Kind.PRESS_RELEASE})
_RESTRICTED = frozenset({Kind.LINES_TO_TAKE, Kind.INTERNAL_BRIEFING})
_UPDATES = frozenset({Kind.SITREP, Kind.CORRECTION, Kind.ALL_CLEAR, Kind.RUMOUR_RESPONSE})
_FIRST = ("ar", "en")


def identifier(number: str) -> str:
    """What CAP calls the bulletin of a number; the same for ever (CAP 1.2 §3.2.1: no space, comma, < or &)."""
    return ids.derived("cap", number) if _FORBIDDEN.search(number) else number


def written(
    bulletin: Bulletin, sender: str, offset_minutes: int = 0, languages: Collection[Language] | None = None
) -> bytes | None:
    """The document of a bulletin, the same bytes for the same bulletin; None if it is no alert.

    `sender` names whoever says it (§3.2.1: as `identifier`); times are told at `offset_minutes` from UTC; without
    `languages` all that there are.
    """
    hazard = bulletin.hazard
    if hazard is None or bulletin.kind in _UNWRITTEN:
        return None
    alert = etree.fromstring(f'<alert xmlns="{NAMESPACE}"/>')
    told = _told(bulletin, sender, hazard, offset_minutes)
    for name, value in told.items():
        _add(alert, name, value)
    wanted = [language for language in bulletin.text if languages is None or language in languages]
    for language in sorted(wanted, key=lambda tag: (_FIRST.index(tag) if tag in _FIRST else len(_FIRST), tag)):
        _info(alert, bulletin, hazard, language, offset_minutes)
    return etree.tostring(alert, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _told(bulletin: Bulletin, sender: str, hazard: Hazard, offset: int) -> dict[str, str | None]:
    """The elements of the alert, in the order of the schema."""
    restricted = bulletin.kind in _RESTRICTED
    earlier = [f"{sender},{identifier(each.number)},{_time(each.at, offset)}" for each in hazard.earlier]
    message = _message_type(bulletin)
    return {
        "identifier": identifier(bulletin.number),
        "sender": sender,
        "sent": _time(bulletin.published_at, offset),
        "status": _status(bulletin),
        "msgType": message,
        "scope": Scope.RESTRICTED if restricted else Scope.PUBLIC,
        "restriction": "government entities" if restricted else None,
        "note": bulletin.incident if _status(bulletin) is Status.EXERCISE else None,
        "references": " ".join(earlier) if earlier and message is not MsgType.ALERT else None,
        "incidents": ids.derived("incident", bulletin.space, bulletin.incident),
    }


def _message_type(bulletin: Bulletin) -> MsgType:
    """A cancellation or an update says of what; what comes first in its chain is an alert."""
    if bulletin.hazard is None or not bulletin.hazard.earlier:
        return MsgType.ALERT
    if bulletin.kind is Kind.RETRACTION:
        return MsgType.CANCEL
    return MsgType.UPDATE if bulletin.kind in _UPDATES or bulletin.replaces else MsgType.ALERT


def _status(bulletin: Bulletin) -> Status:
    if bulletin.test or bulletin.rehearsal:
        return Status.TEST
    return Status.EXERCISE if bulletin.exercise else Status.ACTUAL


def _info(alert: Element, bulletin: Bulletin, hazard: Hazard, language: Language, offset: int) -> None:
    info, over = _add(alert, "info"), bulletin.kind is Kind.ALL_CLEAR
    told = {
        "language": language,
        "category": hazard.category,
        "event": _in(hazard.event, language),
        "responseType": "AllClear" if over else None,
        "urgency": "Past" if over else hazard.urgency,
        "severity": hazard.severity,
        "certainty": hazard.certainty,
        "expires": None if bulletin.expires is None else _time(bulletin.expires, offset),
        "senderName": _in(hazard.sender, language),
        "headline": bulletin.headline.get(language),
        "description": bulletin.text[language],
    }
    for name, value in told.items():
        _add(info, name, value)
    area = _add(info, "area")
    _add(area, "areaDesc", "، ".join(_in(place.names, language) for place in hazard.places))
    for place in hazard.places:
        code = _add(area, "geocode")
        _add(code, "valueName", GEOCODE)
        _add(code, "value", place.code)


def _in(names: dict[Language, str], language: Language) -> str:
    return names.get(language) or next(iter(names.values()))


def _add(parent: Element, name: str, value: str | None = "") -> Element:
    """Append an element; one whose value is None is left out, and given without a parent."""
    child = etree.Element(f"{{{NAMESPACE}}}{name}")
    if value is not None:
        child.text = _NOT_IN_XML.sub("\ufffd", value) or None
        parent.append(child)
    return child


def _time(at: str, offset_minutes: int) -> str:
    """CAP 1.2 §3.3.2: whole seconds, and the offset written out."""
    zone = timezone(timedelta(minutes=offset_minutes))
    moment = datetime.fromtimestamp(instants.parse(at) // 1000, UTC).astimezone(zone)
    return moment.isoformat(timespec="seconds")
