"""Garbage at every endpoint: never a 500, and a refused request changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosswalk_sandbox.aha.app import endpoints
from crosswalk_sandbox.aha.attributes import READERS
from crosswalk_sandbox.aha.forms import long_form
from crosswalk_sandbox.aha.show import Show
from crosswalk_sandbox.aha.state import KINDS, Account
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.sandbox.aha.conftest import Aha, running

OPERATIONS = sorted(set(endpoints().operations))
ATTRIBUTES = sorted({name for readers in READERS.values() for name in readers} | {"custom_fields", "body", "value"})
WRAPPERS = [*KINDS, "comment", "integration_field", "integration_fields", "integration", "record_link", "product"]
WRAPPERS += ["custom_field_option", "time_tracking_event", "attachment", "model_id"]
REAL = ["FAB-1", "FAB-1-1", "FAB-R-1", "FAB-E-1", "FAB-S-1", "FAB-G-1", "FAB", "jira", "alice@example.com", "key"]
ODD = ["", " ", "0", "-1", "2026-11-31", "2026-11-24", "1d", "9p", "NaN", "Infinity", "1e999", "\x00", "\ud800"]
WORDS = st.sampled_from([*REAL, *ODD])
KEYS = st.sampled_from([*REAL, *ODD, "id", "name", "category", "email"])
LEAVES = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | WORDS | st.text(max_size=8)
VALUES = st.recursive(LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(KEYS, one, max_size=3))
OBJECTS = st.dictionaries(st.sampled_from(ATTRIBUTES) | st.text(max_size=5), VALUES, max_size=4)
BODIES = (
    st.dictionaries(st.sampled_from(WRAPPERS), OBJECTS | st.lists(OBJECTS, max_size=2) | VALUES, max_size=3) | VALUES
)
PARTS = st.sampled_from(REAL) | st.text(st.characters(codec="ascii", exclude_characters="."), min_size=1, max_size=6)
FILTERS = ["page", "per_page", "fields", "q", "tag", "updated_since", "created_since", "after_id", "auditable_type"]
QUERIES = st.dictionaries(st.sampled_from(FILTERS), WORDS | st.text(max_size=5), max_size=2)
FITTING = {
    "features": ("FAB-1", "feature"),
    "requirements": ("FAB-1-1", "requirement"),
    "epics": ("FAB-E-1", "epic"),
    "releases": ("FAB-R-1", "release"),
    "initiatives": ("FAB-S-1", "initiative"),
    "goals": ("FAB-G-1", "goal"),
    "products": ("FAB", "product"),
    "integrations": ("jira", "integration"),
    "comments": ("", "comment"),
    "fields": ("key", "integration_field"),
    "record_links": ("", "record_link"),
    "time_tracking_events": ("", "time_tracking_event"),
}


def fitting(template: str) -> tuple[list[str], str]:
    """Path parts that exist, and the outer name that the body of such a write has."""
    names = template.strip("/").split("/")
    parts = [FITTING.get(before, ("x", ""))[0] for before, part in pairwise(names) if part[0] == "{"]
    last = next((name for name in reversed(names) if name[0] != "{"), "")
    return parts, FITTING.get(last, ("", "feature"))[1]


@pytest.fixture(scope="module")
def steady() -> Iterator[Aha]:
    yield from running("demo", VirtualClock())


def everything(account: Account) -> str:
    show = Show(account, "")
    records = [long_form(show, record) for kind in KINDS for record in account.all(kind)]
    rest = [len(account.comments), len(account.attachments), len(account.links), len(account.integrations)]
    rest += [len(account.audits), len(account.deletions), len(account.fields)]
    return json.dumps([records, rest, account.products[0].name], default=str)


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
@given(
    st.sampled_from(OPERATIONS),
    st.tuples(st.integers(0, 3), st.lists(PARTS, min_size=4, max_size=4)),
    QUERIES,
    st.tuples(BODIES, OBJECTS),
)
def test_garbage_is_refused_as_aha_would(
    steady: Aha, operation: str, aim: tuple[int, list[str]], query: dict[str, str], bodies: tuple[Any, Any]
) -> None:
    method, template = operation.split(" ")
    there, wrapper = fitting(template)
    aimed, parts = aim
    taken = iter(there if aimed else parts)
    path = "/".join(quote(next(taken) or "x", safe="") if part[:1] == "{" else part for part in template.split("/"))
    body = {wrapper: bodies[1]} if aimed else bodies[0]
    before = everything(steady.account)
    raw = json.dumps(body).encode()
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    answer = steady.http.request(
        method, f"/api/v1{path}", content=raw, params=query, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (200, 204, 400, 403, 404, 412, 422), (operation, body, answer.text)
    if answer.status_code >= 400 or method == "GET":
        assert everything(steady.account) == before
    if answer.status_code == 404 and "html" not in answer.headers["content-type"]:
        assert answer.json() == {"error": "Record not found."}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"123", "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"abc", "multipart/form-data"),
        (b"\x00=%ff&[=1&feature=2&feature[a]=3", "application/x-www-form-urlencoded"),
        (b'{"feature": {"name": "' + b"x" * 1_000_000 + b'"}', "application/json"),
        (b"<feature/>", "text/xml"),
    ],
)
def test_bodies_that_can_not_be_read(steady: Aha, content: bytes, kind: str) -> None:
    before = everything(steady.account)
    for path in ("/features/FAB-2", "/comments/1", "/notes/1/attachments"):
        method = "POST" if path.startswith("/notes") else "PUT"
        answer = steady.http.request(method, f"/api/v1{path}", content=content, headers={"Content-Type": kind})
        assert answer.status_code in (400, 404), answer.text
    assert everything(steady.account) == before
