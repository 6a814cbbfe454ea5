"""A plan in words: what is to be made is counted by kind, as where it is sent."""

from __future__ import annotations

from typing import Any

from crosswalk.sync import planwords


def _plan(*kinds: str, **more: int) -> dict[str, Any]:
    patches = [{"side": "Jira", "kind": "create", "what": kind, "changes": []} for kind in kinds]
    counts = {"Aha!": {"show": len(kinds)}, "Jira": {"field": 1, "create": len(kinds), **more}}
    return {"counts": counts, "patches": patches, "looked": 12, "alone": 0, "brake": ""}


def test_what_is_to_be_made_is_counted_by_kind() -> None:
    plan = _plan("release", "feature", "requirement", "requirement", "feature", update=1)
    kinds = "1 release, 2 features, 2 requirements"
    assert planwords.of_side(plan, "Jira") == f"1 field for all projects, 5 to be made ({kinds}), 1 to be changed"
    assert planwords.of_side(plan, "Aha!") == "5 links to Jira"
    assert list(planwords.counts(plan))[1:] == [
        f"Jira: 1 field for all projects, 5 to be made ({kinds}), 1 to be changed",
    ]
    assert list(planwords.counts({**plan, "alone": 3}))[2:] == ["left alone: 3 of 12 records looked at"]


def test_a_plan_that_does_not_list_all_counts_no_kinds() -> None:
    assert planwords.of_side(_plan("feature", create=2), "Jira") == "1 field for all projects, 2 to be made"


def test_a_side_on_which_nothing_is_made_says_so() -> None:
    assert planwords.of_side({"counts": {"Jira": {}}, "patches": []}, "Jira") == "nothing"
