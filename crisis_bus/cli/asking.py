"""The commands that ask something of a space: raise, ack, confirm, fact, draft, submit, approve, ask."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from pydantic_core import from_json

from crisis_bus.cli import output, settings_shown
from crisis_bus.cli.client import Gateway, Json
from crisis_bus.cli.output import Format
from crisis_bus.domain.values import Certainty, Key, Kind, Severity, Urgency
from crisis_bus.errors import NotReachable, UserError
from crisis_bus.text import refusals

REFUSED = 3

Space = Annotated[str | None, typer.Option(help="space to ask in; that of the settings, if left out")]
By = Annotated[str | None, typer.Option(help="person to speak for, such as NCM.duty; only in a rehearsal")]
Incident = Annotated[str, typer.Argument(help="id of the incident")]
At = Annotated[int | None, typer.Option(help="minute since the start of the rehearsal")]
Output = Annotated[Format, typer.Option("--format", help="table, json or jsonl")]
Facts = Annotated[list[str] | None, typer.Option("--fact", help="a value of the fact sheet, KEY=VALUE")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("raise")(raise_incident)
    for command in (ack, confirm, fact, draft, submit, approve, ask, rehearsal):
        app.command(command.__name__)(command)


def raise_incident(  # noqa: PLR0913 one option a field
    id: Annotated[str, typer.Argument(help="id of the new incident")],  # noqa: A002 the rule book calls it so
    type: Annotated[str, typer.Argument(help="incident type, such as MET-FLOOD")],  # noqa: A002 the rule book calls it so
    severity: Annotated[Severity, typer.Argument(help="how bad it is")],
    urgency: Annotated[Urgency, typer.Argument(help="how soon something must be done")],
    certainty: Annotated[Certainty, typer.Argument(help="how sure it is")],
    emirates: Annotated[list[str] | None, typer.Argument(help="emirates, such as AE-FU; AE for all")] = None,
    *,
    fatalities: Annotated[int, typer.Option(help="known deaths")] = 0,
    injured: Annotated[int, typer.Option(help="known injured")] = 0,
    supersedes: Annotated[str | None, typer.Option(help="incident that this one replaces")] = None,
    topic: Annotated[
        str | None, typer.Option(help="topic code, such as MET; it decides who owns rumours about it")
    ] = None,
    space: Space = None,
    by: By = None,
    at: At = None,
    output_format: Output = Format.TABLE,
    exercise: Annotated[bool, typer.Option("--exercise", help="a drill")] = False,
) -> None:
    """Raise an incident.

    It is graded, the right people know, a spokesperson is chosen, clocks start.
    """
    data = {
        "id": id,
        "type": type,
        "severity": severity,
        "urgency": urgency,
        "certainty": certainty,
        "emirates": emirates or [],
        "fatalities": fatalities,
        "injured": injured,
        "exercise": exercise,
        "supersedes": supersedes,
        "topic": topic,
    }
    send("incident.report", data, (space, by, at), output_format)


def ack(
    incident: Incident, space: Space = None, by: By = None, at: At = None, output_format: Output = Format.TABLE
) -> None:
    """Acknowledge an incident: you have it in hand."""
    send("incident.acknowledge", {"incident": incident}, (space, by, at), output_format)


def confirm(
    incident: Incident, space: Space = None, by: By = None, at: At = None, output_format: Output = Format.TABLE
) -> None:
    """Confirm that you, the chosen spokesperson, are ready."""
    send("spokesperson.confirm", {"incident": incident}, (space, by, at), output_format)


def fact(
    incident: Incident,
    facts: Annotated[list[str], typer.Argument(help="KEY=VALUE; a number or true/false is taken as such")],
    space: Space = None,
    by: By = None,
    at: At = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Set values of the fact sheet of an incident.

    Public texts may state only what stands there.
    """
    send("factsheet.set", {"incident": incident, "facts": _facts(facts)}, (space, by, at), output_format)


