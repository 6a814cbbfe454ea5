"""The contract of a side, on Jira Cloud and on Jira Data Center."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.contract.side_suite import SideSuite, Stage
from tests.jira.stage import Jira, jira

from crosswalk.merge.records import Mark, Ref
from crosswalk.merge.values import Rich
from crosswalk.richtext import canonical

ADF = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Rings."}]}]}


def stage_of(server: Jira) -> Stage:
    """The project FAB on the stage."""
    cloud = server.flavour.name == "cloud"

    def edit(ref: Ref, field: str, value: Any) -> None:
        server.person("PUT", f"/issue/{ref.id}", {"fields": {field: value}})

    def shown(ref: Ref) -> list[str]:
        links = server.person("GET", f"/issue/{ref.id}/remotelink")
        return [link["object"]["url"] for link in links]

    def settle() -> None:
        server.clock.advance(5)

    return Stage(
        side=server.side(),
        again=server.side,
        kind="feature",
        name="summary",
        day="duedate",
        words="labels",
        rich="description",
        rich_value=Rich("adf", canonical(ADF)) if cloud else Rich("wiki", "Rings."),
        faults=server.control.faults,
        create_path=r"/issue$",
        delete=lambda ref: server.person("DELETE", f"/issue/{ref.id}"),
        person_edits=edit,
        settle=settle,
        now=server.clock.now,
        mark=Mark(Ref("feature", "7001", "PRJ-7"), "https://aha.example.com/features/PRJ-7", "A bell"),
        shown=shown,
    )


class JiraSuite(SideSuite):
    """What both flavours share."""

    flavour = ""

    @pytest.fixture
    def stage(self) -> Iterator[Stage]:
        with jira(self.flavour) as server:
            yield stage_of(server)


class TestJiraCloudSide(JiraSuite):
    """REST v3, documents, account ids."""

    flavour = "cloud"


class TestJiraDataCenterSide(JiraSuite):
    """REST v2, wiki text, user names."""

    flavour = "dc"
