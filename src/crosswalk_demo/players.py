"""Two people in the story: a product owner in Aha! and an engineer in Jira. They use the vendors' own APIs."""

from __future__ import annotations

import time
from typing import Any

import httpx2

from crosswalk.remote.tls import context
from crosswalk_demo.sandboxes import Account

PATIENCE = 30.0  # seconds for an answer: the machine may be busy


class AhaPlayer:
    """A product owner. Paths: Aha! REST v1."""

    def __init__(self, account: Account) -> None:
        headers = {"Authorization": f"Bearer {account.secret}"}
        self._http = httpx2.Client(
            base_url=f"{account.address}/api/v1", headers=headers, verify=context(""), timeout=PATIENCE
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def feature_with_requirements(self, not_yet: str) -> dict[str, Any]:
        """The first feature with requirements that was never sent and is not in the status `not_yet`, as a whole."""
        for row in self.get("/products/FAB/features", per_page="50")["features"]:
            feature: dict[str, Any] = self.get(f"/features/{row['id']}")["feature"]
            ready = feature["requirements"] and not _sent(feature)
            if ready and feature["workflow_status"]["name"] != not_yet:
                return feature
        raise LookupError("the sandbox has no feature with requirements that is still to be sent and built")

    def record(self, plural: str, key: str) -> dict[str, Any]:
        """A record by its reference number."""
        found: dict[str, Any] = self.get(f"/{plural}/{key}")[plural.removesuffix("s")]
        return found

    def status(self, feature: str) -> str:
        """The name of a feature's status."""
        return str(self.record("features", feature)["workflow_status"]["name"])

    def name(self, plural: str, key: str) -> str:
        """A record's name."""
        return str(self.record(plural, key)["name"])

    def rename(self, plural: str, key: str, name: str) -> None:
        """Give a record another name."""
        self.put(f"/{plural}/{key}", {plural.removesuffix("s"): {"name": name}})

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The answer to a GET below /api/v1."""
        return self._send("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a POST below /api/v1."""
        return self._send("POST", path, json=body)

    def put(self, path: str, body: dict[str, Any]) -> None:
        """Change something below /api/v1."""
        self._send("PUT", path, json=body)

    def _send(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        """A player shares the account's limit of 20 requests a second with Crosswalk, and waits like everybody."""
        for _ in range(20):
            answer = self._http.request(method, path, **parts)
            if answer.status_code != 429:
                break
            time.sleep(min(float(answer.headers.get("Retry-After", "1")), 2.0))
        answer.raise_for_status()
        data: dict[str, Any] = answer.json() if answer.content else {}
        return data

    def send(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer to any other request below /api/v1."""
        return self._send(method, path, json=body)


class JiraPlayer:
    """An engineer. Paths: Jira REST v2, which Cloud and Data Center both have."""

    def __init__(self, account: Account, flavour: str) -> None:
        self._cloud = flavour == "jira-cloud"
        self._http = httpx2.Client(
            base_url=f"{account.address}/rest/api/2",
            auth=(account.user, account.secret),
            verify=context(""),
            timeout=PATIENCE,
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def issues(self) -> list[dict[str, Any]]:
        """Every issue of the project, oldest first."""
        query = {"jql": "project = FAB ORDER BY key", "fields": "summary,status,parent,issuetype,fixVersions"}
        answer = self._http.get("/search/jql" if self._cloud else "/search", params={**query, "maxResults": "200"})
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["issues"]
        return found

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The answer to a GET below /rest/api/2."""
        data: dict[str, Any] = self._http.get(path, params=query).raise_for_status().json()
        return data

    def send(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer to any other request below /rest/api/2."""
        answer = self._http.request(method, path, json=body).raise_for_status()
        data: dict[str, Any] = answer.json() if answer.content else {}
        return data

    def edit(self, key: str, **fields: Any) -> None:
        """Change fields of an issue."""
        self._http.put(f"/issue/{key}", json={"fields": fields}).raise_for_status()

    def summary(self, key: str) -> str:
        """An issue's summary."""
        return str(self.get(f"/issue/{key}", fields="summary")["fields"]["summary"])

    def move(self, key: str, status: str) -> None:
        """Drag an issue to a status."""
        ways = self.get(f"/issue/{key}/transitions")["transitions"]
        way = next(way for way in ways if way["to"]["name"] == status)
        self._http.post(f"/issue/{key}/transitions", json={"transition": {"id": way["id"]}}).raise_for_status()

    def rename(self, key: str, summary: str) -> None:
        """Give an issue another summary."""
        self.edit(key, summary=summary)


def _sent(feature: dict[str, Any]) -> bool:
    """Whether a feature shows a Jira issue already."""
    return bool(feature["integration_fields"]) or any(one["key"] == "jira_url" for one in feature["custom_fields"])
