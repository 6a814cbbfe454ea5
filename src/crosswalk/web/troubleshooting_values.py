"""What more codes about sign-in, fields, statuses and people mean, most of which Crosswalk keeps from coming up."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_entry import Entry

VALUES: Final[dict[str, Entry]] = {
    "A4": Entry(
        "Jira Cloud takes no password",
        "Atlassian ended sign-in by password for its API in 2019, so the set-up asks for an e-mail address and an API "
        "token where the address is one of Jira Cloud.",
        "A password that was entered all the same is refused by Test connection, with the place where a token is made.",
        "jira/setup.py: _myself",
        ("A1", "A2"),
    ),
    "A11": Entry(
        "Changes without notice need an administrator",
        "Jira lets only administrators change an issue without telling its watchers; Crosswalk never asks for that.",
        "Watchers get Jira's usual messages about what Crosswalk changes; each person sets in Jira which ones.",
        "jira/wire.py: update_issue",
    ),
    "F4": Entry(
        "An epic has no Epic Name",
        "Older projects and Data Center want a second name for epics; the field is known by its kind, not by its id, "
        "and gets the summary where nothing else is mapped to it.",
        "The epic, with its name in both fields.",
        "jira/making.py: _fill",
        ("F3",),
    ),
    "F21": Entry(
        "A value that was cleared stays on the other side",
        "Empty and not mapped are two things here: what somebody empties on one side is emptied on the other, if the "
        "line goes that way.",
        "The field empty on both sides, with the old value in the record's history, where it can be restored.",
        "jira/edits.py: _wire",
    ),
    "F22": Entry(
        "Versions that were set in Jira vanish",
        "Fix versions are added and removed one by one; those that Crosswalk did not put there stay.",
        "All of them. A version goes only if somebody took the record out of its release.",
        "jira/fields.py: set_ops",
        ("F23",),
    ),
    "F23": Entry(
        "Labels or tags vanish when they are joined",
        "Lists are never written whole: what both sides held when they last agreed is known, so only what was added or "
        "taken out since is carried.",
        "Both sides' words together after the first meeting; afterwards each one's own changes.",
        "merge/sets.py: wanted",
        ("F22", "F8"),
    ),
    "F26": Entry(
        "A large estimate is missing",
        "There is no limit of Crosswalk's own: every number of minutes is sent, and refused by Jira or not.",
        "The estimate in Jira, or the field left out with Jira's words (F1).",
        "jira/field_forms.py: spoken",
        ("F1",),
    ),
    "S7": Entry(
        "The status jumps back",
        "A status counts as changed only where it differs from what that same side held when the two last agreed; an "
        "echo of Crosswalk's own write, or an old answer, is no change.",
        "The status stays. If it moves all the same, the record's history names who moved it: a rule in Jira, as often "
        "as not.",
        "merge/stale.py: stale",
        ("S1", "W7"),
    ),
    "U4": Entry(
        "A field with a person is empty on Jira Cloud",
        "Jira Cloud knows people by account id and Data Center by name; each gets the form it takes.",
        "The person, or a line that says why nobody was found (U1).",
        "jira/cloud.py: person_to_wire",
        ("U1",),
    ),
    "U6": Entry(
        "Only part of the people is found",
        "Searches for people are read page by page to their end, and a person counts by exact e-mail address only.",
        "Jira shows at most 1,000 people of a search; project data says so where a project has more.",
        "jira/setup.py: people",
        ("U1",),
    ),
    "U7": Entry(
        "Everything appears to be done by one person",
        "Both products record the account of the connection as whoever wrote, so each comment that is carried begins "
        "with its author's name and a link to the original.",
        "The author in the first line of the comment; an account called, say, Crosswalk makes the rest plain.",
        "richtext/copies.py: with_heading",
    ),
}
