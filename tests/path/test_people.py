"""People: by the table, by exact address, by who stands in; never by a guess. The missing are listed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.store import people
from crosswalk.sync import acquaintances
from tests.path.files import Desk
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_descriptions import in_aha, in_jira, write_in_jira


@pytest.fixture
def stranger(system: System) -> Ref:
    """A feature assigned to somebody who has no Jira account with that address; sent."""
    users = system.aha.get("/products/FAB/users")["project_users"]
    mails = {person.email.casefold() for person in system.site.people.values()}
    who = next((one["user"] for one in users if one["user"]["email"].casefold() not in mails), None)
    assert who is not None, "the sandbox has nobody who is in Aha! alone"
    ref = system.feature("Bell", assigned_to_user=who["email"])
    system.send(ref)
    return ref


def assignee(system: System, ref: Ref) -> str:
    found = system.issue(system.pair(ref).right_key)["assignee"]
    return str(found["displayName"]) if found else ""


def row(system: System) -> Any:
    (found,) = acquaintances.unmatched(system.integration)
    return found


def test_who_is_missing_is_listed_and_matched_by_hand(system: System, stranger: Ref) -> None:
    assert assignee(system, stranger) == ""
    missing = row(system)
    assert missing.needed == 1
    acquaintances.say(system.integration, missing, "alice@example.com")
    system.drain()
    look(system, stranger)
    assert assignee(system, stranger) == "Alice Ng"
    assert acquaintances.unmatched(system.integration) == []
    assert system.pair(stranger).state == "agreed", system.pair(stranger).reason
    assert_quiet(system, stranger)


def test_exactly_the_address_is_proposed_and_nothing_like_it(system: System, stranger: Ref) -> None:
    from crosswalk.sync import service
    from tests.path.test_deletions import signed_in

    missing, address = row(system), f"/integrations/{system.integration.pk}/people/"

    def near() -> Any:
        service.load_project_data(system.integration)
        return acquaintances.proposed(system.integration, [missing]).get(missing.pk)

    bruno = next(one for one in system.site.people.values() if one.display_name == "Bruno Costa")
    bruno.email_hidden = False
    bruno.email = missing.email.replace("@", "+jira@")
    assert near() is None
    bruno.email = missing.email.upper()
    found = near()
    assert found is not None
    assert found.name == "Bruno Costa"
    browser = signed_in()
    assert "It is Bruno Costa</button>" in browser.get(address).content.decode()
    browser.post(f"{address}{missing.pk}/", {"other": found.id})
    look(system, stranger)
    assert assignee(system, stranger) == "Bruno Costa"
    assert "Bruno Costa" in browser.get(address).content.decode()


def test_two_with_the_address_are_no_proposal(system: System, stranger: Ref) -> None:
    from crosswalk.sync import service

    for person in list(system.site.people.values())[:2]:
        person.email, person.email_hidden = row(system).email, False
    service.load_project_data(system.integration)
    assert acquaintances.proposed(system.integration, [row(system)]) == {}


def test_an_account_that_several_are_by_the_table_is_nobody_in_particular(system: System, stranger: Ref) -> None:
    """Both of them are shown as it in Jira; whom an engineer means by it in Aha! is not guessed."""
    users = {one["user"]["email"]: one["user"] for one in system.aha.get("/products/FAB/users")["project_users"]}
    shared, other = jira_person(system, "dana"), users["bruno@example.com"]
    mine = system.aha.record("features", stranger.id)["assigned_to_user"]
    account = shared.account_id if system.flavour == "cloud" else shared.name
    head = ",".join(acquaintances.COLUMNS)
    lines = [f"{other['id']},A first one,,{account},Dana", f"{mine['id']},{mine['name']},,{account},Dana"]
    shared.email = "shared@example.com"
    assert acquaintances.from_csv(system.integration, "\n".join([head, *lines, ""])) == 2
    system.drain()
    assert assignee(system, stranger) == shared.display_name
    assert system.pair(stranger).state == "agreed"
    assert acquaintances.unmatched(system.integration) == []
    key = system.pair(stranger).right_key
    wire = {"accountId": shared.account_id} if system.flavour == "cloud" else {"name": shared.name}
    system.jira.edit(key, assignee=None)
    look(system, stranger)
    system.jira.edit(key, assignee=wire)
    look(system, stranger)
    assert in_aha_assigned(system, "features", stranger.id) is None, "not the first of the two"
    pair = system.pair(stranger)
    assert pair.state == "asking"
    assert f"{mine['name']} and A first one" in pair.reason or f"A first one and {mine['name']}" in pair.reason
    assert "Keep one of the lines" in pair.remedy
    assert "by the table" in row(system).reason
    system.aha.put(f"/features/{stranger.id}", {"feature": {"assigned_to_user": mine["email"]}})
    look(system, stranger)
    assert (assignee(system, stranger), system.pair(stranger).state) == (shared.display_name, "agreed")
    assert_quiet(system, stranger)


def test_an_address_nobody_has_is_refused(system: System, stranger: Ref) -> None:
    with pytest.raises(Refused, match="exactly the address"):
        acquaintances.say(system.integration, row(system), "nobody@example.com")
    with pytest.raises(Refused, match="Nobody was named"):
        acquaintances.say(system.integration, row(system), "  ")


def test_what_is_typed_is_checked_and_can_be_changed_and_removed(system: System, stranger: Ref) -> None:
    """A name is refused beside its field; a line of the table is mended where it stands."""
    from tests.path.test_deletions import signed_in

    browser, line = signed_in(), row(system)
    address = f"/integrations/{system.integration.pk}/people/"
    ids = {name: _id(system, name) for name in ("alice", "bruno")}
    refused = browser.post(f"{address}{line.pk}/", {"other": "Dana W"})
    assert f'id="wrong-{line.pk}"' in refused.content.decode()
    assert "Nobody in Jira has the account id “Dana W”" in refused.content.decode()
    assert 'value="Dana W"' in refused.content.decode()
    assert row(system) == line, "still missing"
    browser.post(f"{address}{line.pk}/", {"other": ids["alice"]})
    look(system, stranger)
    assert assignee(system, stranger) == "Alice Ng"
    (line,) = people.known(system.integration.pk)
    refused = browser.post(f"{address}{line.pk}/", {"other": "Dana W", "shown": ids["alice"]})
    assert "Nobody in Jira has" in refused.content.decode()
    late = browser.post(f"{address}{line.pk}/", {"other": ids["bruno"], "shown": "other"}, follow=True)
    assert acquaintances.LATE in late.content.decode()
    browser.post(f"{address}{line.pk}/", {"other": ids["bruno"], "shown": ids["alice"]})
    assert [one.other_name for one in people.known(system.integration.pk)] == ["Bruno Costa"]
    system.fault("jira", kind="status", status=403, method="GET", path_regex="/user$")
    said = browser.post(f"{address}{line.pk}/", {"other": "dana-7", "shown": ids["bruno"]}, follow=True)
    assert "That was not checked" in said.content.decode()
    assert "not checked</span>" in said.content.decode()
    browser.post(f"{address}{line.pk}/", {"act": "remove", "shown": "dana-7"})
    assert people.matches(system.integration.pk) == []


def _id(system: System, name: str) -> str:
    found = jira_person(system, name)
    return str(found.account_id if system.flavour == "cloud" else found.name)


def test_somebody_stands_in_where_the_mapping_says_so(system: System, stranger: Ref) -> None:
    system.remap(people={"jira": "bruno@example.com"})
    look(system, stranger)
    assert assignee(system, stranger) == "Bruno Costa"
    assert_quiet(system, stranger)


def test_somebody_stands_in_in_aha_where_the_mapping_says_so(system: System) -> None:
    """The same the other way round: shown in Aha!, and Jira's own is not replaced by who only stands in."""
    system.remap(people={"aha": "alice@example.com"})
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    dana = jira_person(system, "dana")
    dana.email = "nobody@example.com"
    wire = {"accountId": dana.account_id} if system.flavour == "cloud" else {"name": dana.name}
    system.jira.edit(key, assignee=wire)
    look(system, ref)
    assert in_aha_assigned(system, "features", ref.id) == ("alice@example.com", False)
    assert assignee(system, ref) == dana.display_name
    assert system.pair(ref).state == "agreed", system.pair(ref).reason
    assert row(system).name == dana.display_name
    system.aha.rename("features", ref.key, "Horn")
    look(system, ref)
    assert_quiet(system, ref)
    assert assignee(system, ref) == dana.display_name
    assert in_aha_assigned(system, "features", ref.id) == ("alice@example.com", False)


