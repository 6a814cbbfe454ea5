"""Endpoints for links between issues, links to the outside, and issue properties.

Jira Cloud REST v3 groups "Issue links", "Issue link types", "Issue remote links", "Issue properties".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-links/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-link-types/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-remote-links/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-properties/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issuelink/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issuelinktype/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
"""

from __future__ import annotations

import json

from crosswalk_sandbox.jira import edit, hooks
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.state import Issue, Item, Json, Link, LinkType, RemoteLink
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint

# ---- links


def end_of(call: Call, wire: object) -> Issue:
    given = (wire.get("id") or wire.get("key")) if isinstance(wire, dict) else None
    issue = call.site.issue(str(given)) if given else None
    if issue is None or not call.may(issue, "BROWSE_PROJECTS"):
        raise NotThere(call.jira.flavour.no_issue)
    return issue


def type_of(call: Call, wire: object) -> LinkType:
    wire = wire if isinstance(wire, dict) else {}
    for kind in call.site.link_types.values():
        if kind.id == str(wire.get("id", "")) or (
            "id" not in wire and kind.name.lower() == str(wire.get("name")).lower()
        ):
            return kind
    if "id" in wire:
        raise NotThere(f"No issue link type with id '{wire['id']}' found.")
    raise NotThere(f"No issue link type with name '{wire.get('name') or 'null'}' found.")


def add_link(call: Call) -> Answer:
    """201 without a body. The inward issue is the source: `Blocks` with inward A and outward B says A blocks B. A
    repeat does nothing."""
    wire = call.json(("type", "inwardIssue", "outwardIssue", "comment"))
    kind = type_of(call, wire.get("type"))
    source, target = end_of(call, wire.get("inwardIssue")), end_of(call, wire.get("outwardIssue"))
    if source is target:
        raise Refusal(400, "You cannot link an issue to itself.")
    if not call.may(source, "LINK_ISSUES"):
        raise Refusal(401, "No Link Issue Permission for issue '" + source.key + "'")
    connect(call, kind, source, target)
    return Answer(201)


def connect(call: Call, kind: LinkType, source: Issue, target: Issue) -> None:
    """Join two issues, note it at both and tell about it; once."""
    same = (kind.id, source.id, target.id)
    if all((link.type, link.source, link.target) != same for link in call.site.links_of(source)):
        link = Link(call.site.next_id("issuelink"), kind.id, source.id, target.id)
        call.site.join(link)
        _note(call, source, kind.outward, target.key, gone=False)
        _note(call, target, kind.inward, source.key, gone=False)
        call.jira.tell(hooks.link_event(link, "created"))


def _note(call: Call, issue: Issue, words: str, key: str, *, gone: bool) -> None:
    """Both ends of a link write it into their history."""
    text = f"This issue {words} {key}"
    item = (
        Item("Link", "issuelinks", key, text, None, None) if gone else Item("Link", "issuelinks", None, None, key, text)
    )
    edit.record(call.desk, issue, [item])


def link_of(call: Call) -> Link:
    """The link of the path, for whoever may see both of its ends: Jira Cloud REST v3, operation getIssueLink."""
    found = call.site.links.get(call.params["linkId"])
    ends = (found.source, found.target) if found else ()
    if found is None or not all(call.may(call.site.issues[end], "BROWSE_PROJECTS") for end in ends):
        raise NotThere(f"No issue link with id '{call.params['linkId']}' exists.")
    return found


def get_link(call: Call) -> Answer:
    link, view = link_of(call), call.view
    ends = {
        "inwardIssue": view.issue_short(call.site.issues[link.source]),
        "outwardIssue": view.issue_short(call.site.issues[link.target]),
    }
    kind = view.link_type(call.site.link_types[link.type])
    return Answer(200, {"id": link.id, "self": f"{view.base}/issueLink/{link.id}", "type": kind, **ends})


