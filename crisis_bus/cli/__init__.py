"""`crisis-bus <command>`: what people and scripts type.

Exit codes: 0 done · 1 it failed, or something that was due did not arrive · 2 wrong usage or bad input ·
3 the rules refused it · 4 Kafka or the gateway does not answer.
"""

import logging
import sys
from typing import NoReturn

import typer

from crisis_bus import __version__
from crisis_bus.cli import (
    asking,
    auditing,
    channels,
    delivered,
    explaining,
    handing_over,
    importing,
    journals,
    letters,
    making_keys,
    playing,
    policies,
    reading,
    rehearsing,
    rulebook,
    running,
    settings_shown,
    subscribing,
    suppressing,
    texts,
    topics,
)
from crisis_bus.cli.output import complain
from crisis_bus.errors import CrisisBusError, NotReachable, UserError

app = typer.Typer(
    name="crisis-bus",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
FAILED, USAGE, REFUSED, UNREACHABLE = 1, 2, 3, 4


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"crisis-bus {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),  # noqa: FBT003 typer's form
) -> None:
    """One voice for a government on its worst day.

    Begin with `crisis-bus up` in one terminal, and ask from another: raise,
    submit, approve, show. Each command explains itself: crisis-bus raise --help.

    Exit codes: 0 done, 1 failed, 2 wrong input, 3 refused by a rule,
    4 Kafka or the gateway does not answer.
    """


for part in (
    running,
    asking,
    reading,
    delivered,
    explaining,
    subscribing,
    suppressing,
    rehearsing,
    playing,
    policies,
    importing,
    journals,
    auditing,
    topics,
    channels,
    texts,
    handing_over,
    letters,
    rulebook,
    making_keys,
    settings_shown,
):
    part.add_to(app)
running.add_processes_to(app)


def main() -> NoReturn:
    """Run the command line; every error of ours is one sentence and an exit code."""
    logging.getLogger("aiokafka").addHandler(logging.NullHandler())
    try:
        app(prog_name="crisis-bus")
    except UserError as error:
        complain(str(error))
        sys.exit(USAGE)
    except NotReachable as error:
        complain(str(error))
        sys.exit(UNREACHABLE)
    except CrisisBusError as error:
        complain(str(error))
        sys.exit(FAILED)
    sys.exit(0)
