"""Permission schemes: what an administrator grants is what people may do, in the projects that have the scheme."""

from __future__ import annotations

from typing import Any

import pytest

from .play import Sandbox

Json = Any


def made(jira: Sandbox, name: str, *grants: tuple[str, str, str]) -> int:
    """A scheme with these grants: type of the holder, its parameter, the permission."""
    entries = [
        {"holder": {"type": kind} | ({"parameter": one} if one else {}), "permission": permission}
        for kind, one, permission in grants
    ]
    answer = jira.call("POST", "~/permissionscheme", json={"name": name, "permissions": entries})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def given_to(jira: Sandbox, scheme: int, project: str = "FAB") -> None:
    answer = jira.call("PUT", f"~/project/{project}/permissionscheme", json={"id": scheme})
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == scheme
    assert "permissions" not in answer.json()


def account(jira: Sandbox, name: str) -> str:
    person = next(p for p in jira.jira.site.people.values() if p.name == name)
    return person.account_id if jira.flavour == "cloud" else person.name


def may(jira: Sandbox, permission: str, role: str, **place: str) -> bool:
    query = "&".join(f"{name}={value}" for name, value in {**place, "permissions": permission}.items())
    answer = jira.get(f"~/mypermissions?{query}", role=role)
    return bool(answer["permissions"][permission]["havePermission"])


def test_a_new_scheme_says_what_people_may_do(jira: Sandbox) -> None:
    """Dana, who may only read, gets the right to edit; nobody else has a right that the scheme does not grant."""
    dana = account(jira, "dana")
    scheme = made(
        jira,
        "Open",
        ("applicationRole", "", "BROWSE_PROJECTS"),
        ("user", dana, "EDIT_ISSUES"),
        ("projectLead", "", "ADMINISTER_PROJECTS"),
    )
    change: Json = {"fields": {"summary": "Dana's"}}
    assert jira.call("PUT", "~/issue/FAB-2", json=change, role="reader").status_code in (400, 403)
    given_to(jira, scheme)
    assert jira.call("PUT", "~/issue/FAB-2", json=change, role="reader").status_code == 204
    assert jira.call("POST", "~/issue/FAB-2/comment", json={"body": jira.text("x")}).status_code in (400, 403)
    assert may(jira, "ADMINISTER_PROJECTS", "", projectKey="FAB")
    assert not may(jira, "LINK_ISSUES", "", projectKey="FAB")
    given_to(jira, 0)
    assert jira.call("PUT", "~/issue/FAB-2", json=change, role="reader").status_code in (400, 403)
    assert may(jira, "LINK_ISSUES", "", projectKey="FAB")


def test_anyone_sees_a_project_and_an_outsider_does_not_without(jira: Sandbox) -> None:
    assert jira.call("GET", "~/issue/FAB-2", role="outsider").status_code == 404
    path = "~/permissionscheme/0/permission"
    answer = jira.call("POST", path, json={"holder": {"type": "anyone"}, "permission": "BROWSE_PROJECTS"})
    assert answer.status_code == 201
    assert answer.json()["holder"] == {"type": "anyone"}
    assert jira.call("GET", "~/issue/FAB-2", role="outsider").status_code == 200
    again = jira.call("POST", path, json={"holder": {"type": "anyone"}, "permission": "BROWSE_PROJECTS"})
    assert again.status_code == 400
    grant = f"{path}/{answer.json()['id']}"
    assert jira.get(grant)["permission"] == "BROWSE_PROJECTS"
    assert jira.call("DELETE", grant).status_code == 204
    assert jira.call("GET", grant).status_code == 404
    assert jira.call("GET", "~/issue/FAB-2", role="outsider").status_code == 404


def test_a_right_may_come_from_the_issue(jira: Sandbox) -> None:
    """The assignee may edit what is assigned to him, and nothing else."""
    jira.call("PUT", "~/issue/FAB-3", json={"fields": {"assignee": None}})
    whom = {"accountId" if jira.flavour == "cloud" else "name": account(jira, "dana")}
    assert jira.call("PUT", "~/issue/FAB-2/assignee", json=whom).status_code == 204
    body = {"holder": {"type": "assignee"}, "permission": "EDIT_ISSUES"}
    assert jira.call("POST", "~/permissionscheme/0/permission", json=body).status_code == 201
    assert may(jira, "EDIT_ISSUES", "reader", issueKey="FAB-2")
    assert not may(jira, "EDIT_ISSUES", "reader", issueKey="FAB-3")
    change: Json = {"fields": {"summary": "Mine"}}
    assert jira.call("PUT", "~/issue/FAB-2", json=change, role="reader").status_code == 204
    assert jira.call("PUT", "~/issue/FAB-3", json=change, role="reader").status_code in (400, 403)


