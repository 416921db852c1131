"""Log lines: one pipeline, and nothing secret or personal in any of them."""

import ast
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.telemetry import logs
from crisis_bus.telemetry.redaction import redacted

KEY = "cb_gco-desk_9f8e7d6c5b4a"
WEBHOOK = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BEARER = "eyJhbGciOi.J9.abc-def"
MAIL = "fatima.alali@example.ae"
PHONE = "+971 50 123 4567"
WORD = "hunter2-falcon"
SECRETS = (KEY, WEBHOOK, BEARER, MAIL, PHONE, WORD)
FORMATS = pytest.mark.parametrize("form", ["json", "console"])


class Login(BaseModel):
    person: str
    password: str


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], root.level = before
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def written(form: str, write: Callable[[], object], level: str = "info") -> str:
    stream = io.StringIO()
    logs.configure(form, level, stream)
    write()
    return stream.getvalue()


def line(write: Callable[[], object]) -> dict[str, Any]:
    return dict(json.loads(written("json", write)))


def by_keywords() -> None:
    logs.logger("t").info(
        "request_seen",
        authorization=f"Bearer {BEARER}",
        api_key=KEY,
        secret=WEBHOOK,
        email=MAIL,
        phone=PHONE,
        smtp_password=WORD,
    )


def inside_keywords_that_sound_harmless() -> None:
    detail = f"sent Bearer {BEARER} with {KEY} and {WEBHOOK} to {MAIL} or {PHONE}; password={WORD}"
    logs.logger("t").info("request_seen", detail=detail)


def in_nested_values() -> None:
    inner = {"Authorization": BEARER, "list": [{"token": WORD}, (MAIL, {KEY})], "deep": {"more": {"x-api-key": KEY}}}
    logs.logger("t").info("request_seen", request=inner, to=[PHONE, WEBHOOK.encode()], named={MAIL: 1})


def in_objects() -> None:
    subscription = Subscription(
        id="s1",
        space="uae",
        subscriber="MOI",
        channel="WEB",
        transport="email",
        address=MAIL,
        secret=WEBHOOK,
    )
    logs.logger("t").info("request_seen", subscription=subscription, login=Login(person="GCO.desk", password=WORD))


def parse(text: object) -> None:
    raise ValueError(text)


def fail() -> None:
    try:
        parse({"password": WORD, "key": KEY})
    except ValueError as error:
        told = f"refused {MAIL} ({PHONE}), Bearer {BEARER}, {WEBHOOK}"
        msg = f"https://user:{WORD}@mail.example.ae/?token={WORD} {told}"
        raise RuntimeError(msg) from error


def in_exceptions() -> None:
    try:
        fail()
    except RuntimeError:
        logs.logger("t").exception("delivery_failed")
        logging.getLogger("lib").exception("failed")


def in_exceptions_as_values() -> None:
    logs.logger("t").warning("delivery_failed", error=RuntimeError(f"no {MAIL}: secret={WORD}", KEY))


def in_extra_of_the_standard_library() -> None:
    extra = {"token": WORD, "headers": {"authorization": BEARER}, "note": f"{KEY} {MAIL}", "recipient": PHONE}
    logging.getLogger("lib").warning("odd", extra=extra)


def in_arguments_of_the_standard_library() -> None:
    lib = logging.getLogger("lib")
    lib.warning("to %s with %s and %r", MAIL, KEY, {"password": WORD})
    lib.warning("login %(user)s %(password)s", {"user": "GCO", "password": WORD})
    lib.warning("Authorization: Bearer %s", BEARER)


def in_arguments_that_do_not_fit() -> None:
    lib = logging.getLogger("lib")
    lib.warning("%d of %d", MAIL, {"secret": WORD})
    lib.warning("%(password)d", {"password": 12345678})
    lib.warning("%(user)s", {"password": WORD})


def in_the_context() -> None:
    with logs.bound(space="uae", token=WORD, incident=f"from {MAIL}"):
        logs.logger("t").info("request_seen")
        logging.getLogger("lib").warning("odd")


