"""The edge between an engine and a handler: one key's error, whatever it is, stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError

from crosswalk.engine.port import Handler
from crosswalk.errors import CrosswalkError

_log = logging.getLogger(__name__)


def attempt(call: Callable[[], object]) -> Exception | None:
    """The error that `call` raises, if it raises one."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - see the module's text
        return error
    return None


def comes_again(error: Exception | None) -> bool:
    """Whether running again later may help: the error says so, or it was the database (gone, full, locked)."""
    if isinstance(error, CrosswalkError):
        return error.retryable
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    _log.warning(
        "The database failed a run, which comes again: %s", str(error).splitlines()[0] if str(error) else error
    )
    return True


def give_up(handler: Handler, kind: str, key: str, error: Exception) -> None:
    """Hand an `error` that running again does not mend to the handler, and log what is a mistake of ours."""
    if not isinstance(error, CrosswalkError):
        _log.error("The handler of %s failed on %s.", kind, key, exc_info=error)
    if second := attempt(lambda: handler.failed(key, error)):
        _log.error("The handler of %s could not account for a failure on %s.", kind, key, exc_info=second)