def delete_link(call: Call) -> Answer:
    link = link_of(call)
    source, target = call.site.issues[link.source], call.site.issues[link.target]
    if not call.may(source, "LINK_ISSUES") and not call.may(target, "LINK_ISSUES"):
        raise Refusal(401, "No Link Issue Permission for issue '" + source.key + "'")
    call.site.part(link)
    kind = call.site.link_types[link.type]
    _note(call, source, kind.outward, target.key, gone=True)
    _note(call, target, kind.inward, source.key, gone=True)
    call.jira.tell(hooks.link_event(link, "deleted"))
    return Answer(204)


def list_types(call: Call) -> Answer:
    return Answer(200, {"issueLinkTypes": [call.view.link_type(kind) for kind in call.site.link_types.values()]})


def get_type(call: Call) -> Answer:
    return Answer(200, call.view.link_type(type_of(call, {"id": call.params["issueLinkTypeId"]})))


# ---- links to the outside


def list_remote(call: Call) -> Answer:
    """All, or with `globalId` the one."""
    issue = call.issue()
    wanted = call.query.get("globalId")
    if wanted is None:
        return Answer(200, [call.view.remote_link(issue, link) for link in issue.remote_links])
    found = next((link for link in issue.remote_links if link.global_id == wanted), None)
    if found is None:
        raise NotThere(f"Could not find a remote issue link with globalId '{wanted}'.")
    return Answer(200, call.view.remote_link(issue, found))


def _remote(wire: Json) -> RemoteLink:
    """A remote link from a request, with id 0. Raises Refusal."""
    target = wire.get("object")
    if not isinstance(target, dict):
        raise field_error("object", "'object' is required.")
    errors = {
        name: f"'{name}' is required."
        for name in ("title", "url")
        if not isinstance(target.get(name), str) or not target[name]
    }
    global_id, application = wire.get("globalId"), wire.get("application") or {}
    if global_id is not None and (not isinstance(global_id, str) or len(global_id) > 255):
        errors["globalId"] = "The globalId must be a string of at most 255 characters."
    if not isinstance(application, dict):
        errors["application"] = "'application' must be an object."
    if errors:
        raise Refusal(400, errors=errors)
    relationship = wire.get("relationship")
    return RemoteLink(
        0,
        str(global_id) if global_id else None,
        str(relationship) if relationship else None,
        dict(application) if isinstance(application, dict) else {},
        dict(target),
    )


def post_remote(call: Call) -> Answer:
    """201 for a new link; 200 when the issue has one with this globalId already, which is replaced.

    Data Center's document knows 200 only.
    """
    issue = call.issue()
    if not call.may(issue, "LINK_ISSUES"):
        raise Refusal(403, "You do not have permission to link issues in this project.")
    link = _remote(call.json())
    held = next((old for old in issue.remote_links if link.global_id and old.global_id == link.global_id), None)
    link.id = held.id if held else int(call.site.next_id("remotelink"))
    if held:
        issue.remote_links[issue.remote_links.index(held)] = link
    else:
        issue.remote_links.append(link)
    shown = {"id": link.id, "self": f"{call.view.base}/issue/{issue.key}/remotelink/{link.id}"}
    return Answer(201 if call.cloud and not held else 200, shown)


def remote_of(call: Call, issue: Issue) -> RemoteLink:
    found = next((link for link in issue.remote_links if str(link.id) == call.params["linkId"]), None)
    if found is None:
        raise NotThere(f"Could not find a remote issue link with id '{call.params['linkId']}'.")
    return found


def get_remote(call: Call) -> Answer:
    issue = call.issue()
    return Answer(200, call.view.remote_link(issue, remote_of(call, issue)))


def put_remote(call: Call) -> Answer:
    issue = call.issue()
    held = remote_of(call, issue)
    link = _remote(call.json())
    link.id = held.id
    issue.remote_links[issue.remote_links.index(held)] = link
    return Answer(204)


def delete_remote(call: Call) -> Answer:
    issue = call.issue()
    issue.remote_links.remove(remote_of(call, issue))
    return Answer(204)


