"""`crisis-bus subscriptions`: who gets what, on which channel, in which language."""

import io
from pathlib import Path
from typing import Annotated

import typer

from crisis_bus.cli import output, reading, settings_shown, subscribers_csv
from crisis_bus.cli.asking import Output, Space
from crisis_bus.cli.client import Gateway, Json, Refusal
from crisis_bus.cli.output import Format

COLUMNS = ("id", "subscriber", "channel", "transport", "languages", "paused", "secret")
app = typer.Typer(
    no_args_is_help=True, help="Subscriptions: list, pause, resume, remove, import, export.", rich_markup_mode=None
)
Id = Annotated[str, typer.Argument(help="id of the subscription")]


def add_to(parent: typer.Typer) -> None:
    """Register the commands, and `subscribe` at the top."""
    parent.add_typer(app, name="subscriptions")
    parent.command("subscribe")(subscribe)


def subscribe(  # noqa: PLR0913 one option a field
    id: Id,  # noqa: A002 the API calls it so
    channel: Annotated[str, typer.Argument(help="channel of the pack, such as MEDIA_WIRE")],
    transport: Annotated[str, typer.Argument(help="webhook, email, web, kafka, sms, …: see `channels list`")],
    address: Annotated[str, typer.Argument(help="URL, mail address, topic, push subscription; / for the web page")],
    *,
    subscriber: Annotated[str | None, typer.Option(help="entity or medium; that of the key, if left out")] = None,
    languages: Annotated[list[str] | None, typer.Option("--language", help="ar, en; both, if left out")] = None,
    types: Annotated[list[str] | None, typer.Option("--type", help="only this incident type")] = None,
    emirates: Annotated[list[str] | None, typer.Option("--emirate", help="only this emirate")] = None,
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="only this kind of statement")] = None,
    audiences: Annotated[list[str] | None, typer.Option("--audience", help="only this audience")] = None,
    min_grade: Annotated[int, typer.Option(help="least grade")] = 1,
    min_level: Annotated[int, typer.Option(help="least level")] = 1,
    space: Space = None,
    output_format: Output = Format.TABLE,
    outlet: Annotated[bool, typer.Option("--outlet", help="it is the channel itself, not one of its readers")] = False,
) -> None:
    """Subscribe a destination to what leaves on a channel.

    The secret of a webhook is shown once.
    """
    asked = {
        "types": types or [],
        "emirates": emirates or [],
        "kinds": kinds or [],
        "audiences": audiences or [],
        "min_grade": min_grade,
        "min_level": min_level,
    }
    gateway = _gateway()
    body = {
        "channel": channel,
        "transport": transport,
        "address": address,
        "space": space or gateway.space,
        "subscriber": subscriber,
        "languages": languages or ["ar", "en"],
        "filter": asked,
        "outlet": outlet,
    }
    made = gateway.put(f"/v1/subscriptions/{id}", {name: v for name, v in body.items() if v is not None})
    output.rows([made], COLUMNS, output_format)


@app.command("list")
def listed(space: Space = None, output_format: Output = Format.TABLE) -> None:
    """All subscriptions of a space."""
    gateway = _gateway()
    found = gateway.pages("/v1/subscriptions", {"space": space or gateway.space})
    output.rows(found, COLUMNS, output_format)


@app.command()
def pause(id: Id, output_format: Output = Format.TABLE) -> None:  # noqa: A002 the API calls it so
    """Send nothing there until it is resumed."""
    output.rows([_set(id, paused=True)], COLUMNS, output_format)


@app.command()
def resume(id: Id, output_format: Output = Format.TABLE) -> None:  # noqa: A002 the API calls it so
    """Send there again."""
    output.rows([_set(id, paused=False)], COLUMNS, output_format)


@app.command()
def remove(id: Id) -> None:  # noqa: A002 the API calls it so
    """Forget a subscription."""
    _gateway().delete(f"/v1/subscriptions/{id}")


@app.command("import")
def imported(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8; its first line names columns, as in `export`")],
    *,
    check: Annotated[bool, typer.Option("--check", help="only look whether it can be read")] = False,
    output_format: Output = Format.TABLE,
) -> None:
    """Write the subscriptions of a file, and say of each line what became of it; twice is the same as once."""
    rows, gateway = subscribers_csv.read(file), _gateway()
    told = [_told(gateway, row, check=check) for row in rows]
    output.rows(told, ("line", "id", "result", "secret"), output_format)
    if any(line["failed"] for line in told):
        raise typer.Exit(1)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="where to; to standard output, if left out")] = None,
    space: Space = None,
) -> None:
    """Write all subscriptions of a space as CSV, without their secrets; it holds addresses: keep it as such."""
    gateway = _gateway()
    out = io.StringIO(newline="")
    subscribers_csv.write(gateway.pages("/v1/subscriptions", {"space": space or gateway.space}), out)
    if file is None:
        output.say(out.getvalue().rstrip("\r\n"))
    else:
        reading.write_lines(file, [line.encode() for line in out.getvalue().splitlines()])


def _told(gateway: Gateway, row: subscribers_csv.Row, *, check: bool) -> Json:
    result, failed, made = "read" if check else "written", row.wrong is not None, Json()
    if row.wrong is not None:
        result = row.wrong
    elif not check:
        try:
            made = gateway.put(f"/v1/subscriptions/{row.id}", {"space": gateway.space} | row.body)
        except Refusal as refused:
            result, failed = str(refused), True
    return {"line": row.line, "id": row.id, "result": result, "secret": made.get("secret"), "failed": failed}


def _set(name: str, *, paused: bool) -> Json:
    return _gateway().patch(f"/v1/subscriptions/{name}", {"paused": paused})


def _gateway() -> Gateway:
    return Gateway(settings_shown.read())
