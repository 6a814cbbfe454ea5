"""Work logged on an issue as parts of it: read with the issue, and logged or taken back where the mapping says so.

The work on sub-tasks and children that are in no pair can be read as the issue's own, each piece once. Jira's sums
(Σ Time Spent) are no such thing: they count the sub-tasks that are in a pair, too, and have neither day nor author.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.part_fields import FIELDS, WORKLOG, worklog_of
from crosswalk.jira.project import LINKED, WORK_BELOW, Project, ref_of, type_of
from crosswalk.jira.wire import Json
from crosswalk.merge.records import Part, PartDraft, Ref, Snapshot
from crosswalk.merge.values import Choice

BATCH = 100  # issues named in one search
ASKED = WORK_BELOW | {FIELDS[WORKLOG]}


class Worklogs:
    """The worklogs of issues."""

    def __init__(self, project: Project) -> None:
        self._project, self._api = project, project.api

    def read(self, record: Snapshot) -> Sequence[Part]:
        """All worklogs of an issue, by as many pages as they take."""
        found: list[Part] = []
        start = 0
        while True:
            data = self._project.send(wire.worklogs(self._api, record.ref.id, start)) or {}
            listed = wire_meta.objects(data.get("worklogs"))
            found += [part for entry in listed if (part := worklog_of(entry)) is not None]
            start += len(listed)
            if not listed or start >= int(data.get("total") or 0):
                return found

    def below(self, record: Snapshot, paired: Callable[[Iterable[Ref]], Collection[Ref]]) -> Sequence[Part]:
        """The work on what stands below an issue, as deep as nothing is in a pair: one read for each level."""
        found: list[Part] = []
        level, seen = [record], {record.ref}
        while level := [one for one in level if one.spent_below]:
            named = [ref for one in level for ref, type_id in one.below.items() if self._is_subtask(type_id)]
            fresh = {one.ref: one for one in self._children(level)}
            wanted = {*named, *fresh} - seen
            free = wanted - set(paired(wanted))
            asked = [ref for ref in dict.fromkeys(named) if ref in free and ref not in fresh]
            fresh |= {one.ref: one for one in self._named(asked)}
            level = [one for ref, one in fresh.items() if ref in free]
            seen |= free
            found += [part for one in level for part in self._of(one)]
        return found

    def _is_subtask(self, type_id: str) -> bool:
        return self._project.level(type_id) < 0

    def _children(self, level: Sequence[Snapshot]) -> list[Snapshot]:
        """What stands below epics and the like, which no answer about them names."""
        larger = [one.ref for one in level if self._project.level(_type_id(one)) > 0]
        found: list[Snapshot] = []
        for start in range(0, len(larger), BATCH):
            jql = f"{self._project.children_of(*larger[start : start + BATCH])} ORDER BY key"
            search = partial(self._project.flavour.search, jql, ASKED)
            found += map(self._project.snapshot, self._project.pages(search))
        return found

    def _named(self, refs: Sequence[Ref]) -> list[Snapshot]:
        """These issues, but for those that are hidden."""
        found: list[Snapshot] = []
        for start in range(0, len(refs), self._project.flavour.batch):
            ids = [ref.id for ref in refs[start : start + self._project.flavour.batch]]
            try:
                data = self._project.send(self._project.flavour.read_many(ids, ASKED))
            except errors.NotFound:
                continue
            found += map(self._project.snapshot, issues_in(data))
        return found

    def _of(self, record: Snapshot) -> Sequence[Part]:
        """An issue's own work, which says where it was logged."""
        own = self.read(record) if WORKLOG in record.more else record.parts.get(WORKLOG, ())
        return [replace(part, home=record.ref, name=f"{part.name} on {record.ref}") for part in own]

    def told(self, issues: Iterable[Mapping[str, Json]]) -> dict[Ref, Ref]:
        """What each of `issues` stands below, where that may have to know of the work on it."""
        return {ref_of(one): up for one in issues if (up := self._up(one)) is not None}

    def above(self, refs: Sequence[Ref]) -> Sequence[Ref]:
        """See RemoteSide.above: nothing counts work above epics' own level or that of the highest type in pairs."""
        if self._highest() < 1:
            return ()
        fields, found = (*self._project.above_fields, "issuetype"), list[Ref]()
        for start in range(0, len(refs), self._project.flavour.batch):
            names = [ref.id or ref.key for ref in refs[start : start + self._project.flavour.batch]]
            try:
                data = self._project.send(self._project.flavour.read_many(names, fields))
            except errors.NotFound:
                continue
            found += [up for one in issues_in(data) if (up := self._up(one)) is not None]
        return found

    def _highest(self) -> int:
        """The highest level of the types whose records count the work below them; -1 for none."""
        scope = self._project.scope
        kinds = [type_id for kind in scope.toiled for type_id in scope.types_for(kind)]
        return max(map(self._project.level, kinds), default=-1)

    def _up(self, issue: Mapping[str, Json]) -> Ref | None:
        """What an issue stands below by its parent or epic, unless that is higher than anything that counts work."""
        fields, highest = issue.get("fields") or {}, self._highest()
        parent = fields.get("parent")
        if isinstance(parent, dict) and parent.get("id"):
            return ref_of(parent) if self._project.level(type_of(parent)) <= highest else None
        epics = [fields.get(name) for name in self._project.above_fields if name not in ("parent", LINKED)]
        return next((Ref("issue", "", key) for key in epics if isinstance(key, str) and highest >= 1), None)

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Log work on an issue, at noon of its day by Jira's own clock: noon by another one is the next day where that
        is twelve hours ahead, as in New Zealand. What is left to do stays as it is."""
        work = draft.source.work
        if work is None:
            raise errors.Refused("A worklog needs a time.", remedy="Report this.", code="F15")
        seconds, day = int(work.minutes * 60), work.day.isoformat()
        request = wire.add_worklog(self._api, ref.id, seconds, day, self._project.offset)
        made = worklog_of(self._project.send(request) or {})
        if made is None:
            raise errors.Unreadable("Jira's answer holds no worklog.", remedy="Check the address.", code="N3")
        return made

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """A corrected worklog is another one."""
        del ref, draft
        return part

    def remove(self, ref: Ref, part: Part) -> None:
        """Take a worklog back; what is left to do stays as it is."""
        home = part.home or ref
        self._project.send(wire.remove_worklog(self._api, home.id, part.id.partition(" ")[0]))


def _type_id(record: Snapshot) -> str:
    type_ = record.get("issuetype")
    return type_.id if isinstance(type_, Choice) else ""


def issues_in(data: Json) -> list[dict[str, Json]]:
    """The issues of an answer that holds one or several."""
    return [data] if isinstance(data, dict) and "id" in data else wire_meta.items(data)
