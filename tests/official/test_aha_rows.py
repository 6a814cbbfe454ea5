"""What the table of relaxations says of Aha! has its proof, name by name: another example of the document, the recorded
feature, the GraphQL schema, or words of the reference beside the documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

import pytest
from graphql import GraphQLNonNull, GraphQLObjectType

from tests.official import graphql_judge
from tests.official.documents import Json, document
from tests.official.faults import AHA_FEATURE, AHA_WORDS
from tests.official.relaxations import Relaxation, each_name
from tests.shared_files import shared

Shown = set[tuple[str, str]]
OF_SCHEMA = {
    "release_date": "Release.releaseDate",
    "external_release_date": "Release.externalReleaseDate",
    "external_release_date_description": "Release.externalReleaseDate",
    "owner": "Release.owner",
    "start_on": "ReleasePhase.startOn",
    "end_on": "ReleasePhase.endOn",
}
"""What no example shows without a value: the field of GraphQL that may be null."""
WORDS = {
    "in records": "`GET /{features,epics,requirements,releases,initiatives,ideas,idea_endorsements}/fields/:name/value",
    "in screen_definition_ids": "Layouts: `/screen_definitions(/:id)`",
}
"""What no example shows, by words about the place."""
SECTIONS = {
    "aha feature": ("2.2 Features",),
    "aha requirement": ("2.3 Requirements", "2.2 Features"),  # "Same fields as features except"
    "aha epic": ("A: Epics",),
    "aha release": ("2.5 Releases, roll-ups, phases", "3.2 Alternatives (none needs an integration)"),
    "aha initiative": ("A: Initiatives",),
    "aha time_tracking_event": ("2.14 To-dos, time tracking, capacity",),
}
"""Where the reference tells which attributes a record takes."""


@pytest.mark.parametrize("row", [*each_name("KEY")], ids=lambda row: f"{row.where[0]} {row.names[0]}")
def test_a_key_is_shown_elsewhere(row: Relaxation) -> None:
    (where,), (name,) = row.where, row.names
    if (where, name) in _shown():
        return
    if where == "null":
        owner, _, field = OF_SCHEMA[name].partition(".")
        kind = graphql_judge.schema().get_type(owner)
        assert isinstance(kind, GraphQLObjectType)
        assert not isinstance(kind.fields[field].type, GraphQLNonNull)
        return
    assert WORDS[where] in shared(AHA_WORDS).read_text("utf-8")


@pytest.mark.parametrize("row", [*each_name("SENT")], ids=lambda row: f"{row.where[0]} {row.names[0]}")
def test_an_attribute_is_told(row: Relaxation) -> None:
    if row.fault != "aha-pages":
        return
    told = "\n".join(_section(head) for head in SECTIONS[row.where[0]])
    assert re.search(rf"\b{row.names[0]}\b", told)


def _section(head: str) -> str:
    return shared(AHA_WORDS).read_text("utf-8").partition(f"\n## {head}\n")[2].partition("\n## ")[0]


@cache
def _shown() -> Shown:
    """The keys of every example and of the recorded feature, as the table names them."""
    bodies = [json.loads(shared(AHA_FEATURE).read_text("utf-8"))]
    for operation in document("aha").operations:
        for answer in operation.raw["responses"].values():
            for content in answer.get("content", {}).values():
                bodies += [one["value"] for one in content.get("examples", {}).values()]
                bodies.append(content.get("example"))
    seen = {pair for body in bodies for pair in _keys(body, "")}
    both = {name for _, name in seen if {("text", name), ("number", name)} <= seen}
    several = {pair for pair in seen if {(f"{kind} {pair[0]}", pair[1]) for kind in ("list", "str")} <= seen}
    return seen | {("text or number", name) for name in both} | {(f"any type {place}", name) for place, name in several}


def _keys(body: Json, within: str) -> Iterator[tuple[str, str]]:
    if isinstance(body, list):
        for one in body:
            yield from _keys(one, within)
    elif isinstance(body, dict):
        for name, value in body.items():
            yield f"in {within}", name
            yield f"{type(value).__name__} in {within}", name
            if "reference_num" in body:
                yield "record", name
            if value is None:
                yield "null", name
                yield f"null in {within}", name
            yield "number" if isinstance(value, int | float) else "text", name
            yield from _keys(value, name)
