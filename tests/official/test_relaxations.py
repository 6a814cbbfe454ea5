"""Every row of the table of relaxations belongs to a fault that somebody can look up, and is still needed."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.official import aha_examples, documents
from tests.official.documents import FILES, FOLDER, content_of, document, plain
from tests.official.exchanges import part_place
from tests.official.faults import FOUND, LISTED, PAGES, Proof
from tests.official.relaxations import RELAXATIONS, Relaxation, rows
from tests.shared_files import shared


def test_each_row_has_a_fault_and_each_fault_a_row() -> None:
    assert {row.fault for row in RELAXATIONS} == {*LISTED, *FOUND}
    assert not LISTED.keys() & FOUND.keys()


def test_the_readme_lists_the_listed_faults() -> None:
    text = shared(f"{FOLDER}/README.md").read_text("utf-8")
    assert [name for name, words in LISTED.items() if words not in text] == []


@pytest.mark.parametrize("name", FOUND)
def test_a_fault_found_since_has_its_proof(name: str) -> None:
    proof = FOUND[name][1]
    PROVED[proof.kind](proof)


def test_a_page_proves_no_change_of_a_schema() -> None:
    """What a document says of an answer is forgiven only against its own word, another document's or a recording."""
    paged = {name for name, (_, proof) in FOUND.items() if proof.kind == "page"}
    assert [(row.kind, row.fault) for row in RELAXATIONS if row.fault in paged and row.kind not in PAGES] == []


def _example(proof: Proof) -> None:
    """The document's own example does not fit the document."""
    name, _, rest = proof.where.partition(" ")
    schemas = document(name).raw["components"]["schemas"]
    if rest in schemas:
        parts = schemas[rest]["properties"].values()
        pairs = [(one["example"], one) for one in parts if one.get("example") is not None]
    else:
        place, _, status = proof.where.rpartition(" ")
        content = content_of(_operations(place)[0], status)
        pairs = [(content["example"], content["schema"])]
    found = []
    for example, schema in pairs:
        body = json.loads(example) if isinstance(example, str) and example[:1] in "[{" else example
        errors = documents.compiled(name, plain(schema), lambda _title, part: part).iter_errors(body)
        found += [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in errors]
    assert any(proof.words in one for one in found), found


def _said(proof: Proof) -> None:
    """It stands in the document; without words, it is an answer of which nothing is declared."""
    name, _, rest = proof.where.partition(" ")
    schemas = document(name).raw["components"]["schemas"]
    if not proof.words:
        place, _, status = proof.where.rpartition(" ")
        (operation,) = _operations(place)
        assert status in operation.raw["responses"]
        assert not content_of(operation, status).get("schema")
        return
    raw = schemas[rest] if rest in schemas else _operations(proof.where)[0].raw
    assert proof.words in json.dumps(raw, ensure_ascii=False)


def _recorded(proof: Proof) -> None:
    assert proof.words in shared(proof.where).read_text("utf-8")


def _page(proof: Proof) -> None:
    assert proof.where.startswith("https://")


PROVED = {"example": _example, "words": _said, "other": _said, "recorded": _recorded, "page": _page}


def test_no_row_stands_twice() -> None:
    named = Counter(
        (row.kind, where, name, row.change, row.when)
        for row in RELAXATIONS
        for where in row.where
        for name in (row.names or ("",))
    )
    assert [one for one, count in named.items() if count > 1] == []


@pytest.mark.parametrize("row", RELAXATIONS, ids=lambda row: f"{row.kind} {row.where[0]} {row.fault}")
def test_each_place_of_a_row_is_still_needed(row: Relaxation) -> None:
    """The document still has the fault: what the row allows, it does not."""
    assert [where for where in row.where if not NEEDED[row.kind](row, where)] == []


def _operations(where: str) -> list[documents.Operation]:
    name = where.partition(" ")[0]
    return [one for one in document(name).operations if where in (one.id, f"{name} *")]


def _status(row: Relaxation, where: str) -> bool:
    """An operation lacks the status, and is of the kind that the row is about."""
    return all(
        any(
            status not in one.raw["responses"] and (not row.when or row.when(one, status)) for one in _operations(where)
        )
        for status in row.names
    )


def _empty(row: Relaxation, where: str) -> bool:
    """A schema is declared for an answer that has no body."""
    return any(content_of(one, status) for one in _operations(where) for status in row.names)


def _query(row: Relaxation, where: str) -> bool:
    """An operation lacks the parameter."""
    return all(any(name not in _parameters(one) for one in _operations(where)) for name in row.names)


def _parameters(operation: documents.Operation) -> set[str]:
    return {one["name"] for one in operation.raw["parameters"] if one["in"] == "query"}


def _answer(row: Relaxation, where: str) -> bool:
    """The change makes another schema of what is declared."""
    place, _, status = where.rpartition(" ")
    operation = _operations(place)[0]
    if operation.document == "aha":
        schema = aha_examples.answer(document("aha"), operation.twins or [operation], status, long=False)
    else:
        schema = plain(content_of(operation, status).get("schema"))
    return row.change is not None and bool(schema) and not _lists(row, schema) and row.change(schema) != schema


def _lists(row: Relaxation, schema: documents.Json) -> bool:
    """Whether what is declared an item is declared a list by now."""
    return row.fault == "dc-items" and schema.get("type") == "array"


def _part(row: Relaxation, where: str) -> bool:
    """The same for a component, or one of a group of them."""
    name = where.partition(" ")[0]
    found = [
        plain(schema)
        for title, schema in document(name).raw["components"]["schemas"].items()
        if part_place(name, title) == where
    ]
    return row.change is not None and any(row.change(schema) != schema for schema in found)


def _path(_row: Relaxation, where: str) -> bool:
    """No document has the path for each of the methods."""
    product, verb, path = where.split(" ")
    names = {"cloud": ("cloud", "cloud2", "software")}.get(product, (product,))
    parts = path.replace("{}", "{x}").strip("/").split("/")
    verbs = ("GET", "POST", "PUT", "DELETE") if verb == "*" else (verb,)
    if path.startswith("/rest/api/2/"):
        names = ("cloud2",)
    return any(all(document(name).find(one, parts) is None for name in names) for one in verbs)


def _sent(row: Relaxation, where: str) -> bool:
    """An example lacks the key."""
    held = where.partition(" ")[2]
    examples = [one for one in _bodies() if not held or isinstance(one.get(held), dict)]
    return bool(examples) and all(
        any(name not in (one[held] if held else one) for one in examples) for name in row.names
    )


def _bodies() -> list[documents.Json]:
    contents = [
        ((one.raw.get("requestBody") or {}).get("content") or {}).get("application/json")
        for one in document("aha").operations
    ]
    bodies = [aha_examples.of_content(one) for one in contents if one]
    return [one for one in bodies if isinstance(one, dict)]


def _key(row: Relaxation, _where: str) -> bool:
    """The key is in use at all: what of it is not shown, the watched exchanges of the other tests tell."""
    return bool(row.names)


NEEDED = {
    "STATUS": _status,
    "EMPTY": _empty,
    "QUERY": _query,
    "ANSWER": _answer,
    "PART": _part,
    "PATH": _path,
    "SENT": _sent,
    "KEY": _key,
}


def test_every_kind_of_row_is_looked_at() -> None:
    assert {row.kind for row in RELAXATIONS} == set(NEEDED)
    assert all(list(rows(row.kind)) for row in RELAXATIONS)
    assert set(FILES) >= {where.partition(" ")[0] for row in rows("STATUS") for where in row.where}
