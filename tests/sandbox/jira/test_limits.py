"""Cloud's published request limits, on a clock that stands still:
https://developer.atlassian.com/cloud/jira/platform/rate-limiting/."""

from __future__ import annotations

import httpx2

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
