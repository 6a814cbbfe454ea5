"""Garbage at every endpoint: never a 500, and a refused request changes nothing."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from typing import Any, ClassVar

import httpx2
import pytest
from graphql import GraphQLInputObjectType, GraphQLNamedType, get_named_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosswalk_sandbox.aha import build
from crosswalk_sandbox.aha.app import endpoints
from crosswalk_sandbox.aha.attributes import READERS
from crosswalk_sandbox.aha.forms import long_form
from crosswalk_sandbox.aha.graphql.server import schema
from crosswalk_sandbox.aha.show import Show
from crosswalk_sandbox.aha.state import KINDS, Account
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.official.watch import Running
from tests.sandbox.aha.conftest import Aha, running
from tests.sandbox.aha.tour import tour
from tests.sandbox.direct import Answered, Direct
from tests.sandbox.garbage import Dice, Right, requests_for

REAL = ["FAB-1", "FAB-1-1", "FAB-R-1", "FAB-E-1", "FAB-S-1", "FAB-G-1", "FAB", "jira", "alice@example.com", "key"]
ODD = ["", " ", "0", "-1", "2026-11-31", "2026-11-24", "1d", "9p", "NaN", "Infinity", "1e999", "\x00", "\ud800"]
WORDS = st.sampled_from([*REAL, *ODD])
KEYS = st.sampled_from([*REAL, *ODD, "id", "name", "category", "email"])
LEAVES = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | WORDS | st.text(max_size=8)
VALUES = st.recursive(LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(KEYS, one, max_size=3))


class AhaDice(Dice):
    """With Aha!'s words."""

    words: ClassVar = [
        *sorted({name for readers in READERS.values() for name in readers}),
        *KINDS, "custom_fields", "body", "value", "comment", "integration_field", "integration_fields", "record_link",
        "time_tracking_event", "attachment", "model_id", "user", "search", "email", "category",
    ]  # fmt: skip
    values: ClassVar = [*REAL, *ODD[:-1]]
    names: ClassVar = [
        "page", "per_page", "fields", "q", "tag", "updated_since", "created_since", "created_before", "after_id",
        "auditable_type", "auditable_id", "audit_action", "user_id", "email", "assigned_to_user", "parking_lot", "id",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def steady() -> Iterator[Aha]:
    yield from running("demo", VirtualClock())


def everything(account: Account) -> str:
    show = Show(account, "")
    records = [long_form(show, record) for kind in KINDS for record in account.all(kind)]
    rest = [len(account.comments), len(account.attachments), len(account.links), len(account.integrations)]
    rest += [len(account.audits), len(account.deletions), len(account.fields)]
    people = [(one.name, one.email, one.enabled, one.roles, one.custom_roles, one.administers) for one in account.users]
    flows = [[(one.name, one.position, one.category) for one in flow.statuses] for flow in account.workflows.values()]
    options = [(one.options, sorted(one.hidden)) for one in account.custom_fields]
    return json.dumps([records, rest, people, flows, options, account.products[0].name], default=str)


class Kept:
    """What an account holds now, to be compared with and gone back to."""

    APART = ("clock", "settings", "on_audit", "past")

    def __init__(self, account: Account) -> None:
        self.account = account
        self.raw = self._packed()
        self.restore()  # what was unpacked once is packed the same ever after
        self.raw = self._packed()

    def _packed(self) -> bytes:
        return pickle.dumps({name: value for name, value in vars(self.account).items() if name not in self.APART})

    def same(self) -> bool:
        """Packing is quick. What is packed otherwise may still say the same."""
        if self._packed() == self.raw:
            return True
        text, held = everything(self.account), dict(vars(self.account))
        self.restore()
        before = everything(self.account)
        vars(self.account).update(held)
        return text == before

    def restore(self) -> None:
        vars(self.account).update(pickle.loads(self.raw))


class Thrower:
    """Goes along a tour of all operations, and throws garbage at each when it is about to be called first."""

    def __init__(self, aha: Aha, direct: Direct) -> None:
        self.aha, self.direct, self.table = aha, direct, endpoints()
        self.seen: dict[str, list[int]] = {}
        self.wrong: list[str] = []

    def call(self, method: str, path: str, code: int = 200, **right: Any) -> Any:
        """The tour's next request; its answer."""
        bare, _, query = path.partition("?")
        found = self.table.find(method, bare.strip("/").split("/"))
        assert found is not None
        _, args, operation, _ = found
        first = operation not in self.seen
        made = Right(method, "/api/v1" + operation.partition(" ")[2], args, query, right.get("json"))
        if first and "/extensions" not in path:
            self.seen[operation] = self.throw(made)
        answer = self.aha.http.request(method, f"/api/v1{path}", **right)
        assert answer.status_code == code, (method, path, answer.text)
        if first and "/extensions" in path:  # which are no part of the account, and can not be brought back
            self.seen[operation] = self.throw(made)
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else None

    def throw(self, right: Right) -> list[int]:
        """What it was answered with."""
        kept = Kept(self.aha.account)
        statuses = []
        for request in requests_for(AhaDice(f"{right.method} {right.template}"), [right]):
            answer = self.direct.request(request.method, request.address, request.content, request.headers)
            statuses.append(answer.status_code)
            if answer.status_code not in (200, 204, 400, 403, 404, 412, 422) or not shaped(answer):
                self.wrong.append(f"{request}: {answer.status_code} {answer.text[:200]}")
            if answer.status_code >= 400 and right.method != "GET" and not kept.same():
                self.wrong.append(f"{request}: {answer.status_code}, and changed something")
            if answer.status_code < 400 and right.method != "GET":
                kept.restore()
        if not kept.same():
            self.wrong.append(f"GET {right.template} changed something")
        return statuses


def shaped(answer: Answered) -> bool:
    """Whether a refusal looks like one of Aha!'s."""
    if answer.status_code < 400 or "html" in answer.media:
        return True
    body = answer.json()
    return (
        body == {"error": "Record not found."} if answer.status_code == 404 else bool({"error", "errors"} & set(body))
    )


def test_garbage_at_every_operation() -> None:
    """Never a 500; what is refused, or only asks, changes nothing; a refusal has one of Aha!'s shapes."""
    for aha in running("demo", VirtualClock()):
        with Direct(aha.app, aha.base, f"Bearer {aha.credentials['token']}") as direct:
            thrower = Thrower(aha, direct)
            tour(thrower.call)
    assert thrower.wrong == []
    assert set(endpoints().operations) == set(thrower.seen)
    # The garbage has to matter, or the test says nothing.
    writes = {name: seen for name, seen in thrower.seen.items() if not name.startswith("GET")}
    assert [name for name, seen in writes.items() if max(seen) < 400] == []
    assert sum(status < 400 for seen in writes.values() for status in seen) > len(writes)


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
    note = next(iter(steady.account.notes))
    values = steady.account.custom_values.values()
    value = next(one.id for one in values if one.definition.key == "design_files")
    uploads = (f"/notes/{note}/attachments", f"/custom_field_values/{value}/attachments")
    for path in ("/features/FAB-2", "/comments/1", "/notes/1/attachments", *uploads):
        method = "POST" if path.endswith("attachments") else "PUT"
        answer = steady.http.request(method, f"/api/v1{path}", content=content, headers={"Content-Type": kind})
        assert answer.status_code in (400, 404), answer.text
    assert everything(steady.account) == before


MUTATIONS = schema().mutation_type.fields if schema().mutation_type else {}
QUERIES_ASKED = schema().query_type.fields if schema().query_type else {}


def inputs(of: GraphQLNamedType, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values for an input: mostly objects of its own names, at times of another type altogether."""
    if not isinstance(of, GraphQLInputObjectType) or depth > 3:
        words: ClassVar = [
            *REAL,
            "Feature",
            "Epic",
            "Goal",
            "TOP",
            "BEFORE",
            "DEPENDS_ON",
            "SHIPPED",
            "name",
            "position",
        ]
        return st.sampled_from(words) | VALUES
    named = {name: inputs(get_named_type(field.type), depth + 1) for name, field in of.fields.items()}
    fitting_ones = st.fixed_dictionaries({}, optional=named)
    return fitting_ones | st.lists(fitting_ones, max_size=2) if depth else fitting_ones


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
@given(st.sampled_from(sorted([*MUTATIONS, *QUERIES_ASKED])), st.data())
def test_garbage_in_graphql_is_an_error_and_changes_nothing(steady: Aha, name: str, data: st.DataObject) -> None:
    writes = name in MUTATIONS
    field = MUTATIONS[name] if writes else QUERIES_ASKED[name]
    given_ones = {key: data.draw(inputs(get_named_type(one.type))) for key, one in field.args.items()}
    if "id" in given_ones:
        given_ones["id"] = data.draw(st.sampled_from(REAL) | VALUES)
    declared = ", ".join(f"${key}: {one.type}" for key, one in field.args.items())
    passed = ", ".join(f"{key}: ${key}" for key in field.args)
    call = f"{name}({passed})" if passed else name
    asked = "errors { attributes { name messages } }" if writes else "__typename"
    verb = "mutation" if writes else "query"
    query = f"{verb} ({declared}) {{ {call} {{ {asked} }} }}" if declared else f"{verb} {{ {call} {{ {asked} }} }}"
    before = everything(steady.account)
    raw = json.dumps({"query": query, "variables": given_ones}).encode()
    headers = {"Content-Type": "application/json"}
    answer = steady.http.post("/api/v2/graphql", content=raw, headers=headers)
    assert answer.status_code in (200, 400), (query, given_ones, answer.text)
    body = answer.json()
    payload = (body.get("data") or {}).get(name)
    refused = "errors" in body or "error" in body or (writes and (payload or {}).get("errors", {}).get("attributes"))
    if refused or not writes:
        assert everything(steady.account) == before, (query, given_ones, body)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"query": 7}', "application/json"),
        (b'{"query": "{ user { id } }", "variables": [1]}', "application/json"),
        (b'{"query": "{ user { id } }", "operationName": {}}', "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b'{"query": "' + b"{a" * 100_000 + b'"}', "application/json"),
    ],
)
def test_graphql_bodies_that_can_not_be_read(steady: Aha, content: bytes, kind: str) -> None:
    before = everything(steady.account)
    answer = steady.http.post("/api/v2/graphql", content=content, headers={"Content-Type": kind})
    assert answer.status_code in (200, 400), answer.text
    assert answer.json().get("error") or answer.json()["errors"]
    assert everything(steady.account) == before


def test_a_file_of_an_odd_name_can_be_read(steady: Aha) -> None:
    note = next(iter(steady.account.notes))
    named = b'Content-Disposition: form-data; name="attachment[data]"; filename="a\x00\x7fb"'
    content = b"--b\r\n" + named + b"\r\n\r\nbell\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    made = steady.http.post(f"/api/v1/notes/{note}/attachments", content=content, headers=headers).json()["attachment"]
    answer = steady.http.get(made["download_url"])
    assert (answer.content, answer.headers["Content-Disposition"]) == (b"bell", 'attachment; filename="a??b"')


def test_head_is_get_without_a_body() -> None:
    app, credentials = build("demo", VirtualClock())
    headers = {"Authorization": f"Bearer {credentials['token']}"}
    # Served unwatched, as the vendor's document names no HEAD.
    with Running(app) as url, httpx2.Client(base_url=url, headers=headers) as client:
        whole, head = client.get("/api/v1/features/FAB-1"), client.head("/api/v1/features/FAB-1")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.content))
        assert client.head("/api/v1/features/FAB-999").status_code == 404


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_python_calls_json_and_nobody_else_is_refused(aha: Aha, text: str) -> None:
    raw = f'{{"feature": {{"name": {text}}}}}'
    for method, path in (("PUT", "/api/v1/features/FAB-1"), ("POST", "/api/v2/graphql")):
        answer = aha.http.request(method, path, content=raw, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()) == (400, {"error": "The request body is not valid JSON"})


def test_a_body_without_end_is_refused_as_a_gateway_does(aha: Aha) -> None:
    before = aha.feature()
    raw = b'{"feature": {"name": "' + b"x" * (31 * 1024 * 1024) + b'"}}'
    answer = aha.http.put("/api/v1/features/FAB-1", content=raw, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert aha.feature() == before
