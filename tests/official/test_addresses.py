"""What a vendor's page states of a stand-in names the page by its address; what no page states says so.

An endpoint names the page of its group. How those addresses are made from the groups' names is held against the
addresses that the vendors' documents have themselves; Data Center's document has none, so that its tags are held
against addresses of such pages that public repositories name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import crosswalk_sandbox
from crosswalk_sandbox.aha.app import PARTS
from crosswalk_sandbox.aha.call import Table
from crosswalk_sandbox.jira.app import ENDPOINTS
from tests.official.documents import FILES, FOLDER, Operation, document
from tests.official.exchanges import parts_for
from tests.shared_files import shared

ROOT = Path(crosswalk_sandbox.__file__).parent
V3 = "https://developer.atlassian.com/cloud/jira/platform/rest/v3/"
SOFTWARE = "https://developer.atlassian.com/cloud/jira/software/rest/"
DC = "https://developer.atlassian.com/server/jira/platform/rest/v10003/"
AHA = "https://www.aha.io/api/resources/"
PAGES = {
    "cloud": V3 + "api-group-{}/",
    "software": SOFTWARE + "api-group-{}/",
    "dc": DC + "api-group-{}/",
    "aha": AHA + "{}",
}
"""The page of a group, by document."""
VENDORS = (
    "developer.atlassian.com/", "support.atlassian.com/", "confluence.atlassian.com/", "jira.atlassian.com/",
    "go.atlassian.com/", "www.aha.io/", "www.npmjs.com/package/@atlaskit/", "www.npmjs.com/package/aha-cli",
    "github.com/aha-app/",
)  # fmt: skip
SEEN = re.compile(r"\b(recorded|recording|observed|measured|seen|not documented|introspection|unconfirmed)\b")
"""Words that say what a behaviour rests on where no page states it."""
OWN = {
    "jira/__init__.py": "names the parts",
    "jira/acting.py": "the pages' way to the API",
    "jira/app.py": "puts the parts together",
    "jira/asked.py": "reads what a request says",
    "jira/audit.py": "what the control API tells of doubles",
    "jira/core.py": "puts the parts together",
    "jira/large.py": "an invented site",
    "jira/pages.py": "pages of the stand-in's own",
    "jira/play.py": "what the pages draw",
    "jira/remembered.py": "how a search is made quick",
    "jira/seeds.py": "invented sites",
    "jira/state.py": "how the state is kept",
    "jira/switches.py": "the control API",
    "jira/table.py": "finds an endpoint",
    "jira/world.py": "changes by the control API",
    "aha/__init__.py": "names the parts",
    "aha/acting.py": "the pages' way to the API",
    "aha/past.py": "what the faults lag and stale read",
    "aha/play.py": "what the pages draw",
    "aha/plots.py": "invented sentences",
    "aha/large.py": "an invented account",
    "aha/seeds.py": "invented accounts",
    "aha/world.py": "changes by the control API",
}
"""Modules of the stand-ins' own, and why no document speaks of them."""


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _modules() -> list[str]:
    found = (path for part in ("jira", "aha") for path in (ROOT / part).rglob("*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in found)


def _addresses(text: str) -> list[str]:
    """The addresses of a text, without the full stop behind them."""
    return [one.rstrip(".,;:") for one in re.findall(r"https://[^\s`'\"()<>\\]+", text)]


def _group(document_name: str, tag: str) -> str:
    """The address of a group's page, from its name in the document."""
    low = tag.lower()
    name = low.replace(" ", "_") if document_name == "aha" else re.sub(r"[^a-z0-9]+", "-", low).strip("-")
    return PAGES[document_name].format(name)


# ---- endpoints


def _served() -> Iterator[tuple[str, Operation]]:
    """Each module of endpoints, with each documented operation that it serves."""
    for endpoint in ENDPOINTS:
        module = endpoint.handler.__module__.removeprefix("crosswalk_sandbox.").replace(".", "/")
        for flavour, api in (("cloud", "3"), ("dc", "2")):
            found = parts_for(flavour, ["rest", *endpoint.template.replace("api/X", f"api/{api}").split("/")])
            if flavour in endpoint.on and found is not None:
                yield from ((f"{module}.py", one) for one in _operation(found[0], endpoint.method, found[1]))
    for part in PARTS:
        table = Table()
        part.add_to(table)
        for method, path in (one.split(" ") for one in table.operations):
            found_of = _operation("aha", method, ["api", "v1", *path.strip("/").split("/")])
            yield from ((f"aha/{part.__name__.rpartition('.')[2]}.py", one) for one in found_of)


def _operation(name: str, method: str, parts: list[str]) -> list[Operation]:
    operation = document(name).find(method, parts)
    return [] if operation is None else [operation]


def test_a_module_of_endpoints_names_the_page_of_each_group_that_it_serves() -> None:
    pages: dict[str, set[str]] = {}
    for module, operation in _served():
        pages.setdefault(module, set()).add(_group(operation.document, operation.raw["tags"][0]))
    assert len(pages) > 35
    silent = {module: sorted(wanted - set(_addresses(_text(module)))) for module, wanted in pages.items()}
    assert {module: left for module, left in silent.items() if left} == {}


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("cloud", V3 + r"api-group-[a-z-]+/"),
        ("software", SOFTWARE + r"api-group-[a-z-]+/"),
        ("aha", r"(?<=\()/api/resources/[a-z_-]+"),
    ],
)
def test_the_documents_themselves_name_the_pages_of_groups_so(name: str, pattern: str) -> None:
    """Each address of a group in a vendor's document is the one made here from the group's name."""
    made = {_group(name, one["name"]) for one in document(name).raw.get("tags", [])}
    made |= {_group(name, tag) for one in document(name).operations for tag in one.raw.get("tags", [])}
    text = shared(f"{FOLDER}/{FILES[name]}").read_text("utf-8")
    told = {one if one.startswith("https:") else f"https://www.aha.io{one}" for one in re.findall(pattern, text)}
    assert told
    assert told - made == set()


