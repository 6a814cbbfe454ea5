"""Cloud's published request limits, on a clock that stands still:
https://developer.atlassian.com/cloud/jira/platform/rate-limiting/."""

from __future__ import annotations

import httpx2
import pytest

from .play import Sandbox


def test_burst_per_endpoint_and_method(cloud: Sandbox) -> None:
    with httpx2.Client(base_url=cloud.url, auth=cloud.auth()) as client:
        statuses = [client.get("/rest/api/3/myself").status_code for _ in range(101)]
        assert statuses == [200] * 100 + [429]
        refused = client.get("/rest/api/3/myself")
        assert refused.headers["ratelimit-reason"] == "jira-burst-based"
        assert (refused.headers["x-ratelimit-limit"], refused.headers["x-ratelimit-remaining"]) == ("100", "0")
        assert refused.headers["retry-after"] == "1"
        assert refused.headers["x-ratelimit-reset"].endswith("Z")
        assert client.get("/rest/api/3/serverInfo").status_code == 200
        cloud.clock.advance(1)
        assert client.get("/rest/api/3/myself").status_code == 200


def test_the_limit_is_over_when_it_was_said_to_be(cloud: Sandbox) -> None:
    cloud.clock.advance(0.995)  # so that whole seconds lie between the wait's end and what a cut would say
    with httpx2.Client(base_url=cloud.url, auth=cloud.auth()) as client:
        refused = [client.get("/rest/api/3/myself") for _ in range(101)][-1]
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["x-ratelimit-reset"] == "2026-11-24T09:00:02Z"


@pytest.mark.parametrize(
    ("method", "path", "size"),
    [
        ("PUT", "mypreferences?key=k", 50),
        ("DELETE", "mypreferences?key=k", 50),
        ("POST", "permissions/check", 100),
        ("GET", "issue/FAB-1?fields=summary", 150),
        ("GET", "issue/FAB-1/changelog", 200),
    ],
)
def test_the_size_of_a_burst(cloud: Sandbox, method: str, path: str, size: int) -> None:
    body = {"json": {"globalPermissions": ["ADMINISTER"]}} if method in ("PUT", "POST") else {}
    with httpx2.Client(base_url=cloud.url, auth=cloud.auth()) as client:
        answers = [client.request(method, f"/rest/api/3/{path}", **body) for _ in range(size + 1)]
    assert [one.status_code == 429 for one in answers] == [False] * size + [True]
    assert answers[-1].headers["x-ratelimit-limit"] == str(size)


def test_a_hundred_writes_on_one_issue_in_half_a_minute(cloud: Sandbox) -> None:
    with httpx2.Client(base_url=cloud.url, auth=cloud.auth()) as client:
        statuses = []
        for number in range(120):
            statuses.append(
                client.put("/rest/api/3/issue/FAB-1", json={"fields": {"summary": f"{number}"}}).status_code
            )
            cloud.clock.advance(0.2)
        assert statuses == [204] * 100 + [429] * 20
        cloud.clock.advance(10)
        assert client.put("/rest/api/3/issue/FAB-1", json={"fields": {"summary": "x"}}).status_code == 204


def test_writes_on_one_issue(cloud: Sandbox) -> None:
    with httpx2.Client(base_url=cloud.url, auth=cloud.auth()) as client:

        def write(number: int, key: str = "FAB-1") -> httpx2.Response:
            return client.put(f"/rest/api/3/issue/{key}", json={"fields": {"summary": f"Bell {number}"}})

        assert [write(number).status_code for number in range(20)] == [204] * 20
        refused = write(21)
        assert (refused.status_code, refused.headers["ratelimit-reason"]) == (429, "jira-per-issue-on-write")
        assert write(1, "FAB-2").status_code == 204
        cloud.clock.advance(2)
        assert write(22).status_code == 204


def test_data_center_has_none_unless_somebody_sets_one(dc: Sandbox) -> None:
    with httpx2.Client(base_url=dc.url, auth=dc.auth()) as client:
        assert {client.get("/rest/api/2/myself").status_code for _ in range(120)} == {200}


def set_limits(jira: Sandbox, **given: object) -> httpx2.Response:
    return httpx2.post(f"{jira.url}/_sandbox/limits", json=given)


def test_points_are_a_wall_until_the_next_full_hour(cloud: Sandbox) -> None:
    assert set_limits(cloud, points_for_tokens=True, points_per_hour=10).status_code == 200
    with httpx2.Client(base_url=cloud.url, auth=cloud.auth()) as client:
        first = client.get("/rest/api/3/issue/FAB-1")
        assert (first.headers["x-ratelimit-limit"], "x-ratelimit-nearlimit" in first.headers) == ("10", False)
        assert client.get("/_sandbox/limits").json()["points_this_hour"] == 2
        found = client.get("/rest/api/3/search/jql", params={"jql": "project = FAB", "fields": "id", "maxResults": "6"})
        assert len(found.json()["issues"]) == 6
        near = client.get("/rest/api/3/issue/FAB-1")
        assert near.headers["x-ratelimit-nearlimit"] == "true"
        assert near.headers["beta-ratelimit"].startswith('"global-app-quota";r=1;')
        refused = client.get("/rest/api/3/issue/FAB-1")
        assert (refused.status_code, refused.headers["ratelimit-reason"]) == (429, "jira-quota-global-based")
        assert refused.headers["retry-after"] == "3600"
        assert refused.headers["x-ratelimit-reset"] == "2026-11-24T10:00:00Z"
        told = client.get("/_sandbox/audit").json()["limits"]
        assert (told["exceeded"], told["refused"]) == (True, {"jira-quota-global-based": 1})
        cloud.clock.advance(3600)
        assert client.get("/rest/api/3/issue/FAB-1").status_code == 200


def test_a_token_costs_no_points_unless_the_settings_say_so(cloud: Sandbox) -> None:
    set_limits(cloud, points_per_hour=0)
    assert cloud.call("GET", "~/myself").status_code == 200


def test_data_centers_bucket_shows_on_every_answer_once_it_is_on(dc: Sandbox) -> None:
    set_limits(dc, dc_on=True, dc_requests=2, dc_seconds=1, dc_most=3)
    with httpx2.Client(base_url=dc.url, auth=dc.auth()) as client:
        answers = [client.get("/rest/api/2/myself") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["2", "1", "0", "0"]
        assert [one.headers["retry-after"] for one in answers] == ["0", "0", "0", "1"]
        assert {one.headers["x-ratelimit-fillrate"] for one in answers} == {"2"}
        other = httpx2.get(f"{dc.url}/rest/api/2/myself", auth=dc.auth("reader"))
        assert other.status_code == 200, "each person has a bucket"
        dc.clock.advance(1)
        assert client.get("/rest/api/2/myself").status_code == 200


def test_settings_without_sense_are_refused(cloud: Sandbox) -> None:
    for given in ({"speed": 1}, {"active": 1}, {"points_per_hour": -1}, {"points_scope": "all"}, {"dc_seconds": 0}):
        assert set_limits(cloud, **given).status_code == 400, given
