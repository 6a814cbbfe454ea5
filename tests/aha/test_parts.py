"""Links and work done of Aha! records, as answers show them."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.aha.fields import snapshot
from crosswalk.aha.link_fields import LINK, links_from
from crosswalk.aha.worklog_fields import WORKLOG
from crosswalk.merge.records import Ref

SITE = "https://fable.aha.io/api/v1"
MINE = {"id": "1", "reference_num": "FAB-1", "resource": f"{SITE}/features/FAB-1"}
OTHER = {"id": "2", "reference_num": "FAB-E-2", "resource": f"{SITE}/epics/FAB-E-2"}


def link(**more: Any) -> dict[str, Any]:
    return {"link_type": "Depends on", "link_type_id": 20, "parent_record": MINE, "child_record": OTHER, **more}


def test_a_link_leads_to_the_kind_its_address_names() -> None:
    (part,) = links_from("1", [link()])
    assert part.link is not None
    assert (part.link.type, part.link.other) == ("Depends on", Ref("epic", "2"))
    typed = {**OTHER, "resource": "", "record_type": "master_feature"}
    assert links_from("1", [link(child_record=typed)]) == (part,)


@pytest.mark.parametrize(
    "entry",
    [
        link(parent_record=OTHER, child_record=MINE),  # it begins elsewhere
        link(child_record={"id": "3"}),
        link(child_record=None),
        {"link_type": "Depends on"},
        "nonsense",
    ],
)
def test_what_does_not_begin_here_or_leads_nowhere_known_is_left_out(entry: Any) -> None:
    assert links_from("1", [entry]) == ()


def feature(**more: Any) -> dict[str, Any]:
    return {"id": "1", "reference_num": "FAB-1", "comments_count": 0, **more}


def test_a_record_shows_its_links_or_they_are_asked_for() -> None:
    assert len(snapshot("feature", feature(feature_links=[link(), link()])).parts[LINK]) == 1
    assert LINK in snapshot("feature", feature()).more
    assert LINK not in snapshot("requirement", feature()).more


def event(**more: Any) -> dict[str, Any]:
    return {"id": "9", "occurred_on": "2026-11-20", "work_done": 90.0, "work_units": 10, **more}


@pytest.mark.parametrize(
    ("kind", "data", "keys"),
    [
        ("feature", {"time_tracking_events": [event()], "work_units": 10}, ["90@2026-11-20"]),
        ("requirement", {"time_tracking_events": [event(work_done="1.5")]}, ["1.5@2026-11-20"]),
        ("feature", {"time_tracking_events": [event(work_units=20), event(occurred_on=None), 7]}, []),
        ("feature", {"time_tracking_events": [event()], "work_units": 20}, None),  # estimated in points
        ("feature", {}, None),  # capacity planning is off
        ("epic", {"time_tracking_events": []}, None),  # Aha! takes no work done on epics
    ],
)
def test_work_done_is_shown_where_time_is_tracked(kind: str, data: dict[str, Any], keys: list[str] | None) -> None:
    parts = snapshot(kind, feature(**data)).parts.get(WORKLOG)
    assert (None if parts is None else [part.key for part in parts]) == keys