def delete_remote_by_global_id(call: Call) -> Answer:
    issue = call.issue()
    wanted = call.query.get("globalId")
    if not wanted:
        raise Refusal(400, "The globalId is required.")
    found = next((link for link in issue.remote_links if link.global_id == wanted), None)
    if found is None:
        raise NotThere(f"Could not find a remote issue link with globalId '{wanted}'.")
    issue.remote_links.remove(found)
    return Answer(204)


# ---- issue properties


def list_properties(call: Call) -> Answer:
    issue = call.issue()
    base = f"{call.view.base}/issue/{issue.id}/properties"
    return Answer(200, {"keys": [{"self": f"{base}/{key}", "key": key} for key in issue.properties]})


def get_property(call: Call) -> Answer:
    issue, key = call.issue(), call.params["propertyKey"]
    if key not in issue.properties:
        raise NotThere(f"Property with key '{key}' not found.")
    return Answer(200, {"key": key, "value": issue.properties[key]})


def put_property(call: Call) -> Answer:
    """The body is the value itself, at most 32,768 characters. 201 for a new one, 200 for a replaced one."""
    issue, key = call.issue(), call.params["propertyKey"]
    if not call.may(issue, "EDIT_ISSUES"):
        raise Refusal(403, "You do not have permission to edit the issue.")
    if not call.raw or not 0 < len(key) < 256:
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    if len(json.dumps(call.body, ensure_ascii=False)) > 32768:
        raise Refusal(400, "The value of the property must not be longer than 32768 characters.")
    fresh = key not in issue.properties
    issue.properties[key] = call.body
    call.jira.tell(hooks.property_event(call.me, issue, key, call.body, "set"))
    return Answer(201 if fresh else 200)


def delete_property(call: Call) -> Answer:
    issue, key = call.issue(), call.params["propertyKey"]
    if not call.may(issue, "EDIT_ISSUES"):
        raise Refusal(403, "You do not have permission to edit the issue.")
    if key not in issue.properties:
        raise NotThere(f"Property with key '{key}' not found.")
    held = issue.properties.pop(key)
    call.jira.tell(hooks.property_event(call.me, issue, key, held, "deleted"))
    return Answer(204)


ISSUE = "api/X/issue/{issueIdOrKey}"
ENDPOINTS = [
    Endpoint("POST", "api/X/issueLink", add_link, "linkIssues"),
    Endpoint("GET", "api/X/issueLink/{linkId}", get_link, "getIssueLink"),
    Endpoint("DELETE", "api/X/issueLink/{linkId}", delete_link, "deleteIssueLink"),
    Endpoint("GET", "api/X/issueLinkType", list_types, "getIssueLinkTypes"),
    Endpoint("GET", "api/X/issueLinkType/{issueLinkTypeId}", get_type, "getIssueLinkType"),
    Endpoint("GET", f"{ISSUE}/remotelink", list_remote, "getRemoteIssueLinks"),
    Endpoint("POST", f"{ISSUE}/remotelink", post_remote, "createOrUpdateRemoteIssueLink", per_issue=True),
    Endpoint(
        "DELETE", f"{ISSUE}/remotelink", delete_remote_by_global_id, "deleteRemoteIssueLinkByGlobalId", per_issue=True
    ),
    Endpoint("GET", f"{ISSUE}/remotelink/{{linkId}}", get_remote, "getRemoteIssueLinkById"),
    Endpoint("PUT", f"{ISSUE}/remotelink/{{linkId}}", put_remote, "updateRemoteIssueLink", per_issue=True),
    Endpoint("DELETE", f"{ISSUE}/remotelink/{{linkId}}", delete_remote, "deleteRemoteIssueLinkById", per_issue=True),
    Endpoint("GET", f"{ISSUE}/properties", list_properties, "getIssuePropertyKeys"),
    Endpoint("GET", f"{ISSUE}/properties/{{propertyKey}}", get_property, "getIssueProperty"),
    Endpoint("PUT", f"{ISSUE}/properties/{{propertyKey}}", put_property, "setIssueProperty", per_issue=True),
    Endpoint("DELETE", f"{ISSUE}/properties/{{propertyKey}}", delete_property, "deleteIssueProperty", per_issue=True),
]
