"""What the pages are fed with and how their edits go; the pages themselves are driven in tests/pages."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest

from crosswalk_sandbox.jira.richtext import html_of
from crosswalk_sandbox.jira.state import Rich

from .play import Sandbox

OWN = "/_sandbox/jira"
PEOPLE = {"alice": "JIRAUSER10101", "bruno": "JIRAUSER10102", "dana": "JIRAUSER10104", "otto": "JIRAUSER10105"}


def _acting(jira: Sandbox, who: str, method: str, path: str, body: Any = None) -> httpx2.Response:
    # A browser says "Mozilla" and is refused at the API; the pages' own way in must not mind.
    headers = {"User-Agent": "Mozilla/5.0"}
    url = f"{jira.url}{OWN}/as/{PEOPLE.get(who, who)}/{path}"
    return httpx2.request(method, url, json=body, headers=headers, timeout=60)


def test_a_page_acts_as_the_person_chosen_by_the_rules_of_rest(jira: Sandbox) -> None:
    key = jira.create()
    before = httpx2.get(f"{jira.url}/_sandbox/requests").json()["total"]
    named = {"fields": {"summary": "A horn"}}
    assert _acting(jira, "bruno", "PUT", f"api/2/issue/{key}", named).status_code == 204
    refused = _acting(jira, "bruno", "PUT", f"api/2/issue/{key}", {"fields": {"summary": ""}})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["summary"])
    assert _acting(jira, "dana", "PUT", f"api/2/issue/{key}", named).status_code == 400
    assert _acting(jira, "nobody", "GET", f"api/2/issue/{key}").status_code == 404
    assert _acting(jira, "bruno", "GET", "api/2/wheel").status_code == 404
    assert httpx2.get(f"{jira.url}/_sandbox/requests").json()["total"] == before, "pages are not API requests"
    issue = httpx2.get(f"{jira.url}{OWN}/issues/{key}").json()
    assert (issue["name"], issue["history"][0]["who"]) == ("A horn", "Bruno Costa")


def test_what_nobody_may_do_is_not_offered(jira: Sandbox) -> None:
    for who, may in (("bruno", True), ("dana", False)):
        board = httpx2.get(f"{jira.url}{OWN}/board", params={"project": "FAB", "as": PEOPLE[who]}).json()
        assert (board["may"]["TRANSITION_ISSUES"], board["may"]["CREATE_ISSUES"]) == (may, may)
        issue = httpx2.get(f"{jira.url}{OWN}/issues/FAB-1", params={"as": PEOPLE[who]}).json()
        assert bool(issue["transitions"]) is may
    hidden = {"project": "FAB", "as": PEOPLE["otto"]}
    assert httpx2.get(f"{jira.url}{OWN}/board", params=hidden).json()["cards"] == []
    assert httpx2.get(f"{jira.url}{OWN}/issues/FAB-1", params=hidden).status_code == 404


def test_text_is_escaped_whatever_a_document_carries(jira: Sandbox) -> None:
    wiki = "h1. <script>x()</script> [a|javascript:x()]"
    html = httpx2.post(f"{jira.url}{OWN}/preview", json={"text": wiki}).json()["html"]
    assert "&lt;script&gt;" in html
    assert re.search('<script|href="javascript', html) is None
    heading = {"type": "heading", "attrs": {"level": "1><img src=x onerror=x()>"}, "content": []}
    assert html_of(Rich("", {"type": "doc", "version": 1, "content": [heading]})) == "<h1></h1>"


@pytest.mark.parametrize(
    ("name", "media", "how"),
    [
        ("a.png", "image/png", "inline"),
        ("a.html", "text/html", "attachment"),
        ("a.svg", "image/svg+xml", "attachment"),
    ],
)
def test_a_file_is_shown_only_when_it_is_a_picture(jira: Sandbox, name: str, media: str, how: str) -> None:
    url = f"{jira.url}{OWN}/as/{PEOPLE['bruno']}/api/2/issue/FAB-1/attachments"
    files = {"file": (name, b"<script>x()</script>", media)}
    made = httpx2.post(url, files=files, headers={"X-Atlassian-Token": "no-check"}).json()[0]
    answer = httpx2.get(f"{jira.url}{OWN}/files/{made['id']}")
    assert answer.headers["Content-Disposition"].startswith(how)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (answer.headers["Content-Type"] == media) is (how == "inline")


def test_an_address_of_hooks_is_taken_off_alone(jira: Sandbox) -> None:
    for place in ("one", "two"):
        httpx2.post(f"{jira.url}/_sandbox/hooks", json={"url": f"http://127.0.0.1:9/{place}"})
    httpx2.request("DELETE", f"{jira.url}/_sandbox/hooks", json={"url": "http://127.0.0.1:9/one"})
    assert httpx2.get(f"{jira.url}/_sandbox/hooks/urls").json() == {"urls": ["http://127.0.0.1:9/two"]}
    httpx2.request("DELETE", f"{jira.url}/_sandbox/hooks")
    assert httpx2.get(f"{jira.url}/_sandbox/hooks/urls").json() == {"urls": []}


def test_what_a_page_may_load_is_said(jira: Sandbox) -> None:
    for path in ("/", "/backlog", "/versions", "/browse/FAB-1", "/_sandbox/pages/hooks"):
        answer = httpx2.get(jira.url + path)
        assert "default-src 'none'; script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "Not made by Atlassian" in answer.text
        assert re.search(" style=|<script>", answer.text) is None
    assert httpx2.get(f"{jira.url}/browse/<b>").status_code == 404
    assert "<b>" not in httpx2.get(f"{jira.url}/browse/<b>").text