def test_the_table_travels_as_csv(system: System, stranger: Ref) -> None:
    acquaintances.say(system.integration, row(system), "alice@example.com")
    text = acquaintances.as_csv(system.integration)
    assert acquaintances.from_csv(system.integration, text) == 1
    assert acquaintances.as_csv(system.integration) == text
    head = text.splitlines()[0]
    assert acquaintances.from_csv(system.integration, f"{head}\n") == 0
    for wrong, words in [
        ("a,b\n", "first line"),
        (f"{head}\n1,2\n", "Line 2 has 2 cells"),
        (f"{head}\n1,a,a@x,2,b\n1,a,a@x,3,c\n", "more than one line"),
        (f"{head}\n{'9' * 201},a,a@x,2,b\n", "200 characters"),
        (f"{head}\n7.4E+18,a,a@x,2,b\n", "took for a number"),
    ]:
        with pytest.raises(Refused, match=words):
            acquaintances.from_csv(system.integration, wrong)
    for mark in ";\t":
        assert acquaintances.from_csv(system.integration, text.replace(",", mark)) == 1
        assert acquaintances.as_csv(system.integration) == text


def test_a_table_that_comes_in_assigns_what_waited(system: System, stranger: Ref) -> None:
    """From the file to the issue; and a table without the line takes nothing back that was carried."""
    text = acquaintances.as_csv(system.integration)
    ident = text.splitlines()[1].split(",")[0]
    alice = jira_person(system, "alice")
    account = alice.account_id if system.flavour == "cloud" else alice.name
    head = text.splitlines()[0]
    assert acquaintances.from_csv(system.integration, f"{head}\n{ident},,,{account},Alice\n") == 1
    system.drain()
    assert assignee(system, stranger) == "Alice Ng"
    assert system.pair(stranger).state == "agreed"
    system.remap(people={"jira": "bruno@example.com"})
    assert_quiet(system, stranger)
    assert acquaintances.from_csv(system.integration, f"{head}\n") == 0
    system.drain()
    assert assignee(system, stranger) == "Alice Ng", "nobody changed anything"
    system.jira.edit(system.pair(stranger).right_key, assignee=None)
    look(system, stranger)
    assert system.aha.record("features", stranger.id)["assigned_to_user"] is None
    assert_quiet(system, stranger)


