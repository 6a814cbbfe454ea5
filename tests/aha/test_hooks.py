"""Which records a hook concerns: every recorded payload, and the forms nobody recorded."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.aha.wire_hooks import audit_refs, hook_refs, reference_of
from crosswalk.aha.wire_hooks import given as values_given
from crosswalk.merge.records import Ref
from tests.shared_files import shared

RECORDED = [
    ("webhooks/activity_audit_feature_add_tag.json", Ref("feature", "", "API-1")),
    ("webhooks/activity_audit_feature_to_parking_lot.json", Ref("feature", "3011112222333344445555666", "X-7")),
    ("webhooks/activity_audit_note_description_update.json", Ref("feature", "", "API-112")),
    ("webhooks/activity_audit_release_ship.json", Ref("release", "3011112222333344445555666", "API-R-8")),
    ("events/create_feature_event.json", Ref("feature", "5886067808745625353", "PROD-2")),
    ("events/create_feature_event_assignee.json", Ref("feature", "5886067808745625353", "PROD-2")),
    ("events/create_feature_event_no_attach.json", Ref("feature", "5886067808745625353", "PROD-2")),
    ("events/update_feature_event.json", Ref("feature", "5886067808745625353", "PROD-2")),
    ("events/create_release_event.json", Ref("release", "5811270231731728292", "OPS-R-1")),
    ("events/update_release_event.json", Ref("release", "5811270231731728292", "OPS-R-1")),
]


@pytest.mark.parametrize(("path", "ref"), RECORDED)
def test_a_recorded_hook_names_its_record(path: str, ref: Ref) -> None:
    news = hook_refs(json.loads(shared(f"fixtures/aha/{path}").read_text()))
    assert news.refs == (ref,)
    assert news.refs[0].key == ref.key
    assert news.not_ours == ""


def test_no_recorded_hook_is_left_out_of_the_table() -> None:
    found = {
        f"{folder}/{file.name}"
        for folder in ("webhooks", "events")
        for file in shared(f"fixtures/aha/{folder}").glob("*.json")
    }
    assert found == {path for path, _ in RECORDED}


def audit(**more: object) -> object:
    return {"event": "audit", "audit": {"audit_action": "update", **more}}


@pytest.mark.parametrize(
    ("payload", "refs"),
    [
        (audit(auditable_type="Feature", auditable_id=7), (Ref("feature", "7"),)),
        (audit(auditable_type="requirement", auditable_id="7"), (Ref("requirement", "7"),)),
        (audit(auditable_type="master_feature", auditable_id="7"), (Ref("epic", "7"),)),
        (
            audit(auditable_type="custom_field_value", auditable_id=1, associated_type="Feature", associated_id=7),
            (Ref("feature", "7"),),
        ),
        (
            audit(
                auditable_type="note",
                auditable_id=1,
                associated_type="feature",
                associated_id=7,
                auditable_url="https://fable.aha.io/requirements/FAB-1-2",
            ),
            (Ref("requirement", "", "FAB-1-2"),),
        ),
        ({"event": "update_epic", "epic": {"id": "9", "reference_num": "FAB-E-1"}}, (Ref("epic", "9"),)),
    ],
)
def test_what_a_hook_concerns(payload: object, refs: tuple[Ref, ...]) -> None:
    assert hook_refs(payload).refs == refs


@pytest.mark.parametrize(
    ("payload", "because"),
    [
        (None, "no body"),
        ([1], "no body"),
        ({}, "no body"),
        (audit(auditable_type="ideas/idea", auditable_id=7, auditable_url="https://f.aha.io/ideas/FAB-I-7"), "idea"),
        (audit(), "unnamed thing"),
        ({"event": "security"}, "security"),
        ({"audit": "x"}, "nothing named"),
        ({"event": "create_feature", "feature": {}}, "create_feature"),
    ],
)
def test_what_is_not_ours_says_why(payload: object, because: str) -> None:
    news = hook_refs(payload)
    assert news.refs == ()
    assert because in news.not_ours


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ("FAB-1", "feature"),
        ("FAB-1-2", "requirement"),
        ("FAB-R-1", "release"),
        ("RUP-MR-2", "release"),
        ("FAB-R-PL", "release"),
        ("FAB-P-3", "release"),
        ("FAB-E-4", "epic"),
        ("FAB-S-5", "initiative"),
        ("FAB-I-6", ""),
        ("FAB-G-1", ""),
        ("FAB", ""),
        ("", ""),
    ],
)
def test_a_reference_number_says_what_it_stands_for(last: str, kind: str) -> None:
    found = reference_of(f"https://fable.aha.io/somewhere/{last}?x=1")
    assert (found.kind if found else "") == kind


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["event", "audit", "feature", "id", "reference_num", "auditable_type", "auditable_id", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_no_payload_breaks_the_reader(payload: object) -> None:
    news = hook_refs(payload)
    assert bool(news.refs) != bool(news.not_ours)


def test_an_odd_address_breaks_nothing() -> None:
    assert audit_refs({"auditable_url": "https://[bad/"}) == ()
    assert audit_refs({"auditable_url": 7}) == ()


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ({"changes": [{"field_name": "Jira", "value": " &rarr; https://j/browse/A-1"}]}, ("https://j/browse/A-1",)),
        ({"changes": [{"field_name": "Jira", "value": "https://j/?a=1&amp;b=2"}]}, ("https://j/?a=1&b=2",)),
        ({"changes": [{"value": "1 &rarr; 2"}, {"value": "2 &rarr; "}]}, ("2", "")),
        ({"changes": ["odd"]}, ("",)),
        ({"changes": "odd"}, ()),
        ({}, ()),
        ({"audit_action": "destroy", "changes": [{"value": "https://j/browse/A-1"}]}, ()),
        ({"auditable_type": "feature", "changes": [{"value": "https://j/browse/A-1"}]}, ()),
    ],
)
def test_what_custom_fields_were_given_is_told_apart(entry: dict[str, object], values: tuple[str, ...]) -> None:
    assert values_given({"audit_action": "update", "auditable_type": "custom_field_value", **entry}) == values
