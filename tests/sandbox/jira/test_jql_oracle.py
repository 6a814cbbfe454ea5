"""Queries drawn by chance find what a naive reading of them finds; and each planted fault would have been noticed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crosswalk_sandbox.jira import jql, search
from crosswalk_sandbox.jira.compare import Doc, Test
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.traits import Asker

from .jql_world import answer, order, order_text, planted, records, tree, written

DATA = records(7)
MANY = 800
Find = Callable[[Site, Asker, jql.Query], list[str]]


@pytest.fixture(scope="module", params=["cloud", "dc"])
def world(request: pytest.FixtureRequest) -> tuple[Site, Asker]:
    return made(request.param)


def made(flavour: str) -> tuple[Site, Asker]:
    site = planted(flavour, DATA)
    alice = next(iter(site.people.values()))
    for project in site.projects.values():
        project.grants[alice.key] = {"BROWSE_PROJECTS"}
    return site, Asker(alice, flavour == "cloud")


def keys(site: Site, asker: Asker, query: jql.Query) -> list[str]:
    return [issue.key for issue in search.find(site, asker, query)]


def drawn(seed: int) -> tuple[str, list[str]]:
    """A query and what it finds."""
    chance = random.Random(seed)
    where, by = tree(chance), order(chance)
    return written(where, chance) + order_text(by), answer(where, by, DATA)


def test_queries_find_what_they_say(world: tuple[Site, Asker]) -> None:
    sizes = []
    for seed in range(MANY):
        text, found = drawn(seed)
        assert keys(*world, jql.parse(text)) == found, text
        sizes.append(len(found))
    assert sum(0 < size < len(DATA) for size in sizes) > MANY / 2, "the queries say something"


# ---- planted faults


def changed(change: Callable[[jql.Clause], jql.Clause]) -> Find:
    """Every clause is read wrongly."""

    def wrong(tree: jql.Tree) -> jql.Tree:
        if isinstance(tree, jql.Clause):
            return change(tree)
        if isinstance(tree, jql.Not):
            return jql.Not(wrong(tree.inner))
        return replace(tree, parts=tuple(wrong(part) for part in tree.parts))

    return lambda site, asker, query: keys(
        site, asker, replace(query, where=wrong(query.where) if query.where else None)
    )


def swapped(**operators: str) -> Find:
    """One operator is taken for another."""
    pairs = {"less": "<", "most": "<=", "more": ">", "least": ">=", "was_in": "was in", "not_in": "not in"}
    table = {pairs.get(name, name): value for name, value in operators.items()}
    return changed(lambda clause: replace(clause, operator=table.get(clause.operator, clause.operator)))


def without(*predicates: str) -> Find:
    """Predicates are not heeded."""
    return changed(
        lambda clause: replace(clause, predicates=tuple(p for p in clause.predicates if p.operator not in predicates))
    )


def items(change: Callable[[tuple[jql.Operand, ...]], tuple[jql.Operand, ...]]) -> Find:
    """Lists are read wrongly."""

    def wrong(clause: jql.Clause) -> jql.Clause:
        operand = clause.operand
        return replace(clause, operand=jql.Listed(change(operand.items))) if isinstance(operand, jql.Listed) else clause

    return changed(wrong)


def by(kind: type[search.Searcher]) -> Find:
    """Another searcher does the work."""

    def find(site: Site, asker: Asker, query: jql.Query) -> list[str]:
        searcher = kind(site, asker)
        test = searcher.test(query.where) if query.where else None
        pool = searcher.pool(query.where, set(site.projects))
        found = [doc for doc in search.docs(site, search.NOW, pool) if test is None or test(doc)]
        found.sort(key=lambda doc: int(doc.issue.id), reverse=True)
        for key, down in reversed(searcher.sorting(query.order)):
            found.sort(key=key, reverse=down)
        return [doc.issue.key for doc in found]

    return find


class Complement(search.Searcher):
    """NOT finds everything that its clause does not find, empty fields too."""

    def test(self, tree: jql.Tree, *, negated: bool = False) -> Test:
        if isinstance(tree, jql.Not):
            inner = self.test(tree.inner)
            return lambda doc: not inner(doc)
        return super().test(tree, negated=negated)


class NotKeepsJoints(search.Searcher):
    """NOT turns the clauses round and forgets AND and OR."""

    def test(self, tree: jql.Tree, *, negated: bool = False) -> Test:
        if isinstance(tree, jql.Both | jql.Either):
            tests = [self.test(part, negated=negated) for part in tree.parts]
            if isinstance(tree, jql.Both):
                return lambda doc: all(test(doc) for test in tests)
            return lambda doc: any(test(doc) for test in tests)
        return super().test(tree, negated=negated)


class EmptyMatches(search.Searcher):
    """A negative comparison finds empty fields."""

    def clause(self, clause: jql.Clause, *, negated: bool = False) -> Test:
        test = super().clause(clause, negated=negated)
        if clause.operator not in ("!=", "not in") or negated:
            return test
        have = self.traits.named(clause.field.text)[0].have
        return lambda doc: test(doc) or not have(doc)


class EagerPool(search.Searcher):
    """The bounds of one alternative hold for all of them."""

    def narrow(self, tree: jql.Tree) -> search.Pool:
        return super().narrow(jql.Both(tree.parts)) if isinstance(tree, jql.Either) else super().narrow(tree)


class LatePool(search.Searcher):
    """Issues changed at the very bound are not looked at."""

    def pool(self, tree: jql.Tree | None, projects: set[str]) -> list[Any]:
        since = self.narrow(tree).since if tree else None
        return [issue for issue in super().pool(tree, projects) if since is None or issue.updated > since]


class Unsorted(search.Searcher):
    """The second field of an order is not heeded."""

    def sorting(self, order: Any) -> list[tuple[Callable[[Doc], tuple[bool, Any]], bool]]:
        return super().sorting(order[:1])


class EmptyFirst(search.Searcher):
    """Empty fields come first."""

    def sorting(self, order: Any) -> list[tuple[Callable[[Doc], tuple[bool, Any]], bool]]:
        def turned(key: Callable[[Doc], tuple[bool, Any]]) -> Callable[[Doc], tuple[bool, Any]]:
            return lambda doc: (not key(doc)[0], key(doc)[1])

        return [(turned(key), down) for key, down in super().sorting(order)]


def elsewhere(site: Site, asker: Asker, query: jql.Query) -> list[str]:
    """Dates are read in the site's zone."""
    return keys(site, replace(asker, person=replace(asker.person, zone=str(site.zone))), query)


