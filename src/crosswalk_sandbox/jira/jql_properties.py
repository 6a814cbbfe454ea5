"""Entity properties in JQL, `issue.property[key].path`: on Cloud what an app had indexed is found there.

https://developer.atlassian.com/cloud/jira/platform/modules/entity-property/ . Of a property that no app had indexed
nothing is found, and that is no error (observed on a live site with a property set by REST; so does the example of
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-parse-post have one).
Data Center refuses the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from crosswalk_sandbox.jira import jql
from crosswalk_sandbox.jira.compare import EQUALITY, ORDERED, TEXT, Doc, Have, Trait, number, second, words
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.subscriptions import Extraction

if TYPE_CHECKING:
    from crosswalk_sandbox.jira.traits import Traits

ISSUE = "issue.property"
TYPES = ("number", "text", "string", "user", "date")


def extractions(descriptor: Json) -> list[Extraction]:
    """What a descriptor asks to be indexed of issues. Raises ValueError for what Jira would not install."""
    modules = descriptor.get("modules")
    declared = modules.get("jiraEntityProperties") if isinstance(modules, dict) else None
    out = []
    for module in _dicts(declared):
        if module.get("entityType", "issue") != "issue":
            continue
        for keyed in _dicts(module.get("keyConfigurations")):
            for one in _dicts(keyed.get("extractions")):
                key, path, kind = keyed.get("propertyKey"), one.get("objectName"), str(one.get("type")).lower()
                if not isinstance(key, str) or not isinstance(path, str) or kind not in TYPES:
                    raise ValueError(f"an extraction needs a propertyKey, an objectName and a type of {TYPES}")
                out.append(Extraction(key, path, kind, str(one.get("alias") or "")))
    return out


def _dicts(found: object) -> Iterator[Json]:
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, dict))


def of_name(traits: Traits, name: jql.Name) -> list[Trait]:
    """The field that a query names by a property; none on Data Center, nor for another kind of thing."""
    if not traits.asker.cloud or name.text.lower() != ISSUE or len(name.properties) != 1:
        return []
    wanted = name.properties[0]
    known = (one for one in _indexed(traits) if (one.key, one.path) == (wanted.key, wanted.path))
    return [_trait(traits, next(known, Extraction(wanted.key, wanted.path, "", "")))]


def of_alias(traits: Traits, lower: str) -> list[Trait]:
    """The field that an app gave this name in JQL."""
    return [_trait(traits, one) for one in _indexed(traits) if one.alias and one.alias.lower() == lower]


def _indexed(traits: Traits) -> list[Extraction]:
    return [one for app in traits.site.apps.values() if app.enabled for one in app.extractions]


def _trait(traits: Traits, one: Extraction) -> Trait:
    name = f"{ISSUE}[{one.key}].{one.path}"

    def have(doc: Doc) -> list[object]:
        return list(_values(doc.issue.properties.get(one.key), one.path.split(".")))

    def texts(doc: Doc) -> list[object]:
        return [str(value) for value in have(doc)]

    if one.type == "number":
        return _numbers(name, lambda doc: [float(v) for v in have(doc) if isinstance(v, int | float)])
    if one.type == "text":
        return Trait(name, "text", lambda doc: [text.lower() for text in map(str, have(doc))], words, TEXT)
    if one.type == "user":
        people = {person.account_id: person.key for person in traits.site.people.values()}
        return traits.person_trait(name, lambda doc: [people[text] for text in map(str, have(doc)) if text in people])
    if one.type == "date":
        return replace(traits.time(name, lambda doc: list(_moments(traits, doc, texts))), name=name)
    if one.type == "string":
        return Trait(
            name, "none", texts, lambda literal: [literal.text], EQUALITY, lambda d: next(iter(texts(d)), None)
        )
    # Nobody knows of what type it were: whatever is asked is asked of nothing.
    return Trait(name, "none", lambda _doc: [], lambda literal: [literal.text], {*ORDERED, *TEXT})


def _numbers(name: str, have: Have) -> Trait:
    return Trait(name, "none", have, number, ORDERED, lambda doc: next(iter(have(doc)), None))


def _moments(traits: Traits, doc: Doc, texts: Have) -> Iterator[object]:
    for text in map(str, texts(doc)):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            continue
        yield second(found if found.tzinfo else found.replace(tzinfo=traits.asker.zone))


def _values(value: object, path: list[str]) -> Iterator[object]:
    """What stands at a path; of a list each of its items."""
    if isinstance(value, list):
        for one in value:
            yield from _values(one, path)
    elif path:
        if isinstance(value, dict):
            yield from _values(value.get(path[0]), path[1:])
    elif value is not None and not isinstance(value, dict):
        yield value
