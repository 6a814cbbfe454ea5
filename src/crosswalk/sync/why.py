"""Why a field was not sent, or an update not reflected: the real decision, step by step, to one sentence and one link.

The steps are those that a change passes on its way, in that order. The first that holds it up is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosswalk.store import disputes
from crosswalk.store.models import Pair
from crosswalk.store.views import view
from crosswalk.sync import explaining, saying
from crosswalk.sync.above import ABOVE, sent
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.explaining import APART, INAPPLICABLE, OFF, PLACED, Explanation, FieldView
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import parse
from crosswalk.sync.outline import NOT_SENT, RANKED
from crosswalk.sync.pair import HELD_BACK

PEOPLE = "the page People"
SILENT = timedelta(minutes=30)
"""Without a hook or a poll for so long, nobody can know what changed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at; `stops` where it holds the change up. `page` is where to mend it: a name of
    web/urls.py and what its address needs."""

    looked: str
    found: str
    stops: bool = False
    page: tuple[str, tuple[object, ...]] = ("record", ())


@dataclass(frozen=True, slots=True)
class Answer:
    """The steps as far as they were taken; the last one says it."""

    steps: tuple[Step, ...]

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        return self.steps[-1].found

    @property
    def page(self) -> tuple[str, tuple[object, ...]]:
        """Where to go."""
        return self.steps[-1].page


def ask(pair: Pair, field: str = "") -> Answer:
    """Why `field` of `pair` (or, without a name, any change) did not arrive. Reads both sides where it comes to that.

    Raises CrosswalkError where a side can not be read.
    """
    steps: list[Step] = []
    for step in _walk(pair, field):
        steps.append(step)
        if step.stops:
            break
    return Answer(tuple(steps))


def _walk(pair: Pair, field: str) -> Iterator[Step]:
    here = current()
    line = _line(pair, field)
    for step in _switched(pair):
        yield replace(step, found=f"{step.found} Besides: {line.found}") if step.stops and line.stops else step
    yield line
    found = explaining.explain(here.bridges.of(pair.integration), view(pair))
    yield _there(pair, found)
    yield _heard(pair, here.now())
    yield _values(pair, found.fields, field) if field else _all_values(pair, found.fields)


def _switched(pair: Pair) -> Iterator[Step]:
    """The integration, its connections, the pair itself."""
    it = pair.integration
    off = f"“{it.name}” {saying.off(it)}; changes are kept and carried once it is enabled." if not it.enabled else ""
    yield Step("the integration", off or "It is enabled.", bool(off), ("integration-settings", (it.pk,)))
    ill = next((one for one in (it.aha, it.jira) if one.paused), None)
    found = f"The connection “{ill.name}” does not work: {ill.paused}" if ill else "Both work."
    yield Step("the connections", found, ill is not None, ("connection", (ill.pk,)) if ill else ("connections", ()))
    found = f"Somebody has {pair.held} this record, so nothing is carried." if pair.held else ""
    found = found or (HELD_BACK.reason if view(pair).held_back else "")
    yield Step("the record", found or "Nobody holds it back.", bool(found), ("record", (pair.pk,)))


def _line(pair: Pair, field: str) -> Step:
    """The line of the mapping."""
    page = ("integration-mapping", (pair.integration_id, pair.kind))
    if not field:
        return Step("the mapping", "Looked at line by line below.", page=page)
    lines = pair.integration.mapping.get("fields", {}).get(pair.kind, ())
    line = next((one for one in lines if str(one.get("name", "")).casefold() == field.casefold()), None)
    if line is None and field.casefold() != "status":
        return Step("the mapping", f"No line of the mapping carries “{field}” for a {pair.kind}.", True, page)
    if line is not None and line.get("direction") == "off":
        return Step("the mapping", f"The line for {line['name']} is switched off.", True, page)
    if line is not None and (other := _not_compared(pair, str(line.get("aha", "")))):
        return Step("the mapping", other, True, page)
    ways = {"to jira": "to Jira only", "to aha": "to Aha! only"}
    way = ways.get(str(line.get("direction", "")), "") if line else ""
    return Step("the mapping", f"A line carries it{f', {way}' if way else ''}.", page=page)


def _not_compared(pair: Pair, aha: str) -> str:
    """Why a line that is on has no values to compare; "" where it has."""
    if aha == "position":
        return RANKED
    if aha in ABOVE and not sent(parse(pair.integration.mapping), aha):
        return NOT_SENT.format(aha)
    return ""


def _there(pair: Pair, found: Explanation) -> Step:
    page = ("record", (pair.pk,))
    return Step("both records", found.missing or "Both can be read.", bool(found.missing), page)


def _heard(pair: Pair, now: datetime) -> Step:
    """How changes become known. A pair that is due already was heard of."""
    it, page = pair.integration, ("integration-settings", (pair.integration_id,))
    heard = max((moment for moment in (it.hooked_at, it.polled_at) if moment), default=None)
    if pair.dirty == pair.done and (heard is None or now - heard > SILENT):
        since = f"since {heard:%Y-%m-%d %H:%M} UTC" if heard else "ever"
        return Step("news", f"No hook arrived and no poll came through {since}, so no change is known.", True, page)
    return Step("news", "Hooks or polls came through lately.", page=page)


def _values(pair: Pair, fields: Sequence[FieldView], field: str) -> Step:
    line = next((one for one in fields if one.field.casefold() == field.casefold()), None)
    if line is None:
        page = ("integration-mapping", (pair.integration_id, pair.kind))
        return Step("the values", f"No rule compares “{field}” for this record.", True, page)
    return _value(pair, line)


def _value(pair: Pair, line: FieldView) -> Step:
    """What is decided about one field, as the next run would decide it."""
    looked, record = f"the values of {line.field}", ("record", (pair.pk,))
    page: tuple[str, tuple[object, ...]]
    mapping = ("integration-mapping", (pair.integration_id, pair.kind))
    if line.verdict == "ask" or line.field in disputes.known(pair.pk):
        page = ("integration-conflicts", (pair.integration_id,))
        return Step(looked, f"Both sides changed {line.field}, and it waits for a person to decide.", True, page)
    if line.verdict == "refused":
        page = ("help", (line.code,)) if line.code else mapping
        page = ("integration-people", (pair.integration_id,)) if PEOPLE in line.remedy else page
        return Step(looked, f"{line.field} is not carried: {line.why} {line.remedy}".rstrip(), True, page)
    if line.verdict == INAPPLICABLE:
        return Step(looked, f"{line.field} does not apply. {line.why}", True, mapping)
    if line.verdict == "skipped":
        return Step(looked, f"{line.field} is not compared: {line.why}", True, mapping)
    if line.verdict == APART:
        return Step(looked, f"{line.field} differs. {line.why} {line.remedy}", True, record)
    if line.verdict in ("carry", "conflict"):
        return Step(looked, f"{line.field} is still to be carried. {_when(pair)}", True, record)
    return Step(looked, f"{line.field} is in step. {line.why}", page=record)


def _when(pair: Pair) -> str:
    if pair.reason:
        return f"{NAMES_OF_STATES.get(pair.state, 'It waits')}: {pair.reason}"
    return "It is on its way." if pair.dirty != pair.done else "Press Sync now: the record was not woken by the change."


NAMES_OF_STATES = {"waiting": "It is tried again", "parked": "It is stopped", "asking": "It needs a decision"}


def _all_values(pair: Pair, fields: Sequence[FieldView]) -> Step:
    """The first field that is not in step, one that was never carried last; else that all are."""
    compared = (one for one in fields if one.verdict not in ("skipped", INAPPLICABLE, PLACED, OFF))
    looked = sorted(compared, key=lambda one: one.verdict == APART)
    steps = [_value(pair, one) for one in looked]
    held_up = next((step for step in steps if step.stops), None)
    if held_up is not None:
        return held_up
    if pair.state in NAMES_OF_STATES and pair.reason:  # it is about the record and no field: one was moved away
        return Step("the record's state", f"{_when(pair)} {pair.remedy}".rstrip(), True, ("record", (pair.pk,)))
    sides = " and ".join(NAMES.values())
    return Step(
        "the values", f"All {len(steps)} fields that are compared are in step on {sides}.", page=("record", (pair.pk,))
    )
