"""Every page: strangers are led to the sign-in, forms need their token, nothing shows a secret."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from crosswalk.store.roles import Role
from crosswalk.web import access
from crosswalk.web.urls import urlpatterns

# Jira asks for these: the first is public, the others take only a token of Jira's: see test_connect_app.py and
# test_connect_pages.py.
CONNECT = {f"connect-{name}" for name in ("descriptor", "installed", "enabled", "disabled", "uninstalled")}
CONNECT |= {"connect-configure", "connect-panel"}
OPEN = {"login", "setup", "join", "oidc", "oidc-owner", "oidc-back", *CONNECT}
GIVEN = {"pk": 1, "kind": "jira", "code": "A1", "entry": 1, "row": 1, "form": "csv", "run": 1}
ROLES = ("viewer", "editor", "owner")


def _addresses() -> dict[str, str]:
    named = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)]
    return {
        str(pattern.name): reverse(str(pattern.name), kwargs={name: GIVEN[name] for name in pattern.pattern.converters})
        for pattern in named
    }


ADDRESSES = _addresses()


@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - OPEN))
def test_a_stranger_is_led_to_the_sign_in(stranger: Any, integration: Any, pair: Any, name: str) -> None:
    pair()
    for answer in (stranger.get(ADDRESSES[name]), stranger.post(ADDRESSES[name], {"x": "y"})):
        assert answer.status_code == 302
        assert answer.url.startswith("/login/?next=")


@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - OPEN))
def test_a_form_without_its_token_is_refused(alice: Any, integration: Any, pair: Any, name: str) -> None:
    pair()
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(ADDRESSES[name], {"record": "feature:1:BOAT-1"})
    assert answer.status_code == 403
    assert b"reload the page" in answer.content


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_no_page_shows_a_secret(client: Any, integration: Any, pair: Any, name: str) -> None:
    pair()
    for number, secret in enumerate(("very-secret-key", "very-secret-token")):
        connection = (integration.aha, integration.jira)[number]
        connection.secret = secret
        connection.save()
    answer = client.get(ADDRESSES[name], follow=True)
    assert answer.status_code in (200, 204, 401, 404, 405)
    assert b"very-secret" not in answer.content
    if name not in ("integration-settings", "integration-setup"):
        assert integration.hook_secret.reveal().encode() not in answer.content


# Said once more, by hand and apart from the table that the service goes by: what each role may do (the write), and what
# it may look at only. Everything else is open to look at for every role.
ANYBODY_DOES = {"logout", "me", "me-password", "me-sign-out", "me-token", "me-token-revoke"}
EDITORS_DO = {
    "conflict-answer",
    "connection-check",
    "integration-act",
    "integration-conflicts",
    "integration-deletions",
    "integration-change",
    "integration-change-word",
    "integration-enable",
    "integration-file",
    "integration-hook",
    "integration-import",
    "integration-import-take",
    "integration-lone",
    "integration-lone-take",
    "integration-link",
    "integration-load",
    "integration-mapping",
    "integration-match",
    "integration-match-tick",
    "integration-making",
    "integration-new",
    "integration-people",
    "integration-people-say",
    "integration-people-upload",
    "integration-plan",
    "integration-sample",
    "integration-send",
    "integration-send-all",
    "integration-settings",
    "integration-settle",
    "integration-sync",
    "integration-test",
    "integration-undo",
    "integration-unlink",
    "log-retry",
    "templates",
    "template",
    "record-act",
    "record-add-option",
    "record-put-back",
    "record-undo",
    "record-retry",
}
LOOKED_AT_BY_EDITORS = EDITORS_DO - {
    "integration-conflicts",
    "integration-file",
    "integration-import",
    "integration-lone",
    "integration-mapping",
    "integration-match",
    "integration-people",
    "integration-plan",
    "integration-send-all",
    "integration-settings",
    "integration-settle",
    "template",
    "templates",
}
LOOKED_AT_BY_OWNERS = {
    "account-change",
    "account-invite",
    "account-withdraw",
    "connect-allow",
    "connection-new",
    "connection-remove",
    "grant-app",
    "grant-back",
    "grant-begin",
    "grant-new",
    "grant-site",
    "integration-move",
}


def _passes(answer: Any) -> bool:
    """Whether the request came as far as its page; a refusal by role is a page of its own."""
    assert answer.status_code not in (301, 500)
    assert not getattr(answer, "url", "").startswith("/login/?")
    return not (answer.status_code == 403 and b"needs the role" in answer.content)


@pytest.mark.parametrize("role", ROLES)
def test_each_address_lets_in_the_roles_it_is_for(as_role: Any, integration: Any, role: str) -> None:
    rank, wrong = ROLES.index(role), []
    # Signing out comes last.
    for name in sorted(set(ADDRESSES) - OPEN, key=lambda name: (name == "logout", name)):
        looking = 2 if name in LOOKED_AT_BY_OWNERS else 1 if name in LOOKED_AT_BY_EDITORS else 0
        doing = 0 if name in ANYBODY_DOES else 1 if name in EDITORS_DO else 2
        if _passes(as_role(role).get(ADDRESSES[name])) != (rank >= looking):
            wrong.append(f"GET {name}")
        if _passes(as_role(role).post(ADDRESSES[name], {"x": "y"})) != (rank >= doing):
            wrong.append(f"POST {name}")
    assert wrong == []


def test_every_address_has_a_line_in_the_table_and_no_line_is_left_over() -> None:
    programs = {name for name in {*access.NEEDS, *access.OPEN} if name.startswith("api:")}  # see test_api.py
    assert (set(access.NEEDS) | access.OPEN) - programs == set(ADDRESSES)
    assert not set(access.NEEDS) & access.OPEN


def test_an_address_without_a_line_is_closed_to_everybody() -> None:
    for role in ROLES:
        assert not access.may(Role(role), "forgotten")
        assert "no rule" in access.why_not(Role(role), "forgotten", "GET")


def test_what_a_viewer_may_not_do_is_not_offered_and_the_reason_is_said(
    as_role: Any, integration: Any, pair: Any
) -> None:
    pair()
    for path, offered, said in (
        (
            f"/integrations/{integration.pk}/?state=agreed",
            b"Send to Jira</button>",
            b"Sending records needs the role editor",
        ),
        (f"/integrations/{integration.pk}/settings/", b"Pause</button>", b"needs the role editor; yours is viewer"),
        ("/connections/", b">Connect Jira<", b"Connecting an account needs the role owner; yours is viewer"),
        (f"/connections/{integration.jira.pk}/", b"Save and test", b"Changing a connection needs the role owner"),
        ("/accounts/", b"Make a link", b"needs the role owner; yours is viewer. Ask an owner: alice."),
    ):
        seen = as_role("viewer").get(path).content
        assert offered not in seen, path
        assert said in seen, path
        assert offered in as_role("owner").get(path).content, path


def test_a_viewer_does_not_see_the_secret_of_the_hooks(as_role: Any, integration: Any) -> None:
    secret = integration.hook_secret.reveal().encode()
    path = f"/integrations/{integration.pk}/settings/"
    assert secret not in as_role("viewer").get(path).content
    assert secret in as_role("editor").get(path).content


def test_a_button_that_is_no_more_this_persons_brings_the_page_anew_with_the_reason(
    as_role: Any, integration: Any
) -> None:
    viewer = as_role("viewer")
    answer = viewer.post(f"/integrations/{integration.pk}/sync/", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    assert b"Starting a sync needs the role editor" in viewer.get("/").content


def test_another_host_name_is_refused(stranger: Any) -> None:
    answer = stranger.get("/login/", SERVER_NAME="evil.example")
    assert answer.status_code == 400


def test_a_page_may_run_only_its_own_scripts_and_is_not_kept_by_caches(client: Any) -> None:
    answer = client.get("/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Frame-Options"] == "DENY"
    assert b" onclick=" not in answer.content
    assert b" style=" not in answer.content


def test_a_fragment_of_an_ended_session_takes_the_whole_page_to_the_sign_in(stranger: Any, integration: Any) -> None:
    answer = stranger.get(f"/integrations/{integration.pk}/progress/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/login/")


@pytest.mark.parametrize("path", ["/nothing/", "/integrations/999/", "/records/999/", "/connections/new/trello/"])
def test_what_is_not_there_has_a_page_of_its_own(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content


def test_an_address_that_only_takes_forms_says_so_to_a_person(client: Any, integration: Any) -> None:
    address = f"/integrations/{integration.pk}/deletions/"
    answer = client.get(address, headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert b"press it there" in answer.content
    assert client.get(address).content == b""


def test_the_part_of_the_site_is_marked_on_its_pages(client: Any, integration: Any) -> None:
    page = client.get(f"/integrations/{integration.pk}/").content.decode()
    assert '<a href="/" aria-current="true">Integrations</a>' in page
    page = client.get("/connections/new/jira/").content.decode()
    assert '<a href="/connections/" aria-current="true">Connections</a>' in page


MOST_SCRIPT = 60 * 1024  # bytes, as they are before they are compressed on their way
BARE = re.compile(r"\b\d+ (?:s|min|h|days?) ago\b|\bjust now\b|\b\d{1,2}:\d{2} UTC\b")
TIME = re.compile(r"<time ([^>]*)>[^<]*</time>")


def test_no_page_ships_much_script_and_each_time_says_the_exact_one(
    client: Any, stranger: Any, integration: Any, pair: Any, journal: Any
) -> None:
    found = pair()
    journal("Name is written.", pair=found, side="left", field="Name", old="A", new="B", run=1)
    sizes: dict[str, int] = {}
    times = 0
    for name, address in sorted(ADDRESSES.items(), key=lambda one: one[0] == "logout"):
        browser = stranger if name in OPEN else client
        page = browser.get(address, headers={"Accept": "text/html"}).content.decode("utf-8", "replace")
        for script in re.findall(r"<script\b[^>]*>[^<]", page):
            pytest.fail(f"{name} holds script within itself: {script}")
        scripts = re.findall(r'<script[^>]* src="(/[^"]+)"', page)
        for script in scripts:
            if script not in sizes:
                sizes[script] = len(client.get(script).content)
        assert sum(sizes[script] for script in scripts) <= MOST_SCRIPT, name
        for told in TIME.findall(page):
            assert 'datetime="20' in told, name
            assert re.search(r'title="[^"]*\d{4}', told), name
            times += 1
        assert BARE.findall(re.sub(r"<[^>]+>", "", TIME.sub("", page))) == [], name
    assert len(sizes) >= 2
    assert times >= 10
    assert sum(sizes.values()) > 50_000, "htmx alone is so large"


def test_static_files_may_be_kept_for_a_year(client: Any) -> None:
    page = client.get("/").content.decode()
    sheet = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in sheet
    assert "max-age=31536000" in client.get(sheet)["Cache-Control"]