def _text(name: str) -> Any:  # noqa: ANN401 a function for typer
    def write(  # noqa: PLR0913 one option a field
        id: Annotated[str, typer.Argument(help="id of the statement")],  # noqa: A002 the rule book calls it so
        incident: Incident,
        kind: Annotated[Kind, typer.Argument(help="what kind of statement")],
        *,
        facts: Facts = None,
        ar: Annotated[str | None, typer.Option(help="the text in Arabic; left out, a template fills it")] = None,
        en: Annotated[str | None, typer.Option(help="the text in English; left out, a template fills it")] = None,
        refs: Annotated[list[str] | None, typer.Option("--ref", help="statement that this one refers to")] = None,
        answers: Annotated[list[str] | None, typer.Option("--answer", help="rumour that this one answers")] = None,
        channels: Annotated[list[str] | None, typer.Option("--channel", help="one more channel, such as DIPLO")] = None,
        originator: Annotated[
            str | None, typer.Option(help="entity that is authorised to warn; of a PUBLIC_WARNING")
        ] = None,
        space: Space = None,
        by: By = None,
        at: At = None,
        output_format: Output = Format.TABLE,
        marker: Annotated[bool, typer.Option("--marker", help="the text says that it is an exercise")] = False,
    ) -> None:
        text = {language: said for language, said in (("ar", ar), ("en", en)) if said is not None}
        data = {
            "id": id,
            "incident": incident,
            "kind": kind,
            "facts": _facts(facts or []),
            "text": text or None,
            "refs": refs or [],
            "answers": answers or [],
            "channels": channels or [],
            "originator": originator,
            "marker": marker,
        }
        send(f"statement.{name}", data, (space, by, at), output_format)

    write.__name__ = name
    return write


draft, submit = _text("draft"), _text("submit")
draft.__doc__ = "Keep a text without asking for its keys."
submit.__doc__ = "Submit a text for approval.\n\nIt is blocked with a reason, or all its keys are asked for at once."


def approve(
    statement: Annotated[str, typer.Argument(help="id of the statement")],
    key: Annotated[Key, typer.Argument(help="which key")],
    space: Space = None,
    by: By = None,
    at: At = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Give one key of a text; the last one publishes it."""
    send("statement.approve", {"statement": statement, "key": key}, (space, by, at), output_format)


def ask(
    type: Annotated[str, typer.Argument(help="any command of the rule book, such as level.override")],  # noqa: A002 the rule book calls it so
    data: Annotated[str, typer.Argument(help="its data, as JSON")],
    space: Space = None,
    by: By = None,
    at: At = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Send any command of the rule book, as JSON.

    For example: crisis-bus ask incident.stabilise '{"incident": "I1"}'
    """
    try:
        value = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        msg = f"DATA is no JSON: {error}"
        raise UserError(msg) from error
    send(type, value, (space, by, at), output_format)


def rehearsal(
    space: Annotated[str, typer.Argument(help="name of the new space; it begins with rehearsal-")],
    start: Annotated[str, typer.Option(help="time of minute 0, such as 2026-04-16T16:40:00+04:00")],
    output_format: Output = Format.TABLE,
) -> None:
    """Open a rehearsal, a space of its own.

    Its time comes from its commands (--at), and you may speak for anybody (--by).
    """
    send("rehearsal.open", {"start": start}, (space, None, None), output_format)


def send(kind: str, data: Any, where: tuple[str | None, str | None, int | None], output_format: Format) -> None:  # noqa: ANN401 any JSON value
    """Send a command, and show what was decided."""
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if value is not None}
    space, by, at = where
    gateway = Gateway(settings_shown.read())
    asked = {"type": kind, "data": data, "space": space or gateway.space, "by": by, "at": at}
    answer = gateway.command({name: v for name, v in asked.items() if v is not None})
    _show(answer, output_format)


def _show(answer: Json, output_format: Format) -> None:
    if answer["status"] != "decided":
        msg = f"{answer['id']} is accepted, but the desk has not answered yet; see `crisis-bus journal show`"
        raise NotReachable(msg)
    facts: Sequence[Json] = answer["facts"]
    output.rows(facts, ("at", "type", "data"), output_format)
    refused = [refusal for told in facts for refusal in refusals.of(told["type"], told["data"])]
    for refusal in refused:
        output.complain(refusal.line)
    if refused:
        raise typer.Exit(REFUSED)


def _facts(pairs: Sequence[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key.strip():
            msg = f"{pair!r} is no fact; write KEY=VALUE"
            raise UserError(msg)
        facts[key] = _value(value)
    return facts


def _value(text: str) -> str | int | bool:
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if text.isascii() and text.isdigit() else text
