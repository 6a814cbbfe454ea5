"""Brings issues to Aha!: by a query, of a version, or as they appear below what is in step. Decides who; pair.py makes.

An issue is brought as a pair whose Aha! record is still to come, so the machinery of creates (intents, tokens) holds
for it as for what is sent. What Crosswalk made itself is never brought back, also while its answer is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosswalk.errors import Refused
from crosswalk.merge.merge import introduce
from crosswalk.merge.pairs import Entry
from crosswalk.merge.plan import plan_new
from crosswalk.merge.records import Draft, Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Choice
from crosswalk.store import journal, pairs
from crosswalk.store.claims import batches
from crosswalk.store.models import CreateIntent, Integration, Pair
from crosswalk.store.text import fit
from crosswalk.store.views import end_columns
from crosswalk.sync import planwords, preview, saying
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.connect import Joined
from crosswalk.sync.durations import in_line
from crosswalk.sync.installation import current
from crosswalk.sync.joining import add, paired
from crosswalk.sync.mapping import VERSION, parse
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.marks import mark_of
from crosswalk.sync.plandata import as_data
from crosswalk.sync.shown import one_line
from crosswalk.sync.waking import Cause, wake

KINDS = ("feature", "epic", "initiative", "requirement")
ORDER = ("release", "initiative", "epic", "feature", "requirement")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An issue (or a version) that may become a record of `kind`; "" where none is named for its type, or `why` not."""

    record: Snapshot
    kind: str
    type: str
    above: str = ""
    why: str = ""

    @property
    def ref(self) -> Ref:
        """The issue."""
        return self.record.ref

    @property
    def title(self) -> str:
        """What the issue is called."""
        name = self.record.get("summary" if self.ref.kind != VERSION else "name")
        return name if isinstance(name, str) else str(self.ref)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to import: what `jql` finds, what `release` (a version) holds, or, with neither, what stands below pairs."""

    jql: str = ""
    release: str = ""


def find(integration: Integration, asked: Asked) -> list[Candidate]:
    """The issues that are asked for and in no pair, each with what it would become. Reads pages, writes nothing."""
    joined = current().bridges.joined(integration)
    mapping = parse(integration.mapping)
    if asked.release:
        version = joined.seeker.version(asked.release)
        if version is None:
            raise Refused(f"Jira has no version “{asked.release}”.", remedy="Write its name as Jira shows it.")
        issues = list(joined.seeker.search(f"fixVersion = {version.ref.id}"))
        return [*releases_of(integration, mapping, [version]), *candidates_of(integration, joined, mapping, issues)]
    if asked.jql.strip():
        return candidates_of(integration, joined, mapping, joined.seeker.search(asked.jql))
    held = Pair.objects.filter(integration=integration).exclude(right_id=None).exclude(left_id=None)
    above = [Ref(kind, id_ or "", key) for kind, id_, key in held.values_list("right_kind", "right_id", "right_key")]
    return [one for one in candidates_of(integration, joined, mapping, joined.seeker.below(above)) if one.above]


def candidates_of(
    integration: Integration, joined: Joined, mapping: Map, issues: Iterable[Snapshot]
) -> list[Candidate]:
    """What each issue that is free would become, parents before what stands below them."""
    found = {issue.ref: issue for issue in issues}
    ours = _made_by_us(integration, joined)
    taken = paired(integration, Side.RIGHT, found) | ours
    parents = {ref: list(_parents(issue, joined.seeker.epic_link)) for ref, issue in found.items()}
    known = _above(integration, (one for some in parents.values() for one in some))
    types = {kind: joined.seeker.types_for(kind) for kind in KINDS if kind in mapping.types}
    chosen = []
    for ref, issue in found.items():
        named = [(one.kind, name) for one in parents[ref] for name in (one.id, one.key)]
        above = [known[name] for name in named if name in known]
        if ref not in taken:
            chosen.append(_candidate(issue, types, above, joined.seeker.reference))
    return sorted(chosen, key=lambda one: (ORDER.index(one.kind or "requirement"), len(one.ref.id), one.ref.id))


def releases_of(integration: Integration, mapping: Map, versions: Sequence[Snapshot]) -> list[Candidate]:
    """Those of `versions` that are in no pair, where releases are in step at all."""
    if not mapping.types.get("release"):
        return []
    taken = paired(integration, Side.RIGHT, [one.ref for one in versions])
    return [Candidate(one, "release", VERSION) for one in versions if one.ref not in taken]


def _made_by_us(integration: Integration, joined: Joined) -> set[Ref]:
    """Issues that creates of ours made whose answer is not known yet."""
    open_ = CreateIntent.objects.filter(pair__integration=integration, side=Side.RIGHT.value, closed_at=None)
    found: set[Ref] = set()
    sent = open_.exclude(sent_at=None).select_related("pair")
    for kind in sorted({intent.pair.kind for intent in sent}):
        some = [intent for intent in sent if intent.pair.kind == kind]
        since = min(intent.since for intent in some)
        found |= set(joined.bridge.right.find([intent.token for intent in some], kind, since).values())
    return found


def _above(integration: Integration, parents: Iterable[Ref]) -> Mapping[tuple[str, str], Pair]:
    """The pairs of what issues stand below, by kind and id in Jira, and by kind and key."""
    wanted = list(parents)
    known = Pair.objects.filter(integration=integration).exclude(left_id=None)
    found: dict[tuple[str, str], Pair] = {}
    for column, names in (("right_id", {ref.id for ref in wanted}), ("right_key", {ref.key for ref in wanted})):
        for some in batches(sorted(names - {""})):
            for pair in known.filter(**{f"{column}__in": some}):
                found[pair.right_kind, getattr(pair, column)] = pair
    return found


def _parents(issue: Snapshot, epic_link: str) -> Iterator[Ref]:
    """What an issue says it stands below: an issue, else the epic it links, and its versions."""
    if issue.parent is not None:
        yield issue.parent
    epic = issue.get(epic_link) if epic_link else None
    if epic:
        yield Ref("issue", "", epic.id if isinstance(epic, Choice) else str(epic))
    versions = issue.get("fixVersions")
    if isinstance(versions, frozenset):
        yield from (Ref(VERSION, one.id, "") for one in versions if isinstance(one, Choice))


def _candidate(
    issue: Snapshot, types: Mapping[str, frozenset[str]], parents: Sequence[Pair], reference: str
) -> Candidate:
    type_ = issue.get("issuetype")
    chosen = type_ if isinstance(type_, Choice) else Choice("", "?")
    under = next((pair.kind for pair in parents), "")
    kinds = [kind for kind in KINDS if chosen.id in types.get(kind, ())]
    kind = "requirement" if "requirement" in kinds and under == "feature" else next(iter(kinds), "")
    why = ""
    if reference and (named := issue.get(reference)):
        why = f"it names {one_line(named)} as its Aha! record: match and link it instead"
    elif kind == "requirement" and under != "feature":
        why = "what it stands below is not in step with a feature"
    return Candidate(issue, kind, chosen.name, next((pair.right_key for pair in parents), ""), why)


def wanted(candidates: Sequence[Candidate], setting: str) -> list[Candidate]:
    """Those that are brought without a word, as the mapping's `imports` says. Pure."""
    if setting == "none":
        return []
    ready = [one for one in candidates if not one.why and one.above]
    return [one for one in ready if one.kind or setting == "all"]