def in_a_stack() -> None:
    logging.getLogger("lib").warning("where am I, %s", MAIL, stack_info=True)
    logs.logger("t").info("request_seen", stack_info=True, email=MAIL)


WAYS = (
    by_keywords,
    inside_keywords_that_sound_harmless,
    in_nested_values,
    in_objects,
    in_exceptions,
    in_exceptions_as_values,
    in_extra_of_the_standard_library,
    in_arguments_of_the_standard_library,
    in_arguments_that_do_not_fit,
    in_the_context,
    in_a_stack,
)


@FORMATS
@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.__name__))
def test_nothing_secret_leaks(form: str, way: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    text = written(form, way)

    seen = text + capsys.readouterr().err
    assert "[redacted]" in seen
    assert [] == [secret for secret in (*SECRETS, "12345678") if secret in seen]


def test_every_secret_would_show_without_the_blotting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "redacted_event", lambda _logger, _method, event: event)

    text = written("console", by_keywords) + written("console", inside_keywords_that_sound_harmless)

    assert [] == [secret for secret in SECRETS if secret not in text]


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-16T16:40:00+04:00",
        "incident I1 of uae went to level 3",
        "crisis.outbox.urgent.v1[5]@1204",
        "بيان رقم 3 جاهز للنشر",
        "0192f0c1-7b1e-7c3a-9d2f-5a6b7c8d9e0f",
        "approval by key RELEASE took 12 minutes",
    ],
)
def test_what_is_harmless_stays_readable(text: str) -> None:
    kept = text.replace("[5]@1204", "")

    assert kept in str(redacted(text))


def test_numbers_truth_and_nothing_stay_what_they_are() -> None:
    assert {"a": 1, "b": True, "c": None, "d": [1.5]} == redacted({"a": 1, "b": True, "c": None, "d": (1.5,)})


def test_both_worlds_write_the_same_kind_of_line() -> None:
    ours = line(lambda: logs.logger("crisis").info("incident_seen", grade=3))
    theirs = line(lambda: logging.getLogger("crisis").info("incident_seen", extra={"grade": 3}))

    assert ours.pop("at") <= theirs.pop("at")
    assert {"event": "incident_seen", "grade": 3, "level": "info", "logger": "crisis"} == ours == theirs


def test_the_context_reaches_lines_of_libraries_and_ends_with_its_block() -> None:
    with logs.bound(space="uae", incident="I1", correlation=None):
        inside = line(lambda: logging.getLogger("lib").warning("slow"))
    outside = line(lambda: logging.getLogger("lib").warning("slow"))

    assert ("uae", "I1", False) == (inside["space"], inside["incident"], "correlation" in inside)
    assert "space" not in outside


def test_fresh_forgets_the_message_before() -> None:
    structlog.contextvars.bind_contextvars(incident="I1")
    logs.fresh()

    assert "incident" not in line(lambda: logs.logger("t").info("incident_seen"))


def whisper() -> None:
    logs.logger("t").info("incident_seen")
    logging.getLogger("lib").info("incident_seen")


def test_less_than_the_level_is_not_written() -> None:
    assert "" == written("json", whisper, level="warning")


def test_arabic_is_written_as_arabic() -> None:
    assert "وزارة" in written("json", lambda: logs.logger("t").info("incident_seen", lead="وزارة"))


class Other(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[object, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append((record.msg, record.args))


def test_a_loggers_record_is_left_as_it_was_for_other_handlers() -> None:
    logs.configure("json", "info", io.StringIO())
    other = Other()
    logging.getLogger().addHandler(other)
    logging.getLogger("lib").warning("to %s", "GCO")

    assert [("to %s", ("GCO",))] == other.seen


def test_every_event_in_the_code_is_a_constant_in_snake_case() -> None:
    package = Path(logs.__file__).parents[1]
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    odd = [
        f"{file.name}:{call.lineno}"
        for file in package.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in levels
        if isinstance(call.func.value, ast.Name) and call.func.value.id in {"log", "logger", "_log"}
        if not (
            call.args
            and isinstance(call.args[0], ast.Constant)
            and re.fullmatch(r"[a-z0-9_]+", str(call.args[0].value))
        )
    ]

    assert [] == odd
