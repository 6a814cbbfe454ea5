"""What a request without credentials reaches on Cloud, and what becomes of it there: the documents say which operations
take one, and every answer is held against them as any other is."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from crosswalk_sandbox.jira import nobody
from crosswalk_sandbox.jira.app import ENDPOINTS
from crosswalk_sandbox.jira.web import Endpoint
from tests.official.documents import document
from tests.official.exchanges import parts_for
from tests.official.jira_sweep import (
    BY_USER,
    FIRST,
    LAST,
    MORE,
    NO_SUCCESS,
    OUT_OF_REACH,
    QUERIES,
    TOKEN,
    Sweep,
    Write,
)
from tests.sandbox.jira.play import TLS, Sandbox, playing

HERE = [endpoint for endpoint in ENDPOINTS if "cloud" in endpoint.on]
Json = Any
PLAIN = "Client must be authenticated to access this resource."


def _takes_nobody(endpoint: Endpoint, api: str) -> bool | None:
    """Whether the document names no credential as one way in; None where it does not have the operation."""
    parts = parts_for("cloud", ["rest", *endpoint.template.replace("api/X", f"api/{api}").split("/")])
    found = document(parts[0]).find(endpoint.method, parts[1]) if parts else None
    return None if found is None else {} in found.raw.get("security", [])


@pytest.mark.parametrize("api", ["3", "2"])
def test_nobody_reaches_what_the_documents_say(api: str) -> None:
    document("cloud")
    odd, judged = [], 0
    for endpoint in HERE:
        wanted = _takes_nobody(endpoint, api)
        judged += bool(wanted)
        if wanted is not None and nobody.reaches("cloud", endpoint.template, endpoint.name) != wanted:
            odd.append(f"{endpoint.method} {endpoint.template}")
    assert odd == []
    assert judged > 190


ANSWERED = {
    "getAttachmentMeta", "bulkFetchIssues", "getIssueLinkTypes", "getIssueLinkType", "searchProjects",
    "getAllProjects", "getServerInfo", "getFields", "getIssueAllTypes", "getPriorities", "getPriority",
    "getResolutions", "getResolution", "getStatuses", "getStatusCategories", "getStatusCategory", "findUsers",
    "findUsersForPicker", "searchAndReconsileIssuesUsingJql", "searchAndReconsileIssuesUsingJqlPost", "countIssues",
    "parseJqlQueries", "getAutoComplete", "getAutoCompletePost", "getFieldAutoCompleteForQueryString",
    "getIsWatchingIssueBulk", "getCommentsByIds", "getFavouriteFilters", "getFiltersPaginated", "getAllDashboards",
    "getDashboardsPaginated", "findGroups", "getBulkPermissions", "getPermittedProjects",
    "findUsersWithBrowsePermission", "getLocale", "getRecent", "getAllProjectTypes", "getAllAccessibleProjectTypes",
    "getProjectTypeByKey", "findComponentsForProjects", "getAlternativeIssueTypes", "getAllSystemAvatars",
    "getIssuePickerResource", "getCreateIssueMeta",
}  # fmt: skip
"""The operations that answer somebody without any permission with 200; every other refuses."""


class Asking(Sweep):
    """Makes one of each thing as alice, and then asks without credentials for what takes none."""

    def asked(self) -> Iterator[tuple[Endpoint, httpx2.Response]]:
        """Each endpoint's answer to what the sweep would send."""
        with self.http:
            self.begin()
            issue = self.http.get(f"/rest/api/{self.api}/issue/FAB-2").json()
        self.kept["issuelink"] = issue["fields"]["issuelinks"][0]["id"]
        rows = {(w.method, w.template): w for w in (*LAST, *MORE, *FIRST) if w.only != "dc"}
        for endpoint in HERE:
            row = (endpoint.method, endpoint.template)
            if (*row, "cloud") in (OUT_OF_REACH | NO_SUCCESS.keys()) or not _takes_nobody(endpoint, self.api):
                continue
            query = self.kept["user"] if endpoint.template in BY_USER else QUERIES.get(endpoint.template, "")
            write = rows.get(row, Write(*row, query=query))
            more = {"files": write.files, "headers": TOKEN} if write.files else {"json": self.filled(write.body)}
            more = {} if write.body is None and not write.files else more
            self.sandbox.clock.advance(1)  # or there are too many writes on one issue
            address = f"{self.sandbox.url}{self.path(write)}?{self.filled(write.query)}"
            yield endpoint, httpx2.request(write.method, address, verify=TLS, **more)


def _kept(sandbox: Sandbox) -> object:
    """What there is."""
    site = sandbox.jira.site
    held = (site.issues, site.projects, site.filters, site.dashboards, site.boards, site.sprints, site.properties)
    return copy.deepcopy((*held, site.fields, site.types, site.roles, site.groups, site.people, site.link_types))


def test_nobody_sees_nothing_and_changes_nothing() -> None:
    document("cloud")
    odd: list[str] = []
    with playing("cloud") as sandbox:
        asking, before = Asking(sandbox, "3"), None
        for endpoint, answer in asking.asked():
            before = before or _kept(sandbox)
            if endpoint.name in ANSWERED:
                good = answer.status_code == 200
            else:  # in the form of the operation's own refusals, not of one that came before it
                good = answer.status_code in (400, 401, 403, 404) and "errors" in answer.json()
            if not good:
                odd.append(f"{endpoint.method} {endpoint.template}: {answer.status_code} {answer.text}")
        assert odd + asking.wrong == []
        assert _kept(sandbox) == before


def test_what_nobody_is_told_of_a_site() -> None:
    with playing("cloud") as cloud:

        def told(path: str) -> Json:
            return cloud.get(path, role=None)

        assert {field["custom"] for field in told("~/field")} == {False}
        assert told("~/issuetype") == told("~/status") == told("~/project/recent") == told("~/filter/favourite") == []
        rights = told("~/mypermissions?permissions=BROWSE_PROJECTS,ADMINISTER,USER_PICKER")["permissions"]
        assert [right["havePermission"] for right in rights.values()] == [False] * 3
        assert [len(told(f"~/user/picker?query={name}")["users"]) for name in ("alice", "Alice Ng")] == [0, 1]
        refused = cloud.call("GET", "~/label", role=None)
        assert (refused.status_code, refused.text) == (401, PLAIN)