def shown(bridge: Bridge, one: Candidate) -> list[dict[str, str]]:
    """What would be written into the record that a candidate becomes: names and values, as people read them."""
    decisions = introduce(one.record, Side.RIGHT, bridge.book.rules(one.kind or "feature", None, one.record))
    return [
        {"name": d.name, "new": in_line(d.rule.right, d.write[Side.LEFT])} for d in decisions if Side.LEFT in d.write
    ]


def again(integration: Integration, refs: Sequence[Ref]) -> list[Candidate]:
    """Those of these issues and versions that are still free, as they are now, parents first."""
    joined, mapping = current().bridges.joined(integration), parse(integration.mapping)
    named = [joined.seeker.version(ref.id) for ref in refs if ref.kind == VERSION]
    releases = releases_of(integration, mapping, [one for one in named if one is not None])
    return [*releases, *candidates_of(integration, joined, mapping, joined.seeker.read_all(refs))]


def ignore(integration: Integration, candidates: Sequence[Candidate], person: str) -> int:
    """Leave `candidates` alone until a person presses Go on on their page; how many."""
    count = 0
    for one in candidates:
        if (pair_id := _begin(integration, one)) is not None:
            pairs.hold([pair_id], "ignored")
            line = Entry(f"{one.ref} is not imported.", why=f"{person} ignores it.")
            journal.append(integration.pk, [line], current().now(), pair_id=pair_id, person=person)
            count += 1
    return count


