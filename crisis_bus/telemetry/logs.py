"""One stream of log lines for the whole process, from structlog and the standard library alike.

    log = logs.logger(__name__)
    with logs.bound(space=space, incident=incident, correlation=envelope.correlation):
        log.info("statement_sent", transport="webhook", attempt=2)

An event is a constant in snake_case; all else is a keyword. What is secret or personal is blotted out
last of all, so that nothing that was added on the way can bring it back.
"""

import logging
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TextIO

import structlog
from structlog.typing import Processor

from crisis_bus.telemetry.redaction import redacted, redacted_event

_ADDED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)
_TALKATIVE = ("aiokafka", "faust", "mode", "uvicorn")
"""Libraries that tell of every step: their steps are for those who debug, their warnings for everybody."""


def configure(format: str, level: str, stream: TextIO | None = None) -> None:  # noqa: A002 named as the setting `log_format`
    """Send every log line to the stream (the standard error stream if none is given), as `json` or `console`."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        _Formatter(processors=_last(format), foreign_pre_chain=[*_ADDED, structlog.stdlib.ExtraAdder()])
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(capture=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET if level == "debug" else logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_ADDED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # a second `configure` must reach the loggers that exist
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Give a module its logger."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found


def bound(**context: str | int | None) -> AbstractContextManager[None]:
    """Put what is worked on (space, incident, correlation, …) into each line of the block; None is left out."""
    return structlog.contextvars.bound_contextvars(**{k: v for k, v in context.items() if v is not None})


def fresh() -> None:
    """Forget the context: a loop that handles one message after another is one task."""
    structlog.contextvars.clear_contextvars()


def _last(format_: str) -> Sequence[Processor]:
    json = structlog.processors.JSONRenderer(ensure_ascii=False)
    console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    return (
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redacted_event,
        json if format_ == "json" else console,
    )


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Puts `%` arguments in by itself, because the standard library prints a failed line with its arguments."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line of a record; the record itself is left as it is for other handlers."""
        own = logging.makeLogRecord(record.__dict__)
        if not isinstance(own.msg, dict):
            own.msg, own.args = _message(record), ()
        return super().format(own)


def _message(record: logging.LogRecord) -> str:
    args = redacted(record.args) if isinstance(record.args, dict) else record.args
    try:
        return str(record.msg) % args if args else str(record.msg)
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {args!r}"
