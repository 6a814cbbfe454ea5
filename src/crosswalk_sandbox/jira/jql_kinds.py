"""How JQL searches the rarer kinds of custom fields: cascading options, groups, projects, one version, fixed text.

https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ ("Custom field") and, for cascading options,
https://support.atlassian.com/jira-software-cloud/docs/jql-functions/ ("cascadeOption()").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crosswalk_sandbox.jira.compare import EQUALITY, TEXT, Doc, Have, Trait, by_name, words, words_of
from crosswalk_sandbox.jira.jql import Literal
from crosswalk_sandbox.jira.state import Field

if TYPE_CHECKING:
    from crosswalk_sandbox.jira.traits import Traits

ALONE = "/"
"""Behind an option's id: chosen with none below it."""


def of_kind(traits: Traits, field: Field, held: Have) -> Trait | None:
    """The trait of a field of one of these kinds; None for any other."""
    make = KINDS.get(field.kind)
    return make(traits, field, held) if make else None


def _cascade(_traits: Traits, field: Field, held: Have) -> Trait:
    """An option finds those below it, too."""

    def have(doc: Doc) -> list[object]:
        chosen = next(map(str, held(doc)), "")
        above, _, below = chosen.partition("/")
        return [above, chosen if below else above + ALONE] if above else []

    return Trait(field.id, "cascade", have, by_name({option.id: option for option in field.options}), EQUALITY)


def _group(traits: Traits, field: Field, held: Have) -> Trait:
    def mean(literal: Literal) -> list[object]:
        wanted = literal.text.lower()
        return [one.name for one in traits.site.groups.values() if wanted in (one.name.lower(), one.id.lower())]

    return Trait(field.id, "none", held, mean, EQUALITY)


def _project(traits: Traits, field: Field, held: Have) -> Trait:
    return Trait(field.id, "project", held, traits.project, EQUALITY)


def _version(traits: Traits, field: Field, held: Have) -> Trait:
    return traits.versions_trait(field, held)


def _text(_traits: Traits, field: Field, _held: Have) -> Trait:
    def have(doc: Doc) -> list[object]:
        return [text] if (text := words_of(doc.values.get(field.id))) else []

    return Trait(field.id, "text", have, words, TEXT)


KINDS: dict[str, Callable[[Traits, Field, Have], Trait]] = {
    "cascade": _cascade,
    "group": _group,
    "groups": _group,
    "projectpick": _project,
    "version": _version,
    "readonly": _text,
}


TYPES = {
    "textfield": "Short text",
    "textarea": "Paragraph",
    "float": "Number",
    "datepicker": "Date",
    "datetime": "Time stamp",
    "select": "Dropdown",
    "multiselect": "Select List (multiple choices)",
    "multicheckboxes": "Checkboxes",
    "radiobuttons": "Radio Buttons",
    "labels": "Labels",
    "multiuserpicker": "User Picker (multiple users)",
    "atlassian-team": "Team",
}
"""What Cloud's own queries write behind the name of a custom field of these types; it stands in its list of fields."""


def spoken_names(field: Field) -> tuple[str, ...]:
    """The name of a field, and for a custom field that of its type behind it."""
    kind = TYPES.get(field.custom.rpartition(":")[2]) if field.custom else None
    return (field.name, f"{field.name}[{kind}]") if kind else (field.name,)