def test_a_cell_is_never_a_formula(system: System) -> None:
    head = ",".join(acquaintances.COLUMNS)
    acquaintances.from_csv(system.integration, f"{head}\n1,=cmd(),a@x,2,@b\n")
    line = acquaintances.as_csv(system.integration).splitlines()[1]
    assert line == "1,'=cmd(),a@x,2,'@b"
    acquaintances.from_csv(system.integration, acquaintances.as_csv(system.integration))
    assert acquaintances.as_csv(system.integration).splitlines()[1] == line


# ---- sentence by sentence -------------------------------------------------------------------------------------------


def jira_person(system: System, name: str) -> Any:
    return next(one for one in system.site.people.values() if one.name == name)


@pytest.mark.parametrize("like", ["chandra@example.co", "handra@example.com", "chandra@example.com.evil.example"])
def test_an_address_that_is_only_alike_is_nobody(cloud: System, like: str) -> None:
    cloud.aha.put("/users/" + user(cloud, "emil@example.com"), {"user": {"email": like}})
    ref = cloud.feature("Bell", assigned_to_user=like)
    cloud.send(ref)
    assert assignee(cloud, ref) == ""
    assert [one.email for one in acquaintances.unmatched(cloud.integration)] == [like]


def user(system: System, email: str) -> str:
    found = system.aha.get("/products/FAB/users")["project_users"]
    return next(str(one["user"]["id"]) for one in found if one["user"]["email"] == email)


def test_a_name_alone_is_nobody(system: System) -> None:
    jira_person(system, "chandra").display_name = "Emil Sand"
    ref = system.feature("Bell", assigned_to_user="emil@example.com")
    system.send(ref)
    assert assignee(system, ref) == ""
    assert row(system).name == "Emil Sand"


def test_the_letters_of_an_address_may_be_large_or_small(system: System) -> None:
    jira_person(system, "chandra").email = "Chandra@Example.COM"
    ref = system.feature("Bell", assigned_to_user="chandra@example.com")
    system.send(ref)
    assert assignee(system, ref) == "Chandra Iyer"


