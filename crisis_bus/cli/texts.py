"""`crisis-bus text fit`: whether words fit a channel, before anybody needs them."""

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from crisis_bus.cli import output
from crisis_bus.cli.output import Format, complain, say
from crisis_bus.domain.delivery import Form
from crisis_bus.errors import UserError
from crisis_bus.text import bidi, sms
from crisis_bus.text.limits import LIMITS, Limit

app = typer.Typer(no_args_is_help=True, help="Texts: fit.", rich_markup_mode=None)
TOO_LONG = 1
_LANGUAGES = "[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}"


class Channel(StrEnum):
    """Ways out whose texts are short."""

    SMS = "sms"
    X = "x"
    PUSH = "push"
    SIGN = "sign"
    BROADCAST = "broadcast"


_FORMS: dict[Channel, Form] = {
    Channel.SMS: "sms",
    Channel.X: "post",
    Channel.PUSH: "push",
    Channel.SIGN: "sign",
    Channel.BROADCAST: "broadcast",
}


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="text")


@app.callback()
def _texts() -> None:
    """Texts: whether they fit."""


@app.command("fit")
def fit(
    channel: Annotated[Channel, typer.Option(help="where it is to leave")],
    lang: Annotated[str, typer.Option(help="its language, such as ar or en")],
    output_format: Annotated[Format, typer.Option("--format", help="table, json or jsonl")] = Format.TABLE,
) -> None:
    """Measure a text from standard input: parts, units and encoding; exit code 1 if it does not fit.

    A message says two languages together, so that a text is measured against its half.
    """
    text, limit = _read(), LIMITS[_FORMS[channel]]
    faulty = bidi.check(text)
    if faulty is not None:
        raise UserError(faulty)
    found = _measured(bidi.apart(text, lang) if limit.isolates else bidi.plain(text), limit, channel)
    if output_format is Format.TABLE:
        for name, value in found.items():
            say(f"{name:<12}{output.cell(value)}")
    else:
        output.rows([found], (), output_format)
    if not found["fits"]:
        complain(_too_long(found, limit))
        raise typer.Exit(TOO_LONG)


def _read() -> str:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        msg = f"standard input is no UTF-8 (byte {error.start}) · النص المُدخل ليس بترميز UTF-8 (البايت {error.start})"
        raise UserError(msg) from error
    if not text:
        msg = "standard input is empty: give the text, as in `crisis-bus text fit … < file` · لم يُقدَّم أي نص"
        raise UserError(msg)
    return text


def _measured(text: str, limit: Limit, channel: Channel) -> dict[str, Any]:
    parted = sms.parted(text) if channel is Channel.SMS else None
    length = limit.measure(text)
    return {
        "parts": 1 if parted is None else len(parted.parts),
        "units": length if parted is None else parted.units,
        "encoding": "Unicode" if parted is None else parted.encoding.value,
        "length": length,
        "limit": limit.most,
        "counted in": limit.units,
        "fits": length <= limit.most,
    }


def _too_long(found: dict[str, Any], limit: Limit) -> str:
    over, most = found["length"] - limit.most, limit.most
    return (
        f"the text is too long by {over} {limit.units}: at most {most} fit; shorten it, or say where the whole text is"
        f" · النص أطول من الحد المسموح به ({most}) بمقدار {over}: يُرجى اختصاره، أو الإشارة إلى موضع النص الكامل"
    )
