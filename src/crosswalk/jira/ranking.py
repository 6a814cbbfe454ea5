"""The order of issues: Jira Software's rank, a text that sorts. Read, compared, and changed only where it differs.

Operation rankIssues (https://developer.atlassian.com/cloud/jira/software/rest/), the same path on Data Center.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.jira import wire_agile, wire_meta
from crosswalk.jira.metadata import RANK
from crosswalk.jira.project import Project
from crosswalk.merge.records import Ref


class Ranker:
    """Orders issues of one project. Raises RemoteError."""

    def __init__(self, project: Project) -> None:
        self._project = project
        found = project.scope.metadata.field_by_schema(RANK)
        self._field = found.id if found else ""

    def order(self, refs: Sequence[Ref]) -> str:
        """Put `refs` in this order, behind the first of them; why some were not moved, or ""."""
        if not self._field or len(refs) < 2:
            return ""
        ranks = self._ranks(refs)
        if any(not ranks.get(ref.id) for ref in refs):
            return "Jira shows no rank of some of these issues."
        told = [ranks[ref.id] for ref in refs]
        if told == sorted(told):
            return ""
        words: list[str] = []
        for start in range(1, len(refs), wire_agile.RANKED):
            behind = refs[start - 1]
            answer = self._project.send(
                wire_agile.rank([ref.id for ref in refs[start : start + wire_agile.RANKED]], behind.id)
            )
            entries = answer.get("entries") if isinstance(answer, dict) else None
            for entry in entries or ():
                words += [str(word) for word in entry.get("errors") or ()]
        return " ".join(dict.fromkeys(words))

    def _ranks(self, refs: Sequence[Ref]) -> dict[str, str]:
        found: dict[str, str] = {}
        flavour = self._project.flavour
        for start in range(0, len(refs), flavour.batch):
            ids = [ref.id for ref in refs[start : start + flavour.batch]]
            data = self._project.send(flavour.read_many(ids, [self._field]))
            listed = [data] if isinstance(data, dict) and "id" in data else wire_meta.items(data)
            found |= {str(issue["id"]): str((issue.get("fields") or {}).get(self._field) or "") for issue in listed}
        return found
