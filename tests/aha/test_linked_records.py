"""Custom fields of Aha! that hold other records: what they hold, how an answer is read, and what Jira shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.aha.fields import custom_value
from crosswalk.aha.metadata import custom_fields
from crosswalk.merge.records import FieldType
from crosswalk.sync.conversions import Ends, translation

VALUES: list[tuple[Any, frozenset[str]]] = [
    ([], frozenset()),
    (["FAB-7", " FAB-8 "], frozenset({"FAB-7", "FAB-8"})),
    ([{"id": "7", "reference_num": "FAB-7"}], frozenset({"FAB-7"})),
    ([{"id": "7", "reference_num": "FAB-7", "name": "Spring ride"}, 12], frozenset({"Spring ride", "12"})),
]


@pytest.mark.parametrize("type_", ["LinkMany", "LinkMasterDetail"])
def test_a_field_of_linked_records_holds_links(type_: str) -> None:
    definition = {
        **{"id": "1", "key": "depends", "name": "Depends", "custom_fieldable_type": "Feature"},
        "type": f"CustomFieldDefinitions::{type_}",
    }
    (found,) = custom_fields({"custom_field_definitions": [definition]})
    assert (found.type, found.holds) == ("array", "links")


@pytest.mark.parametrize(("value", "names"), VALUES)
def test_linked_records_are_read_by_what_names_them(value: Any, names: frozenset[str]) -> None:
    assert custom_value({"key": "depends", "type": "array", "value": value}) == names
    form = translation(Ends(FieldType("links", "Depends"), FieldType("line", "Line")))
    assert form.to_right(names) == (", ".join(sorted(names)) or None)
