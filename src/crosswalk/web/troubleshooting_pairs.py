"""What more codes about pairs and attachments mean, most of which Crosswalk keeps from coming up."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_entry import Entry

PAIRS: Final[dict[str, Entry]] = {
    "L2": Entry(
        "The same change arrives twice",
        "Several webhooks may tell of one change; a hook only asks to look, a look at what is in step writes nothing, "
        "and a delivery that is repeated is not even stored again.",
        "One change. One webhook in Jira and one in Aha! are enough for all integrations.",
        "store/inbox.py: _identifier",
        ("W7", "L1"),
    ),
    "L3": Entry(
        "One initiative has two epics",
        "What stands above a feature is a pair of its own, made by its own run, and there is never more than one run "
        "of a pair; features wait for it.",
        "One epic, with both features below it.",
        "sync/above.py: Above",
        ("L1", "L5"),
    ),
    "L8": Entry(
        "A record was moved to where no integration is",
        "The issue or the record is in another project or workspace now, and none of the integrations joins that one "
        "with the other side.",
        "Make and enable an integration for the new place and press Retry: the pair goes along. Or move the record "
        "back, or unlink the two. Where the project or workspace itself has another key now, nothing is to be done: "
        "that is noticed within half an hour, and what asked is looked at again.",
        see=("L14",),
    ),
    "L12": Entry(
        "Linking existing records empties fields",
        "Nothing is carried between two records that were linked until somebody said field by field who counts, with "
        "both values in view; an empty value counts only where that was ticked.",
        "The page Link to an issue, with both sides beside each other; the record's history restores any value.",
        "merge/settle.py: settled",
    ),
    "L13": Entry(
        "A feature was converted to another kind of record",
        "Aha! makes a new record and deletes the old one. Crosswalk finds the new one by its name and the moment it "
        "was made, and never takes the old one for deleted: where the issue has a type that the mapping names for the "
        "new kind, the pair goes on with the new record; else it asks, and leaves Jira alone.",
        "Give the issue in Jira a type of the new kind (Move, or Convert to), then press Retry on the record's page. "
        "Or unlink the two, and link the issue to another record.",
        see=("L10",),
    ),
    "L14": Entry(
        "The reference number or the key changed",
        "Records are known by their unchanging ids; the number people say goes along and is renewed with each look.",
        "The new number wherever the record is shown.",
        "sync/family.py: rename",
        ("L8",),
    ),
    "T3": Entry(
        "Jira Data Center does not find where to put a file",
        "Data Center answers “not found” to a file that is too large for it, or for a proxy before it.",
        "Raise the limit for attachments in Jira (System, Attachments) and the proxy's, or link the file; then press "
        "Retry.",
        see=("T1", "T2"),
    ),
    "T6": Entry(
        "A changed file of the same name is not carried",
        "Files are paired by their ids, and new ones that are called alike are told apart by their content.",
        "The new file beside or in place of the old one, as on the side where it was changed.",
        "sync/fetch.py: told_apart",
    ),
    "T7": Entry(
        "Aha! has this very file already",
        "Aha! answers 412 and names the file that is there; that one is taken as the copy.",
        "One file in Aha!.",
        "aha/wire_errors.py: understand",
    ),
    "T8": Entry(
        "Files added in a Jira behind a firewall do not arrive",
        "Crosswalk fetches files itself, over the connection it uses for everything else, and hands them on; Aha! is "
        "never sent an address inside.",
        "The file in Aha!. If Crosswalk's own machine does not reach Jira, the connection says so (N6).",
        "jira/attachments.py: fetch",
        ("N6", "T4"),
    ),
    "T9": Entry(
        "Jira Cloud sends downloads to another host",
        "The bytes of a file lie on a media host; the redirect is followed for downloads alone, over TLS, and the "
        "credential stays behind.",
        "The file. A firewall has to let the media host through, too.",
        "remote/download.py: next_address",
        ("N2",),
    ),
}
