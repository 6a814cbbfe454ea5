"""Every field as JQL searches it: what an issue holds there, what a word in a query means for it, which operators it
takes.

Operators by field: https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crosswalk_sandbox.jira import jql_dates, jql_kinds, jql_more, jql_properties
from crosswalk_sandbox.jira.compare import (
    EQUALITY,
    HISTORY,
    ORDERED,
    TEXT,
    Called,
    Doc,
    Have,
    Mean,
    Place,
    Trait,
    by_name,
    either,
    listed,
    number,
    second,
    words,
    words_of,
)
from crosswalk_sandbox.jira.directory import may_read
from crosswalk_sandbox.jira.jql import Literal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Field, Person, Value

ALIASES = {
    "issuekey": "key", "issue": "key", "id": "key", "type": "issuetype", "createddate": "created",
    "updateddate": "updated", "resolutiondate": "resolved", "fixversion": "fixVersions",
    "affectedversion": "versions", "component": "components", "due": "duedate",
    "attachments": "attachment", "timeoriginalestimate": "originalestimate", "timeestimate": "remainingestimate",
}  # fmt: skip
NAMES = {"fixVersions": "fixVersion", "versions": "affectedVersion", "components": "component", "duedate": "due"}
"""What JQL calls a field where that is not its id."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who searches. On Cloud people are found by account id, display name or e-mail; names and keys are gone:
    https://developer.atlassian.com/cloud/jira/platform/deprecation-notice-user-privacy-api-migration-guide/"""

    person: Person
    cloud: bool = True

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.zone)


def in_order(things: Iterable[str], *, falling: bool = False) -> Callable[[Any], Place | None]:
    """Places by position; `falling` where the first is the greatest, as with priorities."""
    places = {key: -position if falling else position for position, key in enumerate(things)}
    return lambda key: (None, places[key]) if key in places else None


def first(have: Have, place: Callable[[Any], Place | None]) -> Callable[[Doc], Any]:
    """Orders by the smallest value."""

    def order(doc: Doc) -> Any:
        places = [found for value in have(doc) if (found := place(value)) is not None]
        return min(places) if places else None

    return order


