"""Keeps what a search found, so that the pages of one search over very many issues cost the work of one. Finds nothing
itself.

What was found holds as long as nothing changed and the query means the same at any time. A lagging index is no
hindrance once it has caught up with the last change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosswalk_sandbox.jira import jql, search
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.traits import Asker

MOST = 16
READS = ("GET", "HEAD", "OPTIONS")
# Looking at an issue is no change, and a saved filter is a query of its own.
RESTLESS = {"lastviewed", "filter", "request", "savedfilter", "searchrequest"}
SAME_ALWAYS = {"currentuser", "membersof"}
_PERIOD = re.compile(r"\s*[-+]?\d+\s*[wdhmyM].*", re.DOTALL)


class Remembered:
    """What searches of one site found since its last change."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.changed = site.now()
        self.found: dict[tuple[str, bool, jql.Query], search.Found] = {}

    def look(self, asker: Asker, query: jql.Query, reach: search.Reach) -> search.Found:
        """As `search.look`."""
        caught_up = self.changed < self.site.now() - timedelta(seconds=reach.lag)
        if not caught_up or not timeless(query):
            return search.look(self.site, asker, query, reach)
        key = (asker.person.key, asker.cloud, query)
        if key not in self.found:
            while len(self.found) >= MOST:
                del self.found[next(iter(self.found))]
            self.found[key] = search.look(self.site, asker, query, reach)
        return self.found[key]

    def forget(self) -> None:
        """Something may have changed."""
        self.found.clear()
        self.changed = self.site.now()

    def watching(self, app: ASGIApp, only_reads: Callable[[Scope, bytes], bool]) -> ASGIApp:
        """The application, whose every request that may change something makes this forget before it is answered."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] in READS or only_reads(scope, b""):
                await app(scope, receive, send)
                return

            async def sent(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self.forget()
                await send(message)

            try:
                await app(scope, receive, sent)
            finally:
                self.forget()

        return watched


def timeless(query: jql.Query) -> bool:
    """Whether a query finds the same tomorrow, if nothing changes: no functions of time, no periods before now."""
    named = [sort.field for sort in query.order]
    operands: list[jql.Operand] = []
    for clause in _clauses(query.where):
        named.append(clause.field)
        operands += [clause.operand] if clause.operand is not None else []
        operands += [predicate.operand for predicate in clause.predicates]
    return all(name.text.lower() not in RESTLESS for name in named) and all(map(_timeless, operands))


def _timeless(operand: jql.Operand) -> bool:
    if isinstance(operand, jql.Listed):
        return all(map(_timeless, operand.items))
    if isinstance(operand, jql.Call):
        return operand.name.lower() in SAME_ALWAYS
    return isinstance(operand, jql.Empty) or _PERIOD.fullmatch(operand.text) is None


def _clauses(tree: jql.Tree | None) -> Iterator[jql.Clause]:
    if isinstance(tree, jql.Clause):
        yield tree
    elif isinstance(tree, jql.Not):
        yield from _clauses(tree.inner)
    elif tree is not None:
        for part in tree.parts:
            yield from _clauses(part)
