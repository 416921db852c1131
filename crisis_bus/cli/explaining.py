"""`crisis-bus explain`: the story of one incident, told from the journal alone."""

from collections.abc import Iterator
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic_core import to_json

from crisis_bus import packs
from crisis_bus.cli import entries, output, settings_shown
from crisis_bus.cli.asking import Space
from crisis_bus.domain import instants
from crisis_bus.errors import UserError
from crisis_bus.text.catalogue import said
from crisis_bus.text.telling import WHEN, Storyteller
from crisis_bus.views.story.scene import Event
from crisis_bus.views.story.story import Story, Untold, tell

_UNKNOWN = said("The journal tells of no incident {incident} in this space; the nearest ids are: {known}")
_NONE = said("The journal tells of no incident {incident} in this space, and of no other one either")
_NEAREST = 5


class Lang(StrEnum):
    """The languages of a story."""

    AR = "ar"
    EN = "en"


class Form(StrEnum):
    """`text` for people, one line for each thing that happened; `json` for programs."""

    TEXT = "text"
    JSON = "json"


Journal = Annotated[Path | None, typer.Option("--journal", help="file made by `crisis-bus journal export`; else Kafka")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("explain")(explain)


def explain(
    incident: Annotated[str, typer.Argument(help="id of the incident")],
    space: Space = None,
    lang: Annotated[Lang, typer.Option(help="language of the story")] = Lang.EN,
    journal: Journal = None,
    form: Annotated[Form, typer.Option("--format", help="text or json")] = Form.TEXT,
) -> None:
    """Tell the story of an incident, from the journal alone.

    Why this grade, level, lead and spokesperson, each key and who could have given it, each
    clock and whether it was met, each refusal and each escalation. At the end of each line stands the
    rule behind it.
    """
    settings = settings_shown.read()
    found = entries.of_space(settings, space, journal)
    story = tell(found, packs.load(settings.pack), incident)
    if isinstance(story, Untold):
        raise UserError(_unknown(incident, story.known))
    teller = Storyteller(lang.value, story.offset_minutes)
    if form is Form.JSON:
        output.say(to_json(_document(story, teller), indent=2).decode())
    else:
        for line in _lines(story, teller):
            output.say(line)


def _unknown(incident: str, known: tuple[str, ...]) -> str:
    if not known:
        return _NONE.both().filled(incident=incident)
    folded = {name.casefold(): name for name in known}
    near = [folded[name] for name in get_close_matches(incident.casefold(), folded, _NEAREST, 0.0)]
    return _UNKNOWN.both().filled(incident=incident, known=", ".join(near))


def _lines(story: Story, teller: Storyteller) -> Iterator[str]:
    """The title, a heading for each day, and one line for each event: time, minutes since the report, words, rule."""
    yield teller.tell(story.title.line, story.title.values, story.title.at).text
    day = ""
    for event in story.events:
        if teller.date(event.at) != day:
            day = teller.date(event.at)
            yield f"\n{day}"
        told = teller.tell(event.line, event.values, event.at, event.rule)
        rule = f" [{told.rule}]" if told.rule else ""
        yield f"{teller.hour(event.at)}  +{story.minute(event):<4} {told.text}{rule}"


def _document(story: Story, teller: Storyteller) -> dict[str, Any]:
    title = teller.tell(story.title.line, story.title.values, story.title.at).text
    return {
        "incident": story.incident,
        "reported_at": instants.text(story.reported_at),
        "language": teller.language,
        "title": title,
        "events": [_row(story, event, teller) for event in story.events],
    }


def _row(story: Story, event: Event, teller: Storyteller) -> dict[str, Any]:
    told = teller.tell(event.line, event.values, event.at, event.rule)
    values = {name: instants.text(v) if name in WHEN else v for name, v in event.values.items()}
    place = {"at": instants.text(event.at), "minute": story.minute(event), "event": event.line}
    rule = {} if told.rule is None else {"rule": told.rule}
    return {**place, **rule, "values": values, "text": told.text}
