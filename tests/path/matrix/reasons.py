"""The cells of the matrix that do not exist, each with the reason and the vendor's word for it. Data only.

docs/reference/fields.md shows them; `tests/path/matrix` proves what happens there instead.
"""

from __future__ import annotations

from dataclasses import dataclass

API = "https://www.aha.io/api/resources"


@dataclass(frozen=True)
class Missing:
    """Why a cell does not exist, what happens instead, and where the vendor says so."""

    why: str
    instead: str
    document: str = ""


AHA_KEEPS_NAME = Missing(
    "Aha! and Jira need a name.",
    "Neither lets a person empty it.",
    f"{API}/features/create_a_feature",
)
AHA_KEEPS_TEXT = Missing(
    "Aha! does not let a description be emptied through its API.",
    "Emptied in Jira, it stays in Aha!, and the pair says so.",
    "https://github.com/OpsHubProduct/OpsHub-Documentation",
)
ALWAYS_A_CREATOR = Missing(
    "A record in Aha! always has somebody who made it.",
    "Emptied in Jira, it stays in Aha!, and the pair says so.",
    f"{API}/features/update_a_feature",
)
AHA_KEEPS_STATUS = Missing(
    "A record always has a status, on both sides.",
    "Neither lets a person empty it.",
    f"{API}/features/update_a_feature",
)
SCORE_IS_ZERO = Missing(
    "A score is a number, 0 where nothing was rated.",
    "0 is carried.",
    f"{API}/features/update_a_feature_score",
)
ALWAYS_A_PRIORITY = Missing(
    "Jira does not take an empty priority where the project has priorities.",
    "Emptied in Aha!, it stays in Jira, and the pair says so.",
    "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/",
)
ALWAYS_A_RELEASE = Missing(
    "A feature in Aha! is always in exactly one release.",
    "Moved to another release, Jira's version follows; a version that only Jira has stays.",
    f"{API}/features/update_a_features_release",
)
SPRINT_IS_JIRAS = Missing(
    "Issues are put into sprints in Jira.",
    "What somebody writes in Aha! is replaced by Jira's sprint at its next change.",
    "https://developer.atlassian.com/cloud/jira/software/rest/api-group-sprint/",
)
AHA_KEEPS_INITIATIVES = Missing(
    "Aha!'s API does not delete initiatives.",
    "Deleted by hand, its pair says so at the next look, as for every record.",
    f"{API}/initiatives",
)
