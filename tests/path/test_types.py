"""One Aha! type becomes several Jira types, by the value of a field."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.sync.mapping import MappingRefused
from tests.path.looking import assert_quiet
from tests.path.system import System


def by_kind(system: System, **line: Any) -> None:
    types = system.integration.mapping["types"]
    system.remap(types={**types, "feature": {**types["feature"], **line}})


def type_of(system: System, key: str) -> str:
    return str(system.issue(key)["issuetype"]["name"])


def test_the_type_follows_the_field_and_the_rest_takes_the_usual_one(system: System) -> None:
    plain, odd = system.feature("Bell"), system.feature("Lamp", 1)
    kind = system.aha.record("features", odd.key)["workflow_kind"]["name"]
    by_kind(system, by="workflow_kind", types={kind.upper(): "Bug"})
    other = system.feature("Horn", workflow_kind="Improvement")
    for ref in (plain, odd, other):
        assert system.send(ref).state == "agreed", system.pair(ref).reason
    wanted = {
        ref: "Bug" if system.aha.record("features", ref.key)["workflow_kind"]["name"] == kind else "Story"
        for ref in (plain, odd, other)
    }
    assert {ref: type_of(system, system.pair(ref).right_key) for ref in wanted} == wanted
    assert set(wanted.values()) == {"Bug", "Story"}
    assert type_of(system, system.children(odd)[0].right_key) == "Sub-task"
    for ref in wanted:
        assert_quiet(system, ref, looks=1)
    system.aha.put(f"/features/{other.id}", {"feature": {"workflow_kind": kind}})
    assert_quiet(system, other, looks=1)
    assert type_of(system, system.pair(other).right_key) == "Story", "chosen once"


def test_a_rule_that_can_not_work_is_refused(cloud: System) -> None:
    with pytest.raises(MappingRefused, match=r"types\.feature\.by: Aha! has no field “colour”"):
        by_kind(cloud, by="colour", types={"red": "Bug"})
    with pytest.raises(MappingRefused, match=r"types\.feature\.relation: a feature never stands below anything by an"):
        by_kind(cloud, relation="relates")
    with pytest.raises(MappingRefused, match="Write both, or neither"):
        by_kind(cloud, by="workflow_kind")


def test_only_requirements_are_offered_to_hang_by_a_link(cloud: System) -> None:
    from tests.path.test_deletions import signed_in

    browser = signed_in()
    for kind in ("requirement", "feature", "epic"):
        page = browser.get(f"/integrations/{cloud.integration.pk}/mapping/{kind}/").content.decode()
        assert ('value="relates"' in page) == (kind == "requirement")
        assert 'value="parent"' in page