NAMED_DC = (
    "attachment", "board", "comment", "epic", "field", "filter", "issue", "issuelink", "mypermissions", "myself",
    "project", "projects", "search", "sprint", "worklog",
)  # fmt: skip
"""Pages of groups of Data Center's reference that sources of others name: .../jira/platform/rest/v1xxxx/api-group-*/,
`issuelink` for the tag `issueLink`."""


def test_the_pages_of_data_center_are_named_by_the_tags_of_its_document() -> None:
    made = {_group("dc", tag) for one in document("dc").operations for tag in one.raw.get("tags", [])}
    assert {PAGES["dc"].format(name) for name in NAMED_DC} - made == set()


def test_no_page_of_a_group_is_made_up() -> None:
    known = {
        _group(name, tag) for name in PAGES for one in document(name).operations for tag in one.raw.get("tags", [])
    }
    heads = tuple(page.partition("{}")[0] for page in PAGES.values())
    odd = []
    for module in _modules():
        for address in (one for one in _addresses(_text(module)) if one.startswith(heads)):
            page = address.partition("#")[0]
            if page.startswith(AHA):
                page = AHA + page.removeprefix(AHA).partition("/")[0]
            if page not in known:
                odd.append(f"{module}: {address}")
    assert odd == []


# ---- rules


def test_each_module_names_a_page_or_says_what_it_rests_on() -> None:
    silent = set()
    for module in _modules():
        text = _text(module)
        named = any(one.removeprefix("https://").startswith(VENDORS) for one in _addresses(text))
        if not named and not SEEN.search(ast.get_docstring(ast.parse(text)) or ""):
            silent.add(module)
    assert silent == set(OWN)


def test_no_module_names_a_whole_reference_for_one_of_its_pages() -> None:
    whole = {V3, SOFTWARE, DC, "https://www.aha.io/api", "https://www.aha.io/api/"}
    found = [(module, one) for module in _modules() for one in _addresses(_text(module)) if one in whole]
    assert found == [("aha/answers.py", "https://www.aha.io/api")]  # its part on errors has no address of its own


