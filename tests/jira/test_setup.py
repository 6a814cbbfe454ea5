"""Testing a connection, finding projects, loading a project's data, preparing the field."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pytest

from crosswalk import errors
from crosswalk.jira import listing
from crosswalk.jira.client import open_client
from crosswalk.jira.flavour import flavour_named, flavour_of
from crosswalk.jira.metadata import REFERENCE, Metadata, TypeInfo, load, style_of
from crosswalk.jira.rights import missing_rights
from crosswalk.jira.setup import check, check_in, load_metadata, prepare, projects
from crosswalk.merge.records import Mark
from crosswalk.merge.values import Choice
from crosswalk.remote.budget import Unlimited
from crosswalk.remote.client import Account, Client, Surroundings
from crosswalk_sandbox.jira.state import Board, Person
from crosswalk_sandbox.kernel.faults import Fault
from tests.jira.stage import Jira, account_of, void
from tests.jira.stage import jira as stage
from tests.jira.test_side import FEATURE, draft, one
from tests.remote.servers import answer, serving


def client_of(server: Jira, account: Account) -> Client:
    around = Surroundings(now=lambda: server.clock.now().timestamp(), sleep=lambda s: void(server.clock.advance(s)))
    return open_client(account, Unlimited(), around)


def test_a_checkup_tells_what_answers_and_as_whom(each: Jira) -> None:
    found = check(each.client, each.metadata.project)
    assert found.product == "Jira"
    assert found.flavour == each.flavour.name
    assert found.version
    assert found.account == "Alice Ng"
    assert found.account_id
    assert found.problems == ()


def test_missing_rights_are_named_with_a_remedy(each: Jira) -> None:
    problems = missing_rights(each.client, each.flavour, "10001")
    assert {problem.code for problem in problems} >= {"A9", "A10", "S4"}
    assert all(problem.remedy for problem in problems)
    assert any("CREATE_ISSUES" in problem.message for problem in problems)
    assert not any("BROWSE_PROJECTS" in problem.message for problem in problems)


def test_a_wrong_secret_is_told(each: Jira) -> None:
    good = account_of(each.url, each.credentials)
    client = client_of(each, Account(good.address, good.user, "wrong", allow_private=True))
    with pytest.raises(errors.NotSignedIn) as caught, closing(client):
        check(client)
    assert caught.value.remedy


def test_a_wrong_secret_is_refused_before_it_is_known_which_jira_it_is(each: Jira) -> None:
    each.control.faults.add(Fault("status", "GET", "serverInfo", status=401, times=1))
    with pytest.raises(errors.NotSignedIn) as caught:
        check(each.client)
    assert caught.value.code == "A1"
    for word in ("user name and password", "personal access token without a user", "e-mail address and an API token"):
        assert word in caught.value.remedy


def test_who_sees_no_project_is_told_that_alone() -> None:
    from tests.jira.stage import jira

    with jira("dc") as server:
        tokens = (server.credentials[f"{who}_pat"] for who in ("outsider", "reader"))
        outsider, reader = (client_of(server, Account(server.url, "", token, allow_private=True)) for token in tokens)
        with closing(outsider), closing(reader):
            (only, *users) = check_in(outsider, ()).problems
            assert only.message == "The account sees no project in Jira (BROWSE_PROJECTS)."
            assert not any("project" in problem.message for problem in users)
            told = [problem.message for problem in check_in(reader, ()).problems]
    assert "The account may make issues in no project (CREATE_ISSUES)." in told
    assert not any("BROWSE_PROJECTS" in message for message in told)


def test_the_advice_fits_the_server(each: Jira) -> None:
    each.control.faults.add(Fault("status", "GET", "myself", status=401, times=0))
    with pytest.raises(errors.NotSignedIn) as caught:
        check(each.client)
    expected = {"cloud": ("A1", "API token"), "datacenter": ("A1", "personal access token")}[each.flavour.name]
    assert caught.value.code == expected[0]
    assert expected[1] in caught.value.remedy
    info = json.dumps({"version": "11.3.0", "deploymentType": "DataCenter"})
    each.control.faults.add(Fault("status", "GET", "serverInfo", status=200, body=info))
    with pytest.raises(errors.NotSignedIn) as caught:
        check(each.client)
    assert caught.value.code == "A5"


def test_a_project_that_can_not_tell_its_statuses_is_loaded_without(each: Jira) -> None:
    each.control.faults.add(Fault("status", "GET", "/statuses", status=400, body="{}"))
    each.reload()
    assert all(kind.statuses == () for kind in each.metadata.types.values())
    assert each.metadata.types["10001"].fields


def test_a_personal_access_token_signs_in_without_a_user() -> None:
    from tests.jira.stage import jira

    with jira("dc") as server:
        client = client_of(server, Account(server.url, "", server.credentials["pat"], allow_private=True))
        with closing(client):
            assert check(client).account == "Alice Ng"


def test_a_token_with_scopes_works_at_the_gateway_only(cloud: Jira) -> None:
    scoped = cloud.credentials["scoped_token"]
    at_site = client_of(cloud, Account(cloud.url, cloud.credentials["email"], scoped, allow_private=True))
    with pytest.raises(errors.NotSignedIn) as caught, closing(at_site):
        check(at_site)
    assert caught.value.code == "A2"
    gateway = f"{cloud.url}/ex/jira/{cloud.credentials['cloud_id']}"
    at_gateway = client_of(cloud, Account(gateway, cloud.credentials["email"], scoped, allow_private=True))
    with closing(at_gateway):
        assert check(at_gateway).account == "Alice Ng"


def test_something_else_at_the_address_is_told(cloud: Jira) -> None:
    cloud.control.faults.add(Fault("html_200", "GET", "serverInfo", times=0))
    with pytest.raises(errors.Unreadable) as caught:
        check(cloud.client)
    assert caught.value.remedy
    cloud.control.faults.clear()
    cloud.control.faults.add(Fault("status", "GET", "serverInfo", status=200, body='{"hello": "world"}'))
    with pytest.raises(errors.Unreadable, match="no Jira"):
        check(cloud.client)


def test_projects_are_found_by_name_or_key(each: Jira) -> None:
    assert [(found.name, found.category) for found in projects(each.client, each.flavour, "bicy")] == [
        ("Fable Bicycles", "FAB")
    ]
    assert [found.category for found in projects(each.client, each.flavour, "ops")] == ["OPS"]
    assert len(projects(each.client, each.flavour)) == 2


def test_project_data_holds_what_a_mapping_needs(each: Jira) -> None:
    data = each.metadata
    assert (data.key, data.name) == ("FAB", "Fable Bicycles")
    assert data.site == each.url
    story, part, epic = data.types["10001"], data.types["10003"], data.types["10000"]
    assert (story.name, story.subtask, story.level) == ("Story", False, 0)
    assert part.subtask
    assert epic.level == 1
    assert {status.category for status in story.statuses} == {"new", "indeterminate", "done"}
    assert story.fields["summary"].required
    assert [option.name for option in story.fields["customfield_10030"].options] == [
        "Commuters",
        "Families",
        "Couriers",
    ]
    assert [version.name for version in data.versions] == ["Autumn 2026", "spring 2027"]
    assert "Relates" in {link.name for link in data.link_types}
    assert data.priorities
    assert data.fields["duedate"].type == "date"


def test_project_data_can_be_stored(each: Jira) -> None:
    kept = json.loads(json.dumps(each.metadata.dump()))
    assert load(kept) == each.metadata


def test_project_data_holds_boards_and_who_may_be_assigned(each: Jira) -> None:
    assert each.metadata.boards == (Choice("1", "FAB board", "scrum"),)
    people = each.metadata.people or ()
    assert ("Alice Ng", "alice@example.com") in [(who.name, who.email) for who in people]
    named = "account_id" if each.flavour.name == "cloud" else "name"
    project = each.site.projects[each.metadata.project]
    held = [each.site.people[key] for key, rights in project.grants.items() if "ASSIGNABLE_USER" in rights]
    assert {who.id for who in people} == {getattr(one, named) for one in held if one.active and not one.app}
    assert not each.metadata.more_people


def test_boards_are_read_to_the_last_page(each: Jira) -> None:
    project = each.metadata.project
    each.site.boards |= {number: Board(number, f"Board {number}", project, "kanban") for number in range(100, 220)}
    each.reload()
    assert len(each.metadata.boards or ()) == 121
    assert (each.metadata.boards or ())[-1] == Choice("219", "Board 219", "kanban")


def test_people_are_read_as_far_as_jira_shows_them_and_that_is_told(each: Jira) -> None:
    most = each.flavour.most_assignable
    pattern = next(iter(each.site.people.values()))
    project = each.site.projects[each.metadata.project]
    for number in range(most + 20):
        added = replace(pattern, key=f"k{number}", name=f"u{number}", account_id=f"a{number}", email=f"{number}@x.test")
        each.site.people[added.key] = added
        project.grants[added.key] = project.grants[pattern.key]
    each.reload()
    assert most - 2 <= len(each.metadata.people or ()) <= most
    assert each.metadata.more_people
    for key in [key for key in project.grants if key.startswith("k") and key != pattern.key][60:]:
        project.grants.pop(key)
    each.reload()
    assert 60 < len(each.metadata.people or ()) < 70, "what lies between those who may not be assigned is found"


@pytest.mark.parametrize("status", [400, 403, 404])
def test_boards_and_people_that_are_not_told_are_not_taken_for_none(each: Jira, status: int) -> None:
    each.control.faults.add(Fault("status", "GET", "agile/1.0/board", status=status))
    each.control.faults.add(Fault("status", "GET", "user/assignable/search", status=status))
    each.reload()
    assert (each.metadata.boards, each.metadata.people, each.metadata.more_people) == (None, None, False)
    kept = json.loads(json.dumps(each.metadata.dump()))
    assert load(kept).boards is None
    older = {name: value for name, value in kept.items() if name not in ("boards", "people", "more_people")}
    assert load(older) == each.metadata, "what an older Crosswalk stored"


def test_an_unknown_project_is_told(each: Jira) -> None:
    with pytest.raises(errors.NotFound) as caught:
        load_metadata(each.client, each.flavour, "NOPE")
    assert caught.value.code == "A8"
    assert caught.value.remedy


def test_switched_off_links_leave_their_list_empty(each: Jira) -> None:
    each.control.faults.add(Fault("status", "GET", "issueLinkType", status=404))
    each.reload()
    assert each.metadata.link_types == ()


def test_the_field_is_made_and_shows_the_record_from_the_start(each: Jira) -> None:
    made, problems = prepare(each.client, each.flavour, each.metadata)
    assert problems == ()
    each.reload()
    assert (made.types, made.fields) == (each.metadata.types, each.metadata.fields)
    info = each.metadata.field_by_name(REFERENCE)
    assert info is not None
    each.forget()
    assert prepare(each.client, each.flavour, each.metadata) == (each.metadata, ())
    assert each.calls() == []
    assert sum(field.name == REFERENCE for field in each.metadata.fields.values()) == 1
    side = each.side()
    each.forget()
    ref = one(side.create([draft()])).ref
    side.mark({ref: FEATURE})
    assert each.calls() == ["createIssue"]
    assert each.person("GET", f"/issue/{ref.id}")["fields"][info.id] == FEATURE.url
    again = each.side()
    again.mark({ref: Mark(FEATURE.ref, "https://aha.example.com/features/NEW-1")})
    assert each.person("GET", f"/issue/{ref.id}")["fields"][info.id].endswith("NEW-1")
    assert each.person("GET", f"/issue/{ref.id}/remotelink") == []


def test_a_field_that_was_made_since_is_not_made_twice(each: Jira) -> None:
    older = each.metadata
    prepare(each.client, each.flavour, older)
    again, problems = prepare(each.client, each.flavour, older)
    assert problems == ()
    each.reload()
    assert [one.id for one in again.fields.values() if one.name == REFERENCE] == [
        one.id for one in each.metadata.fields.values() if one.name == REFERENCE
    ]


def test_a_field_that_left_the_screen_gives_way_to_a_link(each: Jira) -> None:
    prepare(each.client, each.flavour, each.metadata)
    each.reload()
    info = each.metadata.field_by_name(REFERENCE)
    assert info is not None
    for screen in each.site.screens.values():
        screen.fields.remove(info.id)
    side = each.side()
    ref = one(side.create([draft()])).ref
    side.mark({ref: FEATURE})
    (link,) = each.person("GET", f"/issue/{ref.id}/remotelink")
    assert link["object"]["url"] == FEATURE.url


def test_without_the_right_the_field_is_asked_of_an_administrator(each: Jira) -> None:
    person = next(iter(each.site.people.values()))
    person.admin = False
    (problem,) = prepare(each.client, each.flavour, each.metadata)[1]
    assert REFERENCE in problem.message
    assert "administrator" in problem.remedy


def test_flavours_by_what_the_server_says() -> None:
    assert flavour_of({"deploymentType": "Cloud"}).name == "cloud"
    for info in ({"deploymentType": "Server"}, {"deploymentType": "DataCenter"}, {"version": "6.4"}, None):
        assert flavour_of(info).name == "datacenter"
    with pytest.raises(ValueError):
        flavour_named("Cloud")


def client_at(url: str) -> Client:
    return open_client(
        Account(url, "me", "secret", allow_private=True), Unlimited(), Surroundings(now=lambda: 0.0, sleep=void)
    )


def test_on_cloud_the_field_is_put_on_every_screen_of_the_project() -> None:
    flavour = flavour_named("cloud")
    metadata = Metadata("https://x", "10000", "FAB", types={"1": TypeInfo("1", "Story")})
    answers = [
        answer(200, [{"id": "summary", "name": "Summary"}]),
        answer(201, {"id": "customfield_1"}),
        answer(200, [{"id": "customfield_1", "name": REFERENCE, "custom": True}]),
        answer(400, {"errorMessages": ["The field is already on the screen."], "errors": {}}),
        answer(200, {"values": [{"issueTypeScreenScheme": {"id": "7"}, "projectIds": ["10000"]}], "isLast": True}),
        answer(200, {"values": [{"issueTypeId": "default", "screenSchemeId": "8"}], "isLast": True, "startAt": 0}),
        answer(200, {"values": [{"id": 8, "screens": {"default": 20, "create": 21}}], "isLast": True}),
        answer(200, [{"id": 30, "name": "Fields"}]),
        answer(200, {"id": "customfield_1"}),
        answer(200, []),
        answer(200, {"fields": [{"fieldId": "customfield_1", "name": REFERENCE}], "startAt": 0, "total": 1}),
    ]
    with serving(*answers) as script, closing(client_at(script.url)) as client:
        assert prepare(client, flavour, metadata)[1] == ()
    paths = [line.split()[1].removeprefix("/rest/api/3") for line in script.lines]
    assert paths[3:] == [
        "/screens/addToDefault/customfield_1",
        "/issuetypescreenscheme/project?projectId=10000",
        "/issuetypescreenscheme/mapping?startAt=0&maxResults=50&issueTypeScreenSchemeId=7",
        "/screenscheme?id=8",
        "/screens/20/tabs",
        "/screens/20/tabs/30/fields",
        "/screens/21/tabs",
        "/issue/createmeta/10000/issuetypes/1?startAt=0&maxResults=50",
    ]


def test_a_field_that_did_not_reach_a_screen_is_told(cloud: Jira) -> None:
    cloud.control.faults.add(Fault("status", "POST", "addToDefault", status=400, body="{}"))
    (problem,) = prepare(cloud.client, cloud.flavour, cloud.metadata)[1]
    assert "Story" in problem.message
    assert "web links" in problem.remedy


def test_an_answer_without_an_account_is_anonymous(cloud: Jira) -> None:
    cloud.control.faults.add(Fault("status", "GET", "myself", status=200, body="{}"))
    with pytest.raises(errors.NotSignedIn) as caught:
        check(cloud.client)
    assert caught.value.code == "A6"


def test_more_people_than_one_answer_of_data_center_holds_are_found() -> None:
    """An answer holds a hundred at most and has no pages; people are asked for by how their names begin."""
    with stage("dc") as jira:
        made = [Person(f"JIRAUSER{n}", f"j.{n:03}", "", f"Jo {n:03}", f"j{n}@example.com") for n in range(230)]
        jira.site.people.update({one.key: one for one in made})
        grants = jira.site.projects["10000"].grants
        held = next(iter(grants.values()))
        grants.update({one.key: set(held) for one in made})
        found, more = listing.assignable(jira.client, jira.flavour, "FAB")
    assert found is not None
    assert {one.display_name for one in made} <= {one.name for one in found}
    assert not more


@pytest.mark.parametrize(("count", "all_"), [(99, True), (100, True), (700, True), (2000, False)])
def test_beginnings_are_made_longer_where_an_answer_is_full(count: int, all_: bool) -> None:
    names = [f"{letter}{number:03}" for number in range(count // 5) for letter in "jklmn"] + ["zoe"]
    asked: list[str] = []

    def ask(beginning: str) -> list[str]:
        asked.append(beginning)
        return [name for name in names if name.startswith(beginning)][:100]

    found, more = listing.by_beginnings(ask, 1000, 100, str)
    assert (len(found), more) == (len(names), False) if all_ else (len(found) >= 1000 and more)
    assert len(asked) == len(set(asked)) <= listing.MOST_ASKED
    assert len(asked) == 1 or count >= 99


@pytest.mark.parametrize(
    ("told", "style"),
    [
        ({"style": "next-gen", "simplified": True}, "team-managed"),
        ({"style": "classic", "simplified": False}, "company-managed"),
        ({"style": "of tomorrow"}, ""),
        ({"style": None}, ""),
        ({}, ""),
    ],
)
def test_who_manages_a_project_is_told_by_its_style(told: dict[str, object], style: str) -> None:
    assert style_of(told) == style
