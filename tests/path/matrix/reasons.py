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
NO_CALL_NAMES_A_CREATOR = Missing(
    "Aha!'s calls for initiatives know no parameter for who made one.",
    "It is set in Jira once, when the issue is made; a change in Jira stays there.",
    f"{API}/initiatives/update_an_initiative",
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
COMMENT_IS_NOT_EMPTY = Missing(
    "Neither side takes an empty comment.",
    "It is deleted instead.",
    f"{API}/comments/create_a_comment",
)
FILE_IS_NOT_EDITED = Missing(
    "A file is not changed on either side: another one of the same name is attached.",
    "Each version is carried.",
    f"{API}/attachments/create_an_attachment",
)
FILE_IS_NOT_EMPTY = Missing("A file has no empty state.", "It is deleted instead.")
JIRA_COMMENT_HAS_NO_FILES = Missing(
    "Files hang on issues in Jira, not on comments.",
    "A file of the issue goes to the description in Aha!.",
    "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/",
)
PICTURE_IS_PART_OF_TEXT = Missing(
    "A picture comes and goes with its text; the file itself is carried as a file.",
    "From Jira it is carried too: tests/path/test_pictures.py.",
)
WORK_IS_LOGGED_IN_JIRA = Missing(
    "Work flows from Jira to Aha! unless the mapping says both.",
    "What is entered in Aha! stays there; with `both` it is logged in Jira (tests/path/test_worklogs.py).",
)
LINK_IS_NOT_EDITED = Missing(
    "Neither side changes the type of a link: it is removed and another is made.",
    "Both are carried.",
    "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-links/",
)
NAME_IS_NEEDED = Missing("A requirement needs a name.", "Neither side lets a person empty it.")
REMOVED_IS_ASKED = Missing(
    "A record that was only hidden looks like one that was deleted.",
    "A person is asked at first, and on their word it is removed on both sides; `removed: delete` and "
    "`removed_in_jira: delete` remove it without asking. One that may only be hidden stays (docs/decisions/0016).",
)
AN_ORDER_IS_THERE = Missing(
    "What stands below a record always has an order.",
    "What is new stands last on either side, until somebody ranks it.",
)
RELEASE_IS_PLANNED = Missing(
    "Releases are planned in Aha!, which does not let their dates be emptied.",
    "A version that was changed in Jira is put back; one whose release was deleted stays. With the lines Name and "
    "Release date at both, or to aha, it is carried (tests/path/test_release_ways.py).",
    f"{API}/releases/update_a_release",
)
SHOWN_ONLY = Missing(
    "The mapping says its value, and neither side's record does.",
    "A constant that is changed in Jira is put back.",
)
REFERENCE_IS_AHAS = Missing(
    "It shows the record's address in Aha!, which always has one.",
    "Emptied or edited in Jira, it is put back; after a move in Aha! it shows the new reference "
    "(tests/path/test_reference.py).",
)
KEPT_BY_JIRA = Missing(
    "Jira keeps it by itself, and nobody sets or empties it.",
    "What somebody writes over it in Aha! is put back at the pair's next look.",
    "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/",
)
SET_BY_A_TRANSITION = Missing(
    "Jira sets a resolution on the way through the workflow, and empties it on the way back.",
    "Aha! shows it. What somebody writes over it in Aha! is put back at the pair's next look.",
    "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-resolutions/",
)
RELEASED_IS_AHAS = Missing(
    "Whether a release is out follows its status in Aha!; it is one or the other.",
    "A version that was released in Jira alone is put back.",
    f"{API}/releases/update_a_release",
)
NO_CALL_ATTACHES = Missing(
    "Aha!'s API attaches files to descriptions and comments only; files of the record itself are dropped on its page.",
    "They are carried to Jira; a file that was attached in Jira goes to the description in Aha!.",
    f"{API}/attachments/create_an_attachment",
)
ALWAYS_A_PLACE = Missing("A record in Aha! always has a place among the others.", "Its number follows the place.")
ALWAYS_BELOW = Missing("A requirement always stands below a feature.", "It is moved to another one.")
MOVED_BY_HAND = Missing(
    "Data Center's REST does not give a sub-task another parent.",
    "The pair says so, and is in step again once it was moved by hand in Jira (More > Move).",
)
NO_FIELD_ABOVE_EPICS = Missing(
    "Data Center by itself has no field for what an epic stands below: its Epic Link leads from an issue to an epic.",
    "With the Parent Link of Advanced Roadmaps on the epic's screens it is carried, as on Cloud; without, the line is "
    "left out, and the mapping's page says so (tests/path/test_higher.py).",
    "https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/",
)
FILES_OF_A_FIELD = Missing(
    "No field of Jira holds files: they hang on the issue.",
    "A line to Jira's Attachment hangs the field's files there; one that is attached in Jira goes to the description "
    "in Aha!.",
    f"{API}/attachments",
)
CLOUD_HIDES_WHO_LEFT = Missing(
    "Jira Cloud finds active accounts only.",
    "Somebody in Aha! is listed as not found; whoever stands deactivated on the issue itself is listed as deactivated "
    "(tests/path/test_people.py).",
    "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/",
)

BESIDE: tuple[tuple[str, str, Missing], ...] = (
    ("Initiative of an epic", "every one, Data Center without Advanced Roadmaps", NO_FIELD_ABOVE_EPICS),
    ("Custom field that holds files", "create from jira", FILES_OF_A_FIELD),
    ("A deactivated account's reason", "create from aha, Cloud", CLOUD_HIDES_WHO_LEFT),
)
"""What does not exist and has no row of its own: its name, the cells, and why."""
