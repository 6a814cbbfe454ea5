"""Looks for issues of one project by JQL, whole and in pages. Reads only; a query never leaves the project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crosswalk.errors import Invalid, Refused
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.project import VERSION, Project, Scope
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.remote.client import Client

BESIDES = ("issuetype", "fixVersions", "parent", "updated")
_WORD = re.compile(r"\w+")
_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,99}-[0-9]{1,18}")
LONGEST = 20_000  # characters of a query that a person may write


class Seeker:
    """The issues and versions of a project, for whoever looks for more than pairs."""

    def __init__(self, client: Client, flavour: Flavour, scope: Scope) -> None:
        self._project, self._scope, self._flavour = Project(client, flavour, scope), scope, flavour

    @property
    def reference(self) -> str:
        """The id of the field in which issues name their Aha! record; "" where the project has none."""
        return self._project.reference

    @property
    def epic_link(self) -> str:
        """The id of the field in which issues name their epic, on Data Center; "" elsewhere."""
        name, _ = self._flavour.below_epic(Ref("issue", "0", ""), self._scope.metadata)
        return "" if name == "parent" else name

    def types_for(self, kind: str) -> frozenset[str]:
        """The ids of the issue types that records of `kind` may be."""
        return self._scope.types_for(kind)

    def search(self, jql: str, fields: Sequence[str] = ()) -> Iterator[Snapshot]:
        """The project's issues that `jql` finds ("" for all), with `fields` besides; a request for each page.

        Raises Refused for a query with an order of its own: it could not stand in brackets.
        """
        words = " ".join(jql.casefold().split())
        if "order by" in words or len(jql) > LONGEST or words.count("(") != words.count(")"):
            raise Refused(
                "The query can not be used.",
                remedy="Leave out ORDER BY, close every bracket, and keep it short.",
                code="Q4",
            )
        inside = f" AND ({jql})" if words else ""
        asked = f"project = {self._project.id}{inside} ORDER BY key"
        above = (self.epic_link, *self._project.above_fields, *self._project.listing_below)
        wanted = sorted({*self._scope.fields, *BESIDES, *above, self.reference, *fields} - {""})
        home = f"{self._scope.metadata.key}-".casefold()
        for issue in self._project.pages(lambda after: self._flavour.search(asked, wanted, after)):
            found = self._project.snapshot(issue)
            if found.ref.key.casefold().startswith(home):  # a bracket that a person closed lets nothing else in
                yield found

    def newest(self, words: str) -> Iterator[Snapshot]:
        """The project's issues, those that changed last first, with what a list shows of them; with `words`, those that
        have all of them in their name, or whose key they are. A request for each page, of few fields."""
        terms, key = _WORD.findall(words), words.strip().upper()
        inside = ""
        if terms:
            text = " ".join(f"{one}*" for one in terms)
            inside = f' AND (summary ~ "{text}"' + (f" OR key = {key})" if _KEY.fullmatch(key) else ")")
        asked = f"project = {self._project.id}{inside} ORDER BY updated DESC"
        above = (self.epic_link, *self._project.above_fields, self.reference)
        wanted = sorted({*BESIDES, "summary", *above} - {""})
        try:
            for issue in self._project.pages(lambda after: self._flavour.search(asked, wanted, after)):
                yield self._project.snapshot(issue)
        except Invalid:
            if not _KEY.fullmatch(key):  # of a key that no issue has, Jira says so instead of finding nothing
                raise
            yield from self.newest(words.replace("-", " "))

    def versions(self) -> list[Snapshot]:
        """All versions of the project."""
        return [self._project.version(entry) for entry in self._project.versions()]

    def version(self, name: str) -> Snapshot | None:
        """The version of this name, or with this id."""
        for found in self.versions():
            if name in (found.ref.id, found.ref.key):
                return found
        return None

    def read_all(self, refs: Sequence[Ref]) -> list[Snapshot]:
        """Those of these issues that are in the project, a page at a time."""
        found: list[Snapshot] = []
        ids = [ref.id for ref in refs if ref.kind != VERSION and ref.id.isdigit()]
        for start in range(0, len(ids), 100):
            found += self.search(f"id in ({', '.join(ids[start : start + 100])})")
        return found

    def below(self, above: Sequence[Ref]) -> Iterator[Snapshot]:
        """The issues that stand below these issues and versions, each once; they are asked for by a hundred at a time.

        Of one that changes meanwhile a later page may tell again.
        """
        seen: set[Ref] = set()
        for kind, words in ((VERSION, _in_versions), ("issue", self._below_issues)):
            some = [ref for ref in above if ref.kind == kind]
            for start in range(0, len(some), 100):
                for found in self.search(words(some[start : start + 100])):
                    if found.ref not in seen:
                        seen.add(found.ref)
                        yield found

    def _below_issues(self, some: Sequence[Ref]) -> str:
        """The JQL for what stands below issues: on Data Center what links to an epic, and sub-tasks besides."""
        parent = f"parent in ({', '.join(ref.id for ref in some)})"
        if not self.epic_link:
            return parent
        link = f"cf[{self.epic_link.removeprefix('customfield_')}] in ({', '.join(ref.key for ref in some)})"
        return f"{link} OR {parent}"


def _in_versions(some: Sequence[Ref]) -> str:
    """The JQL for what is fixed in versions."""
    return f"fixVersion in ({', '.join(ref.id for ref in some)})"
