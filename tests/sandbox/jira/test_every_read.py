"""Every operation that only reads is answered for an administrator, with the ids of the demo world in its path.

That the answers fit the vendor's documents is held by tests/conftest.py, for every exchange.
"""

from __future__ import annotations

import pytest

from crosswalk_sandbox.jira.app import ENDPOINTS
from crosswalk_sandbox.jira.web import Endpoint

from .play import Sandbox, playing

IDS = {
    "projectIdOrKey": "FAB", "projectKeyOrId": "FAB", "projectId": "10000", "issueIdOrKey": "FAB-2", "boardId": "1",
    "sprintId": "1", "epicId": "FAB-1", "epicIdOrKey": "FAB-1", "filterId": "10000", "issueTypeId": "10001",
    "fieldId": "customfield_10030", "customFieldId": "customfield_10030", "screenId": "1", "tabId": "10001",
    "schemeId": "10000", "grantId": "10100", "idOrName": "Done", "idOrKey": "done", "projectTypeKey": "software",
    "key": "jira-software", "type": "project", "taskId": "1", "contextId": "210030",
    "issueLinkTypeId": "10000", "commentId": "10000", "id": "10000",
}  # fmt: skip
OWN = {
    "priority/{id}": "1", "component/{id}": "10001", "version/{id}": "10001", "customFieldOption/{id}": "10100",
    "permissionscheme/{schemeId}": "0", "attachment/": "", "webhook": "", "workflowscheme/project": "",
}  # fmt: skip
QUERIES = {
    "user": "accountId={0}&username=alice", "user/search/query": "query=is assignee of FAB",
    "user/search/query/key": "query=is reporter of FAB", "mypermissions": "permissions=BROWSE_PROJECTS",
    "search/jql": "jql=project=FAB", "user/search": "query=a&username=a", "user/picker": "query=a",
    "user/assignable/search": "project=FAB", "groupuserpicker": "query=a", "user/bulk": "accountId={0}",
    "user/bulk/migration": "username=alice", "user/viewissue/search": "projectKey=FAB", "statuses": "id=3",
    "user/permission/search": "projectKey=FAB&permissions=EDIT_ISSUES", "statuses/byNames": "name=Done",
    "user/assignable/multiProjectSearch": "projectKeys=FAB", "group": "groupname=jira-software-users",
    "group/member": "groupname=jira-software-users", "user/groups": "accountId={0}", "mypreferences": "key=k",
    "user/avatars": "username=alice", "projectvalidate/validProjectName": "name=Bells",
    "user/properties": "accountId={0}&username=alice", "issuetype/project": "projectId=10000",
    "user/properties/{propertyKey}": "accountId={0}&username=alice", "workflowscheme/project": "projectId=10000",
    "issue/{issueIdOrKey}/estimation": "boardId=1",
}  # fmt: skip
# Things the demo world has none of, what is for apps only, and what is gone.
NONE_OF = {
    "getComment", "getWorklog", "getIssueLink", "getRemoteIssueLinkById", "getAttachment", "getAttachmentContent",
    "getAttachmentThumbnail", "(thumbnail)",
    "getDashboard", "getAllGadgets", "getSharePermission", "getProjectCategoryById", "getDynamicWebhooksForApp",
    "getUserEmail", "searchForIssuesUsingJql", "(media host)", "(download)", "(webhooks: get)", "getProperty",
    "getDashboardItemPropertyKeys", "getWorklogPropertyKeys", "getIssueType", "getColumns", "getPreference",
    "getIssueSecurityLevel", "getBulkOperationProgress",
}  # fmt: skip
NOT_FOR_US = ("{propertyKey}", "api/X/webhook", "webhooks/1.0")
READS = [(e, f) for e in ENDPOINTS for f in e.on if e.method == "GET"]


def _address(endpoint: Endpoint, sandbox: Sandbox) -> str:
    path = endpoint.template
    for part, identity in OWN.items():
        name = part.rpartition("{")[2].rstrip("}")
        if identity and f"/{part}" in path:
            path = path.replace("{" + name + "}", identity, 1)
    for name, identity in IDS.items():
        path = path.replace("{" + name + "}", identity)
    short = endpoint.template.removeprefix("api/X/").removeprefix("agile/1.0/")
    account = next(p.account_id for p in sandbox.jira.site.people.values() if p.name == "alice")
    query = QUERIES.get(short, "").format(account)
    place = ("/rest/" + path).replace("/rest/api/X", sandbox.api)
    return f"{place}?{query}" if query else place


@pytest.mark.parametrize("flavour", ["cloud", "dc"])
def test_every_read_is_answered(flavour: str) -> None:
    refused = []
    checked = 0
    with playing(flavour) as sandbox:
        for endpoint, one in READS:
            if one != flavour or endpoint.name in NONE_OF or any(part in endpoint.template for part in NOT_FOR_US):
                continue
            sandbox.clock.advance(1)
            answer = sandbox.call("GET", _address(endpoint, sandbox))
            checked += 1
            if answer.status_code != 200:
                refused.append(f"{answer.status_code} {answer.request.url} {answer.text[:200]}")
    assert checked > 90
    assert not refused, "\n".join(refused)
