"""The fields, statuses, types and other fixtures every fresh Jira has, Cloud's and Data Center's. Data only, no
behaviour.

Document: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/
Ids and words of types, statuses and the like are recorded ones.
"""

from __future__ import annotations

from crosswalk_sandbox.jira.state import Category, Field, IssueType, LinkType, Named, Status

TYPE = "com.atlassian.jira.plugin.system.customfieldtypes:"
AGILE = "com.pyxis.greenhopper.jira:"

CATEGORIES = [
    Category(1, "undefined", "medium-gray", "No Category"),
    Category(2, "new", "blue-gray", "To Do"),
    Category(4, "indeterminate", "yellow", "In Progress"),
    Category(3, "done", "green", "Done"),
]

STATUSES = [
    Status("10000", "To Do", CATEGORIES[1]),
    Status("3", "In Progress", CATEGORIES[2], "This issue is being actively worked on at the moment by the assignee."),
    Status("10001", "In Review", CATEGORIES[2]),
    Status("10002", "Done", CATEGORIES[3]),
]

EPIC, STORY, TASK, BUG, SUBTASK = "10000", "10001", "10002", "10004", "10003"

TYPES = [
    IssueType(EPIC, "Epic", 1, "A big piece of work that holds many issues.", 10307),
    IssueType(STORY, "Story", 0, "Something a user wants to do.", 10315),
    IssueType(TASK, "Task", 0, "A small, distinct piece of work.", 10318),
    IssueType(BUG, "Bug", 0, "Something that does not work as it should.", 10303),
    IssueType(SUBTASK, "Sub-task", -1, "A piece of an issue.", 10316),
]

PRIORITIES = [Named(str(n), name) for n, name in enumerate(("Highest", "High", "Medium", "Low", "Lowest"), start=1)]

RESOLUTIONS = [
    Named("10000", "Done", "Work has been completed on this issue."),
    Named("10001", "Won't Do", "This issue won't be actioned."),
    Named("10002", "Duplicate", "The problem is a duplicate of an existing issue."),
    Named("10003", "Cannot Reproduce", "All attempts at reproducing this issue failed."),
]

LINK_TYPES = [
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Cloners", "is cloned by", "clones"),
    LinkType("10002", "Duplicate", "is duplicated by", "duplicates"),
    LinkType("10003", "Relates", "relates to", "relates to"),
]


def _system(identity: str, name: str, kind: str, schema: str, **more: object) -> Field:
    field = Field(identity, name, kind, schema)
    for key, value in more.items():
        setattr(field, key, value)
    return field


def _custom(number: int, name: str, kind: str, custom: str, schema: str, items: str = "") -> Field:
    return Field(f"customfield_{number}", name, kind, schema, items, custom)


