"""`crisis-bus keys`: API keys of the gateway on this machine."""

import secrets
from typing import Annotated

import typer

from crisis_bus.cli import settings_shown
from crisis_bus.cli.output import say
from crisis_bus.cli.running import key_file, write_secretly
from crisis_bus.gateway import keys
from crisis_bus.gateway.keys import Scope

app = typer.Typer(
    no_args_is_help=True,
    help="Keys: make, for the gateway; webhook, that signs.",
    rich_markup_mode=None,
)


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="keys")


@app.command()
def make(
    id: Annotated[str, typer.Argument(help="id of the key: lower-case letters, digits, hyphens")],  # noqa: A002 the file calls it so
    person: Annotated[str, typer.Argument(help="for whom it speaks, such as NCM.duty")],
    *,
    scopes: Annotated[
        list[Scope] | None, typer.Option("--scope", help="what it may do; read, command and report, if left out")
    ] = None,
    spaces: Annotated[
        list[str] | None, typer.Option("--space", help="spaces that it is good for; that of the settings, if left out")
    ] = None,
) -> None:
    """Make an API key; it is shown once.

    Its hash is added to the file of the gateway.
    """
    settings = settings_shown.read()
    chosen = scopes or [Scope.READ, Scope.COMMAND, Scope.REPORT]
    token, record = keys.make(id, person, spaces or [settings.space], chosen, secrets.token_bytes(keys.CHANCE_BYTES))
    path = key_file(settings)
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    after = before + ("\n" if before else "") + keys.as_toml(record)
    keys.load(after, path.name)
    write_secretly(path, after)
    say(token)


@app.command()
def webhook() -> None:
    """Make a key that signs webhooks, for the setting webhook_signing_key; its public half is at /v1/webhooks/key."""
    from crisis_bus.channels import signatures  # noqa: PLC0415 cryptography takes 0.1 s that no other command has to wait

    say(signatures.made(secrets.token_bytes(32)))
