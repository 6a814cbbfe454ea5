"""What the judge says of exchanges that are wrong in one way each, and that its table forgives only what is there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.official.documents import FILES, document
from tests.official.exchanges import Exchange, complaints, part_place
from tests.official.relaxations import RELAXATIONS, rows
from tests.official.unstated import UNSTATED
from tests.official.watch import FINDINGS, Running

LINKS = {"issueLinkTypes": [{"id": "10000", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}]}
OURS = "Crosswalk/0 (+test)"


def exchange(product: str, method: str, path: str, status: int, body: object, **more: object) -> Exchange:
    """An exchange of somebody who is not Crosswalk."""
    raw = b"" if body is None else json.dumps(body).encode()
    made = Exchange(product, method, path, "", "", "application/json", b"", status, "application/json", raw)
    return replace(made, **more)


GOOD = [
    exchange("cloud", "GET", "/rest/api/3/issueLinkType", 200, LINKS),
    exchange("cloud", "GET", "/ex/jira/11/rest/api/2/issueLinkType", 200, LINKS),
    exchange("dc", "GET", "/rest/api/latest/issueLinkType", 200, LINKS),
    exchange("dc", "GET", "/rest/api/2/nonsense", 404, {}),
    exchange("aha", "GET", "/api/v1/features", 200, {"features": [{"id": "1", "name": "n"}]}),
    exchange("aha", "GET", "/api/v1/features", 404, {"error": "Record not found."}),
    exchange("aha", "GET", "/api/v1/features", 200, {"features": []}, agent=OURS, query="page=1&per_page=200"),
    exchange("cloud", "GET", "/browse/FAB-1", 200, None, media="text/html"),
    exchange("cloud", "POST", "/rest/api/3/search/jql", 200, {"issues": []}, query="colour=red"),
]
BAD = [
    (exchange("cloud", "GET", "/rest/api/3/issueLinkType", 200, {"issueLinkTypes": {}}), 'not of type "array"'),
    (exchange("cloud", "GET", "/rest/api/3/issueLinkType", 200, {"colour": 1}), "Additional properties"),
    (exchange("cloud", "GET", "/rest/api/3/issueLinkType", 418, {}), "418 is not documented"),
    (exchange("cloud", "GET", "/rest/api/3/issueLinkType", 200, LINKS, media="text/html"), "JSON is documented"),
    (exchange("cloud", "GET", "/rest/api/3/nonsense", 200, {}), "no path"),
    (exchange("cloud", "DELETE", "/rest/api/3/issue/FAB-1", 204, {}), "204 with a body"),
    (exchange("dc", "GET", "/rest/api/2/project", 200, {"key": "FAB"}), 'not of type "array"'),
    (exchange("cloud", "GET", "/rest/agile/1.0/board", 200, {"values": [{"id": "1"}]}), 'not of type "integer"'),
    (exchange("cloud", "GET", "/rest/agile/1.0/board/1", 200, {"id": 1, "colour": "red"}), "'colour' was unexpected"),
    (exchange("cloud", "GET", "/rest/agile/1.0/sprint/1", 200, {"id": 1, "colour": "red"}), "'colour' was unexpected"),
    (exchange("cloud", "GET", "/rest/agile/1.0/sprint/1", 200, {"id": "1"}), 'not of type "number"'),
    (
        exchange("cloud", "PUT", "/rest/agile/1.0/issue/rank", 204, None, agent=OURS, sent=b'{"colour": "red"}'),
        "'colour' was unexpected",
    ),
    (exchange("aha", "GET", "/api/v1/features", 200, {"features": [{"id": "1", "colour": "red"}]}), "colour"),
    (exchange("aha", "GET", "/api/v1/features", 200, {"features": [{"name": 1}]}), 'not of type "string"'),
    (exchange("aha", "GET", "/api/v1/features", 200, {}, agent=OURS, query="colour=red"), "names 'colour'"),
    (exchange("aha", "GET", "/api/v1/nonsense", 404, {}, agent=OURS), "Crosswalk sends"),
    (
        exchange("dc", "POST", "/rest/api/2/issue", 201, {}, agent=OURS, sent=b'{"colour": 1}'),
        "Additional properties",
    ),
    (
        exchange("cloud", "POST", "/rest/api/3/search/jql", 200, {}, agent=OURS, sent=b'{"jql": 1}'),
        'not of type "string"',
    ),
    (
        exchange("aha", "PUT", "/api/v1/features/1", 200, {}, agent=OURS, sent=b'{"feature": {"colour": 1}}'),
        "colour",
    ),
    (
        exchange("cloud", "POST", "/rest/api/3/search/jql", 200, {}, agent=OURS, sent=b"x", sent_type="text/plain"),
        "text",
    ),
]


FORM = "multipart/form-data; boundary=b"


def form(name: str) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="a.txt"'
    return f"--b\r\n{disposition}\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n".encode()


def uploaded(product: str, path: str, name: str) -> Exchange:
    """A file sent by Crosswalk, with nothing known of the answer."""
    return exchange(product, "POST", path, 404, {}, agent=OURS, sent=form(name), sent_type=FORM)


CLOUD_FILES, DC_FILES = "/rest/api/3/issue/FAB-1/attachments", "/rest/api/2/issue/FAB-1/attachments"
GOOD += [
    uploaded("cloud", CLOUD_FILES, "file"),
    uploaded("dc", DC_FILES, "file"),
    uploaded("aha", "/api/v1/comments/1/attachments", "attachment[data]"),
    exchange("cloud", "GET", "/rest/api/3/issue/1/comment", 404, {}, agent=OURS, query="startAt=0&orderBy=created"),
]
BAD += [
    (uploaded("cloud", CLOUD_FILES, "attachment"), "part 'attachment'"),
    (uploaded("dc", DC_FILES, "attachment"), "part 'attachment'"),
    (uploaded("aha", "/api/v1/comments/1/attachments", "file"), "part 'file'"),
    (replace(uploaded("dc", DC_FILES, "file"), sent=b"x"), "form"),
    (
        exchange("cloud", "GET", "/rest/api/3/issue/1/comment", 404, {}, agent=OURS, query="startAt=x"),
        "startAt is 'x'",
    ),
    (
        exchange("cloud", "GET", "/rest/api/3/issue/1/comment", 404, {}, agent=OURS, query="orderBy=colour"),
        "orderBy is 'colour'",
    ),
    (
        exchange("cloud", "PUT", "/rest/api/3/issue/1", 404, {}, agent=OURS, query="notifyUsers=no", sent=b"{}"),
        "notifyUsers is 'no'",
    ),
    (exchange("cloud", "DELETE", "/rest/api/3/issue/1/remotelink", 404, {}, agent=OURS), "lacks 'globalId'"),
]


@pytest.mark.parametrize("good", GOOD, ids=str)
def test_a_good_exchange_passes(good: Exchange) -> None:
    assert complaints(good) == []


@pytest.mark.parametrize(("bad", "words"), BAD, ids=lambda value: str(value)[:60])
def test_a_bad_exchange_is_told(bad: Exchange, words: str) -> None:
    assert any(words in text for text in complaints(bad)), complaints(bad)


@pytest.mark.servers
def test_what_a_sandbox_answers_reaches_the_judge() -> None:
    from tests.sandbox.jira.play import playing

    document("cloud")
    with playing("cloud") as sandbox:
        before = FINDINGS.good.copy()
        sandbox.get("~/issueLinkType")
    assert (FINDINGS.good - before)["cloud", "cloud GET /rest/api/3/issueLinkType"] == 1


def test_the_table_names_operations_and_components_that_exist() -> None:
    known = {operation.id for name in FILES for operation in document(name).operations}
    parts = {
        part_place(name, part) for name in FILES for part in document(name).raw.get("components", {}).get("schemas", {})
    }
    named = {where for row in UNSTATED if row.kind != "PATH" for where in row.where}
    named |= {where for row in rows("STATUS") for where in row.where}
    answers = {where.rpartition(" ")[0] for row in rows("ANSWER") for where in row.where}
    assert {where for where in named | answers if not where.endswith(" *")} - known == set()
    assert {where for row in rows("PART") for where in row.where} - parts == set()
    assert all(len(row.why) > 20 for row in RELAXATIONS)
    assert all(len(row.why) > 10 for row in UNSTATED)


def test_a_status_is_forgiven_only_where_the_document_has_it_not() -> None:
    documented = {
        operation.id: set(operation.raw["responses"]) for name in FILES for operation in document(name).operations
    }
    needless = [
        f"{status} of {where}"
        for row in (*rows("STATUS"), *(one for one in UNSTATED if one.kind == "STATUS"))
        for where in row.where
        for status in row.names
        if status in documented.get(where, set())
    ]
    assert needless == []


def test_every_test_starts_its_sandboxes_watched() -> None:
    here = Path(__file__).resolve().parent
    unwatched = [
        str(path.relative_to(here.parent))
        for path in here.parent.rglob("*.py")
        if "kernel.server import" in path.read_text("utf-8") and path.parent.name not in ("official", "kernel")
    ]
    assert unwatched == []
    assert Running.__mro__[1].__module__ == "crosswalk_sandbox.kernel.server"