def test_the_list_counts_how_often_somebody_was_needed(system: System) -> None:
    """How many records needed them, however often those are looked at."""
    refs = [system.feature(f"Bell {number}", assigned_to_user="emil@example.com") for number in range(3)]
    for ref in refs:
        system.send(ref)
        look(system, ref)
        look(system, ref)
    assert (row(system).needed, row(system).email) == (3, "emil@example.com")
    acquaintances.say(system.integration, row(system), "alice@example.com")
    system.drain()
    acquaintances.from_csv(system.integration, "aha_id,aha_name,aha_email,jira_id,jira_name\n")
    system.aha.put(f"/features/{refs[0].id}", {"feature": {"name": "Bell once more"}})
    look(system, refs[0])
    assert row(system).needed >= 1
    assert row(system).needs.count() == row(system).needed


def test_somebody_who_is_deactivated_is_noted(system: System) -> None:
    jira_person(system, "dana").active = False
    jira_person(system, "dana").email = "emil@example.com"
    ref = system.feature("Bell", assigned_to_user="emil@example.com", due_date="2027-01-31")
    pair = system.send(ref)
    assert (assignee(system, ref), pair.state) == ("", "asking")
    assert system.issue(pair.right_key)["duedate"] == "2027-01-31"
    if system.flavour == "dc":  # Cloud shows active people only
        assert "is deactivated" in pair.reason
        assert "is deactivated" in row(system).reason
    jira_person(system, "dana").active = True
    system.pass_time(3600)
    look(system, ref)
    assert assignee(system, ref) == jira_person(system, "dana").display_name
    assert acquaintances.unmatched(system.integration) == []


def test_an_issue_tells_that_its_assignee_is_deactivated(system: System) -> None:
    """Cloud finds active people only, but shows on the issue whom it has."""
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    dana = jira_person(system, "dana")
    dana.email = "left@example.com"
    system.jira.edit(key, assignee={"accountId": dana.account_id} if system.flavour == "cloud" else {"name": dana.name})
    look(system, ref)
    assert "deactivated" not in row(system).reason
    dana.active = False
    system.jira.rename(key, "Horn")
    system.pass_time(3600)
    look(system, ref)
    assert row(system).reason.startswith("The Jira account of Dana Weiss is deactivated.")
    assert system.aha.record("features", ref.id)["name"] == "Horn"


def test_somebody_who_hides_the_address_is_found_from_jira(system: System) -> None:
    """Nobody looked for him before; on Data Center addresses show."""
    from crosswalk.sync.installation import current

    ref = system.feature("Bell")
    key = system.send(ref).right_key
    bruno = jira_person(system, "bruno")
    assert bruno.email_hidden
    wire = {"accountId": bruno.account_id} if system.flavour == "cloud" else {"name": bruno.name}
    system.jira.edit(key, assignee=wire)
    look(system, ref)
    shown = system.aha.record("features", ref.key)["assigned_to_user"]
    assert shown["email"] == "bruno@example.com"
    assert system.pair(ref).state == "agreed"
    assert acquaintances.unmatched(system.integration) == []
    assert_quiet(system, ref)
    current().bridges.forget()  # as in a program that was begun anew
    before = searches(system)
    system.jira.edit(key, assignee=None)
    look(system, ref)
    system.jira.edit(key, assignee=wire)
    look(system, ref)
    assert system.aha.record("features", ref.key)["assigned_to_user"]["email"] == "bruno@example.com"
    assert searches(system) == before, "it is remembered"
    assert bool(before) == (system.flavour == "cloud")


def searches(system: System) -> list[Any]:
    """Whom an exact search found, and when."""
    from crosswalk.store.models import Acquaintance

    found = Acquaintance.objects.filter(integration=system.integration).exclude(searched_at=None).order_by("pk")
    return list(found.values_list("email", "found_id", "searched_at"))


def test_a_hidden_address_is_never_guessed(cloud: System) -> None:
    """Nobody in Aha! has it; or an account is found by what it calls itself."""
    ref = cloud.feature("Bell")
    key = cloud.send(ref).right_key
    bruno = jira_person(cloud, "bruno")
    bruno.email, bruno.display_name = "else@example.com", "Emil Sand"
    cloud.jira.edit(key, assignee={"accountId": bruno.account_id})
    look(cloud, ref)
    assert not cloud.aha.record("features", ref.key).get("assigned_to_user")
    bruno.display_name = "emil@example.com"
    cloud.pass_time(2 * 86400)
    look(cloud, ref)
    assert not cloud.aha.record("features", ref.key).get("assigned_to_user")
    assert row(cloud).person_id == bruno.account_id


