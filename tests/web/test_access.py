"""Every page: strangers are led to the sign-in, forms need their token, nothing shows a secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from crosswalk.web.urls import urlpatterns

OPEN = {"login", "setup"}
GIVEN = {"pk": 1, "kind": "jira", "code": "A1", "entry": 1, "row": 1}


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
    assert answer.status_code in (200, 204, 404, 405)
    assert b"very-secret" not in answer.content
    if name != "integration-settings":
        assert integration.hook_secret.reveal().encode() not in answer.content


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


def test_scripts_of_a_page_stay_small(client: Any) -> None:
    page = client.get("/").content.decode()
    addresses = [part.split('"')[0] for part in page.split('<script src="')[1:]]
    assert len(addresses) == 2
    assert sum(len(client.get(address).content) for address in addresses) < 60_000


def test_static_files_may_be_kept_for_a_year(client: Any) -> None:
    page = client.get("/").content.decode()
    sheet = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in sheet
    assert "max-age=31536000" in client.get(sheet)["Cache-Control"]
