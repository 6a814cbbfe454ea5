"""The final state of an installation as text: both sandboxes' records and the pairs, without ids, keys and times.

Records are told by name, so that two installations that made the same in another order are the same text. Nothing of it
is read through Crosswalk's connectors.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.scaled.cluster import Stage

MARK = "Cargo"
"""What the names of the story's records begin with."""
PASSING = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:?\d\d)?"), "TIME"),
    (re.compile(r"\d+ \w+ \d{4}, \d\d:\d\d UTC"), "TIME"),
    (re.compile(r"\bFAB-\d+(-\d+)?\b"), "KEY"),
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
    (re.compile(r"0\|[0-9a-z]+:"), "RANK"),
    (re.compile(r"focusedCommentId=\d+#crosswalk=comment-\d+"), "COMMENT"),
)
"""What differs from one installation to another, and what stands in its place."""
NOT_SAID = (" newest", " rest")
"""Of a base: when each side was read, and a digest of what is not carried, which holds ids and times."""


def state(stage: Stage) -> str:
    """Everything, one fact a line."""
    from crosswalk.store.models import Pair, PartRow

    names: dict[str, str] = {}
    pairs = [pair for pair in Pair.objects.select_related("parent") if pair.title.startswith(MARK)]
    for pair in pairs:
        names |= {pair.left_id: f"left of {pair.title}", pair.right_id: f"right of {pair.title}"}
    facts: list[Any] = [["aha", *_aha(stage, pair)] for pair in pairs if pair.kind == "feature"]
    facts += [["jira", *_jira(stage, pair.right_key)] for pair in pairs]
    for pair in pairs:
        above = pair.parent.title if pair.parent else ""
        parts = sorted([row.kind, row.origin] for row in PartRow.objects.filter(pair=pair))
        base = {name: value for name, value in pair.base.items() if name not in NOT_SAID}
        facts.append(["pair", pair.kind, pair.title, above, pair.state, pair.reason, pair.held, base, parts])
    return "\n".join(sorted(_plain(json.dumps(fact, sort_keys=True, ensure_ascii=False), names) for fact in facts))


def _plain(text: str, names: dict[str, str]) -> str:
    """`text` with names in place of ids, and without what passes."""
    for passing, instead in PASSING:
        text = passing.sub(instead, text)
    known = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names))
    return known.sub(lambda found: names[found[0]], text)


def _aha(stage: Stage, pair: Any) -> list[Any]:
    found = stage.aha.record("features", pair.left_key)
    comments = stage.aha.get(f"/features/{found['id']}/comments")["comments"]
    parts = [
        [one["name"], one["workflow_status"]["name"], one["description"]["body"], _links(one)]
        for one in found["requirements"]
    ]
    return [
        found["name"],
        found["description"]["body"],
        found["workflow_status"]["name"],
        sorted(found.get("tags") or []),
        found.get("due_date"),
        _links(found),
        sorted(parts),
        sorted(one["body"] for one in comments),
    ]


def _links(record: dict[str, Any]) -> list[list[str]]:
    """What Aha! shows about the issue: name and value, the site's own address left out."""
    found = record.get("integration_fields") or []
    return sorted([one["name"], re.sub(r"https?://[^/]+", "", str(one["value"]))] for one in found)


def _jira(stage: Stage, key: str) -> list[Any]:
    fields = stage.jira.get(f"/issue/{key}", fields="*all")["fields"]
    return [
        fields["issuetype"]["name"],
        fields["summary"],
        fields["description"],
        fields["status"]["name"],
        sorted(fields["labels"]),
        fields["duedate"],
        (fields.get("parent") or {}).get("fields", {}).get("summary"),
        sorted(one["name"] for one in fields["fixVersions"]),
        sorted(one["body"] for one in fields["comment"]["comments"]),
    ]
