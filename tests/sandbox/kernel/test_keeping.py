"""State that outlives the process: kill -9 loses nothing that was answered; a file of something else is refused."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
from click.testing import CliRunner

from crosswalk import __version__ as product
from crosswalk_sandbox import __version__
from crosswalk_sandbox.__main__ import main


@contextmanager
def started(flavour: str, data: Path, *more: str, seed: str = "1") -> Iterator[tuple[httpx2.Client, dict[str, Any]]]:
    """A sandbox as a process with a hash seed of its own, ended with kill -9."""
    command = [sys.executable, "-m", "crosswalk_sandbox", flavour, "--json", "--data", str(data), *more]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        auth = (told.get("email") or told.get("username", ""), told.get("password") or told["token"])
        headers = {"Authorization": f"Bearer {told['token']}"} if flavour == "aha" else {}
        with httpx2.Client(
            base_url=told["address"], auth=None if headers else auth, headers=headers, timeout=30
        ) as client:
            yield client, told
    finally:
        process.kill()
        process.communicate()


def written(client: httpx2.Client, method: str, path: str, **more: Any) -> Any:
    answer = client.request(method, path, **more)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def jira_state(client: httpx2.Client) -> Any:
    keys = [f"FAB-{number}" for number in range(1, 9)]
    issues = [
        client.get(f"/rest/api/3/issue/{key}", params={"expand": "changelog", "properties": "*all"}) for key in keys
    ]
    return json.loads(json.dumps([one.json() for one in issues]).replace(str(client.base_url).rstrip("/"), ""))


def test_killed_and_started_again_jira_is_as_it_was_answered(tmp_path: Path) -> None:
    data = tmp_path / "jira.sqlite"
    with started("jira-cloud", data) as (client, _):
        issue = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "Bell", "labels": ["b", "a"]}
        assert client.post("/rest/api/3/issue", json={"fields": {"summary": "nowhere"}}).status_code == 400
        made = written(
            client, "POST", "/rest/api/3/issue", json={"fields": issue, "properties": [{"key": "t", "value": 1}]}
        )
        written(client, "PUT", f"/rest/api/3/issue/{made['key']}", json={"fields": {"summary": "Louder bell"}})
        files = {"file": ("a.txt", b"x" * 3000, "text/plain")}
        written(
            client,
            "POST",
            "/rest/api/3/issue/FAB-1/attachments",
            files=files,
            headers={"X-Atlassian-Token": "no-check"},
        )
        written(
            client,
            "POST",
            "/_sandbox/world",
            json={"do": "rename_option", "field": "Platforms", "option": "Web", "name": "Site"},
        )
        client.post("/_sandbox/faults", json={"kind": "503", "method": "PUT"})
        assert client.put("/rest/api/3/issue/FAB-2", json={"fields": {"summary": "never"}}).status_code == 503
        client.post("/_sandbox/faults", json={"kind": "504", "method": "PUT"})
        assert client.put("/rest/api/3/issue/FAB-2", json={"fields": {"summary": "though"}}).status_code == 504
        before = jira_state(client)
    with started("jira-cloud", data, seed="2") as (client, _):
        assert jira_state(client) == before
        assert [one["do"] for one in client.get("/_sandbox/world").json()["changes"]] == ["rename_option"]
        assert client.get("/rest/api/3/issue/FAB-2").json()["fields"]["summary"] == "though"
        assert written(client, "POST", "/rest/api/3/issue", json={"fields": issue})["key"] == "FAB-8"
    with started("jira-cloud", data) as (client, _):
        assert client.get("/rest/api/3/issue/FAB-8").status_code == 200


def test_killed_and_started_again_aha_is_as_it_was_answered(tmp_path: Path) -> None:
    data = tmp_path / "aha.sqlite"
    with started("aha", data, "--virtual-clock") as (client, _):
        feature = {"name": "Bell", "tags": "loud,brass", "description": "<p>Ring</p>"}
        written(client, "POST", "/_sandbox/hooks", json={"url": "http://127.0.0.1:9/hooks"})
        release = client.get("/api/v1/products/FAB/releases").json()["releases"][0]["id"]
        made = written(client, "POST", f"/api/v1/releases/{release}/features", json={"feature": feature})["feature"]
        written(client, "POST", "/_sandbox/clock/advance", json={"seconds": 3600})
        written(client, "POST", f"/api/v1/features/{made['id']}/comments", json={"comment": {"body": "<p>Yes</p>"}})
        written(client, "PUT", f"/api/v1/features/{made['id']}", json={"feature": {"name": "Louder bell"}})
        ask = {"query": '{ feature(id: "FAB-1") { name } }'}
        assert written(client, "POST", "/api/v2/graphql", json=ask)["data"]["feature"]["name"]
        before = client.get(f"/api/v1/features/{made['id']}").json()
        now = client.get("/_sandbox/clock").json()["now"]
    with closing(sqlite3.connect(data)) as line:
        assert line.execute("SELECT count(*) FROM request").fetchone() == (5,), "what only asks is not written down"
    with started("aha", data, "--virtual-clock", seed="2") as (client, told):
        after = client.get(f"/api/v1/features/{made['id']}").text
        assert json.loads(after)["feature"]["name"] == "Louder bell"
        assert {**before, "feature": {**before["feature"], "url": 0, "resource": 0}}.keys() == json.loads(after).keys()
        assert before["feature"]["updated_at"] == json.loads(after)["feature"]["updated_at"]
        assert client.get("/_sandbox/clock").json()["now"] == now
        assert client.get("/_sandbox/hooks").json()["deliveries"] == [], "what was sent is not sent once more"
        written(client, "PUT", f"/api/v1/features/{made['id']}", json={"feature": {"name": "Horn"}})
        assert [one["label"] for one in client.get("/_sandbox/hooks").json()["deliveries"]] == ["feature update"]
        assert told["address"] in after, "addresses are those of the server that runs now"


def test_a_file_that_is_in_use_or_of_something_else_is_refused(tmp_path: Path) -> None:
    data, other = tmp_path / "kept.sqlite", tmp_path / "notes.txt"
    other.write_text("no database at all, and long enough to be looked at " * 20, "ascii")

    def refusal(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments])
        assert result.exit_code == 1
        return result.output

    with started("aha", data):
        assert "in use by another process" in refusal("aha", "--data", str(data))
    assert "is of sandbox aha, not of jira-dc" in refusal("jira-dc", "--data", str(data))
    assert "is of seed demo, not of empty" in refusal("aha", "--seed", "empty", "--data", str(data))
    assert "is of clock real, not of virtual" in refusal("aha", "--virtual-clock", "--data", str(data))
    assert "is no file of a sandbox" in refusal("aha", "--data", str(other))
    assert "there is no folder" in refusal("aha", "--data", str(tmp_path / "nowhere" / "kept"))
    with closing(sqlite3.connect(data, isolation_level=None)) as line:
        line.execute("UPDATE about SET value = '0.0.1' WHERE name = 'version'")
    assert f"is of version 0.0.1, not of {__version__}" in refusal("aha", "--data", str(data))


def test_a_file_whose_answers_would_differ_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "kept.sqlite"
    with started("aha", data) as (client, _):
        written(client, "PUT", "/api/v1/features/FAB-1", json={"feature": {"name": "Bell"}})
    with closing(sqlite3.connect(data, isolation_level=None)) as line:
        line.execute("UPDATE request SET status = 201")
    result = CliRunner().invoke(main, ["aha", "--data", str(data)])
    assert "request 1, PUT /api/v1/features/FAB-1, was answered with 201 then and with 200 now" in result.output


def test_the_version_is_the_products() -> None:
    assert __version__ == product
