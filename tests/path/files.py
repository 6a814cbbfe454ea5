"""What people do with files: attach them, look at them, delete them, through the vendors' own APIs."""

from __future__ import annotations

from typing import Any

import httpx2

from crosswalk.merge.records import Ref
from tests.path.system import TLS, System

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3


class Desk:
    """The files of one feature and of its issue."""

    def __init__(self, system: System, ref: Ref) -> None:
        self.system, self.ref = system, ref
        self.aha = httpx2.Client(
            base_url=f"{system.aha_at.address}/api/v1",
            headers={"Authorization": f"Bearer {system.aha_at.secret}"},
            verify=TLS,
        )
        self.jira = httpx2.Client(
            base_url=f"{system.jira_at.address}/rest/api/2",
            auth=(system.jira_at.user, system.jira_at.secret),
            headers={"X-Atlassian-Token": "no-check"},
            verify=TLS,
        )

    def close(self) -> None:
        self.aha.close()
        self.jira.close()

    @property
    def key(self) -> str:
        return str(self.system.pair(self.ref).right_key)

    def feature(self) -> dict[str, Any]:
        return self.system.aha.record("features", self.ref.key)

    def put_in_aha(self, name: str, data: bytes, media: str = "image/png") -> dict[str, Any]:
        """Attach a file to the description of the feature."""
        note = self.feature()["description"]["id"]
        got = self.aha.post(f"/notes/{note}/attachments", files={"attachment[data]": (name, data, media)})
        found: dict[str, Any] = got.raise_for_status().json()["attachment"]
        return found

    def put_on_comment(self, comment: str, name: str, data: bytes) -> None:
        upload = {"attachment[data]": (name, data, "text/plain")}
        self.aha.post(f"/comments/{comment}/attachments", files=upload).raise_for_status()

    def put_in_jira(self, name: str, data: bytes, media: str = "image/png") -> dict[str, Any]:
        """Attach a file to the issue."""
        got = self.jira.post(f"/issue/{self.key}/attachments", files={"file": (name, data, media)})
        found: dict[str, Any] = got.raise_for_status().json()[0]
        return found

    def in_aha(self) -> list[tuple[str, bytes]]:
        """Name and bytes of each file of the feature's description, oldest first."""
        listed = self.feature()["description"]["attachments"]
        return [(one["file_name"], self.aha.get(one["download_url"]).content) for one in listed]

    def in_jira(self) -> list[tuple[str, bytes]]:
        """Name and bytes of each file of the issue, oldest first."""
        listed = self.system.issue(self.key)["attachment"]
        return [(one["filename"], self.jira.get(one["content"], follow_redirects=True).content) for one in listed]