WEBHOOKS = "https://developer.atlassian.com/cloud/jira/platform/webhooks/"
ADMIN = "https://support.atlassian.com/jira-cloud-administration/docs/"
RULES = {
    "conditions of transitions": ("jira/workflow.py", "", "modules/workflow-condition/"),
    "validators of transitions": ("jira/workflow.py", "", "modules/workflow-validator/"),
    "post functions": ("jira/edit.py", "_resolve", "modules/workflow-post-function/"),
    "who may make a transition": ("jira/edit.py", "transitions_of", f"{ADMIN}permissions-for-company-managed"),
    "required fields": ("jira/edit.py", "required_fields", f"{ADMIN}change-a-field-configuration/"),
    "fields on screens": ("jira/edit.py", "screen_fields", f"{ADMIN}permissions-for-company-managed"),
    "the first status": ("jira/edit.py", "create", f"{ADMIN}configure-the-initial-status/"),
    "deleting with sub-tasks": ("jira/edit.py", "delete", f"{ADMIN}permissions-for-company-managed"),
    "another type": ("jira/edit.py", "check_conversion", "Observed"),
    "contexts of fields": ("jira/contexts.py", "", f"{V3}api-group-issue-custom-field-contexts/"),
    "ranks": ("jira/rank.py", "", "no page states it"),
    "durations": ("jira/durations.py", "", f"{V3}api-group-time-tracking/"),
    "versions": ("jira/rest_versions.py", "", f"{V3}api-group-project-versions/"),
    "archived versions": ("jira/accept.py", "one_version", f"{V3}api-group-project-versions/"),
    "moves": ("jira/move.py", "objection", f"{V3}api-group-issue-bulk-operations/"),
    "old keys": ("jira/site.py", "issue", f"{V3}api-group-issues/"),
    "security levels": ("jira/site.py", "sees", f"{ADMIN}configure-issue-security-schemes/"),
    "setting a level": ("jira/accept.py", "_security", f"{ADMIN}configure-issue-security-schemes/"),
    "ended projects": ("jira/site.py", "allowed", f"{V3}api-group-projects/"),
    "hidden people in JQL": ("jira/traits.py", "Asker", "deprecation-notice-user-privacy-api-migration-guide/"),
    "dates in JQL": ("jira/jql_dates.py", "", "docs/jql-fields/"),
    "visibility": ("jira/directory.py", "may_read", f"{V3}api-group-issue-comments/"),
    "rich text": ("jira/accept.py", "long_text", "apis/document/structure/"),
    "bounded queries": ("jira/rest_search.py", "bounded", f"{V3}api-group-issue-search/"),
    "events": ("jira/hooks.py", "", WEBHOOKS),
    "deliveries": ("jira/deliver.py", "", WEBHOOKS),
    "filters of dynamic hooks": ("jira/rest_dynamic.py", "refused_clauses", f"{V3}api-group-webhooks/"),
    "Jira's limits": ("jira/limits.py", "", "jira/platform/rate-limiting/"),
    "tokens of Connect": ("jira/connect.py", "", "understanding-jwt-for-connect-apps/"),
    "sessions refused": ("jira/rest_people.py", "sign_in", "observed"),
    "the merge window": ("aha/history.py", "_keep", "integrations/activity-webhook"),
    "secondary audits": ("aha/history.py", "Secondary", "Recorded"),
    "the activity hook": ("aha/activity.py", "", "integrations/activity-webhook"),
    "duplicates of files": ("aha/refusals.py", "Duplicate", f"{AHA}attachments/create_an_attachment"),
    "pages of lists": ("aha/call.py", "page", "aha.io/api#pagination"),
    "Aha!'s limits": ("aha/call.py", "_judge", "aha.io/api#rate-limiting"),
    "fields asked for": ("aha/call.py", "one", "aha.io/api#requesting-additional-fields"),
    "deletions": ("aha/actions.py", "delete", f"{AHA}deletions"),
    "restoring": ("aha/actions.py", "restore", f"{AHA}deletions"),
    "another workspace": ("aha/actions.py", "_follow_release", "observed"),
    "links of records": ("aha/actions.py", "link", f"{AHA}record_links/create_a_record_link"),
    "work done": ("aha/actions.py", "track_time", f"{AHA}time_tracking_events"),
    "integration fields": ("aha/actions.py", "write_field", f"{AHA}integration_fields"),
    "statuses by name": ("aha/edits.py", "status_of", f"{AHA}features/update_a_feature"),
    "HTML": ("aha/normal.py", "", "not documented"),
}
"""Where a rule is kept (module, and the function; "" for the module's docstring), and what names its source there."""


def _of(module: str, name: str) -> str:
    """The source of a function or class with this name; of the module's docstring for none."""
    tree = ast.parse(_text(module))
    if not name:
        return ast.get_docstring(tree) or ""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    found = next(node for node in ast.walk(tree) if isinstance(node, kinds) and node.name == name)
    return ast.get_source_segment(_text(module), found) or ""


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_its_source_where_it_is_kept(rule: str) -> None:
    module, function, source = RULES[rule]
    assert source in _of(module, function)
