"""A new integration: chosen and searched in one form; nothing half-made."""

from __future__ import annotations

from typing import Any

import pytest


def _integrations() -> int:
    from crosswalk.store.models import Integration

    return Integration.objects.count()


def test_without_connections_it_leads_to_them(client: Any) -> None:
    page = client.get("/integrations/new/").content.decode()
    assert 'href="/connections/new/aha/"' in page
    assert "<form method" not in page.split("<main")[1]


def test_the_only_connections_are_chosen_already_and_the_page_does_not_wait(client: Any, integration: Any) -> None:
    page = client.get("/integrations/new/").content.decode()
    assert page.count('hx-trigger="load"') == 2
    assert page.count(" selected>") == 2


def test_a_search_that_is_refused_says_so_and_makes_nothing(client: Any, integration: Any) -> None:
    form = {"aha": integration.aha.pk, "jira": integration.jira.pk, "search": "1", "workspace_query": "boat"}
    page = client.post("/integrations/new/", form).content.decode()
    assert page.count('class="trouble"') == 2
    assert 'value="boat"' in page
    assert _integrations() == 1


def test_a_search_in_one_list_asks_one_server(client: Any, integration: Any) -> None:
    form = {"aha": integration.aha.pk, "jira": integration.jira.pk, "search": "1"}
    headers = {"HX-Request": "true", "HX-Target": "workspace-choices"}
    page = client.post("/integrations/new/", form, headers=headers).content.decode()
    assert page.count('class="trouble"') == 1


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("aha", "Choose an Aha! connection."),
        ("workspace", "Choose a workspace."),
        ("project", "Choose a project."),
    ],
)
def test_what_is_missing_is_said_beside_it(client: Any, integration: Any, missing: str, says: str) -> None:
    form = {"aha": integration.aha.pk, "jira": integration.jira.pk, "workspace": "1", "project": "2", "name": "New"}
    answer = client.post("/integrations/new/", {**form, missing: "999" if missing == "aha" else ""})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert _integrations() == 1


@pytest.mark.parametrize(("name", "says"), [("Boats", "there already"), ("x" * 201, "at most 200")])
def test_a_name_that_can_not_be_used(client: Any, integration: Any, name: str, says: str) -> None:
    form = {"aha": integration.aha.pk, "jira": integration.jira.pk, "workspace": "1", "project": "2", "name": name}
    assert says in client.post("/integrations/new/", form).content.decode()


def test_where_a_server_refuses_nothing_is_made(client: Any, integration: Any) -> None:
    form = {"aha": integration.aha.pk, "jira": integration.jira.pk, "workspace": "1", "project": "2", "name": "New"}
    answer = client.post("/integrations/new/", form)
    assert answer.status_code == 422
    assert b'class="trouble"' in answer.content
    assert _integrations() == 1
