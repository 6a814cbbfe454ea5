"""Proofs that a document of a vendor is wrong, or silent, where the table says so; most of them can be carried out.

| kind | where | words | what is done |
|---|---|---|---|
| readme | | words of the README beside the documents | they are looked for there |
| example | operation with a status, or schema | the complaint | the example is held against its own schema |
| words | operation or schema | what it says | looked for in the document |
| other | operation or schema of another document | what it says there; "" where it declares no body | the same |
| recorded | file below `../shared` | what was recorded | looked for in the file |
| reference | file below `../shared/reference` | what it says | the same |
| client | module of an installed client | what it sends | looked for in the module's source |
| page | address | | nothing: it is not fetched |
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.official.documents import FOLDER, Json, Operation, compiled, content_of, document, plain
from tests.shared_files import shared

Kind = Literal["readme", "example", "words", "other", "recorded", "reference", "client", "page"]


@dataclass(frozen=True)
class Proof:
    """What proves a fault, or that something is so of which a document is silent."""

    kind: Kind
    where: str
    words: str = ""


def readme(words: str) -> Proof:
    """Words of the README that lies beside the documents."""
    return Proof("readme", f"{FOLDER}/README.md", words)


def failed(proof: Proof) -> str:
    """What is wrong with a proof; "" where it holds."""
    holds = CARRIED_OUT[proof.kind](proof)
    return "" if holds else f"{proof.kind} {proof.where}: {proof.words!r} is not so"


def operations_at(where: str) -> list[Operation]:
    """The operation of this name; all of a document for "dc *"."""
    name = where.partition(" ")[0]
    return [one for one in document(name).operations if where in (one.id, f"{name} *")]


def _example(proof: Proof) -> bool:
    name, _, rest = proof.where.partition(" ")
    schemas = document(name).raw["components"]["schemas"]
    if rest in schemas:
        parts = schemas[rest]["properties"].values()
        pairs = [(one["example"], one) for one in parts if one.get("example") is not None]
    else:
        place, _, status = proof.where.rpartition(" ")
        content = content_of(operations_at(place)[0], status)
        pairs = [(content["example"], content["schema"])]
    return any(proof.words in told for example, schema in pairs for told in _complaints(name, example, schema))


def _complaints(name: str, example: Json, schema: Json) -> list[str]:
    body = json.loads(example) if isinstance(example, str) and example[:1] in "[{" else example
    errors = compiled(name, plain(schema), lambda _title, part: part).iter_errors(body)
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in errors]


def _said(proof: Proof) -> bool:
    name, _, rest = proof.where.partition(" ")
    schemas = document(name).raw["components"]["schemas"]
    if not proof.words:
        place, _, status = proof.where.rpartition(" ")
        (operation,) = operations_at(place)
        return status in operation.raw["responses"] and not content_of(operation, status).get("schema")
    raw = schemas[rest] if rest in schemas else operations_at(proof.where)[0].raw
    return proof.words in json.dumps(raw, ensure_ascii=False)


def _in_file(proof: Proof) -> bool:
    return proof.words in shared(proof.where).read_text("utf-8")


def _client(proof: Proof) -> bool:
    found = importlib.util.find_spec(proof.where)
    return bool(found and found.origin and proof.words in Path(found.origin).read_text("utf-8"))


def _page(proof: Proof) -> bool:
    return proof.where.startswith("https://")


CARRIED_OUT = {
    "readme": _in_file,
    "example": _example,
    "words": _said,
    "other": _said,
    "recorded": _in_file,
    "reference": _in_file,
    "client": _client,
    "page": _page,
}