class Traits:
    """The traits of a site's fields, for one asker."""

    def __init__(self, site: Site, asker: Asker) -> None:
        self.site, self.asker = site, asker
        self.inside: frozenset[str] = frozenset()  # the saved filters that this search is part of
        self._made: dict[str, list[Trait]] = {}

    def named(self, name: str) -> list[Trait]:
        """The fields of this name: none, one, or several custom fields that share it."""
        lower = name.lower()
        if lower not in self._made:
            self._made[lower] = self._make(lower)
        return self._made[lower]

    def _make(self, lower: str) -> list[Trait]:
        name = ALIASES.get(lower, lower)
        fixed = self.fixed() | jql_more.fields(self)
        if name in fixed:
            return [fixed[name]()]
        site = self.site
        if lower == "epic link" and not site.of_kind("epiclink"):
            name = "parent"
        found = re.fullmatch(r"cf\[(\d+)\]", lower)
        wanted = f"customfield_{found[1]}" if found else name.lower()
        fields = [f for f in site.fields.values() if f.id.lower() == wanted and (f.custom or f.id == name or not found)]
        fields = fields or [f for f in site.fields.values() if wanted in self.spoken(f)]
        traits = [self.by_kind(field) if field.searchable else self._sorted(field) for field in fields]
        return [trait for trait in traits if trait is not None] or jql_properties.of_alias(self, lower)

    def _sorted(self, field: Field) -> Trait | None:
        """A custom field without a searcher has a place in an order alone."""
        found = self.by_kind(field) if field.custom else None
        return replace(found, operators=()) if found else None

    def spoken(self, field: Field) -> tuple[str, ...]:
        """The names of a field in lower case; Cloud takes that of a custom field also with its type behind it."""
        names = jql_kinds.spoken_names(field)
        return tuple(name.lower() for name in (names if self.asker.cloud else names[:1]))

    # ---- what a word means

    def user(self, literal: Literal) -> list[object]:
        """People by account id, display name or e-mail; on Data Center by user name too."""
        text, lower = literal.text, literal.text.lower()
        people, cloud = self.site.people.values(), self.asker.cloud
        exact = [p.key for p in people if (text == p.account_id if cloud else lower == p.name)]
        return [*exact] or [p.key for p in people if lower in (p.display_name.lower(), p.email.lower())]

    def moment(self, literal: Literal) -> list[object]:
        found = jql_dates.moment(literal.text, self.site.now(), self.asker.zone, number=literal.number)
        return [second(found)] if found else []

    def day(self, literal: Literal) -> list[object]:
        found = jql_dates.moment(literal.text, self.site.now(), self.asker.zone, number=literal.number)
        return [jql_dates.day(found, self.asker.zone).isoformat()] if found else []

    def issue(self, literal: Literal) -> list[object]:
        """An issue the asker may see, by key or id."""
        found = self.site.issue(literal.text)
        return [found.id] if found and self.site.sees(self.asker.person, found) else []

    def project(self, literal: Literal) -> list[object]:
        lower = literal.text.lower()
        seen = [p for p in self.site.projects.values() if self.sees(p.id)]
        named = [p.id for p in seen if lower in (p.key.lower(), p.name.lower(), *map(str.lower, p.former))]
        return either(literal, [p.id for p in seen if p.id == literal.text], named)

    def sees(self, project: str) -> bool:
        """Whether the asker finds things of a project; those of an archived one nobody does."""
        return self.site.projects[project].ended is None and self.site.allowed(
            self.asker.person, self.site.projects[project], "BROWSE_PROJECTS"
        )

    # ---- fields every issue has

    def fixed(self) -> dict[str, Callable[[], Trait]]:
        """The fields that are no plain value, by their name in lower case."""
        return {
            "key": self.key_trait,
            "project": lambda: self._plain("project", self.project, lambda d: [d.issue.project], self._projects()),
            "status": lambda: self._named("status", self.site.statuses, lambda d: [d.status], (*EQUALITY, *HISTORY)),
            "issuetype": lambda: self._named("issuetype", self.site.types, lambda d: [d.type], EQUALITY),
            "statuscategory": self.category,
            "creator": lambda: self.person_trait("creator", lambda d: [d.issue.creator]),
            "created": lambda: self.time("created", lambda d: [second(d.issue.created)]),
            "updated": lambda: self.time("updated", lambda d: [second(d.updated)]),
            "resolved": lambda: self.time("resolved", lambda d: [second(d.issue.resolved)] if d.issue.resolved else []),
            "lastviewed": lambda: self.time("lastViewed", self.viewed),
            "watcher": lambda: self.person_trait("watcher", lambda d: list(d.issue.watchers)),
            "voter": lambda: self.person_trait("voter", lambda d: list(d.issue.voters)),
            "watchers": lambda: self.count("watchers", lambda d: [float(len(d.issue.watchers))]),
            "votes": lambda: self.count("votes", lambda d: [float(len(d.issue.voters))]),
            "originalestimate": lambda: self.duration(
                "originalEstimate", lambda d: d.values.get("timeoriginalestimate")
            ),
            "remainingestimate": lambda: self.duration("remainingEstimate", lambda d: d.values.get("timeestimate")),
            "timespent": lambda: self.duration("timeSpent", lambda d: d.issue.spent or None),
            "comment": lambda: Trait("comment", "text", self.comments, words, ("~", "!~"), empty=False),
            "text": lambda: Trait("text", "text", self.all_text, words, ("~",), empty=False),
            "attachment": lambda: Trait(
                "attachment", "none", lambda d: list(d.issue.attachments), lambda _l: [], ("is", "is not")
            ),
            "rank": lambda: Trait("rank", "none", lambda d: [d.issue.rank], lambda _l: [], (), lambda d: d.issue.rank),
        }

    def key_trait(self) -> Trait:
        issues = self.site.issues

        def place(identity: object) -> Place | None:
            found = issues.get(str(identity))
            return (found.project, found.number) if found else None

        def order(doc: Doc) -> tuple[str, int]:
            key, _, number = doc.issue.key.rpartition("-")
            return key, int(number)

        return Trait("key", "issue", lambda d: [d.issue.id], self.issue, ORDERED, order, place, empty=False)

    def _projects(self) -> Callable[[Doc], Any]:
        return lambda doc: self.site.projects[doc.issue.project].name.lower()

    def _plain(self, name: str, mean: Mean, have: Have, order: Callable[[Doc], Any]) -> Trait:
        return Trait(name, name, have, mean, EQUALITY, order)

    def _named(self, name: str, things: Mapping[str, Called], have: Have, operators: Iterable[str]) -> Trait:
        return Trait(name, name, have, by_name(things), tuple(operators), first(have, in_order(things)))

    def category(self) -> Trait:
        site = self.site
        named = {c.key: c for c in site.categories}
        ids = {str(c.id): c.key for c in site.categories}

        def mean(literal: Literal) -> list[object]:
            if literal.number:
                return [ids[literal.text]] if literal.text in ids else []
            return by_name(named)(literal)

        def have(doc: Doc) -> list[object]:
            return [site.statuses[doc.status].category.key]

        return Trait("statusCategory", "none", have, mean, EQUALITY, first(have, in_order(named)))

    def person_trait(self, name: str, have: Have, more: tuple[str, ...] = ()) -> Trait:
        people = self.site.people

        def order(doc: Doc) -> Any:
            names = [people[key].display_name.lower() for value in have(doc) if (key := str(value)) in people]
            return min(names) if names else None

        return Trait(name, "user", have, self.user, (*EQUALITY, *more), order)

    def time(self, name: str, have: Have) -> Trait:
        return Trait(name, "moment", have, self.moment, ORDERED, lambda d: next(iter(have(d)), None), descending=True)

    def duration(self, name: str, seconds: Callable[[Doc], Value]) -> Trait:
        """Seconds, asked for as "1d 2h" in the site's own working days, a number alone in minutes."""

        def mean(literal: Literal) -> list[object]:
            found = self.site.working.read(literal.text)
            return [] if found is None else [float(found)]

        def have(doc: Doc) -> list[object]:
            return [float(found)] if isinstance(found := seconds(doc), int | float) else []

        return Trait(name, "none", have, mean, ORDERED, lambda d: next(iter(have(d)), None))

    def count(self, name: str, have: Have) -> Trait:
        """How many: an issue always has some number of them."""
        operators = ("=", "!=", "in", "not in", "<", ">", "<=", ">=")
        return Trait(name, "none", have, number, operators, lambda d: have(d)[0], empty=False, descending=True)

    def viewed(self, doc: Doc) -> list[object]:
        at = self.asker.person.viewed.get(doc.issue.id)
        return [second(at)] if at else []

    def comments(self, doc: Doc) -> list[object]:
        site, place = self.site, self.site.projects[doc.issue.project]
        return [words_of(c.body) for c in doc.issue.comments if may_read(site, place, c.visibility, self.asker.person)]

    def all_text(self, doc: Doc) -> list[object]:
        """Summary, description, environment, comments and the text of custom fields."""
        fields = self.site.fields.values()
        texts = [words_of(doc.values.get(f.id)) for f in fields if f.kind in ("text", "rich", "epicname")]
        return [*filter(None, texts), *self.comments(doc)]

    # ---- fields by the kind of their value

    def by_kind(self, field: Field) -> Trait | None:
        """How a field is searched, by its kind; None for a kind that can not be searched."""
        name = field.id

        def held(doc: Doc) -> list[object]:
            return listed(doc.values.get(name))

        make = getattr(self, f"_kind_{field.kind}", None)
        found = make(field, held) if make else jql_kinds.of_kind(self, field, held)
        assert found is None or isinstance(found, Trait)
        return found

    def _kind_rank(self, _field: Field, _held: Have) -> Trait:
        return self.fixed()["rank"]()

    def _kind_text(self, field: Field, _held: Have) -> Trait:
        name = field.id

        def have(doc: Doc) -> list[object]:
            return [text] if (text := words_of(doc.values.get(name))) else []

        return Trait(name, "text", have, words, TEXT, lambda d: next(iter(have(d)), None))

    _kind_rich = _kind_epicname = _kind_text

    def _kind_person(self, field: Field, held: Have) -> Trait:
        return self.person_trait(field.id, held, HISTORY if field.id in ("assignee", "reporter") else ())

    _kind_people = _kind_person

    def versions_trait(self, field: Field, held: Have) -> Trait:
        """By the order the project gives its versions; those of another project are neither before nor after."""
        versions, projects = self.site.versions, self.site.projects

        def place(identity: object) -> Place | None:
            found = versions.get(str(identity))
            return (found.project, projects[found.project].versions.index(found.id)) if found else None

        operators = (*ORDERED, *HISTORY) if field.id == "fixVersions" else ORDERED
        return Trait(field.id, "version", held, self._of_seen(versions), operators, first(held, place), place)

    _kind_versions = versions_trait

    def _of_seen(self, things: Mapping[str, Any]) -> Mean:
        """Versions or components of the projects the asker sees."""
        mean = by_name(things)
        return lambda literal: [key for key in mean(literal) if self.sees(things[str(key)].project)]

    def _kind_components(self, field: Field, held: Have) -> Trait:
        components = self.site.components

        def order(doc: Doc) -> Any:
            names = [components[str(key)].name.lower() for key in held(doc) if str(key) in components]
            return min(names) if names else None

        return Trait(field.id, "component", held, self._of_seen(components), EQUALITY, order)

    def _kind_option(self, field: Field, held: Have) -> Trait:
        options = {option.id: option for option in field.options}
        return Trait(field.id, "none", held, by_name(options), EQUALITY, first(held, in_order(options)))

    _kind_options = _kind_option

    def _kind_labels(self, field: Field, held: Have) -> Trait:
        """Any label may be asked for, whether an issue has it or not, in capitals or not: the index holds labels in
        lower case, as seen in the source of Jira Server (LabelsClauseQueryFactory)."""

        def order(doc: Doc) -> Any:
            return min(map(str, held(doc)), default=None)

        def folded(doc: Doc) -> list[object]:
            return [str(label).lower() for label in held(doc)]

        return Trait(field.id, "none", folded, lambda literal: [literal.text.lower()], EQUALITY, order)

    def _kind_team(self, field: Field, held: Have) -> Trait:
        """By its id."""
        return Trait(
            field.id,
            "none",
            held,
            lambda literal: [literal.text],
            EQUALITY,
            lambda d: min(map(str, held(d)), default=None),
        )

    def _kind_priority(self, _field: Field, held: Have) -> Trait:
        """The first priority is the greatest."""
        place = in_order(self.site.priorities, falling=True)
        operators, order = (*ORDERED, *HISTORY), first(held, place)
        return Trait("priority", "none", held, by_name(self.site.priorities), operators, order, place, descending=True)

    def _kind_resolution(self, _field: Field, held: Have) -> Trait:
        """`Unresolved` is what an issue without resolution has."""
        named, place = by_name(self.site.resolutions), in_order(self.site.resolutions)

        def mean(literal: Literal) -> list[object]:
            return named(literal) or ([None] if literal.text.lower() == "unresolved" else [])

        return Trait("resolution", "none", held, mean, (*ORDERED, *HISTORY), first(held, place), place)

    def _kind_parent(self, field: Field, held: Have) -> Trait:
        return Trait(field.id, "issue", held, self.issue, EQUALITY)

    _kind_epiclink = _kind_parentlink = _kind_parent

    def _kind_number(self, field: Field, held: Have) -> Trait:
        return Trait(field.id, "none", held, number, ORDERED, lambda d: next(iter(held(d)), None))

    def _kind_date(self, field: Field, held: Have) -> Trait:
        return Trait(field.id, "day", held, self.day, ORDERED, lambda d: next(iter(held(d)), None))

    def _kind_datetime(self, field: Field, _held: Have) -> Trait:
        def have(doc: Doc) -> list[object]:
            text = doc.values.get(field.id)
            return [second(datetime.fromisoformat(text))] if isinstance(text, str) and text else []

        return self.time(field.id, have)

    def _kind_sprint(self, field: Field, held: Have) -> Trait:
        sprints = {str(sprint.id): sprint for sprint in self.site.sprints.values()}
        return Trait(field.id, "sprint", held, by_name(sprints), EQUALITY, first(held, in_order(sprints)))

    def _kind_url(self, field: Field, held: Have) -> Trait:
        return Trait(field.id, "none", held, lambda literal: [literal.text], EQUALITY)