def system_fields() -> list[Field]:
    """The system fields both flavours have, in the order of a listing."""
    fixed = {"orderable": False}
    quiet = {"orderable": False, "searchable": False}
    return [
        _system("summary", "Summary", "text", "string"),
        _system("issuetype", "Issue Type", "issuetype", "issuetype"),
        _system("project", "Project", "project", "project", **fixed),
        _system("parent", "Parent", "parent", "issuelink", **fixed),
        _system("status", "Status", "status", "status", **fixed),
        _system("priority", "Priority", "priority", "priority"),
        _system("resolution", "Resolution", "resolution", "resolution"),
        _system("description", "Description", "rich", "string"),
        _system("environment", "Environment", "rich", "string"),
        _system("assignee", "Assignee", "person", "user"),
        _system("reporter", "Reporter", "person", "user"),
        _system("creator", "Creator", "creator", "user", **fixed),
        _system("labels", "Labels", "labels", "array", items="string"),
        _system("fixVersions", "Fix versions", "versions", "array", items="version"),
        _system("versions", "Affects versions", "versions", "array", items="version"),
        _system("components", "Components", "components", "array", items="component"),
        _system("duedate", "Due date", "date", "date"),
        _system("created", "Created", "created", "datetime", **fixed),
        _system("updated", "Updated", "updated", "datetime", **fixed),
        _system("resolutiondate", "Resolved", "resolutiondate", "datetime", **fixed),
        _system("timetracking", "Time tracking", "timetracking", "timetracking", navigable=False),
        _system("timeoriginalestimate", "Original estimate", "timeoriginalestimate", "number", **quiet),
        _system("timeestimate", "Remaining Estimate", "timeestimate", "number", **quiet),
        _system("timespent", "Time Spent", "timespent", "number", **quiet),
        _system(
            "aggregatetimeoriginalestimate", "Σ Original Estimate", "aggregatetimeoriginalestimate", "number", **quiet
        ),
        _system("aggregatetimeestimate", "Σ Remaining Estimate", "aggregatetimeestimate", "number", **quiet),
        _system("aggregatetimespent", "Σ Time Spent", "aggregatetimespent", "number", **quiet),
        _system("progress", "Progress", "progress", "progress", **quiet),
        _system("aggregateprogress", "Σ Progress", "aggregateprogress", "progress", **quiet),
        _system("workratio", "Work Ratio", "workratio", "number", **quiet),
        _system("comment", "Comment", "comment", "comments-page", navigable=False, searchable=False),
        _system("worklog", "Log Work", "worklog", "array", items="worklog", navigable=False, searchable=False),
        _system("attachment", "Attachment", "attachment", "array", items="attachment", searchable=False),
        _system("issuelinks", "Linked Issues", "issuelinks", "array", items="issuelinks", searchable=False),
        _system("subtasks", "Sub-tasks", "subtasks", "array", items="issuelinks", **quiet),
        _system("watches", "Watchers", "watches", "watches", **quiet),
        _system("votes", "Votes", "votes", "votes", **quiet),
        _system("lastViewed", "Last Viewed", "lastViewed", "datetime", **quiet),
        _system("security", "Security Level", "security", "securitylevel", searchable=False),
    ]


CATEGORY_CHANGED = _system(
    "statuscategorychangedate", "Status Category Changed", "statuscategorychangedate", "datetime", orderable=False,
    searchable=False,
)  # fmt: skip
"""Cloud only."""


FLAGGED = "customfield_10021"
"""On no screen: a board sets it."""


def custom_fields(flavour: str) -> list[Field]:
    """The custom fields of Jira Software and of the sandbox's own project."""
    shared = [
        _custom(10016, "Story Points", "number", TYPE + "float", "number"),
        _custom(10019, "Rank", "rank", AGILE + "gh-lexo-rank", "any"),
        _custom(10020, "Sprint", "sprint", AGILE + "gh-sprint", "array", "json" if flavour == "cloud" else "string"),
        _custom(10021, "Flagged", "options", TYPE + "multicheckboxes", "array", "option"),
        _custom(10030, "Customer Segment", "option", TYPE + "select", "option"),
        _custom(10031, "Platforms", "options", TYPE + "multiselect", "array", "option"),
        _custom(10032, "Acceptance Criteria", "rich", TYPE + "textarea", "string"),
        _custom(10033, "Target date", "date", TYPE + "datepicker", "date"),
    ]
    shared[3].options = [Named("10019", "Impediment")]
    shared[4].options = [Named("10100", "Commuters"), Named("10101", "Families"), Named("10102", "Couriers")]
    shared[5].options = [Named("10110", "Web"), Named("10111", "iOS"), Named("10112", "Android")]
    shared[1].orderable = False
    shared[1].locked = shared[2].locked = True
    if flavour == "cloud":
        return shared
    epic_name = _custom(10011, "Epic Name", "epicname", AGILE + "gh-epic-label", "string")
    epic_link = _custom(10014, "Epic Link", "epiclink", AGILE + "gh-epic-link", "any")
    epic_name.types = frozenset({EPIC})
    epic_link.types = frozenset({STORY, TASK, BUG})
    epic_name.locked = epic_link.locked = True
    return [epic_name, epic_link, *shared]


