"""Fields of JQL that look beyond an issue's own values: saved filters, work logs, links, projects, levels, descent.

Which Jira has which: https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ and, for Data Center,
https://confluence.atlassian.com/jirasoftwareserver/advanced-searching-fields-reference-939938743.html.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from crosswalk_sandbox.jira import jql, saved
from crosswalk_sandbox.jira.changelog import category_changed
from crosswalk_sandbox.jira.compare import EQUALITY, Doc, Mean, Test, Trait, by_name, number, second, words, words_of
from crosswalk_sandbox.jira.directory import may_read
from crosswalk_sandbox.jira.jql import Literal
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Issue, Worklog

if TYPE_CHECKING:
    from crosswalk_sandbox.jira.traits import Traits

LISTED = ("=", "!=", "in", "not in")
COMPARED = (*LISTED, "<", ">", "<=", ">=")
FILTER_NAMES = ("filter", "request", "savedfilter", "searchrequest")


def fields(traits: Traits) -> dict[str, Callable[[], Trait]]:
    """The fields by their name in lower case."""
    site = traits.site
    out: dict[str, Callable[[], Trait]] = {
        **dict.fromkeys(FILTER_NAMES, lambda: _filter(traits)),
        "category": lambda: Trait(
            "category", "none", lambda d: _category(site, d), by_name(site.project_categories), EQUALITY
        ),
        "level": lambda: Trait("level", "none", _level, by_name(site.levels), EQUALITY),
        "workratio": lambda: _number("workRatio", _work_ratio, empty=True),
        "worklogauthor": lambda: traits.person_trait("worklogAuthor", lambda d: [w.author for w in _logs(traits, d)]),
        "worklogdate": lambda: Trait("worklogDate", "day", lambda d: _days(traits, d), traits.day, COMPARED),
        "worklogcomment": lambda: Trait(
            "worklogComment", "text", lambda d: _comments(traits, d), words, ("~", "!~"), empty=False
        ),
        "projecttype": lambda: Trait("projectType", "none", lambda _d: ["software"], _project_type, EQUALITY),
        "progress": lambda: Trait("progress", "none", _nothing, _nothing, (), _progress),
        "subtasks": lambda: Trait("subtasks", "none", _nothing, _nothing, ()),
        "issuelinktype": lambda: Trait("issueLinkType", "none", lambda d: _links(site, d), _direction(site), LISTED),
    }
    return out | (_of_cloud(traits) if traits.asker.cloud else {})


def _of_cloud(traits: Traits) -> dict[str, Callable[[], Trait]]:
    site = traits.site
    return {
        "hierarchylevel": lambda: _number("hierarchyLevel", lambda d: [float(site.types[d.type].level)], empty=False),
        "issuelink": lambda: Trait("issueLink", "issue", lambda d: _linked(site, d), traits.issue, EQUALITY),
        "parentepic": lambda: Trait("parentEpic", "issue", lambda d: _epics(site, d), traits.issue, LISTED),
        "statuscategorychangeddate": lambda: traits.time(
            "statusCategoryChangedDate", lambda d: [second(category_changed(site, d.issue, d.known))]
        ),
    }


def _number(name: str, have: Callable[[Doc], list[object]], *, empty: bool) -> Trait:
    operators = (*COMPARED, "is", "is not") if empty else COMPARED
    return Trait(name, "none", have, number, operators, lambda d: next(iter(have(d)), None), empty=empty)


# ---- saved filters


def _filter(traits: Traits) -> Trait:
    """A filter stands for its query. What a query names is compiled when it is named; a filter that leads back to
    itself, or that the asker may not see, does not exist."""
    asked: dict[str, Test] = {}

    def mean(literal: Literal) -> list[object]:
        site = traits.site
        seen = {i: f for i, f in site.filters.items() if saved.may_see(site, f, traits.asker.person)}
        found = [str(i) for i in by_name(seen)(literal) if i not in traits.inside]
        for identity in found:
            asked[identity] = _compiled(traits, seen[identity])
        return [*found]

    def have(doc: Doc) -> list[object]:
        # The last one is no filter: an issue that is in none is not without a value.
        return [*(identity for identity, test in asked.items() if test(doc)), ""]

    return Trait("filter", "none", have, mean, LISTED, empty=False)


def _compiled(traits: Traits, kept: saved.Filter) -> Test:
    from crosswalk_sandbox.jira.search import Searcher  # searches are made of traits

    try:
        tree = jql.parse(kept.jql).where
    except Refusal:
        return lambda _doc: False
    searcher = Searcher(traits.site, traits.asker)
    searcher.traits.inside = traits.inside | {kept.id}
    return searcher.test(tree) if tree else lambda _doc: True


# ---- projects, levels, links


def _category(site: Site, doc: Doc) -> list[object]:
    held = site.projects[doc.issue.project].category
    return [held] if held in site.project_categories else []


def _project_type(literal: Literal) -> list[object]:
    """The key of a type of projects, of which all of the sandbox's are software."""
    found = literal.text.lower()
    return [found] if found in ("software", "business", "service_desk", "product_discovery") else []


