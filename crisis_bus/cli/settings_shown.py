"""`crisis-bus settings`: every setting, its value, its origin and a sentence."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError as SourceError

from crisis_bus.cli import output
from crisis_bus.cli.output import Format
from crisis_bus.errors import SettingsError
from crisis_bus.settings import Settings

PREFIX = "CRISIS_BUS_"
FILE = Path("crisis-bus.toml")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("settings")(settings)


def read() -> Settings:
    """Read the settings, once; raises SettingsError, which names the setting."""
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and not _known(name))
    if unknown:
        msg = f"there is no setting {unknown[0]}; `crisis-bus settings` lists all"
        raise SettingsError(msg)
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        msg = f"{_origin(name)}: {name}: {first['msg']}"
        raise SettingsError(msg) from error
    except (SourceError, tomllib.TOMLDecodeError) as error:
        msg = f"{FILE}: cannot be read: {error}"
        raise SettingsError(msg) from error


def _known(variable: str) -> bool:
    return variable.removeprefix(PREFIX).lower() in Settings.model_fields


def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}


def _origin(name: str) -> str:
    variable = PREFIX + name.upper()
    if variable in os.environ:
        return variable
    return str(FILE) if name in _file() else "default"


def settings(
    output_format: Annotated[Format, typer.Option("--format", help="table, json or jsonl")] = Format.TABLE,
) -> None:
    """Show every setting, its value and its origin."""
    values = read()
    found = [
        {
            "setting": name,
            "value": _shown(getattr(values, name)),
            "origin": _origin(name),
            "what": field.description,
        }
        for name, field in Settings.model_fields.items()
    ]
    output.rows(found, ("setting", "value", "origin", "what"), output_format)


def _shown(value: object) -> object:
    if isinstance(value, SecretStr):
        return "********"
    return str(value) if isinstance(value, Path) else value