def parent_link() -> Field:
    """What Advanced Roadmaps adds to Data Center: what an epic stands below, by its key."""
    found = _custom(10015, "Parent Link", "parentlink", "com.atlassian.jpo:jpo-custom-field-parent", "any")
    found.types, found.locked = frozenset({EPIC}), True
    return found


KINDS: dict[str, tuple[str, str, str]] = {
    "textfield": ("text", "string", ""),
    "textarea": ("rich", "string", ""),
    "url": ("url", "string", ""),
    "float": ("number", "number", ""),
    "datepicker": ("date", "date", ""),
    "datetime": ("datetime", "datetime", ""),
    "select": ("option", "option", ""),
    "radiobuttons": ("option", "option", ""),
    "multiselect": ("options", "array", "option"),
    "multicheckboxes": ("options", "array", "option"),
    "userpicker": ("person", "user", ""),
    "multiuserpicker": ("people", "array", "user"),
    "labels": ("labels", "array", "string"),
    "multiversion": ("versions", "array", "version"),
    "version": ("version", "version", ""),
    "cascadingselect": ("cascade", "option-with-child", ""),
    "grouppicker": ("group", "group", ""),
    "multigrouppicker": ("groups", "array", "group"),
    "project": ("projectpick", "project", ""),
    "atlassian-team": ("team", "team", ""),
    "readonlyfield": ("readonly", "string", ""),
}
"""Types of custom fields that can be created: kind, schema type, schema items."""

SEARCHERS: dict[str, tuple[str, ...]] = {
    "cascadingselect": ("cascadingselectsearcher",),
    "datepicker": ("daterange",),
    "datetime": ("datetimerange",),
    "float": ("exactnumber", "numberrange"),
    "grouppicker": ("grouppickersearcher",),
    "labels": ("labelsearcher",),
    "multicheckboxes": ("multiselectsearcher",),
    "multigrouppicker": ("multiselectsearcher",),
    "multiselect": ("multiselectsearcher",),
    "multiuserpicker": ("userpickergroupsearcher",),
    "multiversion": ("versionsearcher",),
    "project": ("projectsearcher",),
    "radiobuttons": ("multiselectsearcher",),
    "readonlyfield": ("textsearcher",),
    "select": ("multiselectsearcher",),
    "textarea": ("textsearcher",),
    "textfield": ("textsearcher",),
    "url": ("exacttextsearcher",),
    "userpicker": ("userpickergroupsearcher",),
    "version": ("versionsearcher",),
}
"""The searchers that fit a type; a field without any can not be searched: schema CustomFieldDefinitionJsonBean of
createCustomField."""

PERMISSIONS = {
    "BROWSE_PROJECTS": "Browse Projects",
    "VIEW_DEV_TOOLS": "View Development Tools",
    "VIEW_READONLY_WORKFLOW": "View Read-Only Workflow",
    "CREATE_ISSUES": "Create Issues",
    "EDIT_ISSUES": "Edit Issues",
    "TRANSITION_ISSUES": "Transition Issues",
    "ASSIGN_ISSUES": "Assign Issues",
    "ASSIGNABLE_USER": "Assignable User",
    "RESOLVE_ISSUES": "Resolve Issues",
    "CLOSE_ISSUES": "Close Issues",
    "DELETE_ISSUES": "Delete Issues",
    "ADD_COMMENTS": "Add Comments",
    "EDIT_ALL_COMMENTS": "Edit All Comments",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
    "DELETE_ALL_COMMENTS": "Delete All Comments",
    "DELETE_OWN_COMMENTS": "Delete Own Comments",
    "CREATE_ATTACHMENTS": "Create Attachments",
    "DELETE_ALL_ATTACHMENTS": "Delete All Attachments",
    "DELETE_OWN_ATTACHMENTS": "Delete Own Attachments",
    "LINK_ISSUES": "Link Issues",
    "WORK_ON_ISSUES": "Work On Issues",
    "EDIT_ALL_WORKLOGS": "Edit All Worklogs",
    "EDIT_OWN_WORKLOGS": "Edit Own Worklogs",
    "DELETE_ALL_WORKLOGS": "Delete All Worklogs",
    "DELETE_OWN_WORKLOGS": "Delete Own Worklogs",
    "SET_ISSUE_SECURITY": "Set Issue Security",
    "MOVE_ISSUES": "Move Issues",
    "MODIFY_REPORTER": "Modify Reporter",
    "SCHEDULE_ISSUES": "Schedule Issues",
    "MANAGE_WATCHERS": "Manage Watchers",
    "VIEW_VOTERS_AND_WATCHERS": "View Voters and Watchers",
    "MANAGE_SPRINTS_PERMISSION": "Manage sprints",
    "ADMINISTER_PROJECTS": "Administer Projects",
}
"""Those that both Jiras have built in: getAllPermissionSchemes, "Built-in permissions"."""

