"""Who may come in by which door, and what somebody without rights sees."""

from __future__ import annotations

from urllib.parse import unquote_plus

import httpx2

from .play import Sandbox

TEXT = "Client must be authenticated to access this resource."


def test_scoped_token_works_at_the_gateway_only(cloud: Sandbox) -> None:
    email, scoped = cloud.credentials["email"], cloud.credentials["scoped_token"]
    cloud_id = httpx2.get(cloud.url + "/_edge/tenant_info").json()["cloudId"]
    gateway = f"{cloud.url}/ex/jira/{cloud_id}/rest/api/3/myself"
    assert httpx2.get(gateway, auth=(email, scoped)).json()["emailAddress"] == email
    assert httpx2.get(gateway, auth=cloud.auth()).status_code == 401
    refused = httpx2.get(cloud.url + "/rest/api/3/search/jql?jql=project=FAB", auth=(email, scoped))
    assert (refused.status_code, refused.text) == (401, TEXT)


def test_pages_lead_on_behind_the_gateway(cloud: Sandbox) -> None:
    auth = (cloud.credentials["email"], cloud.credentials["scoped_token"])
    gateway = f"{cloud.url}/ex/jira/{cloud.credentials['cloud_id']}/rest/api/3/field/search"
    first = httpx2.get(f"{gateway}?maxResults=2", auth=auth).json()
    assert first["self"].startswith(gateway + "?")
    assert httpx2.get(first["nextPage"], auth=auth).json()["startAt"] == 2


def test_unknown_credential_is_anonymous_on_cloud(cloud: Sandbox) -> None:
    wrong = (cloud.credentials["email"], "no-such-token")
    assert httpx2.get(cloud.url + "/rest/api/3/myself", auth=wrong).text == TEXT
    found = httpx2.get(cloud.url + "/rest/api/3/search/jql?jql=project=FAB", auth=wrong)
    assert found.json() == {"issues": [], "isLast": True}
    assert found.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"
    assert httpx2.get(cloud.url + "/rest/api/3/project/search", auth=wrong).json()["values"] == []


def test_data_center_takes_password_and_token(dc: Sandbox) -> None:
    bearer = {"Authorization": f"Bearer {dc.credentials['pat']}"}
    assert httpx2.get(dc.url + "/rest/api/2/myself", headers=bearer).json()["name"] == "alice"
    assert dc.get("~/myself")["name"] == "alice"
    assert httpx2.get(dc.url + "/rest/api/2/myself", headers={"Authorization": "Bearer x"}).status_code == 401
    assert httpx2.get(dc.url + "/rest/api/3/myself", headers=bearer).status_code == 404


def test_a_wrong_password_is_told_in_a_header(jira: Sandbox) -> None:
    name, _ = jira.auth()
    wrong = httpx2.get(f"{jira.url}{jira.api}/myself", auth=(name, "wrong"))
    assert (wrong.status_code, wrong.headers["x-seraph-loginreason"]) == (401, "AUTHENTICATED_FAILED")
    assert "x-seraph-loginreason" not in httpx2.get(f"{jira.url}{jira.api}/myself").headers


def test_a_session_lasts_from_sign_in_to_sign_out(dc: Sandbox) -> None:
    name, password = dc.auth()
    here = "/rest/auth/1/session"
    with httpx2.Client(base_url=dc.url) as client:
        refused = client.post(here, json={"username": name, "password": "wrong"})
        assert (refused.status_code, refused.json()["errorMessages"]) == (401, ["Login failed"])
        assert refused.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"
        assert client.get("/rest/api/2/myself").status_code == 401
        made = client.post(here, json={"username": name, "password": password}).json()["session"]
        assert client.cookies[made["name"]] == made["value"]
        assert client.get("/rest/api/2/myself").json()["name"] == name
        assert client.get(here).json()["name"] == name
        with httpx2.Client(base_url=dc.url, cookies={"JSESSIONID": "made up"}) as other:
            assert other.get("/rest/api/2/myself").status_code == 401
        assert client.delete("/rest/auth/latest/session").status_code == 204
        assert client.get("/rest/api/2/myself").status_code == 401
        assert client.delete(here).status_code == 401


def test_an_address_with_nothing_at_it(dc: Sandbox) -> None:
    """As recorded of Server: what is at no address, and a number that is none, is named with the whole address."""
    for path in ("/rest/api/2/nothing?a=b%20c", "/rest/nothing/1.0/x", "/rest/api/2/search?maxResults=many"):
        answer = dc.call("GET", path)
        assert answer.status_code == 404
        assert answer.json()["status-code"] == 404
        assert unquote_plus(answer.json()["message"]) == f"null for uri: {dc.url}{unquote_plus(path)}"


def test_people_differ_by_flavour(jira: Sandbox) -> None:
    key = jira.create()
    assignable = jira.get("~/user/assignable/search?project=FAB&query=bruno@example.com&username=bruno@example.com")
    (bruno,) = assignable
    if jira.flavour == "cloud":
        assert "emailAddress" not in bruno
        assert "name" not in bruno
        who = {"accountId": bruno["accountId"]}
    else:
        assert bruno["emailAddress"] == "bruno@example.com"
        who = {"name": bruno["name"]}
    assert jira.call("PUT", f"~/issue/{key}", json={"fields": {"assignee": who}}).status_code == 204
    assert jira.get(f"~/issue/{key}")["fields"]["assignee"]["displayName"] == "Bruno Costa"


def test_reader_and_outsider(jira: Sandbox) -> None:
    assert jira.get("~/issue/FAB-1", role="reader")["key"] == "FAB-1"
    payload = {"fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "x"}}
    refused = jira.call("POST", "~/issue", json=payload, role="reader")
    assert refused.json()["errorMessages"] == ["You do not have permission to create issues in this project."]
    assert jira.get("~/issue/FAB-1/transitions", role="reader")["transitions"] == []
    assert jira.call("GET", "~/issue/FAB-1", role="outsider").status_code == 404
    assert jira.call("GET", "~/project/FAB", role="outsider").status_code == 404
    payload["fields"]["project"] = {"key": "OPS"}
    assert jira.call("POST", "~/issue", json=payload).status_code == 400
    assert jira.get("~/issue/OPS-1")["key"] == "OPS-1"
    rights = jira.get("~/mypermissions?permissions=CREATE_ISSUES,BROWSE_PROJECTS&projectKey=OPS")["permissions"]
    assert {
        key: right["havePermission"] for key, right in rights.items() if key in ("CREATE_ISSUES", "BROWSE_PROJECTS")
    } == {
        "CREATE_ISSUES": False,
        "BROWSE_PROJECTS": True,
    }


def test_a_browser_is_refused_on_writes(jira: Sandbox) -> None:
    answer = jira.call("PUT", "~/issue/FAB-1", json={"fields": {"summary": "x"}}, headers={"User-Agent": "Mozilla/5.0"})
    assert answer.status_code == 403
    files = {"file": ("a.txt", b"x", "text/plain")}
    assert jira.call("POST", "~/issue/FAB-1/attachments", files=files).status_code == 403
