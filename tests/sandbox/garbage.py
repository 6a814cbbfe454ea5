"""Requests that make no sense, made from one that would be right. Knows no sandbox; only texts and bodies.

Chance is a `Dice` with a name of its own, so that an endpoint gets the same garbage whatever ran before. (Hypothesis
draws constants of the modules that are loaded.)
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

Json = Any

WORDS = [
    "project", "issuetype", "summary", "description", "labels", "fixVersions", "priority", "assignee", "reporter",
    "parent", "key", "id", "name", "fields", "update", "properties", "add", "set", "remove", "issueUpdates",
    "transition", "body", "customfield_10016", "customfield_10020", "customfield_10030", "customfield_10031",
    "timetracking", "originalEstimate", "components", "duedate", "type", "inwardIssue", "outwardIssue", "object", "url",
    "title", "globalId", "jql", "accountId", "timeSpent", "timeSpentSeconds", "started", "comment", "projectId",
    "releaseDate", "issues", "rankBeforeIssue", "events", "filters", "issueIdsOrKeys", "maxResults", "nextPageToken",
    "reconcileIssues", "moveFixIssuesTo", "value", "version", "content", "visibility", "resolution", "environment",
    "versions", "customfield_10011", "customfield_10014", "startDate", "__proto__", "",
]  # fmt: skip
VALUES = [
    "FAB", "FAB-1", "FAB-2", "fab-2", "OPS", "10000", "10001", "3", "-1", "0", "Story", "Epic", "Bug", "Blocks", "doc",
    "paragraph", "2027-01-01", "2027-13-45", "1h", "-1h", "NaN", "true", "null", "alice", "PRIVATE", "software",
]  # fmt: skip
ODD = [
    "",
    " ",
    "\x00",
    "\u202e",
    "é",
    "\U0001f6b2",
    "%",
    "%2F",
    "..",
    "../..",
    "'",
    '"',
    "<b>",
    "{}",
    "[]",
    "\r\n",
    "\\",
]
NAMES = [
    "maxResults", "startAt", "expand", "username", "query", "jql", "fields", "projectId", "accountId", "orderBy", "id",
    "key", "nextPageToken", "groupname", "groupId", "projectKey", "userKey", "projectIds", "notifyUsers",
    "reconcileIssues", "properties", "adjustEstimate", "issueKey", "issueId", "issueTypeId", "updateHistory",
    "newEstimate", "contextId", "globalId", "status", "fieldId", "type", "replaceWith", "name", "since", "boardId",
    "filter", "projectKeys", "permissions", "cursor", "taskId", "issueIdsOrKeys", "moveIssuesTo", "moveFixIssuesTo",
    "owner", "ids", "deleteSubtasks", "fieldName", "fieldValue", "keys", "state", "project", "user", "group", "swap",
    "released", "reduceBy", "increaseBy", "validateQuery", "failFast", "action", "typeId", "searchString",
]  # fmt: skip
TEXTS = ["-1", "99999999999999999999", "*all", "project = FAB", "a ~ (", "created", "x" * 500, "1.5", "FAB,FAB", ","]
LONG = "x" * 40_000
NOT_JSON = [b"{", b"\xff\xfe", b"a=b", b"[1,]", b"NaN", b'{"a":1}{"b":2}', b"'", b"\x00", b"<x/>", b"[" * 5000]
KINDS = ["text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=b", "", "x"]


@dataclass(frozen=True)
class Right:
    """A request that would be right: a method, a path with what its parts stand for, perhaps a body."""

    method: str
    template: str
    parts: dict[str, str]
    query: str = ""
    body: Json = None

    def path(self, parts: dict[str, str] | None = None) -> str:
        path = self.template
        for name, value in (self.parts | (parts or {})).items():
            path = path.replace("{" + name + "}", quote(value, safe="") or "%20")
        return path


@dataclass
class Request:
    """One request to be sent."""

    method: str
    address: str
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.address[:300]} {self.headers} {(self.content or b'')[:600]!r}"


class Dice(random.Random):
    """Chance, and what it makes; of these words, which are Jira's."""

    words: ClassVar[list[str]] = WORDS
    values: ClassVar[list[str]] = VALUES
    names: ClassVar[list[str]] = NAMES

    def text(self) -> str:
        return self.choice(
            [self.choice(self.values), self.choice(ODD), "".join(self.choices("ab-%0129é ", k=6)), "y" * 300]
        )

    def leaf(self) -> Json:
        numbers = [0, -1, 7, 10_000, 2**31, 2**63, -(2**70), 1.5, 1e300]
        return self.choice([None, True, False, self.choice(numbers), self.text(), self.text()])

    def wild(self, depth: int = 3) -> Json:
        """Any JSON."""
        kind = self.random()
        if depth == 0 or kind < 0.4:
            return self.leaf()
        if kind < 0.6:
            return [self.wild(depth - 1) for _ in range(self.randint(0, 3))]
        return {self.word(): self.wild(depth - 1) for _ in range(self.randint(0, 4))}

    def word(self) -> str:
        return self.text() if self.random() < 0.1 else self.choice(self.words)

    def spoiled(self, body: Json) -> Json:
        """The body with one value replaced or left out, or with something added."""
        body = copy.deepcopy(body)
        places = list(_places(body))
        if not places:
            return self.wild()
        holder, key = self.choice(places)
        kind = self.random()
        if kind < 0.12:
            del holder[key]
        elif kind < 0.25 and isinstance(holder, dict):
            holder[self.word()] = self.wild()
        elif kind < 0.35:
            holder[key] = [holder[key]]
        else:
            holder[key] = self.wild()
        return body

    def query(self) -> str:
        names = self.sample(self.names, self.randint(1, 3))
        return urlencode(
            {name: self.choice([self.text(), self.choice(TEXTS), self.choice(self.values)]) for name in names}
        )

    def parts(self, right: Right) -> dict[str, str]:
        """Odd values for at least one part of the path."""
        names = list(right.parts)
        return {name: self.text() or "x" for name in self.sample(names, self.randint(1, len(names)))} if names else {}

    def headers(self) -> dict[str, str]:
        return {
            "Accept": self.choice(["*/*", "text/xml", "q", ""]),
            "Accept-Language": self.choice(["xx-YY;q=9", "de", "?"]),
            "X-Atlassian-Token": self.choice(["no-check", "x"]),
            "X-Force-Accept-Language": self.choice(["true", "7"]),
            "If-None-Match": self.choice(["*", '"x"']),
            "Range": self.choice(["bytes=9-1", "x"]),
        }