def test_a_role_that_an_administrator_made_gets_rights(jira: Sandbox) -> None:
    role = str(jira.call("POST", "~/role", json={"name": "Editors"}).json()["id"])
    jira.call("POST", f"~/project/FAB/role/{role}", json={"user": [account(jira, "dana")]})
    assert not may(jira, "EDIT_ISSUES", "reader", projectKey="FAB")
    body = {"holder": {"type": "projectRole", "parameter": role}, "permission": "EDIT_ISSUES"}
    jira.call("POST", "~/permissionscheme/0/permission", json=body)
    assert may(jira, "EDIT_ISSUES", "reader", projectKey="FAB")
    assert jira.call("DELETE", f"~/role/{role}?swap=10001").status_code == 204
    assert may(jira, "EDIT_ISSUES", "reader", projectKey="FAB")  # as a developer, from now on


def test_a_change_without_grants_keeps_them_and_with_an_empty_list_takes_them_away(jira: Sandbox) -> None:
    scheme = made(jira, "Few", ("anyone", "", "BROWSE_PROJECTS"))
    path = f"~/permissionscheme/{scheme}"
    assert len(jira.call("PUT", path, json={"name": "Fewer"}).json()["permissions"]) == 1
    assert jira.call("PUT", path, json={"name": "Fewer", "permissions": []}).json()["permissions"] == []
    assert [one["name"] for one in jira.get("~/permissionscheme")["permissionSchemes"]][-1] == "Fewer"


def test_a_group_goes_by_its_id_too_and_keeps_the_right_under_a_new_name(cloud: Sandbox) -> None:
    group = next(g for g in cloud.jira.site.groups.values() if g.name == "jira-software-users")
    body = {"holder": {"type": "group", "value": group.id}, "permission": "MANAGE_WATCHERS"}
    holder = cloud.call("POST", "~/permissionscheme/0/permission", json=body).json()["holder"]
    assert holder == {"type": "group", "parameter": group.name, "value": group.id, "expand": "group"}
    assert may(cloud, "MANAGE_WATCHERS", "reader", projectKey="FAB")


def test_data_center_shows_on_request_who_a_holder_is(dc: Sandbox) -> None:
    body = {"holder": {"type": "user", "parameter": "dana"}, "permission": "EDIT_ISSUES"}
    grant = dc.call("POST", "~/permissionscheme/0/permission", json=body).json()["id"]
    shown = dc.get(f"~/permissionscheme/0/permission/{grant}?expand=user")["holder"]
    assert shown["user"]["name"] == "dana"
    roles = {one["holder"]["projectRole"]["name"] for one in dc.get("~/permissionscheme/0?expand=all")["permissions"]
             if one["holder"]["type"] == "projectRole"}  # fmt: skip
    assert roles == {"Administrators", "Developers", "Users"}


@pytest.mark.parametrize(
    ("wire", "status"),
    [
        ({}, 400),
        ({"name": " "}, 400),
        ({"name": "default permission scheme"}, 400),
        ({"name": "A", "permissions": {}}, 400),
        ({"name": "A", "permissions": [1]}, 400),
        ({"name": "A", "permissions": [{"holder": {"type": "anyone"}, "permission": "FLY"}]}, 400),
        ({"name": "A", "permissions": [{"holder": {"type": "anyone"}, "permission": "ADMINISTER"}]}, 400),
        ({"name": "A", "permissions": [{"holder": {"type": "bird"}, "permission": "EDIT_ISSUES"}]}, 400),
        ({"name": "A", "permissions": [{"holder": {"type": "group"}, "permission": "EDIT_ISSUES"}]}, 400),
        (
            {"name": "A", "permissions": [{"holder": {"type": "user", "parameter": "x"}, "permission": "EDIT_ISSUES"}]},
            400,
        ),
    ],
)
def test_a_scheme_that_can_not_be_is_refused(jira: Sandbox, wire: Json, status: int) -> None:
    before = jira.get("~/permissionscheme?expand=all")
    assert jira.call("POST", "~/permissionscheme", json=wire).status_code == status
    assert jira.get("~/permissionscheme?expand=all") == before


def test_only_administrators_change_schemes_and_the_default_one_stays(jira: Sandbox) -> None:
    for method, path, body in (
        ("POST", "~/permissionscheme", {"name": "A"}),
        ("PUT", "~/permissionscheme/0", {"name": "A"}),
        ("DELETE", "~/permissionscheme/0", None),
        ("PUT", "~/project/FAB/permissionscheme", {"id": 0}),
    ):
        assert jira.call(method, path, json=body, role="reader").status_code == 403, path
    assert jira.call("DELETE", "~/permissionscheme/0").status_code == 403
    scheme = made(jira, "Used", ("applicationRole", "", "BROWSE_PROJECTS"))
    given_to(jira, scheme, "OPS")
    assert jira.call("DELETE", f"~/permissionscheme/{scheme}").status_code == 403
    given_to(jira, 0, "OPS")
    assert jira.call("DELETE", f"~/permissionscheme/{scheme}").status_code == 204
    assert jira.call("GET", f"~/permissionscheme/{scheme}").status_code == 404
    assert jira.call("PUT", "~/project/FAB/permissionscheme", json={"id": scheme}).status_code == 404
