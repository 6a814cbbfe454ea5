"""The contract of a side, on Aha!: the link in a custom field, and in the fields of an integration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.aha.play import Sandbox, playing
from tests.contract.side_suite import SideSuite, Stage

from crosswalk.aha.side import AhaSide
from crosswalk.merge.records import Mark, Ref
from crosswalk.merge.values import Rich

MARK = Mark(Ref("issue", "10001", "FAB-1"), "https://jira.example.com/browse/FAB-1", "A bell")


def person(aha: Sandbox, method: str, path: str, body: object = None) -> None:
    """Somebody does something in Aha!."""
    key = {"Authorization": f"Bearer {aha.credentials['token']}"}
    answer = httpx2.request(method, f"{aha.url}/api/v1{path}", json=body, headers=key, timeout=60)
    assert answer.is_success, answer.text


def stage_of(aha: Sandbox, scope: dict[str, str]) -> Stage:
    """The workspace FAB on the stage."""

    def shown(ref: Ref) -> list[str]:
        record = aha.record("feature", ref.id)
        links = [field.value for field in record.fields if field.name == "url"]
        return [*links, *(str(value.value) for key, value in record.custom.items() if key == "jira_url")]

    def edit(ref: Ref, field: str, value: Any) -> None:
        person(aha, "PUT", f"/features/{ref.id}", {"feature": {field: value}})

    def settle() -> None:
        aha.clock.advance(5)

    def again() -> AhaSide:
        return aha.side(**scope)

    return Stage(
        side=again(),
        again=again,
        kind="feature",
        name="name",
        day="due_date",
        words="tags",
        rich="description",
        rich_value=Rich("html", "<p>Rings.</p>"),
        faults=aha.control.faults,
        create_path="/features$",
        delete=lambda ref: person(aha, "DELETE", f"/features/{ref.id}"),
        person_edits=edit,
        settle=settle,
        now=aha.clock.now,
        mark=MARK,
        shown=shown,
        parent=aha.ref("release", "FAB-R-1"),
    )


class AhaSuite(SideSuite):
    """Features; `where` names the setting that says where the issue is shown."""

    where = ""

    @pytest.fixture
    def stage(self) -> Iterator[Stage]:
        with playing() as aha:
            scopes = {
                "custom field": {"link_field": "jira_url"},
                "integration": {"integration_id": aha.credentials["integration_id"]},
            }
            yield stage_of(aha, scopes[self.where])


class TestAhaSideWithCustomField(AhaSuite):
    """The token travels in the link itself."""

    where = "custom field"


class TestAhaSideWithIntegration(AhaSuite):
    """The token travels in the description."""

    where = "integration"
