"""Both sides are to be written, and one of them alone was: what the other had brought there is known as its own."""

from __future__ import annotations

import pytest

from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_bad_input import tags_and_labels
from tests.path.test_refused_parts import allow


@pytest.mark.parametrize("what", ["set", "text"])
def test_what_jira_brought_can_be_taken_out_there_again_though_the_write_to_jira_did_not_land(
    system: System, what: str
) -> None:
    """Both had news, and Aha! has all of it already. What Jira had brought is not Aha!'s to bring again."""
    tags_and_labels(system)
    ref = system.feature("Bell", tags="brass", description="<p>One</p>")
    system.wake(system.send(ref))
    system.drain()
    key = system.pair(ref).right_key
    field, brought, taken = ("labels", ["brass", "new"], ["brass"])
    mine = {"tags": "brass,loud"}
    if what == "text":
        field, brought, taken = ("description", "One\n\nTwo", "One")
        mine = {"description": "<p>Zero</p><p>One</p>"}
    system.pass_time(60)
    system.jira.send("PUT", f"/issue/{key}", {"fields": {field: brought}})
    system.aha.put(f"/features/{ref.id}", {"feature": mine})
    system.fault("jira", kind="429", method="PUT", path_regex="issue/[0-9]+$", times=0, retry_after=60)
    system.wake(system.pair(ref))
    system.drain(1)
    held = system.aha.record("features", ref.key)
    assert "new" in held["tags"] or "Two" in held["description"]["body"], "that side was written"
    system.jira.send("PUT", f"/issue/{key}", {"fields": {field: taken}})
    allow(system)
    while system.pair(ref).state == "waiting":
        system.pass_time(60)
        system.drain()
    held, issue = system.aha.record("features", ref.key), system.issue(key)
    if what == "set":
        assert set(issue["labels"]) == set(held["tags"]) == {"brass", "loud"}
    else:
        assert issue["description"].split() == ["Zero", "One"]
        assert "Two" not in held["description"]["body"]
    assert_quiet(system, ref)
