"""What the codes about webhooks and missed events mean. See troubleshooting.py."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_entry import Entry

HOOKS: Final[dict[str, Entry]] = {
    "W1": Entry(
        "Hooks fell silent",
        "Polling found a change of which no webhook told: the webhook is switched off, was deleted, leads to another "
        "address, or its filter leaves the project or the event out. Nothing is lost, it only takes longer.",
        "Compare the webhook with the address and the list of events on the integration's page Set-up, or press "
        "Register it in Jira there. The line turns green with the next delivery.",
        see=("W2", "W6"),
    ),
    "W2": Entry(
        "A hook of Jira's has no body",
        "“Exclude body” is ticked in the webhook. Crosswalk takes the issue from the address then, where that holds "
        "{issue.key} or {issue.id}; where it names none, each hook has both sides asked what changed, within seconds.",
        "Untick “Exclude body” in Jira, or have the address end in ?issue_key={issue.key} (before Data Center 10: "
        "?issue_key=${issue.key}). A webhook that Crosswalk registered itself always has its body.",
        see=("W1",),
    ),
    "W3": Entry(
        "A webhook address is gone",
        "Crosswalk has a receiver of its own and uses neither that of Aha!'s own integration nor its token, which "
        "answers 410 once it was switched off.",
        "A delivery to an address that no integration has (any more) is answered with 404; copy the address anew from "
        "the integration's settings.",
        "web/hooks.py: HookDoor",
        ("W1",),
    ),
    "W4": Entry(
        "A refused delivery never comes again",
        "Jira repeats a delivery only after answers such as 503, so Crosswalk stores each one before it looks at it, "
        "and answers 202 whatever it says.",
        "Where storing itself fails, the sender is told 503 and comes again; what it gives up on, polling finds.",
        "web/hooks.py: take",
        ("W9",),
    ),
    "W5": Entry(
        "Events stop after thirty days",
        "The webhooks that an app registers (OAuth 2.0) end by themselves; Crosswalk refreshes them before that, and "
        "looks each day whether they are still there.",
        "The integration's settings show until when the webhook is registered, and say so if refreshing fails.",
        "sync/dynamic.py: keep_all",
        ("A16",),
    ),
    "W6": Entry(
        "A hook's signature is wrong",
        "The delivery was signed with another secret than the one shown beside the webhook's address, something on the "
        "way changed its body, or it has no signature any more while earlier ones had. It was refused, and nothing was "
        "taken from it.",
        "Enter the secret from the integration's page Set-up in Jira's webhook once more; see that no proxy rewrites "
        "bodies. Polling finds meanwhile what changed.",
        see=("W1",),
    ),
    "W7": Entry(
        "Events come late, twice or in the wrong order",
        "Neither product promises order or a single delivery, so a hook is taken as a hint only: both sides are read, "
        "and each is compared with what it held when they last agreed.",
        "The record as it is now, on both sides; the history names the hook that made Crosswalk look.",
        "sync/hooks.py: _wake",
    ),
    "W8": Entry(
        "A hook names no issue key",
        "Hooks about comments, work and links carry an id or an address only; the pair is found by either.",
        "The comment or the work arrives as any other change. What stands in no pair is noted and left alone.",
        "jira/wire_hooks.py: _by_worklog",
    ),
    "W9": Entry(
        "Events were lost while Crosswalk was down",
        "Senders give up after a while, so every round also asks both sides what changed since the last one, with some "
        "minutes of overlap, and a sweep compares everything on a schedule.",
        "Home shows when the integration was last proven to be in step; Sync now does it at once.",
        "sync/watch.py: poll",
        ("W1",),
    ),
    "W10": Entry(
        "Aha! gives up on a slow receiver",
        "Aha! waits five seconds; a delivery is stored and answered within milliseconds, and looked at afterwards.",
        "Nothing. If the machine is so busy that storing takes longer, polling finds the change.",
        "web/hooks.py: HookDoor",
        ("W9",),
    ),
}
