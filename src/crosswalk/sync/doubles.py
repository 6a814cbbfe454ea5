"""What would be made a second time.

A record may show an issue of this project already, though it is in no pair: another installation sent it, or Aha!'s
own integration, or Crosswalk before a back-up was put back, or somebody unlinked it. Another issue for it would be a
double, and so would be another record for that issue. And a run may be overtaken while its create waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crosswalk.errors import NeedsPerson, Overtaken, Unanswered
from crosswalk.merge.pairs import Intent, Run
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.ports import Ledger


def shown_already(bridge: Bridge, records: Iterable[Snapshot]) -> Mapping[Ref, NeedsPerson]:
    """Those of `records`, of the left, for which the right has a record by their own word; what to ask a person.

    Asks the right only about what is shown: where nothing is, there is no request.
    """
    named = shown_by(bridge, records)
    there = bridge.right.read(list(dict.fromkeys(named.values()))) if named else {}
    return {ref: _question(ref, at) for ref, at in named.items() if isinstance(there.get(at), Snapshot)}


def shown_by(bridge: Bridge, records: Iterable[Snapshot]) -> Mapping[Ref, Ref]:
    """The record of the right, by its key, that each of `records` shows as its own; without a request."""
    named: dict[Ref, Ref] = {}
    for record in records:
        places = map(bridge.right.standing_at, bridge.left.shown_links(record))
        if (ref := next(filter(None, places), None)) is not None:
            named[record.ref] = ref
    return named


def still_theirs(ledger: Ledger, runs: Iterable[Run], *, together: bool) -> None:
    """Raise Overtaken where another run owns a pair by now: it looks for the create, finds none, and sends it.

    Of records that are made together none is told from the others: Unanswered then, and each is looked for alone.
    """
    for run in runs:
        try:
            ledger.guard(run)
        except Overtaken as overtaken:
            if not together:
                raise
            words = f"The create was not sent: {overtaken.message}"
            raise Unanswered(words, remedy="Nothing to do: it goes on by itself.", code="N9") from overtaken


def _question(record: Ref, shown: Ref) -> NeedsPerson:
    return NeedsPerson(
        f"{record} shows {shown.key} as its issue in Jira already, so no other one was made.",
        remedy=(
            f"Link it to {shown.key} (Link to an issue…, or Match and link for many), or empty the field in Aha! that "
            "shows the issue and press Retry."
        ),
        code="L1",
    )


def too_early(bridge: Bridge, intent: Intent) -> bool:
    """Whether a search may not know yet what a create left behind."""
    return intent.sent_at is not None and bridge.now() - intent.sent_at < bridge.lag


def searching(target: Side) -> Unanswered:
    """The error of a create that may have landed."""
    return Unanswered(
        f"The answer to a create was lost; {NAMES[target]} is searched until it is sure that none landed.",
        remedy="Nothing to do: it goes on by itself.",
        code="N9",
    )