def test_clearing_an_assignee_clears_it_on_either_side(system: System) -> None:
    ref = system.feature("Bell")
    system.send(ref)
    system.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": "chandra@example.com"}})
    look(system, ref)
    assert assignee(system, ref) == "Chandra Iyer"
    system.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": None}})
    look(system, ref)
    assert assignee(system, ref) == ""
    who = jira_person(system, "chandra")
    wire = {"accountId": who.account_id} if system.flavour == "cloud" else {"name": who.name}
    system.jira.edit(system.pair(ref).right_key, assignee=wire)
    look(system, ref)
    assert system.aha.record("features", ref.key)["assigned_to_user"]["email"] == "chandra@example.com"
    system.jira.edit(system.pair(ref).right_key, assignee=None)
    look(system, ref)
    assert not system.aha.record("features", ref.key).get("assigned_to_user")
    assert_quiet(system, ref)


def test_a_mention_is_told_by_the_person_s_name_in_aha(system: System) -> None:
    ref = system.feature("Bell", assigned_to_user="alice@example.com", description="<p>Soft</p>")
    assert system.send(ref).state == "agreed"
    desk = Desk(system, ref)
    account = system.issue(desk.key)["assignee"]["accountId" if system.flavour == "cloud" else "name"]
    mention = {"type": "mention", "attrs": {"id": account, "text": "@somebody"}}
    blocks = [{"type": "paragraph", "content": [mention]}] if system.flavour == "cloud" else [f"[~{account}]"]
    write_in_jira(system, desk, blocks)
    look(system, ref)
    assert "@Alice Ng</span>" in in_aha(system, ref), "not by what Jira's text calls her"
    assert account in json.dumps(in_jira(system, desk)), "the mention in Jira is as it was"
    assert_quiet(system, ref)
    desk.close()


def in_aha_assigned(system: System, plural: str, record_id: str) -> tuple[str, bool] | None:
    """Who Aha! shows as assigned, and whether that is the workspace's default."""
    found = system.aha.record(plural, record_id)["assigned_to_user"]
    return (found["email"], found["default_assignee"]) if found else None


def test_the_default_assignee_of_the_jira_project_is_nobodys_choice(system: System) -> None:
    project = next(one for one in system.site.projects.values() if one.key == "FAB")
    lead = next(one for one in system.site.people.values() if one.name == "bruno")
    project.lead, project.assignee_type = lead.key, "PROJECT_LEAD"
    ref = system.feature("Bell", 1)
    system.send(ref)
    (child,) = system.children(ref)
    assert assignee(system, ref) == "Bruno Costa"
    assert system.issue(child.right_key)["assignee"]["displayName"] == "Bruno Costa"
    look(system, ref)
    assert in_aha_assigned(system, "features", ref.id) is None
    assert in_aha_assigned(system, "requirements", child.left_id) is None
    assert_quiet(system, ref)
    system.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": {"email": "alice@example.com"}}})
    look(system, ref)
    assert assignee(system, ref) == "Alice Ng"
    system.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": None}})
    look(system, ref)
    assert assignee(system, ref) == ""
    assert_quiet(system, ref)


def test_the_default_assignee_of_the_aha_workspace_is_nobodys_choice(system: System) -> None:
    alice = next(one for one in system.account.users if one.email == "alice@example.com")
    product = next(one for one in system.account.products if one.prefix == "FAB")
    product.default_assignee = alice
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    assert in_aha_assigned(system, "features", ref.id) == ("alice@example.com", True)
    assert assignee(system, ref) == ""
    below = {"project": {"key": "FAB"}, "issuetype": {"name": "Sub-task"}, "parent": {"key": key}, "summary": "Clapper"}
    made = system.jira.send("POST", "/issue", {"fields": below})["key"]
    look(system, ref)
    (child,) = system.children(ref)
    assert in_aha_assigned(system, "requirements", child.left_id) == ("alice@example.com", True)
    assert system.issue(made)["assignee"] is None
    assert_quiet(system, ref)
    system.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": {"email": "alice@example.com"}}})
    look(system, ref)
    assert assignee(system, ref) == "Alice Ng", "a person chose the same one"
    system.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": None}})
    look(system, ref)
    assert assignee(system, ref) == ""
    assert_quiet(system, ref)
