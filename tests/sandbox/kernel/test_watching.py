"""The page of the fault switches knows every kind there is, also one that nobody has described."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from crosswalk_sandbox.kernel import watching
from crosswalk_sandbox.kernel.app import build_app
from crosswalk_sandbox.kernel.clock import VirtualClock
from crosswalk_sandbox.kernel.control import Control
from crosswalk_sandbox.kernel.faults import KINDS, PASSIVE_KINDS
from crosswalk_sandbox.kernel.hooks import Terms
from crosswalk_sandbox.kernel.pages import Look

LOOK = Look("Sandbox <x>", "aha", "A & B", (("/", "Start"),), (("a&b", "<b>Ann</b>"),))


@pytest.mark.parametrize("passive", [(), PASSIVE_KINDS])
def test_every_kind_can_be_switched_on(passive: tuple[str, ...]) -> None:
    control = Control(VirtualClock(), dict, passive=passive)
    app = build_app(watching.watching_routes(LOOK, passive=passive), control)
    page = TestClient(app).get("/_sandbox/pages/faults").text
    offered = {kind for kind in KINDS if f'name="kind" value="{kind}"' in page}
    assert offered == {kind for kind in KINDS if kind not in PASSIVE_KINDS or kind in passive}
    assert all(f'name="{one}"' in page for one in ("method", "path_regex", "nth", "probability", "seed"))
    assert "<x>" not in page
    assert "<b>Ann" not in page


def test_a_kind_without_words_is_offered_by_its_name_with_every_setting() -> None:
    shown = watching._kind("new_kind", False)
    assert "<b>New kind</b>" in shown
    assert "retry_after" in shown
    assert "seconds" in shown


def test_only_kept_deliveries_are_sent_again() -> None:
    app = build_app(watching.watching_routes(LOOK), Control(VirtualClock(), dict))
    with TestClient(app) as client:
        for none in ("7", "9" * 5000, "-1", "x"):
            assert client.post(f"/_sandbox/pages/hooks/{none}/again").status_code == 404
        control = app.state.control
        made = control.courier.post("http://127.0.0.1:9/x", {"A": "b"}, b"{}", Terms(delay=60), label="told")
        again = client.post(f"/_sandbox/pages/hooks/{made.number}/again").json()
        sent = {one.number: (one.url, one.headers, one.body, one.label) for one in control.courier.past}
        assert sent[again["number"]] == sent[made.number]
