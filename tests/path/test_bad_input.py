"""Values one side does not take: one clear message with its remedy, the rest of the record carried, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.path.looking import assert_quiet, look, only_warning, press_retry, warnings
from tests.path.system import System
from tests.path.test_fields import line, put_in_aha, put_in_jira, remap

SCREEN = "1"
PROJECT = "10000"


def person(system: System, name: str) -> Any:
    """Somebody of the sandbox Jira."""
    return next(one for one in system.site.people.values() if one.name == name)


def assignee(system: System, key: str) -> str:
    """The name of the person an issue is assigned to."""
    found = system.issue(key)["assignee"]
    return str(found["displayName"]) if found else ""


# ---- screens and required fields ----------------------------------------------------------------------------


def test_a_field_off_the_create_screen(system: System) -> None:
    system.site.screens[SCREEN].fields.remove("duedate")
    ref = system.feature("Bell", 1, due_date="2026-12-24")
    pair = system.send(ref)
    line = only_warning(system, ref)
    assert (line.code, line.field, pair.state) == ("F2", "Due date", "asking")
    assert line.what.startswith("Due date was left out of FAB-")
    assert "screen" in line.remedy
    assert system.jira.summary(pair.right_key) == "Bell"
    assert len(system.children(ref)) == 1
    assert_quiet(system, ref)
    system.site.screens[SCREEN].fields.append("duedate")
    assert press_retry(system, ref).state == "agreed"
    assert system.issue(pair.right_key)["duedate"] == "2026-12-24"


def test_a_field_taken_off_the_screen_later(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.site.screens[SCREEN].fields.remove("duedate")
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Horn", "due_date": "2026-12-24"}})
    look(system, ref)
    assert only_warning(system, ref).code == "F2"
    assert system.jira.summary(pair.right_key) == "Horn"
    assert_quiet(system, ref, looks=10)
    # Something about it changes: that is said.
    system.aha.put(f"/features/{ref.id}", {"feature": {"due_date": "2026-12-31"}})
    look(system, ref)
    assert [line.new for line in warnings(system, ref)] == ["2026-12-24", "2026-12-31"]
    system.site.screens[SCREEN].fields.append("duedate")
    assert press_retry(system, ref).state == "agreed"
    assert system.issue(pair.right_key)["duedate"] == "2026-12-31"


def test_a_required_field(system: System) -> None:
    required = system.site.projects[PROJECT].required
    before = len(system.jira.issues())
    required.add("components")
    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    line = only_warning(system, ref)
    assert (line.code, pair.state) == ("F3", "parked")
    assert "Components is required" in line.what
    assert ref.key in line.what
    assert len(system.jira.issues()) == before
    assert_quiet(system, ref)
    required.discard("components")
    assert press_retry(system, ref).state == "agreed"
    assert len(system.jira.issues()) == before + 2


def test_a_field_that_only_what_stands_below_lacks_is_asked_for_once(system: System) -> None:
    system.site.projects[PROJECT].required.add("duedate")
    ref = system.feature("Bell", 2, due_date="2026-12-24")
    system.forget()
    pair = system.send(ref)
    assert pair.right_key
    told = [line.what for line in warnings(system, ref)]
    assert [child.reason for child in system.children(ref)] == told
    assert pair.reason == " ".join(told)
    creates = [path for method, path in system.requests("jira") if method == "POST" and path.endswith("/issue/bulk")]
    assert len(creates) == 1
    assert_quiet(system, ref)
    system.site.projects[PROJECT].required.discard("duedate")
    assert press_retry(system, ref).state == "agreed"
    assert [child.state for child in system.children(ref)] == ["agreed", "agreed"]


def test_a_field_required_later(system: System) -> None:
    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    system.site.projects[PROJECT].required.add("components")
    system.aha.post(f"/features/{ref.id}/requirements", {"requirement": {"name": "Late"}})
    system.aha.rename("features", ref.key, "Horn")
    look(system, ref)
    line = only_warning(system, ref)
    first, late = system.children(ref)
    assert line.code == "F3"
    assert late.left_key in line.what
    assert (first.state, late.state) == ("agreed", "parked")
    assert late.reason == line.what
    assert system.jira.summary(pair.right_key) == "Horn"
    assert_quiet(system, ref)
    system.site.projects[PROJECT].required.discard("components")
    assert press_retry(system, ref).state == "agreed"
    assert system.jira.summary(system.children(ref)[1].right_key) == "Late"


# ---- people ---------------------------------------------------------------------------------------------------


def test_a_person_without_an_account_over_there(system: System) -> None:
    ref = system.feature("Bell", assigned_to_user="emil@example.com")
    pair = system.send(ref)
    line = only_warning(system, ref)
    assert (line.code, line.field, pair.state) == ("U1", "Assignee", "asking")
    assert "Emil Sand has no Jira account with the e-mail address emil@example.com" in line.why
    assert assignee(system, pair.right_key) == ""
    assert_quiet(system, ref, looks=10)
    person(system, "chandra").email = "emil@example.com"
    assert press_retry(system, ref).state == "agreed"
    assert assignee(system, pair.right_key) == "Chandra Iyer"


def test_a_requirement_of_a_person_without_an_account(system: System) -> None:
    ref = system.feature("Bell", 1)
    below = system.aha.record("features", ref.key)["requirements"][0]
    system.aha.put(f"/requirements/{below['id']}", {"requirement": {"assigned_to_user": "emil@example.com"}})
    system.send(ref)
    line = only_warning(system, ref)
    (child,) = system.children(ref)
    assert (line.code, child.state) == ("U1", "asking")
    assert below["reference_num"] in line.what
    assert line.remedy in child.remedy
    assert_quiet(system, ref)


def test_an_address_that_two_people_have(system: System) -> None:
    person(system, "dana").email = "chandra@example.com"
    ref = system.feature("Bell", assigned_to_user="chandra@example.com")
    pair = system.send(ref)
    line = only_warning(system, ref)
    assert line.code == "U2"
    assert "2 Jira accounts have the e-mail address chandra@example.com" in line.why
    assert assignee(system, pair.right_key) == ""
    assert_quiet(system, ref)
    person(system, "dana").email = "dana@example.com"
    assert press_retry(system, ref).state == "agreed"
    assert assignee(system, pair.right_key) == "Chandra Iyer"


def test_a_hidden_address(cloud: System) -> None:
    ref = cloud.feature("Bell", assigned_to_user="bruno@example.com")
    pair = cloud.send(ref)
    # Whoever is looked up by the whole address is found although Jira hides it.
    assert (pair.state, assignee(cloud, pair.right_key)) == ("agreed", "Bruno Costa")
    hidden = person(cloud, "chandra")
    hidden.email, hidden.email_hidden = "nobody.in.aha@example.com", True
    cloud.jira.edit(pair.right_key, assignee={"accountId": hidden.account_id}, summary="Horn")
    look(cloud, ref)
    line = only_warning(cloud, ref)
    assert line.code == "U1"
    assert "Chandra Iyer has no Aha! user; the e-mail address is hidden" in line.why
    record = cloud.aha.record("features", ref.key)
    assert record["name"] == "Horn"
    assert record["assigned_to_user"]["email"] == "bruno@example.com"
    assert_quiet(cloud, ref)


def test_a_person_who_may_not_be_assigned(system: System) -> None:
    person(system, "otto").email = "emil@example.com"
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": "emil@example.com", "name": "Horn"}})
    look(system, ref)
    line = only_warning(system, ref)
    assert (line.code, line.field) == ("U5", "Assignee")
    assert "cannot be assigned" in line.why
    assert system.jira.summary(pair.right_key) == "Horn"
    assert_quiet(system, ref)


# ---- statuses -------------------------------------------------------------------------------------------------


def rename_status(system: System, old: str, new: str) -> None:
    """A Jira administrator renames a status; its id stays."""
    found = next(status for status in system.site.statuses.values() if status.name == old)
    system.site.statuses[found.id] = replace(found, name=new)


def test_a_status_renamed_in_jira(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    rename_status(system, "In Progress", "Doing")
    system.jira.move(pair.right_key, "Doing")
    look(system, ref)
    assert system.pair(ref).state == "agreed"
    assert system.aha.status(ref.key) == system.integration.mapping["statuses"]["feature"]["In Progress"]


def test_what_the_mapping_names_and_is_gone_is_said_before_a_record_fails_by_it(cloud: System) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from crosswalk.store.models import JournalEntry
    from crosswalk.sync import drift, service
    from crosswalk.sync.installation import current

    def on_schedule() -> str:
        drift.look_if_due(current().bridges, cloud.integration, cloud.now())
        cloud.integration.refresh_from_db()
        return str(cloud.integration.drift)

    wanted = cloud.integration.mapping["statuses"]["feature"]["In Progress"]
    flows = [flow for flow in cloud.account.workflows.values() if any(one.name == wanted for one in flow.statuses)]
    for flow in flows:
        flow.statuses[:] = [one for one in flow.statuses if one.name != wanted]
    assert on_schedule() == "", "it was loaded a moment ago"
    cloud.pass_time(7 * 3600)
    said = on_schedule()
    assert f"The Aha! feature status “{wanted}” is gone." in said.splitlines()
    assert "statuses.feature" in said
    cloud.pass_time(7 * 3600)
    assert on_schedule() == said
    assert JournalEntry.objects.filter(what=said.replace("\n", " "), level="warning").count() == 1
    olga = Client(SERVER_NAME="localhost")
    olga.force_login(User.objects.create(username="olga"), backend="django.contrib.auth.backends.ModelBackend")
    page = olga.get(f"/integrations/{cloud.integration.pk}/").content.decode()
    assert "The mapping does not fit any more." in page
    service.load_now(cloud.integration, current().bridges, cloud.now())
    cloud.integration.refresh_from_db()
    assert cloud.integration.drift == ""


def test_what_is_gone_is_told_with_the_line_that_it_affects_and_for_no_type_that_nothing_becomes(cloud: System) -> None:
    from crosswalk.sync import drift
    from crosswalk.sync.installation import current

    put_in_aha(cloud, "depth", "TextField")
    put_in_jira(cloud, "customfield_10091", "textfield")
    remap(cloud, line("Depth", "custom:depth", "customfield_10091"))
    for screen in cloud.site.screens.values():
        screen.fields[:] = [one for one in screen.fields if one != "customfield_10091"]
    told = drift.look(current().bridges, cloud.integration, cloud.now()).splitlines()
    assert [one.split()[1] for one in told if one.endswith("is gone.")] == ["Epic", "Story", "Sub-task"]
    (affected,) = [one for one in told if one.startswith("The mapping: ")]
    assert affected.startswith("The mapping: “Depth” (fields.feature[")


def test_a_clock_that_was_set_back_puts_no_look_at_the_project_off(cloud: System) -> None:
    """A machine whose clock was a year ahead when it looked last would not look for a year."""
    from crosswalk.store.models import Integration
    from crosswalk.sync import drift
    from crosswalk.sync.installation import current

    cloud.site.projects[PROJECT].required.add("components")
    Integration.objects.update(drift_at=cloud.now() + timedelta(days=365))
    cloud.integration.refresh_from_db()
    drift.look_if_due(current().bridges, cloud.integration, cloud.now())
    cloud.integration.refresh_from_db()
    assert "Jira asks for “Components”" in cloud.integration.drift
    assert cloud.integration.drift_at <= cloud.now()


def test_a_field_that_jira_asks_for_of_late_is_said_before_a_record_fails_by_it(system: System) -> None:
    from crosswalk.sync import drift, service
    from crosswalk.sync.installation import current

    def look_at_project() -> str:
        return drift.look(current().bridges, system.integration, system.now())

    assert look_at_project() == ""
    system.site.projects[PROJECT].required.add("components")
    said = look_at_project().splitlines()
    assert "Jira asks for “Components” when a Story is made, and nothing fills it" in said[0]
    assert [line for line in said if "no new feature can be sent" in line]
    assert [line for line in said if "no new requirement can be sent" in line]
    system.integration.refresh_from_db()
    assert system.integration.drift.splitlines() == said
    service.load_project_data(system.integration)
    system.integration.refresh_from_db()
    assert look_at_project() == "", "whoever loads it sees it on the mapping's page from then on"


def test_a_status_renamed_in_aha(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    wanted = system.integration.mapping["statuses"]["feature"]["In Progress"]
    status = next(one for flow in system.account.workflows.values() for one in flow.statuses if one.name == wanted)
    status.name = "Being built"
    system.jira.move(pair.right_key, "In Progress")
    system.jira.rename(pair.right_key, "Horn")
    look(system, ref)
    line = only_warning(system, ref)
    assert (line.code, line.field, system.pair(ref).state) == ("S8", "Status", "asking")
    assert system.aha.name("features", ref.key) == "Horn"
    assert_quiet(system, ref)


def test_a_status_the_table_does_not_name(system: System) -> None:
    from crosswalk.sync import service

    ref = system.feature("Bell")
    pair = system.send(ref)
    tables = {kind: dict(table) for kind, table in system.integration.mapping["statuses"].items()}
    wanted = tables["feature"].pop("In Progress")
    system.remap(statuses=tables)
    system.jira.move(pair.right_key, "In Progress")
    system.jira.rename(pair.right_key, "Horn")
    look(system, ref)
    line = only_warning(system, ref)
    assert (line.code, line.field) == ("S8", "Status")
    assert "“In Progress” has no counterpart in Aha!" in line.why
    assert "“In Progress”" in line.remedy
    assert system.aha.name("features", ref.key) == "Horn"
    assert_quiet(system, ref, looks=10)
    tables["feature"]["In Progress"] = wanted
    service.set_mapping(system.integration, {**system.integration.mapping, "statuses": tables})
    assert press_retry(system, ref).state == "agreed"
    assert system.aha.status(ref.key) == wanted


# ---- text -----------------------------------------------------------------------------------------------------


def test_a_name_too_long_for_jira_never_comes_back_shortened(system: System) -> None:
    name = "A handlebar that folds " * 13
    ref = system.feature(name.strip())
    pair = system.send(ref)
    assert len(name.strip()) > 255
    summary = system.jira.summary(pair.right_key)
    assert (len(summary), summary[-1]) == (254, "…")
    assert summary[:-1] == name[:253]
    (line,) = warnings(system, ref)
    assert (line.code, ref.key in line.what) == ("F6", True)
    assert line.remedy
    assert pair.state == "agreed", "a shortened name holds nothing back"
    system.jira.edit(pair.right_key, duedate="2026-12-24")
    look(system, ref)
    assert system.aha.name("features", ref.key) == name.strip()
    assert system.aha.record("features", ref.key)["due_date"] == "2026-12-24"
    assert_quiet(system, ref)
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": name.replace("folds", "bends").strip()}})
    look(system, ref)
    sent = [line.what for line in system.journal(ref) if line.field == "Name" and line.what.startswith("Name is sent")]
    assert sent == ["Name is sent to Jira."], "once for one write"
    # Somebody writes a summary of their own: that is an edit like any other.
    system.jira.rename(pair.right_key, "A folding handlebar")
    look(system, ref)
    assert system.aha.name("features", ref.key) == "A folding handlebar"


def test_a_name_of_emoji_is_counted_as_jira_does(system: System) -> None:
    name = "🚲" * 200
    ref = system.feature(name)
    pair = system.send(ref)
    assert system.jira.summary(pair.right_key) == "🚲" * 126 + "…"
    (line,) = warnings(system, ref)
    assert (line.code, ref.key in line.what) == ("F6", True)
    assert "400 characters, some counted twice" in line.why
    system.jira.edit(pair.right_key, duedate="2026-12-24")
    look(system, ref)
    assert system.aha.name("features", ref.key) == name
    assert_quiet(system, ref)


def test_a_release_with_a_name_too_long_for_a_version_says_so(system: System) -> None:
    from crosswalk.store.models import JournalEntry

    release = system.aha.post("/products/FAB/releases", {"release": {"name": "x" * 300}})["release"]
    ref = system.feature("Bell", release=release["id"])
    pair = system.send(ref)
    assert [one["name"] for one in system.issue(pair.right_key)["fixVersions"]] == ["x" * 254 + "…"]
    line = JournalEntry.objects.get(level="warning")
    assert (line.code, line.field, line.pair.left_kind) == ("F6", "Name", "release")
    assert release["reference_num"] in line.what
    assert "255" in line.why
    assert "Shorten" in line.remedy
    versions = len(system.site.versions)
    system.wake(line.pair)
    assert_quiet(system, ref)
    assert (len(system.site.versions), JournalEntry.objects.filter(level="warning").count()) == (versions, 1)


def test_a_name_with_line_breaks(system: System) -> None:
    ref = system.feature("Two\nlines\r\nof name")
    pair = system.send(ref)
    assert (pair.state, system.jira.summary(pair.right_key)) == ("agreed", "Two lines of name")
    held = system.aha.name("features", ref.key)
    assert_quiet(system, ref)
    assert system.aha.name("features", ref.key) == held


def test_a_text_too_long_for_jira(system: System) -> None:
    text = f"<p>{'pedal ' * 6000}</p>"
    ref = system.feature("Bell", description=text, due_date="2026-12-24")
    pair = system.send(ref)
    line = only_warning(system, ref)
    assert (line.code, line.field, pair.state) == ("F7", "Description", "asking")
    assert "32,767" in line.why
    assert "Shorten" in line.remedy
    assert system.issue(pair.right_key)["duedate"] == "2026-12-24"
    assert_quiet(system, ref)
    assert system.aha.record("features", ref.key)["description"]["body"].count("pedal") == 6000
    system.aha.put(f"/features/{ref.id}", {"feature": {"description": "<p>Ding</p>"}})
    look(system, ref)
    assert system.pair(ref).state == "agreed"
    assert "Ding" in system.issue(pair.right_key)["description"]


def test_a_text_that_grows_too_long_leaves_the_shorter_one(system: System) -> None:
    ref = system.feature("Bell", description="<p>Ding</p>")
    pair = system.send(ref)
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Horn", "description": f"<p>{'pedal ' * 6000}</p>"}})
    look(system, ref)
    assert only_warning(system, ref).code == "F7"
    fields = system.issue(pair.right_key)
    assert (fields["summary"], "Ding" in fields["description"]) == ("Horn", True)
    assert_quiet(system, ref)
    assert system.aha.record("features", ref.key)["description"]["body"].count("pedal") == 6000


def test_the_longest_text_of_jira_comes_whole(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.jira.edit(pair.right_key, description="pedal " * 5400)
    look(system, ref)
    assert system.pair(ref).state == "agreed"
    assert system.aha.record("features", ref.key)["description"]["body"].count("pedal") == 5400
    assert_quiet(system, ref)


def tags_and_labels(system: System) -> None:
    """Switch the rule for tags on."""
    fields = system.integration.mapping["fields"]
    lines = [{**line, "direction": "both"} if line["jira"] == "labels" else line for line in fields["feature"]]
    system.remap(fields={**fields, "feature": lines})


def test_a_tag_with_a_space(system: System) -> None:
    tags_and_labels(system)
    ref = system.feature("Bell", tags="city bike,brass")
    pair = system.send(ref)
    assert (pair.state, set(system.issue(pair.right_key)["labels"])) == ("agreed", {"city_bike", "brass"})
    assert_quiet(system, ref)
    system.jira.edit(pair.right_key, labels=["city_bike", "brass", "loud"])
    look(system, ref)
    assert set(system.aha.record("features", ref.key)["tags"]) == {"city bike", "brass", "loud"}
    system.aha.put(f"/features/{ref.id}", {"feature": {"tags": "city bike,brass,loud,new bell"}})
    look(system, ref)
    first, second = (line for line in system.journal(ref) if line.code == "F8")
    assert (first.level, first.field) == ("info", "Tags")
    assert ref.key in first.what
    assert "“city bike” is written “city_bike”" in first.why
    assert "“new bell” is written “new_bell”" in second.why
    assert "city bike" not in second.why


def test_a_tag_too_long_for_a_label(system: System) -> None:
    tags_and_labels(system)
    ref = system.feature("Bell", tags=f"brass,{'x' * 300}")
    pair = system.send(ref)
    line = only_warning(system, ref)
    assert (line.code, line.field, pair.state) == ("F8", "Tags", "asking")
    assert system.issue(pair.right_key)["labels"] == ["brass"]
    look(system, ref)
    assert_quiet(system, ref)


# ---- deleted records ------------------------------------------------------------------------------------------


def test_a_deleted_issue(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    del system.site.issues[system.site.issue(pair.right_key).id]
    system.aha.rename("features", ref.key, "Horn")
    look(system, ref)
    line = only_warning(system, ref)
    assert (line.code, system.pair(ref).state) == ("L10", "asking")
    assert pair.right_key in line.what
    assert f"{ref.key} in Aha! was left alone" in line.what
    assert_quiet(system, ref)
    assert system.aha.name("features", ref.key) == "Horn"


def test_a_deleted_feature(system: System) -> None:
    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    record = system.account.find("feature", ref.id)
    children = list(record.requirements)
    for gone in (*children, record):
        system.account.remove(gone)
    system.jira.rename(pair.right_key, "Horn")
    look(system, ref)
    assert {(line.code, line.pair.left_key) for line in warnings(system, ref)} == {
        ("L10", ref.key),
        ("L10", children[0].ref),
    }
    assert system.pair(ref).state == "asking"
    assert_quiet(system, ref)
    for back in (record, *children):
        system.account.add(back)
    assert press_retry(system, ref).state == "agreed"
    assert system.aha.name("features", ref.key) == "Horn"


def test_a_version_that_was_deleted(system: System) -> None:
    release = system.aha.post("/products/FAB/releases", {"release": {"name": "Second autumn"}})["release"]
    ref = system.feature("Bell", release=release["id"])
    pair = system.send(ref)
    (version,) = system.issue(pair.right_key)["fixVersions"]
    system.jira.edit(pair.right_key, fixVersions=[])
    system.site.projects[PROJECT].versions.remove(version["id"])
    del system.site.versions[version["id"]]
    system.aha.rename("features", ref.key, "Horn")
    look(system, ref)
    lines = [line for line in warnings(system, ref) if line.code]
    assert [(line.code, line.field) for line in lines] == [("L11", "Release")]
    assert "another release" in lines[0].remedy
    assert system.jira.summary(pair.right_key) == "Horn"
    assert_quiet(system, ref)
    other = system.aha.post("/products/FAB/releases", {"release": {"name": "Third autumn"}})["release"]
    system.aha.put(f"/features/{ref.id}", {"feature": {"release": other["id"]}})
    look(system, ref)
    assert system.pair(ref).state == "agreed"
    assert [one["name"] for one in system.issue(pair.right_key)["fixVersions"]] == ["Third autumn"]


@pytest.mark.parametrize(("grants", "code"), [({"BROWSE_PROJECTS"}, ("A10", "F2")), (set(), ("A7",))])
def test_rights_taken_away_and_given_back(system: System, grants: set[str], code: tuple[str, ...]) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    project, account = system.site.projects[PROJECT], person(system, "alice")
    full, account.admin = project.grants[account.key], False
    project.grants[account.key] = grants
    system.aha.rename("features", ref.key, "Horn")
    look(system, ref)
    line = only_warning(system, ref)
    assert line.code in code
    assert system.site.issue(pair.right_key).values["summary"] == "Bell"
    assert_quiet(system, ref)
    project.grants[account.key] = full
    assert press_retry(system, ref).state == "agreed"
    assert system.jira.summary(pair.right_key) == "Horn"
    assert system.aha.name("features", ref.key) == "Horn"
