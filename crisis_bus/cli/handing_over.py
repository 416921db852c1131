"""`crisis-bus handover`: packages that were handed over, looked at by whoever got them; it works without a system."""

from pathlib import Path
from typing import Annotated

import typer

from crisis_bus.cli.output import complain, say
from crisis_bus.errors import UserError

app = typer.Typer(no_args_is_help=True, help="Hand-overs: check a package.", rich_markup_mode=None)


def add_to(parent: typer.Typer) -> None:
    """Register the command."""
    parent.add_typer(app, name="handover")


@app.callback()
def handover() -> None:
    """Hand-overs: check a package."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="the ZIP that was handed over")],
    key: Annotated[str, typer.Option(help="public key of the office (whpk_…), from /v1/webhooks/key")],
) -> None:
    """Say whether a package is whole and ours, and what it is; ends with 1 if it is not."""
    try:
        data = file.read_bytes()
    except OSError as error:
        msg = f"{file}: {error.strerror}"
        raise UserError(msg) from error
    from crisis_bus.channels import package  # noqa: PLC0415 cryptography takes 0.1 s that no other command has to wait

    try:
        said = package.checked(data, key)
    except UserError as error:
        complain(f"{file}: {error}")
        raise typer.Exit(1) from error
    say(f"{said['number']}  {said['kind']}  {said['published_at']}")
    for name in said["files"]:
        say(f"  {name}")