def _level(doc: Doc) -> list[object]:
    held = doc.values.get("security")
    return [held] if held else []


def _links(site: Site, doc: Doc) -> list[object]:
    """The words of each link, as they read from this issue."""
    out: list[object] = []
    for link in site.links_of(doc.issue):
        kind = site.link_types[link.type]
        out.append((kind.outward if link.source == doc.issue.id else kind.inward).lower())
    return out


def _linked(site: Site, doc: Doc) -> list[object]:
    """The issues at the other ends of the links."""
    return [link.target if link.source == doc.issue.id else link.source for link in site.links_of(doc.issue)]


def _direction(site: Site) -> Mean:
    """A name of a link type stands for both of its directions."""

    def mean(literal: Literal) -> list[object]:
        lower = literal.text.lower()
        ends = {word.lower() for kind in site.link_types.values() for word in (kind.inward, kind.outward)}
        both = [w.lower() for k in site.link_types.values() if k.name.lower() == lower for w in (k.inward, k.outward)]
        return [lower] if lower in ends else [*both]

    return mean


# ---- work


def _nothing(_asked: object) -> list[object]:
    return []


def _progress(doc: Doc) -> float | None:
    """The share of the work that is done, by which one can only order."""
    left = doc.values.get("timeestimate")
    whole = doc.issue.spent + (left if isinstance(left, int) else 0)
    return doc.issue.spent / whole if whole else None


def _work_ratio(doc: Doc) -> list[object]:
    """The share of the original estimate that is spent, in percent."""
    original = doc.values.get("timeoriginalestimate")
    return [float(doc.issue.spent * 100 // original)] if isinstance(original, int) and original else []


def _logs(traits: Traits, doc: Doc) -> list[Worklog]:
    """The work logs that the asker may read."""
    place = traits.site.projects[doc.issue.project]
    return [w for w in doc.issue.worklogs if may_read(traits.site, place, w.visibility, traits.asker.person)]


def _days(traits: Traits, doc: Doc) -> list[object]:
    return [log.started.astimezone(traits.asker.zone).date().isoformat() for log in _logs(traits, doc)]


def _comments(traits: Traits, doc: Doc) -> list[object]:
    return [words_of(log.comment) for log in _logs(traits, doc) if log.comment]


# ---- descent


def above(site: Site, issue: Issue) -> Iterator[Issue]:
    """What stands above an issue, the nearest first."""
    link = site.of_kind("epiclink")
    seen = {issue.id}
    while True:
        values = issue.values
        found = site.issues.get(str(values.get("parent") or (values.get(link.id) if link else None)))
        if found is None or found.id in seen:
            return
        seen.add(found.id)
        yield found
        issue = found


def _epics(site: Site, doc: Doc) -> list[object]:
    """The epic that an issue belongs to, a sub-task through its parent."""
    return [one.id for one in above(site, doc.issue) if site.types[one.type].level == 1]
