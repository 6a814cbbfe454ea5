"""Every row of the table of relaxations belongs to a fault that somebody can look up, and is still needed; every row
of what the documents are silent about has its proof, and they still are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from tests.official import aha_examples, documents, grounds, shown
from tests.official.documents import FILES, Operation, content_of, document, plain
from tests.official.exchanges import part_place
from tests.official.faults import FOUND, LISTED
from tests.official.proofs import Proof, failed, operations_at, readme
from tests.official.relaxations import RELAXATIONS, Relaxation, rows
from tests.official.unstated import UNSTATED, Unstated


def test_each_row_has_a_fault_and_each_fault_a_row() -> None:
    assert {row.fault for row in RELAXATIONS} == {*LISTED, *FOUND}
    assert not LISTED.keys() & FOUND.keys()


def test_the_readme_lists_the_listed_faults() -> None:
    assert [name for name, words in LISTED.items() if failed(readme(words))] == []


@pytest.mark.parametrize("name", FOUND)
def test_a_fault_found_since_has_its_proof(name: str) -> None:
    assert not failed(FOUND[name][1])


def test_an_address_proves_no_fault() -> None:
    """What a document says is forgiven only against its own word, another document's, a recording, or what is known."""
    assert [name for name, (_, proof) in FOUND.items() if proof.kind == "page"] == []


def test_no_row_stands_twice() -> None:
    named = Counter(
        (row.kind, where, name, row.change if isinstance(row, Relaxation) else row.when)
        for row in (*RELAXATIONS, *UNSTATED)
        for where in row.where
        for name in (row.names or ("",))
    )
    assert [one for one, count in named.items() if count > 1] == []


@pytest.mark.parametrize("row", RELAXATIONS, ids=lambda row: f"{row.kind} {row.where[0]} {row.fault}")
def test_each_place_of_a_row_is_still_needed(row: Relaxation) -> None:
    """The document still has the fault: what the row allows, it does not."""
    assert [where for where in row.where if not NEEDED[row.kind](row, where)] == []


@pytest.mark.parametrize("row", UNSTATED, ids=lambda row: f"{row.kind} {row.where[0]} {row.why[:20]}")
def test_what_is_unstated_has_its_proofs_and_still_is(row: Unstated) -> None:
    assert row.proofs
    assert [told for told in map(failed, row.proofs) if told] == []
    assert [where for where in row.where if not SILENT[row.kind](row, where)] == []


BY_ADDRESS = {("STATUS", "415"), ("STATUS", "404")}
"""What nothing but an address proves, which is not fetched: what JAX-RS and HTTP say of every operation."""


def test_what_an_address_alone_proves_is_known() -> None:
    alone = {(row.kind, name) for row in UNSTATED if _addressed(row.proofs) for name in row.names or row.where}
    assert alone == BY_ADDRESS


def _addressed(proofs: tuple[Proof, ...]) -> bool:
    return all(proof.kind == "page" for proof in proofs)


def _instead(row: Relaxation, where: str) -> bool:
    """The operation states other statuses, and not these."""
    (operation,) = operations_at(where)
    return not set(row.names) & operation.raw["responses"].keys()


def _status(row: Unstated, where: str) -> bool:
    """An operation lacks the status, and is of the kind that the row is about."""
    return all(
        any(
            status not in one.raw["responses"] and (not row.when or row.when(one, status))
            for one in operations_at(where)
        )
        for status in row.names
    )


def _query(row: Unstated, where: str) -> bool:
    """An operation lacks the parameter."""
    return all(any(name not in _parameters(one) for one in operations_at(where)) for name in row.names)


def _parameters(operation: documents.Operation) -> set[str]:
    return {one["name"] for one in operation.raw["parameters"] if one["in"] == "query"}


def _answer(row: Relaxation, where: str) -> bool:
    """The change makes another schema of what is declared."""
    place, _, status = where.rpartition(" ")
    operation = operations_at(place)[0]
    if operation.document == "aha":
        schema = aha_examples.answer(document("aha"), operation.twins or [operation], status, long=False)
    else:
        schema = plain(content_of(operation, status).get("schema")) or shown.schema(operation, status)
    return row.change is not None and bool(schema) and not _lists(row, schema) and row.change(schema) != schema


LISTS = re.compile(r"\b(list|collection|links)\b", re.I)


@pytest.mark.parametrize("where", [where for row in rows("ANSWER") if row.fault == "dc-items" for where in row.where])
def test_what_is_declared_an_item_is_a_list(where: str) -> None:
    """Of each place, some of which the README does not name: so says Cloud's document, or the place's own example, or
    its own words."""
    place, _, status = where.rpartition(" ")
    (operation,) = operations_at(place)
    raw, content = operation.raw, content_of(operation, status)
    shown = [content.get("example"), *(one["value"] for one in content.get("examples", {}).values())]
    said = (raw["responses"][status]["description"], raw.get("summary", ""), raw.get("description", ""))
    assert (
        any(_type(twin, status) == "array" for twin in grounds.twins(operation))
        or any(str(one)[:1] == "[" for one in shown)
        or any(map(LISTS.search, said))
    ), said


def _type(operation: Operation, status: str) -> str:
    """What an answer is declared to be, by itself or by its name."""
    schema = content_of(operation, status).get("schema", {})
    named = str(schema.get("$ref", "")).rpartition("/")[2]
    return str(document(operation.document).raw["components"]["schemas"].get(named, schema).get("type"))


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


def _path(_row: Unstated, where: str) -> bool:
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


def _key(row: Relaxation, where: str) -> bool:
    """Each name makes another schema of some answer. That an answer needs it, the tour of Aha! tells
    (tests/sandbox/aha/test_openapi.py)."""
    return all(_changes(replace(row, where=(where,), names=(name,))) for name in row.names)


def _changes(without: Relaxation) -> bool:
    return any(one != other for one, other in zip(_of_answers(without), _as_they_are(), strict=True))


def _of_answers(without: Relaxation | None = None) -> Iterator[documents.Json]:
    """The schemas of all of Aha!'s answers, one by one: the first that differs will do."""
    aha = document("aha")
    for one in aha.operations:
        for status in one.raw["responses"]:
            yield aha_examples.answer(aha, [one], status, long=False, without=without)


@cache
def _as_they_are() -> list[documents.Json]:
    return list(_of_answers())


NEEDED = {"STATUS": _instead, "ANSWER": _answer, "PART": _part, "SENT": _sent, "KEY": _key}
SILENT = {"STATUS": _status, "QUERY": _query, "PATH": _path}


def test_every_kind_of_row_is_looked_at() -> None:
    assert {row.kind for row in RELAXATIONS} == set(NEEDED)
    assert {row.kind for row in UNSTATED} == set(SILENT)
    assert all(list(rows(row.kind)) for row in RELAXATIONS)
    assert set(FILES) >= {where.partition(" ")[0] for row in UNSTATED if row.kind != "PATH" for where in row.where}
