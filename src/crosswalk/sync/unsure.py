"""Creates whose answer was lost, of pairs that a person wants taken apart: the pair is all that knows of the record
that may have been made, and it would be made again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Intent
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store.models import Pair
from crosswalk.store.pairs import creates_in_doubt
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.doubles import too_early
from crosswalk.sync.installation import current


def absent(pair_ids: Collection[int]) -> frozenset[Intent]:
    """The creates in doubt of these pairs, none of which landed: asked of the side that each was sent to.

    Raises Refused where one landed, or may still: a pair that is held, or whose integration is off, never asks itself.
    """
    sent = creates_in_doubt(Pair.objects.filter(pk__in=pair_ids))
    found = Pair.objects.filter(pk__in={one.pair_id for one in sent})
    known = {pair.pk: pair for pair in found.select_related("parent", "integration__aha", "integration__jira")}
    alike = defaultdict[tuple[int, str, Side], list[Intent]](list)
    for one in sent:
        pair = known[one.pair_id]
        alike[pair.integration_id, pair.kind, one.side].append(one)
    for (_, kind, side), some in alike.items():
        bridge = current().bridges.of(known[some[0].pair_id].integration)
        _refuse_early(bridge, some, known)
        made = bridge.side(side).find([one.token for one in some], kind, min(one.since for one in some))
        for one in some:
            if one.token in made:
                raise _not_linked_yet(known[one.pair_id], side, made[one.token])
    return frozenset(sent)


def refuse_others(pair_ids: Collection[int], judged: frozenset[Intent]) -> None:
    """Raises Refused where one of these pairs was sent since that was asked. Within a transaction that locks them."""
    found = Pair.objects.filter(pk__in=pair_ids)
    for one in creates_in_doubt(found):
        if one not in judged:
            raise _moment_ago(found.get(pk=one.pair_id))


def _refuse_early(bridge: Bridge, sent: Sequence[Intent], known: dict[int, Pair]) -> None:
    for one in sent:
        if too_early(bridge, one):
            raise _moment_ago(known[one.pair_id])


def _moment_ago(pair: Pair) -> Refused:
    why = f"{_called(pair)} was sent a moment ago, and it is not known yet whether it was made."
    return Refused(why, remedy="Wait until that is known, two minutes at most, and unlink it then.")


def _not_linked_yet(pair: Pair, side: Side, made: Ref) -> Refused:
    """What is to be done for it to become a pair, which a held one, or one of an integration that is off, does not."""
    held = next((one for one in _with_above(pair) if one.held), None)
    steps = [] if pair.integration.enabled else ["enable the integration"]
    if held is not None:
        steps.append(f"press Go on for {_called(held)}")
    elif not steps:
        steps.append(f"press Retry for {_called(_with_above(pair)[0])}")
    first = " and ".join(steps)
    why = f"{_called(pair)} was sent, and {made} was made for it in {NAMES[side]}; the answer was lost."
    return Refused(
        f"{why} The two are not linked yet.",
        remedy=f"{first[0].upper()}{first[1:]}, and unlink it once they are linked.",
    )


def _with_above(pair: Pair) -> list[Pair]:
    """The record above first: what is said of it is said of what stands below it, too."""
    return [pair.parent, pair] if pair.parent is not None else [pair]


def _called(pair: Pair) -> str:
    return pair.left_key or pair.right_key
