"""What the codes about formatted text mean, and those of symptoms known from other integrations. See
troubleshooting.py."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_entry import Entry

TEXTS: Final[dict[str, Entry]] = {
    "X1": Entry(
        "A table, panel or code block looks different on the other side",
        "Each side keeps its own text, and only paragraphs that somebody changed are written anew; what a format can "
        "not hold takes the form nearest to it there. A plan says so before, and the record's history with each write, "
        "which the field's line on its page and `crosswalk explain` repeat.",
        "Nothing: the original stays untouched where it was written. The page on rich text in the documentation tells "
        "what becomes what.",
        see=("X3",),
    ),
    "X2": Entry(
        "Text turns into formatting in Jira",
        "Signs that mean something in Jira's wiki markup are escaped when text is written there.",
        "The signs as they were typed.",
        "richtext/wiki_escape.py: escaped",
    ),
    "X3": Entry(
        "A description changes back and forth",
        "The text of a side is compared with what that side itself held when the two last agreed, never with the "
        "other's format; what the server stored is read back and becomes that measure.",
        "No write at all while nobody edits.",
        "merge/text.py: merge_text",
        ("S7",),
    ),
    "X4": Entry(
        "An edit of a text arrives minutes late",
        "Aha! holds changes to texts back for about five minutes before it tells of them in hooks and in its history.",
        "Wait some minutes, or press Sync now on the integration's page, which reads the record at once.",
        "aha/watching.py: Watch",
        ("W7",),
        comes=True,
    ),
    "X5": Entry(
        "Harmful links or raw HTML are carried along",
        "Text is read into a tree of known pieces, with addresses of known kinds only, and HTML is cleaned when it is "
        "read and when it is shown.",
        "The words, without the harmful part.",
        "richtext/html_safe.py: sanitised",
    ),
    "V1": Entry(
        "An error of a program in place of Jira's words",
        "What Jira says when it refuses is always read and shown, whether fields are mapped or not.",
        "Jira's own words, with the field as you know it and what to do.",
        "jira/wire_errors.py: words",
        ("F1",),
    ),
    "V2": Entry(
        "An issue did not become a candidate",
        "What keeps an issue from becoming a record is said with it: its type is not mapped, what it stands below is "
        "not in step, or it names another record.",
        "The issue on the Import page with the reason; the mapping's word imports says what is brought by itself.",
        "sync/importing.py: Candidate",
    ),
    "V3": Entry(
        "Nothing happens after an edit, and nothing is said",
        "Whatever is left out is a line with its cause on the record, and the record wants you until it is mended.",
        "The line on the record's page. Why is this field not sent? walks through the decision.",
        "sync/apply.py: left_out",
        ("F1", "F2"),
    ),
    "V4": Entry(
        "Requirements are not updated with their feature",
        "Each requirement is a pair of its own that hooks, polls and sweeps look at like any other, and only what "
        "differs is written.",
        "The requirement's change, without one on its feature.",
        "sync/family.py: sync_children",
    ),
}
