"""Remembers which record carries which create's token, for all runs that look for what a lost answer left behind.

After a storm many runs ask at once, each about its own create, while thousands of records were made: one looks at a
time, and what it saw is remembered for the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

from crosswalk import errors
from crosswalk.merge.records import Ref

Look: TypeAlias = Callable[[], Iterable[tuple[str, Ref]]]

REMEMBERED = 50_000
PATIENCE = 20.0
"""Seconds to wait for a look of another run's; its requests may take as long as the client lets them."""


class Landed:
    """The records of one side by token."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._looking = threading.Lock()
        self._refs: dict[str, Ref] = {}

    def find(self, tokens: Collection[str], look: Look) -> Mapping[str, Ref]:
        """The records that creates with these tokens made. `look` reads records with their tokens, "" for none, for as
        long as one is missing; those that are not found did not land, or the side's search does not know them yet.

        Raises RemoteError; Unanswered where others look for longer than anybody should wait.
        """
        if not self._looking.acquire(timeout=self._patience):
            raise errors.Unanswered(
                "The answer to a create was lost; the search for others like it takes long.",
                remedy="Nothing to do: it goes on by itself.",
                code="N9",
            )
        try:
            if len(self._refs) >= REMEMBERED:
                self._refs.clear()
            missing = set(tokens) - self._refs.keys()
            seen = iter(look()) if missing else iter(())
            while missing and (one := next(seen, None)) is not None:
                token, ref = one
                if token:
                    self._refs.setdefault(token, ref)
                missing.discard(token)
            return {token: self._refs[token] for token in tokens if token in self._refs}
        finally:
            self._looking.release()
