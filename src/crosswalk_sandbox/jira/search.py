"""Finds issues by a parsed query, as Jira's index would: with its lag, its operators per field, its refusals. Changes
nothing.

The dates of a query are read in the caller's own zone, to the minute; the stamps of issues are in the site's zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crosswalk_sandbox.jira import jql
from crosswalk_sandbox.jira.compare import (
    EQUALITY,
    ORDERED,
    TEXT,
    Doc,
    Test,
    Trait,
    by_name,
    compare,
    listed,
    minute,
    number,
    period,
    unresolved,
    words_of,
)
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Field, Issue, Person


@dataclass(frozen=True, slots=True)
class Reach:
    """How fresh the index is: `lag` seconds behind, but not for the issues to be reconciled (ids)."""

    lag: float = 0.0
    reconcile: Collection[str] = ()


def docs(site: Site, reach: Reach) -> list[Doc]:
    """Every issue as the index knows it now."""
    known = site.now() - timedelta(seconds=reach.lag)
    out = []
    for issue in site.issues.values():
        held = issue.as_of(known) if issue.past and issue.id not in reach.reconcile else None
        if held is None:
            out.append(Doc(issue, issue.status, issue.type, issue.updated, issue.values))
        elif not held.absent:
            out.append(Doc(issue, held.status, held.type, held.updated, held.values))
    return out


NOW = Reach()


def find(site: Site, person: Person, query: jql.Query, reach: Reach = NOW) -> list[Issue]:
    """The issues that match and that the person may see, in order. Raises Refusal with everything that is wrong."""
    searcher = Searcher(site, person)
    test = searcher.test(query.where) if query.where else None
    keys = [(searcher.sort_key(name), down) for name, down in query.order]
    if searcher.errors:
        raise Refusal(400, *dict.fromkeys(searcher.errors))
    seen = {p.id for p in site.projects.values() if site.allowed(person, p, "BROWSE_PROJECTS")}
    found = [doc for doc in docs(site, reach) if doc.issue.project in seen and (test is None or test(doc))]
    found.sort(key=lambda doc: int(doc.issue.id), reverse=True)
    for key, down in reversed(keys):
        found.sort(key=key, reverse=down)
    return [doc.issue for doc in found]


class Searcher:
    """Turns a query's tree into a test, collecting what is wrong with it."""

    def __init__(self, site: Site, person: Person) -> None:
        self.site, self.person = site, person
        self.errors: list[str] = []

    def test(self, tree: jql.Tree) -> Test:
        """The test for a tree; adds to `errors` what does not exist."""
        if isinstance(tree, jql.Both):
            left, right = self.test(tree.left), self.test(tree.right)
            return lambda doc: left(doc) and right(doc)
        if isinstance(tree, jql.Either):
            left, right = self.test(tree.left), self.test(tree.right)
            return lambda doc: left(doc) or right(doc)
        if isinstance(tree, jql.Not):
            inner = self.test(tree.inner)
            return lambda doc: not inner(doc)
        return self.clause(tree)

    def clause(self, clause: jql.Clause) -> Test:
        trait = self.trait(clause.field)
        if trait is None:
            self.errors.append(f"Field '{clause.field}' does not exist or you do not have permission to view it.")
            return lambda _doc: False
        if clause.operator not in trait.operators:
            self.errors.append(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
            return lambda _doc: False
        wanted = [value for operand in clause.operands for value in self.values(trait, clause.field, operand)]
        return compare(trait, clause.operator, wanted)

    def values(self, trait: Trait, name: str, operand: jql.Operand) -> list[object]:
        """What an operand means for a field; None stands for EMPTY."""
        if isinstance(operand, jql.Call):
            return self.call(trait, operand)
        if operand.empty:
            return [None]
        meant = trait.mean(operand.text)
        if meant is None:
            self.errors.append(self.no_value(trait, name, operand.text))
        return [meant]

    def no_value(self, trait: Trait, name: str, text: str) -> str:
        if trait.mean == self.moment:
            return (
                f"Date value '{text}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
                "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
            )
        if trait.name == "key":
            return f"An issue with key '{text}' does not exist for field '{name}'."
        return f"The value '{text}' does not exist for the field '{name}'."

    def call(self, trait: Trait, call: jql.Call) -> list[object]:
        function = call.name.lower()
        if function == "currentuser" and trait.mean == self.user:
            return [self.person.key]
        if function == "now" and trait.mean == self.moment:
            return [self.site.now()]
        if function in ("startofday", "endofday") and trait.mean == self.moment:
            zone = ZoneInfo(self.person.zone)
            start = self.site.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
            return [start if function == "startofday" else start + timedelta(days=1, microseconds=-1000)]
        self.errors.append(f"Unable to find JQL function '{call.name}({', '.join(call.arguments)})'.")
        return [None]

    # ---- what a query value means

    def user(self, text: str) -> object:
        """A person by account id, name or e-mail."""
        for person in self.site.people.values():
            if text in (person.account_id, person.key) or text.lower() in (person.name, person.email.lower()):
                return person.key
        return None

    def moment(self, text: str) -> object:
        """A date, a moment or a period, in the person's zone."""
        zone = ZoneInfo(self.person.zone)
        if re.fullmatch(r"\d{1,15}", text):
            return datetime.fromtimestamp(int(text) / 1000, UTC) if int(text) < 4e12 else None
        if re.fullmatch(r"\s*[-+]?(\d{1,6}[yMwdhm]\s*)+", text):
            return self.site.now() + period(text)
        for pattern in ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d"):
            try:
                return datetime.strptime(text, pattern).replace(tzinfo=zone)
            except ValueError:
                continue
        return None

    def day(self, text: str) -> object:
        """A day for a date field."""
        meant = self.moment(text)
        return meant.astimezone(ZoneInfo(self.person.zone)).date().isoformat() if isinstance(meant, datetime) else None

    def issue_key(self, text: str) -> object:
        found = self.site.issue(text)
        return (int(found.project), found.number) if found else None

    def issue_id(self, text: str) -> object:
        found = self.site.issue(text)
        return found.id if found else None

    def project_id(self, text: str) -> object:
        found = self.site.project(text) or next(
            (p for p in self.site.projects.values() if p.name.lower() == text.lower()), None
        )
        return found.id if found and self.site.allowed(self.person, found, "BROWSE_PROJECTS") else None

    # ---- fields

    def trait(self, name: str) -> Trait | None:
        """How the field of this name is searched; None when there is none."""
        lower = name.lower()
        if made := self.system(lower):
            return made
        field = self.named(lower) or self.site.fields.get(ALIASES.get(lower, ""))
        return self.custom(field) if field else None

    def named(self, lower: str) -> Field | None:
        wanted = f"customfield_{lower[3:-1]}" if lower.startswith("cf[") else None
        for field in self.site.fields.values():
            if field.id == wanted or (wanted is None and lower in (field.id.lower(), field.name.lower())):
                return field if field.searchable else None
        return None

    def system(self, lower: str) -> Trait | None:
        site = self.site
        if lower in ("key", "issuekey", "issue", "id"):
            return Trait("key", lambda d: [(int(d.issue.project), d.issue.number)], self.issue_key, ORDERED)
        if lower == "project":
            return Trait("project", lambda d: [d.issue.project], self.project_id, EQUALITY)
        if lower == "status":
            return Trait("status", lambda d: [d.status], by_name(site.statuses), EQUALITY)
        if lower == "statuscategory":
            named = {c.name.lower(): c.key for c in site.categories} | {c.key: c.key for c in site.categories}
            return Trait(
                "statusCategory",
                lambda d: [site.statuses[d.status].category.key],
                lambda t: named.get(t.lower()),
                EQUALITY,
            )
        if lower in ("issuetype", "type"):
            return Trait("issuetype", lambda d: [d.type], by_name(site.types), EQUALITY)
        if lower == "creator":
            return Trait("creator", lambda d: [d.issue.creator], self.user, EQUALITY)
        if lower in ("created", "createddate"):
            return Trait("created", lambda d: [minute(d.issue.created)], self.moment, ORDERED)
        if lower in ("updated", "updateddate"):
            return Trait("updated", lambda d: [minute(d.updated)], self.moment, ORDERED)
        if lower in ("resolved", "resolutiondate"):
            return Trait(
                "resolved", lambda d: [minute(d.issue.resolved)] if d.issue.resolved else [], self.moment, ORDERED
            )
        if lower == "text":
            return Trait(
                "text",
                lambda d: [words_of(d.values.get("summary")), words_of(d.values.get("description"))],
                str,
                TEXT,
            )
        return None

    def custom(self, field: Field) -> Trait | None:
        """How a field is searched, by its kind."""
        kind, site, name = field.kind, self.site, field.id

        def held(doc: Doc) -> list[object]:
            return listed(doc.values.get(name))

        if kind in ("text", "rich", "epicname"):
            return Trait(name, lambda d: [words_of(d.values[name])] if d.values.get(name) else [], str, TEXT)
        if kind in ("person", "people"):
            return Trait(name, held, self.user, EQUALITY)
        if kind in ("versions", "components"):
            named = site.versions if kind == "versions" else site.components
            return Trait(name, held, by_name(named), EQUALITY)
        if kind in ("option", "options", "labels"):
            options = {option.id: option for option in field.options}
            return Trait(name, held, str if kind == "labels" else by_name(options), EQUALITY)
        if kind == "priority":
            return Trait(name, held, by_name(site.priorities), ORDERED)
        if kind == "resolution":
            mean = by_name(site.resolutions)
            return Trait(name, lambda d: held(d) or ["unresolved"], lambda t: unresolved(t) or mean(t), EQUALITY)
        if kind in ("parent", "epiclink"):
            return Trait(name, held, self.issue_id, EQUALITY)
        if kind == "number":
            return Trait(name, held, number, ORDERED)
        if kind == "date":
            return Trait(name, held, self.day, ORDERED)
        if kind == "sprint":
            return Trait(name, held, by_name({str(s.id): s for s in site.sprints.values()}), EQUALITY)
        return Trait(name, held, str, {"=", "!=", *TEXT}) if kind == "url" else None

    def sort_key(self, name: str) -> Callable[[Doc], tuple[bool, object]]:
        """How issues are ordered by a field; empty values last when ascending."""
        lower = name.lower()
        if lower == "rank":
            return lambda doc: (False, doc.issue.rank)
        if lower == "summary":
            return lambda doc: (False, str(doc.values.get("summary")).lower())
        trait = self.trait(name)
        if trait is None:
            self.errors.append(f"Field '{name}' does not exist or you do not have permission to view it.")
            return lambda _doc: (False, 0)
        have = trait.have

        def key(doc: Doc) -> tuple[bool, object]:
            held = have(doc)
            return (
                not held,
                str(held[0]) if held and not isinstance(held[0], tuple | datetime) else held[0] if held else "",
            )

        if lower in ("key", "issuekey", "id", "created", "updated"):
            return key
        return lambda doc: (key(doc)[0], str(key(doc)[1]))


ALIASES = {
    "fixversion": "fixVersions",
    "affectedversion": "versions",
    "component": "components",
    "due": "duedate",
    "epic link": "parent",
    "environment": "environment",
}
