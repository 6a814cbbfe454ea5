"""A Jira whose searches take their time: pages of two, and two minutes between them in which something happens. And one
in which something happens right after an edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from crosswalk.jira.flavour import Flavour
from crosswalk.remote.client import Client
from crosswalk.remote.request import Request
from tests.jira.stage import Jira


@dataclass
class _Slow:
    """The flavour of `each`; what is not a search is its own."""

    each: Jira
    meanwhile: Callable[[], object]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.each.flavour, name)

    def search(self, jql: str, fields: Iterable[str], after: str) -> Request:
        """See Flavour."""
        return self._page(self.each.flavour.search(jql, fields, after), after)

    def search_made(self, jql: str, after: str) -> Request:
        """See Flavour."""
        return self._page(self.each.flavour.search_made(jql, after), after)

    def _page(self, request: Request, after: str) -> Request:
        if after:
            self.each.clock.advance(120)
            self.meanwhile()
        body = request.body
        assert isinstance(body, dict)
        return replace(request, body={**body, "maxResults": 2})


def slowly(each: Jira, meanwhile: Callable[[], object]) -> Flavour:
    """The flavour of `each`, but slow."""
    return cast(Flavour, _Slow(each, meanwhile))


@dataclass
class _Followed:
    """The client of `each`."""

    each: Jira
    then: Callable[[], object]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.each.client, name)

    def send(self, request: Request) -> Any:
        """See Client."""
        answer = self.each.client.send(request)
        if request.method == "PUT" or (request.method == "POST" and request.path.endswith("/transitions")):
            self.then()
        return answer


def followed(each: Jira, then: Callable[[], object]) -> Jira:
    """`each`, where `then` happens once an edit of ours was answered."""
    return replace(each, client=cast(Client, _Followed(each, then)))
