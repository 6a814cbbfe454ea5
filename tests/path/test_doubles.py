"""A record that shows an issue already, though no pair is known: no second issue is made, a person is asked."""

from __future__ import annotations

from crosswalk.merge.records import Ref
from tests.path.system import System


def forget_pairs(system: System) -> None:
    """What an installation knows that begins anew, or whose back-up is older than what it sent."""
    from crosswalk.store.models import Pair

    Pair.objects.all().delete()


def refused(system: System, ref: Ref, key: str, issues: int) -> None:
    pair = system.pair(ref)
    assert (pair.state, pair.right_key) == ("asking", "")
    assert f"{ref.key} shows {key} as its issue in Jira already" in pair.reason
    assert "Link it to" in pair.remedy
    assert len(system.site.issues) == issues


def test_a_feature_that_another_installation_sent(system: System) -> None:
    ref = system.feature("Bell", 1)
    key, child = system.send(ref).right_key, system.children(ref)[0]
    issues = len(system.site.issues)
    forget_pairs(system)
    system.send(ref)
    refused(system, ref, key, issues)

    # What it shows is deleted: the feature is sent as any other, with what stands below it.
    system.jira.send("DELETE", f"/issue/{key}?deleteSubtasks=true")
    left = len(system.site.issues)
    system.wake(system.pair(ref))
    assert system.drain()
    assert system.pair(ref).state == "agreed", system.pair(ref).reason
    assert len(system.site.issues) == left + 2
    assert system.children(ref)[0].right_key != child.right_key


def test_a_feature_that_the_integration_of_aha_sent(system: System) -> None:
    ref, issue = system.feature("Lamp"), system.jira.send("POST", "/issue", {"fields": plain("Lamp")})["key"]
    address = f"{system.jira_at.address}/browse/{issue}"
    show(system, ref, address)
    issues = len(system.site.issues)
    system.send(ref)
    refused(system, ref, issue, issues)
    show(system, ref, "")
    system.wake(system.pair(ref))
    system.drain()
    assert system.pair(ref).state == "agreed"
    assert len(system.site.issues) == issues + 1


def test_an_issue_of_another_project_is_no_double(system: System) -> None:
    ref = system.feature("Pump")
    show(system, ref, f"{system.jira_at.address}/browse/ELSE-1")
    assert system.send(ref).state == "agreed"


def test_the_plan_says_it(system: System) -> None:
    from crosswalk.sync.installation import current
    from crosswalk.sync.preview import survey

    ref = system.feature("Bell")
    key = system.send(ref).right_key
    forget_pairs(system)
    found = survey(system.bridge(current().bridges.of(system.integration)), [], [ref])
    (doubt,) = found.doubts
    assert (found.patches, doubt.record, doubt.code) == ([], ref, "L1")
    assert key in doubt.why


def plain(summary: str) -> dict[str, object]:
    return {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": summary}


def show(system: System, ref: Ref, address: str) -> None:
    """What another integration of the workspace writes."""
    path = f"/features/{ref.id}/integrations/{next(iter(system.account.integrations))}/fields"
    system.aha.post(path, {"integration_fields": [{"name": "url", "value": address}]})
