"""Contexts of custom fields: where a field exists and which of its options can be chosen there. Knows no HTTP.

Every custom field has a context for all projects and types until it is taken away. An option belongs to one context.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-custom-field-contexts/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-custom-field-options/
https://confluence.atlassian.com/adminjiracloud/what-are-custom-field-contexts-991923859.html
"""

from __future__ import annotations

from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Context, Field, IssueType, Named, Project


def contexts_of(site: Site, field: Field) -> list[Context]:
    """The contexts of a custom field, made at first sight; options that no context has yet join the first.

    No answer tells whether it was made before: without one, a field is where its default context has it.
    """
    if field.id not in site.contexts:
        # By the field's number, not by a counter: which field is looked at first must not matter to keeping.py.
        number = f"2{field.id.rpartition('_')[2]}"
        site.contexts[field.id] = [Context(number, f"Default Configuration Scheme for {field.name}")]
    held = site.contexts[field.id]
    placed = {option for context in held for option in context.options}
    if held:
        held[0].options += [option.id for option in field.options if option.id not in placed]
    return held


def context_for(site: Site, field: Field, project: Project, kind: IssueType) -> Context | None:
    """The context that counts for an issue. None: the field does not exist."""
    return _fitting(contexts_of(site, field), project.id, kind.id)


def _fitting(held: list[Context], project: str, kind: str) -> Context | None:
    """The context of the project, and only where it has none the one for all; if the issue type is among its own.

    Jira Cloud REST v3, operation getCustomFieldContextsForProjectsAndIssueTypes.
    """
    own = [c for c in held if project in c.projects] or [c for c in held if not c.projects]
    return next((c for c in own if not c.types or kind in c.types), None)


def exists(site: Site, field: Field, project: str, kind: str) -> bool:
    """Whether a field exists for an issue: its type, the team-managed project it belongs to, its contexts. Where it
    does not, no screen shows it and no value of it is read or written."""
    if (field.types is not None and kind not in field.types) or field.scope not in (None, project):
        return False
    held = site.contexts.get(field.id) if field.custom else None
    return held is None or _fitting(held, project, kind) is not None


def options_for(site: Site, field: Field, project: Project, kind: IssueType) -> list[Named]:
    """The options that can be chosen in an issue, in order. Disabled ones can not."""
    context = context_for(site, field, project, kind)
    if context is None:
        return []
    by_id = {option.id: option for option in field.options}
    return [by_id[one] for one in context.options if one in by_id and one not in context.disabled]


def forget_option(site: Site, field: Field, option_id: str, instead: str | None = None) -> None:
    """Take an option out of its field, and out of every issue that has it, putting another in its place."""
    for context in contexts_of(site, field):
        context.options = [one for one in context.options if one != option_id]
        context.disabled.discard(option_id)
    field.options = [option for option in field.options if option.id != option_id]
    for issue in site.issues.values():
        value = issue.values.get(field.id)
        if value == option_id:
            issue.values[field.id] = instead
        elif isinstance(value, list) and option_id in value:
            kept = [instead if one == option_id else one for one in value]
            issue.values[field.id] = [one for one in dict.fromkeys(kept) if one is not None] or None
