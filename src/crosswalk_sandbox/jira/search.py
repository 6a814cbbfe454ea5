"""Finds issues by a parsed query, as Jira's index would: with its lag, its operators per field, its refusals. Changes
nothing.

NOT is carried down to the clauses (`NOT a = b` is `a != b`, so it does not find issues where a is empty), as
https://support.atlassian.com/jira-work-management/docs/advanced-search-reference-jql-operators/ says of `!=`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crosswalk_sandbox.jira import jql
from crosswalk_sandbox.jira.clauses import Clauses
from crosswalk_sandbox.jira.compare import Doc, Test
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Issue
from crosswalk_sandbox.jira.traits import Asker


@dataclass(frozen=True, slots=True)
class Reach:
    """How fresh the index is: `lag` seconds behind, but not for the issues to be reconciled (ids)."""

    lag: float = 0.0
    reconcile: Collection[str] = ()


NOW = Reach()


def docs(site: Site, reach: Reach, issues: Iterable[Issue]) -> list[Doc]:
    """Issues as the index knows them now."""
    known = site.now() - timedelta(seconds=reach.lag)
    out = []
    for issue in issues:
        held = None
        if issue.past and issue.past[-1].at > known and issue.id not in reach.reconcile:
            held = issue.as_of(known)
        if held is None:
            out.append(Doc(issue, issue.status, issue.type, issue.updated, issue.values))
        elif not held.absent:
            out.append(Doc(issue, held.status, held.type, held.updated, held.values, known))
    return out


@dataclass(frozen=True, slots=True)
class Found:
    """Issues in order, and what was wrong with a query that was run all the same."""

    issues: list[Issue]
    warnings: list[str]


def find(site: Site, asker: Asker, query: jql.Query, reach: Reach = NOW) -> list[Issue]:
    """The issues that match and that the asker may see, in order. Raises Refusal with everything that is wrong."""
    found = look(site, asker, query, reach)
    if found.warnings:
        raise Refusal(400, *found.warnings)
    return found.issues


def look(site: Site, asker: Asker, query: jql.Query, reach: Reach = NOW) -> Found:
    """As `find`, but a clause that is wrong finds nothing, and says so in the warnings."""
    searcher = Searcher(site, asker)
    test = searcher.test(query.where) if query.where else None
    keys = searcher.sorting(query.order)
    seen = {project for project in site.projects if searcher.traits.sees(project)}
    found = [doc for doc in docs(site, reach, searcher.pool(query.where, seen)) if test is None or test(doc)]
    found = [doc for doc in found if doc.issue.archived is None]
    found = [doc for doc in found if not doc.issue.values.get("security") or site.sees(asker.person, doc.issue)]
    found.sort(key=lambda doc: int(doc.issue.id), reverse=True)
    for key, down in reversed(keys):
        found.sort(key=key, reverse=down)
    return Found([doc.issue for doc in found], list(dict.fromkeys(searcher.errors)))


class Searcher(Clauses):
    """Turns a query into a test, an order and the issues worth looking at, collecting what is wrong with it."""

    def test(self, tree: jql.Tree, *, negated: bool = False) -> Test:
        """The test for a tree; adds to `errors` what does not exist."""
        if isinstance(tree, jql.Not):
            return self.test(tree.inner, negated=not negated)
        if isinstance(tree, jql.Clause):
            return self.clause(tree, negated=negated)
        tests = [self.test(part, negated=negated) for part in tree.parts]
        if len(tests) == 2:  # most are, and of very many issues each is asked
            one, two = tests
            if isinstance(tree, jql.Both) is not negated:
                return lambda doc: one(doc) and two(doc)
            return lambda doc: one(doc) or two(doc)
        if isinstance(tree, jql.Both) is not negated:
            return lambda doc: all(test(doc) for test in tests)
        return lambda doc: any(test(doc) for test in tests)

    def sorting(self, order: Iterable[jql.Sort]) -> list[tuple[Callable[[Doc], tuple[bool, Any]], bool]]:
        """The sort keys and whether each falls; empty values come last when rising.

        Without ASC or DESC a field's own order counts, which falls for dates and priority (unconfirmed which others):
        https://support.atlassian.com/jira-software-cloud/docs/jql-keywords/ ("ORDER BY").
        """
        out = []
        for sort in order:
            traits = self.named(sort.field)
            key = traits[0].order if traits else None
            if key is None:
                self.errors.append(f"Not able to sort using field '{sort.field}'.")
                continue
            down = traits[0].descending if sort.descending is None else sort.descending
            out.append((_sort_key(key), down))
        return out

    # ---- which issues are worth a look

    def pool(self, tree: jql.Tree | None, projects: set[str]) -> list[Issue]:
        """Issues of these projects that may match: by key where keys are asked for, else by project and time.

        What a client polls with (`project = X AND updated >= ...`) so looks closely at few of very many issues. As an
        issue's time of change only grows, the index's older view of it never matches what the present one does not.
        """
        every = self.site.issues
        wanted = self.narrow(tree) if tree else ALL
        projects = projects if wanted.projects is None else projects & wanted.projects
        if wanted.ids is not None:
            issues: Iterable[Issue] = [every[i] for i in wanted.ids if i in every]
        else:
            issues = every.values()
        if (since := wanted.since) is not None:
            return [i for i in issues if i.updated >= since and i.project in projects]
        return [i for i in issues if i.project in projects]

    def narrow(self, tree: jql.Tree) -> Pool:
        """Bounds that every issue a tree can match keeps to."""
        if isinstance(tree, jql.Both):
            out = ALL
            for part in tree.parts:
                out = out.meet(self.narrow(part))
            return out
        if isinstance(tree, jql.Clause) and not tree.field.properties and tree.operand is not None:
            return self._narrow_clause(tree, tree.operand)
        return ALL

    def _narrow_clause(self, clause: jql.Clause, operand: jql.Operand) -> Pool:
        traits = self.traits.named(clause.field.text)
        name = traits[0].name if len(traits) == 1 else ""
        exact = clause.operator in ("=", "in") and name in ("key", "project")
        bound = clause.operator in (">", ">=", "=") and name in ("created", "updated")
        if not exact and not bound:
            return ALL
        quiet = Clauses(self.site, self.asker)
        values = quiet.values(traits[0], clause, operand)
        if bound:
            times = [value for value in values if isinstance(value, datetime)]
            return Pool(since=min(times)) if times else ALL
        ids = frozenset(str(value) for value in values)
        return Pool(ids=ids) if name == "key" else Pool(projects=ids)


@dataclass(frozen=True, slots=True)
class Pool:
    """Bounds on issues: ids, projects, a time before which they did not change last. None is no bound."""

    ids: frozenset[str] | None = None
    projects: frozenset[str] | None = None
    since: datetime | None = None

    def meet(self, other: Pool) -> Pool:
        """Both bounds at once."""
        since = max(filter(None, (self.since, other.since)), default=None)
        return Pool(_meet(self.ids, other.ids), _meet(self.projects, other.projects), since)


def _meet(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return other if one is None else one if other is None else one & other


ALL = Pool()


def _sort_key(key: Callable[[Doc], Any]) -> Callable[[Doc], tuple[bool, Any]]:
    def by(doc: Doc) -> tuple[bool, Any]:
        found = key(doc)
        return (True, 0) if found is None else (False, found)

    return by
