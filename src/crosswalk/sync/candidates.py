"""Imports as errands: issues that may become records are found and kept for a person, then brought or left alone."""

from __future__ import annotations

from typing import Any

from crosswalk.merge.records import Ref
from crosswalk.store import errands as kept
from crosswalk.store import findings
from crosswalk.store.models import Errand, Finding, Pair
from crosswalk.store.text import fit
from crosswalk.sync import importing
from crosswalk.sync.importing import Asked, Candidate
from crosswalk.sync.installation import current
from crosswalk.sync.joining import Tell
from crosswalk.sync.proposals import search_of

STEP = 50  # issues that are read again and brought at once
BRING, IGNORE = "import", "ignore"


def seek(errand: Errand, tell: Tell) -> dict[str, Any]:
    """Find what may be imported, and keep it with what would be made of each; writes nothing."""
    tell("Reading Jira", 0, 0)
    asked = Asked(str(errand.asked.get("jql", "")), str(errand.asked.get("release", "")))
    found = importing.find(errand.integration, asked)
    bridge = current().bridges.of(errand.integration)
    rows = []
    for number, one in enumerate(found):
        if number % STEP == 0:
            tell(f"Looked at {number} of {len(found)} issues", number, len(found))
        rows.append(row_of(one, importing.shown(bridge, one), ticked=bool(asked.jql or asked.release)))
    return {"found": findings.keep(errand, rows)}


def row_of(one: Candidate, changes: list[dict[str, str]], *, ticked: bool) -> Finding:
    """A candidate as it is kept."""
    return Finding(
        kind=one.kind or "feature", clear=not one.why, ticked=ticked and not one.why, right_kind=one.ref.kind,
        right_id=one.ref.id, right_key=fit(one.ref.key, 100), right_name=fit(one.title, 300), type=fit(one.type, 100),
        below=fit(one.above, 100), why=one.why, changes=changes,
    )  # fmt: skip


def bring(errand: Errand, tell: Tell) -> dict[str, Any]:
    """Import (or ignore) what a person ticked, as it is now; what nothing came of says why, and the rest is left."""
    found, act = errand.integration, errand.asked.get("act", BRING)
    rows = list(findings.ticked(search_of(errand)))
    count = 0
    for start in range(0, len(rows), STEP):
        if kept.paused(errand.pk):
            return {"act": act, "count": count, "refused": start - count, "left": len(rows) - start}
        tell(f"{start} of {len(rows)} are done", start, len(rows))
        some = rows[start : start + STEP]
        free = importing.again(found, [Ref(row.right_kind, row.right_id, row.right_key) for row in some])
        if act == IGNORE:
            importing.ignore(found, free, errand.person)
        else:
            importing.take(found, free, errand.person)
        count += _settle(errand, some, free, ignored=act == IGNORE)
    return {"act": act, "count": count, "refused": len(rows) - count}


def _settle(errand: Errand, rows: list[Finding], free: list[Candidate], *, ignored: bool) -> int:
    """Say of each row what came of it: the pair it is in now, or why there is none."""
    whys = {(one.ref.kind, one.ref.id): one.why for one in free}
    known = Pair.objects.filter(integration=errand.integration, right_id__in=[row.right_id for row in rows])
    pairs = {(pair.right_kind, pair.right_id): pair for pair in known}
    count = 0
    for row in rows:
        key = row.right_kind, row.right_id
        row.pair, why = pairs.get(key), whys.get(key)
        below = why == "" and row.kind == "requirement" and not ignored  # its feature's run makes it
        if why is not None and (row.pair is not None or below):
            row.state, row.trouble, count = findings.IGNORED if ignored else findings.DONE, "", count + 1
        else:
            gone = "It is in a pair by now, or Jira does not show it any more."
            row.state, row.trouble = findings.REFUSED, why or gone
    Finding.objects.bulk_update(rows, ["pair", "state", "trouble"])
    return count
