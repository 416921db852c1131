"""The commands that look: show an incident or all, a statement and where it went, the journal."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic_core import to_json

from crisis_bus.cli import output, settings_shown
from crisis_bus.cli.asking import Output, Space
from crisis_bus.cli.client import Gateway
from crisis_bus.cli.output import Format
from crisis_bus.errors import UserError

_LEDGER = (
    "channel", "due", "sent", "accepted", "delivered", "waiting", "lost",
    "accept_seconds", "deliver_seconds", "accepted_within", "delivered_within", "people", "reached_within",
)  # fmt: skip


_KPIS = {"KPI-05": "زمن التحذير · warning latency, s", "KPI-09": "فارق اللغات · language lag, s"}


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("show")(show)
    app.command("publish-status")(publish_status)
    app.command("ledger")(ledger)
    app.command("corrections")(corrections)


def show(
    incident: Annotated[str | None, typer.Argument(help="one incident; all, if left out")] = None,
    space: Space = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Show where incidents stand; one of them, or all."""
    gateway = Gateway(settings_shown.read())
    space = space or gateway.space
    if incident is None:
        found = list(gateway.pages("/v1/incidents", {"space": space}))
        output.rows(found, ("id", "type", "state", "grade", "level", "lead", "spokesperson"), output_format)
        return
    one = gateway.get(f"/v1/incidents/{incident}", {"space": space})
    if output_format is Format.TABLE:
        output.rows([{"field": name, "value": value} for name, value in one.items()], ("field", "value"), output_format)
    else:
        output.say(to_json(one).decode())


def publish_status(
    statement: Annotated[str, typer.Argument(help="id of the statement")],
    space: Space = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Show where a statement stands and where it arrived."""
    gateway = Gateway(settings_shown.read())
    space = space or gateway.space
    one = gateway.get(f"/v1/statements/{statement}", {"space": space})
    if output_format is Format.TABLE:
        missing = ", ".join(f"{key} ({entity})" for key, entity in one["keys"].items() if key not in one["given"])
        output.say(f"{one['id']} · {one['kind']} · {one['state']}" + (f" · waits for {missing}" if missing else ""))
    receipts = list(gateway.pages("/v1/receipts", {"space": space, "statement": statement}))
    output.rows(receipts, ("channel", "transport", "subscriber", "outcome", "attempt", "detail"), output_format)


def ledger(
    statement: Annotated[str, typer.Argument(help="id of the statement")],
    space: Space = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Show how far a statement got: for each channel what was due, sent, accepted, delivered and lost, and how fast.

    The line * is all channels together; people who have it by several messages count once (KPI-07). Below it: how
    long a warning took from the report of danger (KPI-05), and how long after the Arabic the others came (KPI-09).
    """
    gateway = Gateway(settings_shown.read())
    one = gateway.get(f"/v1/ledger/{statement}", {"space": space or gateway.space})
    whole = {**one["total"], "channel": "*"}
    kpis = {"KPI-05": one["warning_seconds"], "KPI-09": one["language_lags"]}
    if output_format is not Format.TABLE:
        output.rows([*one["channels"], whole | kpis], _LEDGER, output_format)
        return
    output.rows([*one["channels"], whole], _LEDGER, output_format)
    for name, value in kpis.items():
        output.say(f"{name} · {_KPIS[name]}: {output.cell(value) or '–'}")


def corrections(
    statement: Annotated[str, typer.Argument(help="id of the statement that was corrected")],
    space: Space = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Show who has a statement, and has not got what corrects, retracts or ends it."""
    gateway = Gateway(settings_shown.read())
    one = gateway.get(f"/v1/corrections/{statement}", {"space": space or gateway.space})
    found = [
        {"correction": each["correction"], **destination}
        for each in one["corrections"]
        for destination in each["destinations"]
    ]
    output.rows(found, ("correction", "subscription", "channel", "outcome"), output_format)


def write_lines(path: Path, lines: list[bytes]) -> None:
    """Write lines to a file; raises UserError."""
    try:
        path.write_bytes(b"".join(line + b"\n" for line in lines))
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise UserError(msg) from error
