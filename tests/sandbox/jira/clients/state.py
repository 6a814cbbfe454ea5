"""Reads the state of a sandbox past its REST API, so that a probe's finding does not rest on the views it tests."""

from __future__ import annotations

from typing import Any

from crosswalk_sandbox.jira.state import Issue, Person

from ..play import Sandbox


def issue_of(sandbox: Sandbox, key: str) -> Issue:
    found = sandbox.jira.site.issue(key)
    assert found is not None, f"{key} is not in the sandbox"
    return found


def person(sandbox: Sandbox, name: str) -> Person:
    return next(p for p in sandbox.jira.site.people.values() if p.name == name)


def identity(sandbox: Sandbox, name: str) -> str:
    """What the flavour calls a person by: accountId or name."""
    return person(sandbox, name).account_id if sandbox.flavour == "cloud" else name


def names(sandbox: Sandbox, keys: Any) -> list[str]:
    """The log-in names of people by their keys."""
    return [sandbox.jira.site.people[key].name for key in keys]
