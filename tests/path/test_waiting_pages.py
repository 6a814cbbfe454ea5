"""What the page of a record says of its fields while nothing is carried: it waits for a decision, or is paused."""

from __future__ import annotations

from tests.path.system import System
from tests.path.test_apart import begun
from tests.path.test_deletions import signed_in
from tests.path.test_many import move, project

CHANGED = "Jira takes Aha!&#x27;s value."
NEXT = "next change in Jira is carried to Aha!."


def test_of_a_record_that_was_moved_away_nothing_is_said_to_move(cloud: System) -> None:
    project(cloud, "TIN")
    ref = begun(cloud, "Bell")
    old = cloud.send(ref).right_key
    there = f"/records/{cloud.pair(ref).pk}/"
    web = signed_in()
    assert f"→ The {NEXT}" in web.get(f"{there}compare/").content.decode()
    move(cloud, old, "TIN")
    cloud.aha.rename("features", ref.key, "Brass bell")
    cloud.wake(cloud.pair(ref))
    cloud.drain()
    pair = cloud.pair(ref)
    assert (pair.state, pair.code) == ("asking", "L8")
    shown = web.get(f"{there}compare/").content.decode()
    waits = "It waits for a decision. When it goes on, "
    assert f'#i-pause"/></svg><span>To be carried</span></span> <span class="more">{waits}{CHANGED}' in shown
    assert f"→ {waits}the {NEXT}" in shown
    assert "→ The next" not in shown
    assert pair.right_key.startswith("TIN-"), "what is said of it and the link to it name it alike"
    page = web.get(there).content.decode()
    assert f"{pair.right_key} was moved to the project TIN" in page
    assert f"/browse/{pair.right_key}" in page
    assert f">{old} <" not in page
    move(cloud, pair.right_key, "FAB")
    cloud.wake(pair)
    cloud.drain()
    assert cloud.pair(ref).right_key.startswith("FAB-")
    assert waits not in web.get(f"{there}compare/").content.decode()


def test_a_field_that_is_switched_off_has_its_line(cloud: System) -> None:
    pair = cloud.send(cloud.feature("Bell", due_date="2026-12-24"))
    web = signed_in()
    shown = web.get(f"/records/{pair.pk}/compare/").content.decode()
    assert "Due date" in shown
    lines = cloud.integration.mapping["fields"]
    off = [{**line, "direction": "off"} if line["name"] == "Due date" else line for line in lines["feature"]]
    before = int(shown.split(" switched off</summary>")[0].rpartition(", ")[2])
    cloud.remap(fields={**lines, "feature": off})
    for part in ("", "compare/"):
        shown = web.get(f"/records/{pair.pk}/{part}").content.decode()
        row = shown.partition("?field=Due%20date")[2].partition("</tr>")[0]
        assert "<span>Switched off</span>" in row
        assert "not read" not in row
        mapping = f"/integrations/{cloud.integration.pk}/mapping/feature/"
        assert f'Switch it on on <a href="{mapping}">the page Mapping</a>' in row
        assert f", {before + 1} switched off</summary>" in shown


def test_of_a_paused_record_no_next_change_is_said_to_be_carried(cloud: System) -> None:
    from crosswalk.sync import holding

    pair = cloud.send(begun(cloud, "Bell"))
    holding.do([pair], "pause", "Ann")
    shown = signed_in().get(f"/records/{pair.pk}/compare/").content.decode()
    assert f"→ Paused. When it goes on, the {NEXT}" in shown
