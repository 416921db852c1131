"""A bulletin as other systems read it: one CloudEvent, limited to the languages that are wanted."""

from collections import OrderedDict
from collections.abc import Callable

from pydantic_core import to_json

from crisis_bus.domain import ids, instants
from crisis_bus.domain.delivery import Bulletin, OutboxMessage
from crisis_bus.domain.subscriptions import Language
from crisis_bus.wire import types
from crisis_bus.wire.envelope import Envelope

_KEPT = 256
"""Payloads kept: a bulletin goes to thousands, in few combinations of languages."""


def bulletin_data(bulletin: Bulletin, languages: tuple[Language, ...]) -> bytes:
    """Return the JSON of a bulletin with the words of these languages only."""
    data = bulletin.model_dump(mode="json", exclude_none=True)
    for field in ("headline", "text"):
        data[field] = {language: words for language, words in data[field].items() if language in languages}
    if bulletin.forms:
        data["forms"] = {
            form: {language: words for language, words in each.items() if language in languages}
            for form, each in bulletin.forms.items()
        }
    return to_json(data)


def bulletin_event(bulletin: Bulletin, data: bytes, id: str | None = None) -> Envelope:  # noqa: A002 CloudEvents calls it so
    """Put a bulletin's data into an event, whose id comes from the bulletin's number unless one is given."""
    return Envelope(
        id=id or ids.derived("bulletin", bulletin.number),
        source=f"/spaces/{bulletin.space}",
        type=types.BULLETIN,
        time=instants.parse(bulletin.published_at),
        data=data,
        subject=bulletin.number,
    )


class Shared:
    """Bytes made once for each bulletin and choice of languages."""

    def __init__(self, make: Callable[[Bulletin, tuple[Language, ...]], bytes]) -> None:
        self._make = make
        self._made: OrderedDict[tuple[str, tuple[Language, ...]], tuple[Bulletin, bytes]] = OrderedDict()

    def of(self, message: OutboxMessage) -> bytes:
        """Return the bytes of a message's bulletin; another bulletin of the same number has its own."""
        bulletin = message.bulletin
        key = (bulletin.number, message.languages)
        kept = self._made.get(key)
        if kept is not None and (kept[0] is bulletin or kept[0] == bulletin):
            self._made.move_to_end(key)
            return kept[1]
        payload = self._make(bulletin, message.languages)
        self._made[key] = (bulletin, payload)
        if len(self._made) > _KEPT:
            self._made.popitem(last=False)
        return payload