OLD_PERMISSIONS = {
    "ASSIGN_ISSUE": "ASSIGN_ISSUES", "ATTACHMENT_DELETE_ALL": "DELETE_ALL_ATTACHMENTS",
    "ATTACHMENT_DELETE_OWN": "DELETE_OWN_ATTACHMENTS", "BROWSE": "BROWSE_PROJECTS", "CLOSE_ISSUE": "CLOSE_ISSUES",
    "COMMENT_DELETE_ALL": "DELETE_ALL_COMMENTS", "COMMENT_DELETE_OWN": "DELETE_OWN_COMMENTS",
    "COMMENT_EDIT_ALL": "EDIT_ALL_COMMENTS", "COMMENT_EDIT_OWN": "EDIT_OWN_COMMENTS", "COMMENT_ISSUE": "ADD_COMMENTS",
    "CREATE_ATTACHMENT": "CREATE_ATTACHMENTS", "CREATE_ISSUE": "CREATE_ISSUES", "DELETE_ISSUE": "DELETE_ISSUES",
    "EDIT_ISSUE": "EDIT_ISSUES", "LINK_ISSUE": "LINK_ISSUES", "MANAGE_WATCHER_LIST": "MANAGE_WATCHERS",
    "MOVE_ISSUE": "MOVE_ISSUES", "PROJECT_ADMIN": "ADMINISTER_PROJECTS", "RESOLVE_ISSUE": "RESOLVE_ISSUES",
    "SCHEDULE_ISSUE": "SCHEDULE_ISSUES", "TRANSITION_ISSUE": "TRANSITION_ISSUES",
    "VIEW_VERSION_CONTROL": "VIEW_DEV_TOOLS", "VIEW_WORKFLOW_READONLY": "VIEW_READONLY_WORKFLOW",
    "WORKLOG_DELETE_ALL": "DELETE_ALL_WORKLOGS", "WORKLOG_DELETE_OWN": "DELETE_OWN_WORKLOGS",
    "WORKLOG_EDIT_ALL": "EDIT_ALL_WORKLOGS", "WORKLOG_EDIT_OWN": "EDIT_OWN_WORKLOGS", "WORK_ISSUE": "WORK_ON_ISSUES",
}  # fmt: skip
"""Keys of before Jira 7 that some endpoints still take: findUsersWithAllPermissions lists them."""

GLOBAL_PERMISSIONS = {
    "ADMINISTER": "Administer Jira",
    "USER_PICKER": "Browse users and groups",
    "BULK_CHANGE": "Make bulk changes",
}

DEFAULT_SCREEN = [
    "issuetype", "summary", "description", "priority", "assignee", "reporter", "labels", "fixVersions", "versions",
    "components", "duedate", "environment", "timetracking", "parent", "attachment", "issuelinks",
    "customfield_10011", "customfield_10014", "customfield_10016", "customfield_10020", "customfield_10030",
    "customfield_10031", "customfield_10032", "customfield_10033",
]  # fmt: skip
