"""Errands: work that a person asked for and that takes longer than a page may, with progress.

How one is asked for, and what a load of project data and a plan do; works.py runs each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crosswalk.engine.port import INTERACTIVE
from crosswalk.errors import CrosswalkError
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store import errands, sweeps, versions
from crosswalk.store.models import Errand, Integration, MappingVersion, Pair
from crosswalk.store.views import view
from crosswalk.sync import differences, loadedlists, outlook, preview, projectdata, reference, service, sweep
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.connect import Bridges, Say
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import parse
from crosswalk.sync.plandata import MOST, as_data
from crosswalk.sync.waking import ERRAND, enqueue

PLAN, LOAD, MATCH, LINK, SETTLE, CARRY = "plan", "load", "match", "link", "settle", "carry"
SEEK, BRING, TEMPLATE, UNDO, REVERT = "seek", "bring", "template", "undo", "revert"
SEND, LONE = "send", "lone"
JOINED, ALL = "", "all"  # what a plan is about: what is joined, everything, or else the id of a release


def begin(integration: Integration, what: str, asked: dict[str, Any], person: str) -> Errand:
    """Ask for an errand, and have it run now."""
    here = current()
    errand, new = errands.begin(integration, what, asked, person, here.now())
    if new:
        enqueue(here.engine, ERRAND, errand.pk, priority=INTERACTIVE)
    return errand


def again(errand: Errand) -> None:
    """Have an errand that was paused go on."""
    enqueue(current().engine, ERRAND, errand.pk)


def tell(errand: Errand, step: str, done: int, total: int) -> None:
    """Say how far an errand is."""
    errands.tell(errand.pk, step or f"Looked at {done} of {total} records", done, total)


def load(bridges: Bridges, integration: Integration, now: Callable[[], datetime], say: Say) -> dict[str, Any]:
    """Load project data; what is different since the last time, as sentences. `say` is told each step of it."""
    changed, problems = service.load_now(integration, bridges, now(), say)
    return {
        "changed": [str(one) for one in changed],
        "renamed": {one.before: one.now for one in changed if one.before and one.now},
        "problems": [{"message": one.message, "remedy": one.remedy, "code": one.code} for one in problems],
    }


def load_lines(integration: Integration, say: Say) -> Iterator[str]:
    """Load project data now; what changed and what does not fit any more, line by line, for the command line.

    `say` is told each step while it is read.
    """
    here = current()
    result = load(here.bridges, integration, here.now, say)
    yield from result["changed"] or ["Nothing changed since the load before."]
    yield from (f"{one['message']} {one['remedy']}" for one in result["problems"])
    loaded, mapping = projectdata.load(integration), parse(integration.mapping)
    for side, name in (("aha", "Aha!"), ("jira", "Jira")):
        told = [str(one) for one in loadedlists.listings(loaded) if one.side == side]
        yield f"{name}: {', '.join(told)}"
    yield from (f"The mapping: {fault}" for fault in differences.faults(mapping, loaded, result["renamed"]))


def as_asked(refs: Sequence[Ref]) -> list[list[str]]:
    """Records that a plan is to be about, as an errand keeps them."""
    return [[ref.kind, ref.id, ref.key] for ref in refs]


Meet = Callable[[Bridge, PairView, preview.Ends], object]


def plan(bridges: Bridges, errand: Errand, now: datetime, say: preview.Tell) -> dict[str, Any]:
    """What comes of an errand that is a plan. Of a draft's it is kept what a comparison would find then: who uses the
    draft says that this is meant, and nothing else."""
    seen: list[sweep.Finding] = []

    def meet(bridge: Bridge, pair: PairView, ends: preview.Ends) -> None:
        if pair.state == "agreed" and not pair.held:
            seen.extend(sweep.weighed(bridge, pair, *ends))

    if not (draft := errand.asked.get("draft")):
        return planned(bridges, errand.integration, errand.asked, say)
    made = planned(bridges, errand.integration, errand.asked, say, meet=meet)
    sweeps.planned(errand.integration_id, draft, now, [one.as_data() for one in seen])
    return made


def planned(
    bridges: Bridges,
    integration: Integration,
    asked: dict[str, Any],
    say: preview.Tell = max,
    most: int | None = MOST,
    meet: Meet | None = None,
) -> dict[str, Any]:
    """The plan of what is `asked` for ({scope, draft, records}), as the data that pages, files and commands show.

    It lists the first `most` patches and doubts; None: all. `meet` is told of each pair, as its records were read.
    """
    scope = str(asked.get("scope", JOINED))
    draft = MappingVersion.objects.filter(pk=asked["draft"]).first() if asked.get("draft") else None
    mapping = parse(draft.data if draft else integration.mapping)
    bridge = bridges.draft(integration, mapping).bridge
    known = Pair.objects.filter(integration=integration)
    pairs = [view(row) for row in known.order_by("pk")]
    unsent: Sequence[Ref] = ()
    if records := asked.get("records"):
        pairs, unsent = service.named(integration, [Ref(*one) for one in records])
    elif scope != JOINED:
        features = bridges.features(integration, "" if scope == ALL else scope)
        wanted = {ref.id for ref in features}
        held = {pair.left.id for pair in pairs if pair.left and pair.kind == "feature"}
        unsent = [ref for ref in features if ref.id not in held]
        if scope != ALL:
            rows = known.filter(left_id__in=wanted) | known.filter(parent__left_id__in=wanted)
            pairs = [view(row) for row in rows.order_by("pk")]
    told = partial(meet, bridge) if meet is not None else None
    found = preview.survey(bridge, pairs, unsent, say, outlook.of(integration, mapping), told)
    loaded = projectdata.loaded_at(integration)
    beside = {"mapping": _mark(draft.data if draft else integration.mapping)}
    beside["loaded"] = loaded.isoformat() if loaded else ""
    plan = as_data(found, known.count(), most) | beside
    return plan if draft else reference.counted(integration, plan)


def overtaken(integration: Integration, errand: Errand) -> str:
    """Why a plan does not tell any more what would be written; "" where nothing of the kind is known.

    What it lists as still to be made is looked up, so that no clock is asked. That of a draft is shown beside it only.
    """
    plan = errand.result
    if errand.finished_at is None or errand.trouble or errand.asked.get("draft"):
        return ""
    makes = [one["record"] for one in plan.get("patches", ()) if (one["side"], one["kind"]) == MAKES]
    pairs = Pair.objects.filter(integration=integration, left_key__in=makes).exclude(right_id=None)
    sent = pairs.count() if makes else 0
    why = [f"{sent} record{' was' if sent == 1 else 's were'} sent since"] if sent else []
    why += ["the mapping was changed since"] if plan.get("mapping") not in (None, _mark(integration.mapping)) else []
    loaded, now = plan.get("loaded"), projectdata.loaded_at(integration)
    why += ["the project data was loaded since"] if loaded and now and now - _moment(loaded) > SAME else []
    said = ", and ".join(why)
    return f"{said[0].upper()}{said[1:]}: make it again." if said else ""


def old_data(plan: Mapping[str, Any], made: datetime) -> datetime | None:
    """When the project data was loaded with which a plan was `made`, where that is long before: screens and required
    fields may be others by now, and only a load tells. None where it is not, or an older version made the plan."""
    loaded = _moment(plan["loaded"]) if plan.get("loaded") else None
    return loaded if loaded and made - loaded > OLD else None


OLD, SAME = timedelta(hours=1), timedelta(seconds=1)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


MAKES = (NAMES[Side.RIGHT], "create")


def _mark(data: Any) -> str:
    """The mark of a mapping, however it is written; "" for one that can not be used."""
    try:
        return versions.digest(parse(data).as_data())
    except CrosswalkError:
        return ""
