"""What the codes about fields, statuses and people mean: cause and remedy. Words only."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_entry import Entry

FIELDS: Final[dict[str, Entry]] = {
    "F1": Entry(
        "Jira refuses a value",
        "Jira does not take this value for this field; its own words stand in the message.",
        "Mend the value in Aha!, or the field in Jira, or switch the line off; then press Retry.",
    ),
    "F2": Entry(
        "The field is not on the screen",
        "Jira takes a field only if it stands on the create or edit screen of that issue type, and the account may "
        "edit it.",
        "Put the field on both screens of the issue type, or take it out of the mapping; then press Retry.",
    ),
    "F3": Entry(
        "A required field has no value",
        "Jira requires a field that the mapping does not fill, or that is empty in Aha!.",
        "Give the field a fixed value on the page Mapping, under “Always set in Jira”; or join it there to a field and "
        "fill that in Aha!; or make it optional in Jira. If it is not offered there, press Load project data in the "
        "integration's settings. Then press Retry.",
    ),
    "F5": Entry(
        "The name is empty",
        "Every issue needs a summary.",
        "Give the record a name.",
    ),
    "F6": Entry(
        "The name is too long",
        "A summary in Jira holds at most 254 characters, the name of a version 255.",
        "Shorten the name in Aha!; the rest of the record is carried meanwhile.",
    ),
    "F7": Entry(
        "The text is too long",
        "Jira holds at most 32,767 characters in a text field, its formatting included.",
        "Shorten the text, or attach the long part as a file.",
    ),
    "F8": Entry(
        "Jira does not take the label",
        "A label in Jira has no spaces and at most 255 characters.",
        "Shorten the tag in Aha!, where spaces become underscores by themselves; write a fixed value without spaces.",
    ),
    "F9": Entry(
        "The value is not among the options",
        "The other side's list has no entry of that name; mostly it was renamed.",
        "Say in the line's table of options which one is meant; or add the option there, load the project data, Retry.",
    ),
    "F10": Entry(
        "These two fields do not fit each other",
        "A value of one kind can not be kept in a field of the other kind.",
        "Map the field to one of a fitting kind, such as a list to a list or to a text.",
    ),
    "F11": Entry(
        "The text is not a number",
        "A text field is joined to a number field, and its text has other characters than digits.",
        "Write a number such as 12 or 3.5, or map the field to a text.",
    ),
    "F12": Entry(
        "The field is not known any more",
        "The mapping names a field that the loaded project data does not have, or that was deleted since, or an "
        "entry of its list was. What the other side holds of it stays.",
        "Press Load project data. If it stays, the field was removed: take it out of the mapping.",
    ),
    "F13": Entry(
        "Project data was not loaded",
        "Types, fields and statuses of both sides are read once and kept; here they are missing.",
        "Press Load project data in the integration's settings.",
    ),
    "F14": Entry(
        "The issue type is not known any more",
        "It was removed from the project, or replaced by another one. One that only got another name is followed by "
        "its id, as are statuses, options and link types.",
        "Press Load project data, then choose the type again in the mapping.",
    ),
    "F15": Entry(
        "Jira wants formatted text",
        "A field takes formatted text only, and plain text was sent.",
        "Press Load project data. If it stays, please report it with the lines of the log.",
    ),
    "F16": Entry(
        "A comment without text",
        "The comment holds nothing that the other side could show, so it was left where it is.",
        "Write something in it; it is carried at the next look.",
    ),
    "F17": Entry(
        "Project or issue type is missing",
        "The mapping names no project or type that Jira accepts.",
        "Choose project and issue type again.",
    ),
    "F18": Entry(
        "Jira does not understand a request",
        "A fault of Crosswalk, or of a proxy that changes requests on their way.",
        "Report it with the log line. Everything else of the record was carried.",
    ),
    "F19": Entry(
        "The sub-task's parent is in another project",
        "Jira keeps sub-tasks in the project of their parent.",
        "Move the issue back, or let requirements become an issue type that is no sub-task.",
    ),
    "F20": Entry(
        "The issue type is not in the project",
        "The project's issue type scheme has no type of that name, or two.",
        "Add the type to the scheme, or choose another in the mapping.",
    ),
    "F24": Entry(
        "Two versions have nearly the same name",
        "Names of versions that differ only in capital letters are taken for one.",
        "Rename one of them in Jira.",
    ),
    "S1": Entry(
        "No way leads to the status",
        "The workflow has no transition from the present status to the wanted one for this account.",
        "Add the transition in Jira, or let the status travel from Jira to Aha! only.",
    ),
    "S2": Entry(
        "The transition is not there any more",
        "The workflow or the status changed while the issue was moved; three tries found no other way.",
        "Press Retry.",
    ),
    "S3": Entry(
        "A step without a transition",
        "A fault of Crosswalk: it asked for a step and did not say which.",
        "Report it with the log line. Everything else of the record was carried.",
    ),
    "S4": Entry(
        "The account may not move issues",
        "Jira offers the account no transition at all.",
        "Give the account Transition Issues in the project; then press Retry.",
    ),
    "S5": Entry(
        "Somebody changed it at the same moment",
        "Jira refused the change because another one came first.",
        "Nothing: both sides are read again and merged.",
    ),
    "S6": Entry(
        "A transition asks for something",
        "The transition's screen in Jira has a required field, such as the resolution, and the mapping has no value.",
        "Write one in the mapping (screens: {Resolution: Done}), or set the status by hand in Jira; then press Retry.",
    ),
    "S8": Entry(
        "The status is not in the workflow",
        "The other side's workflow has no status of that name, or no way leads there from the present one.",
        "Map the status to another one, or add the transition to the workflow; then press Retry.",
    ),
    "F25": Entry(
        "An estimate is refused, or the other one changes with it",
        "Jira keeps original and remaining estimate in one field. Crosswalk sends both together, so that neither drags "
        "the other along; in Legacy mode Jira takes one at a time, so the one that changed is sent alone. What stands "
        "below a record is never added up. Here Jira refused that as well: both changed, or time tracking is off.",
        "Let a Jira administrator end Legacy mode (Time tracking), or switch the line of one estimate off; where time "
        "tracking is off, map a number field.",
        see=("F1",),
    ),
    "U1": Entry(
        "The person is not known on the other side",
        "People are matched by e-mail address, and nobody there has this one, or it is hidden: then each user of the "
        "Aha! workspace is searched for in Jira by exact address, and none of them was it.",
        "Say on the page People who that is; or give the person an account with the same e-mail address, or let the "
        "other side show it. Nobody is guessed by name.",
    ),
    "U2": Entry(
        "Several accounts have this e-mail address",
        "Crosswalk never guesses which person is meant.",
        "Leave the address with one of the accounts, and change it on the others.",
    ),
    "U3": Entry(
        "A search for nobody",
        "Crosswalk asked Jira for a person without saying for whom, or Jira reads the question differently.",
        "Report it with the log line; a line in the table of people helps meanwhile.",
    ),
    "U5": Entry(
        "The reporter can not be set",
        "The field is not on the create screen, or the account lacks Modify Reporter. The line is left out and "
        "everything else is carried; the mapping's page says so.",
        "Grant both and load the project data, or leave the account of the connection as reporter.",
    ),
}