def priority_turned(clause: jql.Clause) -> jql.Clause:
    turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    if clause.field.text != "priority":
        return clause
    return replace(clause, operator=turned.get(clause.operator, clause.operator))


def stars_dropped(clause: jql.Clause) -> jql.Clause:
    operand = clause.operand
    if isinstance(operand, jql.Literal) and operand.text.endswith("*"):
        return replace(clause, operand=jql.Literal(operand.text[:-1]))
    return clause


def any_word(clause: jql.Clause) -> jql.Clause:
    operand = clause.operand
    if isinstance(operand, jql.Literal) and clause.operator == "~":
        return replace(clause, operand=jql.Literal(" OR ".join(operand.text.split())))
    return clause


def present_only(clause: jql.Clause) -> jql.Clause:
    table = {"was": "=", "was not": "!=", "was in": "in", "was not in": "not in"}
    if clause.operator not in table:
        return clause
    return replace(clause, operator=table[clause.operator], predicates=())


PLANTED: dict[str, Find] = {
    "NOT is a complement": by(Complement),
    "NOT keeps AND and OR": by(NotKeepsJoints),
    "negative comparisons find empty fields": by(EmptyMatches),
    "bounds of one alternative hold for all": by(EagerPool),
    "issues at the bound are left out": by(LatePool),
    "the second order is not heeded": by(Unsorted),
    "empty fields come first": by(EmptyFirst),
    "dates are in the site's zone": elsewhere,
    "less is at most": swapped(less="<="),
    "more is at least": swapped(more=">="),
    "at least is more": swapped(least=">"),
    "is not is is": changed(lambda c: replace(c, operator="is") if c.operator == "is not" else c),
    "priorities are turned round": changed(priority_turned),
    "only the first of a list counts": items(lambda some: some[:1]),
    "EMPTY in a list is lost": items(lambda some: tuple(i for i in some if i != jql.Empty()) or some),
    "a star is lost": changed(stars_dropped),
    "any word will do": changed(any_word),
    "WAS sees the present": changed(present_only),
    "BY is not heeded": without("by"),
    "AFTER is not heeded": without("after"),
    "BEFORE is not heeded": without("before"),
    "ON is not heeded": without("on"),
    "DURING is not heeded": without("during"),
    "FROM is not heeded": without("from"),
    "TO is not heeded": without("to"),
}


@pytest.fixture(scope="module")
def asked() -> list[tuple[jql.Query, list[str]]]:
    """Queries with what they find, drawn once for all faults."""
    return [(jql.parse(text), found) for text, found in map(drawn, range(MANY))]


@pytest.fixture(scope="module")
def cloud_world() -> tuple[Site, Asker]:
    return made("cloud")


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_noticed(
    fault: str, asked: list[tuple[jql.Query, list[str]]], cloud_world: tuple[Site, Asker]
) -> None:
    assert any(PLANTED[fault](*cloud_world, query) != found for query, found in asked)
