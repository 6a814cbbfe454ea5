"""How the service logs: structlog to the console, one line an event, secrets struck out before a line is made."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import TypeAlias

import structlog

Event: TypeAlias = MutableMapping[str, object]

STRUCK = "••••"
_SECRET_NAME = re.compile(r"authori[sz]ation|secret|password|passwd|token|cookie|api[-_]?key|credential", re.IGNORECASE)
# A credential in a header, the secret end of a webhook address, a password in an address, a secret in a query.
_SECRET_TEXT = re.compile(
    r"(?P<head>\b(?:bearer|basic)\s+|/hooks/(?:aha|jira)/|[?&](?:code|token|secret|api_key)=)[^\s/@&'\"]+"
    r"|(?P<user>://[^\s/:@]*:)[^\s/@]+(?=@)",
    re.IGNORECASE,
)


def redact(value: object) -> object:
    """`value` without what looks like a secret: values under secret-like names, and known forms inside texts."""
    if isinstance(value, str):
        return _SECRET_TEXT.sub(lambda found: (found["head"] or found["user"]) + STRUCK, value)
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if isinstance(value, Mapping):
        return {name: STRUCK if _SECRET_NAME.search(str(name)) else redact(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(inner) for inner in value]
    return value


def _redact_event(_: object, __: str, event: Event) -> Event:
    return {name: STRUCK if _SECRET_NAME.search(name) else redact(value) for name, value in event.items()}


def configure(*, debug: bool) -> None:
    """Send structlog's and the standard library's lines to the console (standard error), redacted."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
                if sys.stderr.isatty()
                else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], sort_keys=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for noisy in ("httpcore", "httpcore2", "httpx", "httpx2", "asyncio", "django.utils.autoreload", "django.template"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