def _places(body: Json) -> Iterator[tuple[Json, Json]]:
    """Every value within, by what holds it and where."""
    if isinstance(body, dict | list):
        for key in list(body) if isinstance(body, dict) else range(len(body)):
            yield body, key
            yield from _places(body[key])


def requests_for(dice: Dice, rights: list[Right]) -> Iterator[Request]:
    """Bad requests for one endpoint, which has a right one in each version of the API: six that only ask, or nine; one
    more for what is written without a body, where only the path can be wrong."""
    makers = [*dice.sample(_READ, 2), *_WRITE] if rights[0].method in ("POST", "PUT") else _READ
    if rights[0].method in ("POST", "PUT") and rights[0].body is None and rights[0].parts:
        makers = [*makers, _odd_path]
    for make in makers:
        yield make(dice, dice.choice(rights))


def _address(path: str, *queries: str) -> str:
    query = "&".join(filter(None, queries))
    return f"{path}?{query}" if query else path


def _sent(right: Right, address: str, body: Json, headers: dict[str, str] | None = None) -> Request:
    """The request with a JSON body, where one belongs."""
    if right.method not in ("POST", "PUT"):
        return Request(right.method, address, None, headers or {})
    typed = {"Content-Type": "application/json", **(headers or {})}
    return Request(right.method, address, json.dumps(body).encode(), typed)


def _odd_path(dice: Dice, right: Right) -> Request:
    return _sent(right, _address(right.path(dice.parts(right)), right.query), right.body)


def _odd_query(dice: Dice, right: Right) -> Request:
    return _sent(right, _address(right.path(), right.query, dice.query()), right.body)


def _other_query(dice: Dice, right: Right) -> Request:
    return _sent(right, _address(right.path(), dice.query()), right.body)


def _odd_headers(dice: Dice, right: Right) -> Request:
    return _sent(right, _address(right.path(dice.parts(right)), dice.query()), right.body, dice.headers())


def _too_long(dice: Dice, right: Right) -> Request:
    parts = dict.fromkeys(dice.sample(list(right.parts), 1), LONG[:3000]) if right.parts else {}
    return _sent(right, _address(right.path(parts), f"{dice.choice(dice.names)}={LONG[:3000]}"), right.body)


def _spoiled(dice: Dice, right: Right) -> Request:
    return _sent(right, _address(right.path(), right.query), dice.spoiled(right.body))


def _wild(dice: Dice, right: Right) -> Request:
    return _sent(right, _address(right.path(), right.query), dice.wild())


def _long_value(dice: Dice, right: Right) -> Request:
    body = copy.deepcopy(right.body)
    places = [(holder, key) for holder, key in _places(body) if isinstance(holder[key], str)]
    if places:
        holder, key = dice.choice(places)
        holder[key] = LONG
    return _sent(right, _address(right.path(), right.query), body if places else LONG)


def _not_json(dice: Dice, right: Right) -> Request:
    typed = {"Content-Type": "application/json"}
    return Request(right.method, _address(right.path(), right.query), dice.choice(NOT_JSON), typed)


def _other_kind(dice: Dice, right: Right) -> Request:
    typed = {"Content-Type": dice.choice(KINDS), "X-Atlassian-Token": dice.choice(["no-check", "x"])}
    raw = dice.choice([b"a=b", b"--b\r\n\r\nx\r\n--b--\r\n", json.dumps(right.body).encode()])
    return Request(right.method, _address(right.path(), right.query), raw, typed)


Maker = Callable[[Dice, Right], Request]
_READ: list[Maker] = [_odd_path, _odd_path, _odd_query, _other_query, _odd_headers, _too_long]
_WRITE: list[Maker] = [_spoiled, _spoiled, _spoiled, _wild, _long_value, _not_json, _other_kind]
