"""`renderedFields`: values of an issue as Jira shows them to a reader, long text as HTML, moments and sizes in words.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get :
"Returns field values rendered in HTML format". No recording is at hand: which fields are null (choices, people,
numbers, labels and the summary are) and how moments are worded follows what clients read, and is unconfirmed. Moments
are in the reader's own zone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from crosswalk_sandbox.jira.richtext import Named, html_of
from crosswalk_sandbox.jira.state import Attachment, Comment, Field, Issue, Json, Rich, Worklog
from crosswalk_sandbox.jira.views import View

Render = Callable[[View, Issue, Field], object]


def rendered(view: View, issue: Issue, names: Collection[str] | None = None) -> Json:
    """The rendered value of each field shown; null where it is shown as it is."""
    shown = view.fields(issue, names)
    out: Json = {}
    for name in shown:
        field = view.site.fields[name]
        render = RENDERED.get(name) or RENDERED.get(field.kind)
        out[name] = render(view, issue, field) if render else None
    return out


def spoken(view: View, moment: datetime) -> str:
    """A moment in words: 25/Nov/26 3:04 PM."""
    zone = ZoneInfo(view.reader.zone) if view.reader else view.site.zone
    local = moment.astimezone(zone)
    return f"{local:%d/%b/%y} {local.hour % 12 or 12}:{local:%M %p}"


def size(count: int) -> str:
    """A number of bytes in words: 4 kB."""
    if count < 1024:
        return f"{count} bytes" if count < 100 else f"{count / 1024:.1f} kB"
    return f"{count // 1024} kB" if count < 1024**2 else f"{count / 1024**2:.2f} MB"


def _named(view: View) -> Named:
    """Links to people who are mentioned, by account on Cloud, by user name on Data Center; as others recorded them."""
    cloud = view.flavour.name == "cloud"

    def named(said: str) -> str | None:
        people = view.site.people.values()
        one = next((one for one in people if said == (one.account_id if cloud else one.name)), None)
        if one is None:
            return None
        query, own = f"{'accountId' if cloud else 'name'}={quote(said, safe='')}", escape(said)
        more = f' data-account-id="{own}" accountid="{own}" rel="noreferrer"' if cloud else ""
        address = f"{view.root}/secure/ViewProfile.jspa?{query}"
        return f'<a href="{address}" class="user-hover" rel="{own}"{more}>{escape(one.display_name)}</a>'

    return named


def _rich(view: View, issue: Issue, field: Field) -> object:
    value = issue.values.get(field.id)
    return html_of(value, _named(view)) if isinstance(value, Rich) else ""


def _day(_view: View, issue: Issue, field: Field) -> object:
    value = issue.values.get(field.id)
    return f"{date.fromisoformat(value):%d/%b/%y}" if isinstance(value, str) else None


def _moment(view: View, issue: Issue, field: Field) -> object:
    value = issue.values.get(field.id)
    return spoken(view, datetime.fromisoformat(value)) if isinstance(value, str) else None


def _comment(view: View, issue: Issue, comment: Comment) -> Json:
    words = {"body": html_of(comment.body, _named(view)), "created": spoken(view, comment.created)}
    return view.comment(issue, comment) | words | {"updated": spoken(view, comment.updated)}


def _comments(view: View, issue: Issue, _field: Field) -> object:
    page = view.fields(issue, {"comment"})["comment"]
    listed = page.get("comments") if isinstance(page, dict) else None
    seen = {entry["id"] for entry in listed} if isinstance(listed, list) else set()
    comments = [_comment(view, issue, comment) for comment in issue.comments if comment.id in seen]
    return {**page, "comments": comments} if isinstance(page, dict) else None


def _worklog(view: View, issue: Issue, log: Worklog) -> Json:
    moments = {"created": log.created, "updated": log.updated, "started": log.started}
    words: Json = {name: spoken(view, moment) for name, moment in moments.items()}
    return view.worklog(issue, log) | words | ({"comment": html_of(log.comment, _named(view))} if log.comment else {})


def _worklogs(view: View, issue: Issue, _field: Field) -> object:
    logs = [_worklog(view, issue, log) for log in issue.worklogs if view.reads(issue, log)]
    return {"startAt": 0, "maxResults": 20, "total": len(logs), "worklogs": logs[:20]}


def _attachment(view: View, file: Attachment) -> Json:
    return view.attachment(file) | {"created": spoken(view, file.created), "size": size(len(file.data))}


def _span(name: str) -> Render:
    """A number of seconds as a duration."""

    def render(view: View, issue: Issue, _field: Field) -> object:
        seconds = view.fields(issue, {name})[name]
        return view.site.working.write(seconds) if isinstance(seconds, int) else None

    return render


SPANS = (
    "timespent", "timeestimate", "timeoriginalestimate", "aggregatetimespent", "aggregatetimeestimate",
    "aggregatetimeoriginalestimate",
)  # fmt: skip
RENDERED: dict[str, Render] = {
    "rich": _rich,
    "date": _day,
    "datetime": _moment,
    "created": lambda view, issue, _field: spoken(view, issue.created),
    "updated": lambda view, issue, _field: spoken(view, issue.updated),
    "resolutiondate": lambda view, issue, _field: spoken(view, issue.resolved) if issue.resolved else None,
    "timetracking": lambda view, issue, _field: view.fields(issue, {"timetracking"})["timetracking"],
    "comment": _comments,
    "worklog": _worklogs,
    "attachment": lambda view, issue, _f: [_attachment(view, view.site.attachments[one]) for one in issue.attachments],
    **{name: _span(name) for name in SPANS},
}
"""By field or by kind of field."""
