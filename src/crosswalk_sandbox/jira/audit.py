"""Which issues of a stand-in Jira stand for the same record elsewhere, read from the marks on them. Changes nothing.

A mark is a custom field whose name begins with "Aha!", an issue property, or a remote link with a stable id. Who made
it, and what it means, is not known here: two issues with the same mark were made for one thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Issue


def doubles(site: Site) -> Mapping[str, object]:
    """`issues_of_one_record`: for each mark that more than one issue bears, what it is and the keys of the issues."""
    bearers: dict[tuple[str, str], list[str]] = {}
    references = [field for field in site.fields.values() if field.custom and field.name.startswith("Aha!")]
    names = {field.id: field.name for field in references}
    for issue in site.issues.values():
        for mark in set(_marks(issue, names)):
            bearers.setdefault(mark, []).append(issue.key)
    twice = [{"by": by, "mark": mark, "issues": sorted(keys)} for (by, mark), keys in bearers.items() if len(keys) > 1]
    return {"issues_of_one_record": sorted(twice, key=lambda one: (one["by"], one["mark"]))}


def _marks(issue: Issue, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field_id, name in names.items():
        if issue.values.get(field_id):
            yield f"field {name}", str(issue.values[field_id])
    for key, value in issue.properties.items():
        if isinstance(value, str | dict) and value:
            yield f"property {key}", value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    for link in issue.remote_links:
        if link.global_id:
            yield "remote link", link.global_id
