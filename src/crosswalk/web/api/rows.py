"""Rows as the JSON API shows them, and how it is asked for them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from ninja import Path

from crosswalk.merge.rules import Side
from crosswalk.store.models import Integration, Pair
from crosswalk.store.pairs import differing
from crosswalk.sync import ascode
from crosswalk.web.api.shapes import IntegrationOut, RecordOut

SIDES: Final[Mapping[Literal["aha", "jira"], Side]] = {"aha": Side.LEFT, "jira": Side.RIGHT}
WORDS: Final[Mapping[Side, Literal["aha", "jira"]]] = {side: word for word, side in SIDES.items()}
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


def version_of(integration: Integration) -> str:
    """Changes with what the integration's file says."""
    return hashlib.sha256(ascode.export(integration).encode()).hexdigest()[:32]


def integration_out(one: Integration) -> IntegrationOut:
    """An integration as it is shown."""
    return IntegrationOut(
        id=one.pk,
        name=one.name,
        enabled=one.enabled,
        aha=one.aha.name,
        workspace=one.workspace_key,
        jira=one.jira.name,
        project=one.project_key,
    )


def record_out(one: Pair) -> RecordOut:
    """A pair as it is shown."""
    return RecordOut.model_validate(
        {
            "id": one.pk,
            "integration": one.integration_id,
            "kind": one.kind,
            "title": one.title,
            "aha": one.left_key,
            "aha_url": one.left_url,
            "jira": one.right_key,
            "jira_url": one.right_url,
            "state": one.state,
            "due": one.dirty != one.done,
            "reason": one.reason,
            "remedy": one.remedy,
            "agreed_at": one.agreed_at,
            "differs_in": differing(one),
        }
    )
