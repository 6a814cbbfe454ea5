"""What more codes about searching, limits and requests mean, most of which Crosswalk keeps from coming up."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_entry import Entry

SERVICE: Final[dict[str, Entry]] = {
    "N8": Entry(
        "Jira Cloud refuses a question that has a body",
        "Requests that only read by GET are built without a body, which Jira Cloud would answer with 403.",
        "Nothing. A proxy that adds a body would show as a lack of rights (A14).",
        "remote/request.py: Request",
    ),
    "R2": Entry(
        "A request over the limit was taken for done",
        "Aha!'s “too many requests” is an error here like any other, and nothing counts as written before it was read "
        "back.",
        "The record waits and goes on by itself (R3).",
        "aha/wire_errors.py: tell",
        ("R3", "L1"),
    ),
    "R10": Entry(
        "A large Jira takes too long to describe its fields",
        "Types and fields are asked for one project and one type at a time, in pages, and kept until the next load.",
        "Load project data shows what it is reading; the rest of Crosswalk goes on meanwhile.",
        "jira/wire_meta.py: type_fields",
        ("F13",),
    ),
    "R11": Entry(
        "The first load takes very long",
        "Features are sent in groups, up to fifty issues in one request, and links are shown afterwards; the limits of "
        "Aha! (300 requests a minute) and Jira set the pace.",
        "Send all shows how many are done and how long the rest will take; it can be paused and goes on where it was.",
        "sync/waves.py: waves",
        ("R3", "R5"),
    ),
    "Q2": Entry(
        "Jira Cloud refuses a query for everything",
        "Jira Cloud wants a query to leave something out. Crosswalk adds the project to what a person wrote, so this "
        "comes only where a proxy or an app changes the query.",
        "Name something that issues have in the query; if it stays, report it with the line of the log.",
        see=("Q4",),
    ),
    "Q3": Entry(
        "The search was too old to go on",
        "Jira gives a mark with each page of a search; it ends after some days or when the query changes.",
        "Nothing for rounds that come again by themselves. Of a search you asked for, ask once more.",
    ),
    "Q4": Entry(
        "The query is not understood",
        "Jira does not understand the JQL: its own words name the place. ORDER BY is left out, since Crosswalk sets "
        "the order; brackets have to be closed.",
        "Mend the query; tried in Jira's own search it must run without ORDER BY.",
    ),
    "Q5": Entry(
        "Data Center does not know the request for fields",
        "Data Center removed the old request with version 9; Crosswalk uses the one for each type on both products.",
        "The fields of each type. A Jira so old that it lacks them says so at Load project data.",
        "jira/wire_meta.py: issue_types",
    ),
    "Q6": Entry(
        "A new issue is not found by a search",
        "Jira's search is some seconds late, so records are read by id, and what is only found by searching is asked "
        "for with some minutes of overlap.",
        "The record, by its id. A create whose answer was lost waits until the search may be believed (N9).",
        "jira/window.py: OVERLAP",
        ("N9",),
    ),
    "Q9": Entry(
        "Jira can not list the statuses of a project",
        "A project whose set-up is damaged answers with an error; that one list is taken as empty, and the rest loads.",
        "A status table without choices for that project: ask a Jira administrator to mend its workflow scheme, then "
        "press Load project data.",
        "jira/setup.py: _list",
    ),
}
