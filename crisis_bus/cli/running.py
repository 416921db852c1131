"""`crisis-bus up` and the processes that it starts, each of which also runs alone."""

import asyncio
import importlib
import os
import secrets
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from crisis_bus import packs
from crisis_bus.assembly.machine import PROCESSES, Machine
from crisis_bus.cli import demo, receivers, rehearsing, settings_shown, topics
from crisis_bus.cli.client import Gateway
from crisis_bus.cli.output import complain, say
from crisis_bus.errors import UserError
from crisis_bus.gateway import keys
from crisis_bus.gateway.keys import Scope
from crisis_bus.settings import Settings

_SPEED = 520.0
"""Crisis minutes a minute: the flood takes a minute."""
_EVERY_SECONDS = 1.0
_OWN_KEY = "this-machine"
PROCESSES_IN_WORDS = {
    "gateway": "the HTTP API and the board",
    "intake": "reports in, incidents out",
    "desk": "commands in, decisions out",
    "follower": "what follows from a decision",
    "dispatch": "who gets a statement",
    "deliver": "every channel, with receipts",
}
"""Each process and what it is for; all of them need the Kafka of the settings."""


def add_to(app: typer.Typer) -> None:
    """Register the command that starts all."""
    app.command("up")(up)


def add_processes_to(app: typer.Typer) -> None:
    """Register one command for each process."""
    for name, what in PROCESSES_IN_WORDS.items():
        app.command(name, help=f"Run one process: {what}.")(_runner(name))


def _runner(name: str):  # type: ignore[no-untyped-def] # noqa: ANN202 typer reads the inner function
    def run() -> None:
        settings = settings_shown.read()
        process = importlib.import_module(f"crisis_bus.assembly.{name}")
        asyncio.run(process.run(settings))

    return run


def up(
    *,
    play: Annotated[str | None, typer.Option(help="play a scenario when all is up: a file, or S01")] = None,
    once: Annotated[
        bool, typer.Option("--once", help="end after the play: 0 if all that was due arrived, else 1")
    ] = False,
    speed: Annotated[float, typer.Option(min=0, help="how many times faster than life the play is")] = _SPEED,
) -> None:
    """Start Kafka and every process on this machine.

    They run until Ctrl-C; with --once until the play is over.
    """
    settings = settings_shown.read()
    scenario = rehearsing.load(packs.scenario(play, settings.pack)) if play else None
    asked = _on_signals()
    with ExitStack() as stack:
        received, receiver, mail_port = stack.enter_context(receivers.listening())
        machine = stack.enter_context(Machine(settings, say, _environment(settings, mail_port)))
        _start(machine, settings)
        wrong: list[str] = []
        if scenario is not None and not asked.is_set():
            wrong = demo.run(Gateway(settings), scenario, settings.pack, receiver, received, speed)
            _verdict(wrong)
        if not once:
            say(f"\n{settings.gateway_url} — Ctrl-C stops everything")
            while not asked.wait(_EVERY_SECONDS):
                machine.watch()
            say("stopping")
    if wrong:
        raise typer.Exit(1)


def _verdict(wrong: list[str]) -> None:
    if wrong:
        for reason in wrong[:20]:
            complain(reason)
    else:
        say("  all that was due has arrived")


def _on_signals() -> threading.Event:
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the form of a signal handler
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return asked


def _start(machine: Machine, settings: Settings) -> None:
    say("starting Kafka (the first time, Maven fetches it)")
    machine.kafka.start()
    topics.apply_all(settings, say)
    ensure_keys(settings)
    say("starting " + ", ".join(PROCESSES))
    machine.start()
    say(f"up: {settings.gateway_url}")


def _environment(settings: Settings, mail_port: int) -> dict[str, str]:
    """On one machine, mail goes to the mail server of this process unless one is set."""
    if "CRISIS_BUS_SMTP_PORT" in os.environ or settings.smtp_port != Settings.model_fields["smtp_port"].default:
        return {}
    return {"CRISIS_BUS_SMTP_HOST": "127.0.0.1", "CRISIS_BUS_SMTP_PORT": str(mail_port)}


def key_file(settings: Settings) -> Path:
    """Where the gateway finds its keys."""
    return settings.api_keys if settings.api_keys.is_absolute() else settings.data / settings.api_keys


def ensure_keys(settings: Settings) -> None:
    """The first time, make a key for this machine's command line: the Office's desk, and anybody in rehearsals."""
    path, own = key_file(settings), settings.data / "cli-key"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if own.exists() or _OWN_KEY in keys.load(before, path.name).by_id:
        return
    person = f"{packs.load(settings.pack).offices.communication}.desk"
    scopes = (Scope.READ, Scope.COMMAND, Scope.REPORT, Scope.SUBSCRIBE, Scope.ADMIN)
    token, record = keys.make(
        _OWN_KEY,
        person,
        (settings.space, "rehearsal-*"),
        scopes,
        secrets.token_bytes(keys.CHANCE_BYTES),
        may_speak_for_others=True,
    )
    write_secretly(path, before + ("\n" if before else "") + keys.as_toml(record))
    write_secretly(own, token + "\n")


def write_secretly(path: Path, text: str) -> None:
    """Write a file that only its owner may read; raises UserError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise UserError(msg) from error
