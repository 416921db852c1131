"""`crisis-bus channels`: what each way out promises."""

from dataclasses import asdict
from typing import Annotated

import typer

from crisis_bus.cli import output
from crisis_bus.cli.output import Format

app = typer.Typer(no_args_is_help=True, help="The ways out: list.", rich_markup_mode=None)
Output = Annotated[Format, typer.Option("--format", help="table, json or jsonl")]


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="channels")


@app.command("list")
def listed(output_format: Output = Format.TABLE) -> None:
    """Say of every kind of channel what it takes, promises and confirms."""
    from crisis_bus.channels import table  # noqa: PLC0415 the clients of all channels take 0.3 s that no other command has to wait

    rows = [asdict(traits) for _, traits in sorted(table.ROWS.items())]
    output.rows(rows, tuple(table.HEADS), output_format)