def planned_text(integration: Integration, candidates: Sequence[Candidate]) -> str:
    """What would be made in Aha! for `candidates`, as a person reads it. Writes nothing."""
    bridge = current().bridges.of(integration)
    found = preview.Survey()
    for one in ready(candidates):
        kind = one.kind or "feature"
        decisions = introduce(one.record, Side.RIGHT, bridge.book.rules(kind, None, one.record))
        fields = {d.rule.left: d.write[Side.LEFT] for d in decisions if Side.LEFT in d.write}
        draft = Draft(kind, fields, f"new:{one.ref}", None, mark_of(one.record))
        found.add([plan_new(Side.LEFT, draft, decisions, cause=f"{one.ref} is imported")])
        found.doubt(one.ref, decisions)
    known = Pair.objects.filter(integration=integration).count()
    return planwords.text(as_data(found, known, most=None))


def ready(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those of `candidates` that nothing speaks against."""
    return [one for one in candidates if not one.why]


def take(integration: Integration, candidates: Sequence[Candidate], person: str, why: str = "") -> int:
    """Bring `candidates` to Aha!: makes their pairs, and has them run. How many; those that are taken are left."""
    saying.refuse_while_off(integration, "import")
    here = current()
    woken: list[int] = []
    for one in ready(candidates):
        pair_id = _parent_of(integration, one) if one.kind == "requirement" else _begin(integration, one)
        if pair_id is not None:
            woken.append(pair_id)
            line = Entry(f"{one.ref} is imported.", why=why or saying.asked(person))
            journal.append(integration.pk, [line], here.now(), pair_id=pair_id, person=person)
    bulk = len(woken) > 1
    return wake(here.engine, woken, here.now(), urgent=not bulk, bulk=bulk, cause=Cause(why or f"{person}: import"))


def _parent_of(integration: Integration, one: Candidate) -> int | None:
    """A sub-task is made in the run of the feature's pair above it."""
    above = one.record.parent
    known = Pair.objects.filter(integration=integration, kind="feature", right_id=above.id if above else None)
    return known.values_list("pk", flat=True).first()


def _begin(integration: Integration, one: Candidate) -> int | None:
    fresh = Pair(
        integration=integration, kind=one.kind or "feature", title=fit(one.title, 300),
        dirty=0, due_at=current().now(), **end_columns(Side.RIGHT, one.ref, one.record.url),
    )  # fmt: skip
    try:
        add(integration, fresh)
    except Refused:
        return None  # a run of its own was faster
    return fresh.pk


def notice(integration: Integration, refs: Sequence[Ref]) -> int:
    """Issues that changed and may stand below something that is in step: bring those that the mapping says. How many.

    A request for each hundred of them, and none where the mapping imports nothing.
    """
    mapping = parse(integration.mapping)
    issues = [ref for ref in refs if ref.kind == "issue" and ref.id]
    free = set(issues) - paired(integration, Side.RIGHT, issues)
    if mapping.imports == "none" or not free:
        return 0
    joined = current().bridges.joined(integration)
    found = candidates_of(integration, joined, mapping, joined.seeker.read_all([ref for ref in issues if ref in free]))
    chosen = [one for one in wanted(found, mapping.imports) if one.kind != "requirement"]
    return take(integration, chosen, "", "It stands below something that is in step.")
