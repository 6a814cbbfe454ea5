"""How the service logs: structlog to the console, one line an event, secrets struck out before a line is made."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import TypeAlias

import structlog

from crosswalk.remote.redacted import SECRET_NAME, STRUCK, redact

Event: TypeAlias = MutableMapping[str, object]


def _redact_event(_: object, __: str, event: Event) -> Event:
    return {name: STRUCK if SECRET_NAME.search(name) else redact(value) for name, value in event.items()}


def _on_its_line(_: object, __: str, event: Event) -> Event:
    """No value begins a line of its own or commands a terminal: what comes from elsewhere may hold anything."""
    return {name: _indented(value) if name in _LINES else _visible(value) for name, value in event.items()}


_LINES = ("exception", "stack")  # several lines


def _indented(value: object) -> object:
    """A traceback ends with the error's own words, which may come from elsewhere: none of its lines begins a line."""
    if isinstance(value, str):
        return "\n".join(f"  {_visible(line)}" for line in value.split("\n"))
    return value


def _visible(value: object) -> object:
    if isinstance(value, str):
        return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), value)
    return value


_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _renderer(*, as_json: bool) -> structlog.types.Processor:
    if as_json:
        return structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(colors=True)
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], sort_keys=False)


_NOISY = (
    *("httpcore", "httpcore2", "httpx", "httpx2", "asyncio", "procrastinate"),
    *("django.utils.autoreload", "django.template"),
    "axes",  # four lines for each sign-in; who signed in stands among what people did
)


def _elsewhere(record: logging.LogRecord) -> bool:
    """Whoever asks by another name than ours gets 400. Scanners do so all day: a line is enough, and Django's advises a
    setting that is none of ours."""
    record.msg = f"{record.getMessage().partition(' You may')[0]} People reach this service by CROSSWALK_URL."
    record.args, record.exc_info = (), None
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def configure(*, debug: bool, as_json: bool = False, quiet: bool = False) -> None:
    """Send structlog's and the standard library's lines to the console (standard error), redacted.

    With `as_json` each line is a JSON object, for what collects logs; `quiet` leaves warnings and errors.
    """
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
        _on_its_line,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(as_json=as_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.WARNING if quiet else logging.INFO)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    by_name = logging.getLogger("django.security.DisallowedHost")
    if _elsewhere not in by_name.filters:
        by_name.addFilter(_elsewhere)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
