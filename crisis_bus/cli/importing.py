"""`crisis-bus import`: signals from files, handed in as reports."""

from pathlib import Path
from typing import Annotated

import typer

from crisis_bus import packs
from crisis_bus.cap import reader, reports
from crisis_bus.cap.defects import CapRefused
from crisis_bus.cap.mapping import CapMapping
from crisis_bus.cli import output, settings_shown
from crisis_bus.cli.asking import Output, Space
from crisis_bus.cli.client import Gateway, Json
from crisis_bus.cli.output import Format
from crisis_bus.errors import UserError

BAD_INPUT = 2
app = typer.Typer(no_args_is_help=True, help="Import signals from files: CAP alerts.", rich_markup_mode=None)


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="import")


@app.callback()
def _group() -> None:
    """Import signals from files: CAP alerts."""


@app.command()
def cap(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CAP 1.0 to 1.2 alerts")],
    space: Space = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Hand in CAP alerts as reports.

    An alert about a known hazard joins its incident. Exit code 2 if one is refused.
    """
    settings = settings_shown.read()
    gateway, mapping = Gateway(settings), packs.cap_mapping(settings.pack)
    rows = [_handed_in(gateway, mapping, path, space or settings.space) for path in files]
    output.rows(rows, ("file", "verdict", "report", "type", "why"), output_format)
    if any(row["verdict"] == "refused" for row in rows):
        raise typer.Exit(BAD_INPUT)


def _handed_in(gateway: Gateway, mapping: CapMapping, path: Path, space: str) -> Json:
    try:
        alert = reader.read(path.read_bytes())
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise UserError(msg) from error
    made = alert if isinstance(alert, CapRefused) else reports.to_report(alert, mapping, space=space, by="cap")
    if isinstance(made, CapRefused):
        why = "; ".join(f"{defect.code}: {defect.en} · {defect.ar}" for defect in made.defects)
        return {"file": path.name, "verdict": "refused", "why": why}
    gateway.post("/v1/reports", made.model_dump(mode="json", exclude={"by"}))
    return {"file": path.name, "verdict": "accepted", "report": made.id, "type": made.type}
