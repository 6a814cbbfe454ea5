"""The activity webhook: beside its recorded models, once, later for texts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.aha.conftest import Aha
from tests.sandbox.kernel.test_hooks import receiver
from tests.shared_files import shared

WRITES: dict[str, tuple[str, object]] = {
    "activity_audit_feature_add_tag": ("/features/FAB-1", {"feature": {"tags": "maps,comfort,new"}}),
    "activity_audit_feature_to_parking_lot": ("/features/FAB-1", {"feature": {"release": "FAB-R-4"}}),
    "activity_audit_note_description_update": ("/features/FAB-1", {"feature": {"description": "<p>x</p>"}}),
    "activity_audit_release_ship": ("/products/FAB/releases/FAB-R-1", {"release": {"workflow_status": "Shipped"}}),
}


def shape(value: Any) -> Any:
    """Keys and types of a JSON value, in place of the values."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


@pytest.mark.parametrize("model", list(WRITES))
def test_a_delivery_has_the_shape_of_its_recorded_model(aha: Aha, model: str) -> None:
    recorded = json.loads(shared(f"fixtures/aha/webhooks/{model}.json").read_text())
    with receiver() as inbox:
        aha.http.post("/_sandbox/hooks", json={"url": inbox.url})
        aha.put(*WRITES[model])
        aha.http.post("/_sandbox/clock/advance", json={"seconds": 300})
        assert aha.app.state.control.courier.settle()
    (raw,) = inbox.bodies
    sent = json.loads(raw)
    assert shape(sent) == shape(recorded)
    assert list(sent["audit"]) == list(recorded["audit"])
    for name in ("audit_action", "interesting", "auditable_type"):
        assert sent["audit"][name] == recorded["audit"][name]
    assert sent["audit"]["changes"][0]["field_name"] == recorded["audit"]["changes"][0]["field_name"]
    assert sent["audit"]["description"].split()[:2] == recorded["audit"]["description"].split()[:2]
    assert b"<" not in raw
    assert b"&" not in raw


def test_texts_go_out_five_minutes_later_than_the_rest_and_nothing_twice(aha: Aha) -> None:
    courier = aha.app.state.control.courier
    with receiver(500) as inbox:
        aha.http.post("/_sandbox/hooks", json={"url": inbox.url})
        aha.put("/features/FAB-1", {"feature": {"description": "<p>x</p>", "name": "y"}})
        assert courier.settle()
        assert [json.loads(body)["audit"]["auditable_type"] for body in inbox.bodies] == ["feature"]
        aha.http.post("/_sandbox/clock/advance", json={"seconds": 299})
        assert courier.settle()
        assert len(inbox.bodies) == 1
        aha.http.post("/_sandbox/clock/advance", json={"seconds": 1})
        assert courier.settle()
        assert [json.loads(body)["audit"]["auditable_type"] for body in inbox.bodies] == ["feature", "note"]
        aha.http.post("/_sandbox/clock/advance", json={"seconds": 3600})
        assert courier.settle()
    assert len(inbox.bodies) == 2, "a refused delivery is not repeated"
    listed = aha.http.get("/_sandbox/hooks").json()["deliveries"]
    assert [(one["label"], one["state"]) for one in listed] == [("note update", "failed"), ("feature update", "failed")]


def test_a_text_edited_again_goes_out_once_five_minutes_after_the_last_edit(aha: Aha) -> None:
    courier = aha.app.state.control.courier
    with receiver() as inbox:
        aha.http.post("/_sandbox/hooks", json={"url": inbox.url})
        aha.put("/features/FAB-1", {"feature": {"description": "<p>one</p>"}})
        aha.put("/features/FAB-2", {"feature": {"description": "<p>other</p>"}})
        aha.http.post("/_sandbox/clock/advance", json={"seconds": 200})
        aha.put("/features/FAB-1", {"feature": {"description": "<p>two</p>"}})
        aha.http.post("/_sandbox/clock/advance", json={"seconds": 200})
        assert courier.settle()
        assert [json.loads(body)["audit"]["changes"][0]["value"] for body in inbox.bodies] == ["<p>other</p>"]
        aha.http.post("/_sandbox/clock/advance", json={"seconds": 100})
        assert courier.settle()
    assert [json.loads(body)["audit"]["changes"][0]["value"] for body in inbox.bodies] == [
        "<p>other</p>",
        "<p>two</p>",
    ]


def test_addresses_are_judged_and_taken_off(aha: Aha) -> None:
    assert aha.http.post("/_sandbox/hooks", json={"url": "mailto:x"}).status_code == 400
    aha.http.post("/_sandbox/hooks", json={"url": "http://127.0.0.1:9/x"})
    assert aha.http.get("/_sandbox/hooks/urls").json() == {"urls": ["http://127.0.0.1:9/x"]}
    assert aha.http.request("DELETE", "/_sandbox/hooks").json() == {"urls": []}
    aha.put("/features/FAB-1", {"feature": {"name": "quiet"}})
    assert aha.http.get("/_sandbox/hooks").json()["deliveries"] == []
