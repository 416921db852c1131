"""`crisis-bus audit`: the process that watches the journal, and a check of a whole journal for anybody."""

import asyncio
import importlib
from pathlib import Path
from typing import Annotated

import typer

from crisis_bus import packs
from crisis_bus.audit.auditor import Auditor
from crisis_bus.audit.findings import Finding
from crisis_bus.cli import output, settings_shown
from crisis_bus.cli.asking import Output
from crisis_bus.cli.output import Format, say
from crisis_bus.domain.journal import GENESIS
from crisis_bus.errors import UnreadableMessage, UserError
from crisis_bus.settings import Settings
from crisis_bus.views import chain

_PROCESS = "crisis_bus.assembly.audit"
"""Imported by who runs it: the other commands need neither Kafka nor HTTP for it."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("audit")(audit)


def audit(
    *,
    once: Annotated[bool, typer.Option("--once", help="check the whole journal, show what is wrong, and end")] = False,
    journal: Annotated[Path | None, typer.Option(help="a file of `journal export` instead of Kafka")] = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Run one process: it watches the journal and the receipts.

    With --once or --journal it checks all of it and ends: exit code 0 if nothing is wrong, 1 if something is.
    """
    settings = settings_shown.read()
    if not once and journal is None:
        asyncio.run(importlib.import_module(_PROCESS).run(settings))
        return
    entries, findings = _of_kafka(settings) if journal is None else _of_file(settings, journal)
    _show(entries, findings, output_format)
    if findings:
        raise typer.Exit(1)


def _of_kafka(settings: Settings) -> tuple[int, list[Finding]]:
    checked: tuple[int, list[Finding]] = asyncio.run(importlib.import_module(_PROCESS).once(settings))
    return checked


def _of_file(settings: Settings, file: Path) -> tuple[int, list[Finding]]:
    """An export holds one partition behind the other: each begins with the beginning of a chain."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        msg = f"{file}: cannot be read: {error.strerror}"
        raise UserError(msg) from error
    auditor, partition, findings = Auditor(packs.load(settings.pack)), 0, list[Finding]()
    for number, line in enumerate(lines):
        partition += number > 0 and _begins(line)
        findings += auditor.take(partition, number, line)
    settled = set(settings.audit_settled)
    return auditor.entries, [one for one in [*findings, *auditor.breaks()] if one.id not in settled]


def _begins(line: bytes) -> bool:
    try:
        return chain.read(line).previous == GENESIS
    except UnreadableMessage:
        return False


def _show(entries: int, findings: list[Finding], output_format: Format) -> None:
    columns = ("rule", "place", "about", "what", "ما الخلل", "to do", "ما العمل")
    if findings or output_format is not Format.TABLE:
        output.rows(map(_row, findings), columns, output_format)
    if output_format is Format.TABLE:
        count = len(findings)
        wrong = f"findings: {count} · النتائج: {count}" if count else "nothing is wrong · لا خلل"
        say(f"entries checked: {entries} · القيود المدققة: {entries} · {wrong}")


def _row(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "place": f"{finding.partition}/{finding.offset}",
        "space": finding.space,
        "about": finding.about,
        "what": finding.en,
        "ما الخلل": finding.ar,
        "to do": finding.todo_en,
        "ما العمل": finding.todo_ar,
        "id": finding.id,
    }
