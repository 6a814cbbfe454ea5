"""A process of tests tells the one that shares them out about a test in two messages in place of six.

That a test begins, that it ends, and that what stands before and after it went well, is shown nowhere: writing,
sending and reading it takes a quarter of what a test costs that does nothing. What fails or is left out, wherever that
is, is told as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

BEGUN_AND_ENDED = ("logstart", "logfinish")


def said(name: str, words: dict[str, Any]) -> bool:
    """Whether anybody needs to hear a message of that name."""
    if name == "testreport":
        return bool(words["data"]["when"] == "call" or words["data"]["outcome"] != "passed")
    return name not in BEGUN_AND_ENDED


def use_them(config: pytest.Config) -> None:
    """Where this process is one of several, and nobody asked how long each part takes."""
    asked = config.getoption("durations", None), config.getoption("xmlpath", None), config.getoption("verbose", 0) > 0
    if any(each is not None and each is not False for each in asked):
        return
    for plugin in config.pluginmanager.get_plugins():
        if type(plugin).__name__ == "WorkerInteractor":
            plugin.sendevent = _heard(plugin.sendevent)


def _heard(send: Callable[..., None]) -> Callable[..., None]:
    def sending(name: str, **words: Any) -> None:
        if said(name, words):
            send(name, **words)

    return sending
