"""Conditions and validators of transitions: whether one is offered to somebody, and whether it may be made with what
was entered. Pure over the state.

A condition hides a transition (getTransitions: "includeUnavailableTransitions"), a validator refuses it with a message
of its own.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
https://developer.atlassian.com/cloud/jira/platform/modules/workflow-condition/
https://developer.atlassian.com/cloud/jira/platform/modules/workflow-validator/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Issue, Person, Transition, Validator, Value

Condition = Callable[[Site, Issue, Person, str], bool]


def _permission(site: Site, issue: Issue, person: Person, key: str) -> bool:
    return site.allowed(person, site.projects[issue.project], key)


def _subtasks(site: Site, issue: Issue, _person: Person, category: str) -> bool:
    return all(site.statuses[child.status].category.key == category for child in site.children(issue))


CONDITIONS: dict[str, Condition] = {
    "assignee": lambda _site, issue, person, _: issue.values.get("assignee") == person.key,
    "reporter": lambda _site, issue, person, _: issue.values.get("reporter") == person.key,
    "permission": _permission,
    "subtasks": _subtasks,
}
"""Only the assignee, only the reporter, only with a permission, only when every sub-task is in a status category."""


def offered(site: Site, issue: Issue, person: Person, transition: Transition) -> bool:
    """Whether every condition of a transition holds."""
    return all(CONDITIONS[kind](site, issue, person, argument) for kind, argument in transition.conditions)


def objections(
    site: Site, issue: Issue, person: Person, transition: Transition, entered: Mapping[str, Value]
) -> tuple[list[str], dict[str, str]]:
    """What the validators say against a transition: general messages, and messages by field."""
    after = {**issue.values, **entered}
    messages: list[str] = []
    errors: dict[str, str] = {}
    for validator in transition.validators:
        if _content(site, issue, person, validator, after):
            continue
        if validator.kind == "field":
            errors[validator.argument] = validator.message
        else:
            messages.append(validator.message)
    return messages, errors


def _content(site: Site, issue: Issue, person: Person, validator: Validator, after: Mapping[str, Value]) -> bool:
    if validator.kind == "field":
        return after.get(validator.argument) not in (None, [], "")
    return site.allowed(person, site.projects[issue.project], validator.argument)
