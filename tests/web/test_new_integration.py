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
    assert "Once it is enabled, only records you send are written, with what stands below them." in page
    assert "before you enable it" not in page, "enabling writes none either"


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


def _made(row: Any) -> Any:
    """What the engine does with what was asked for."""
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    of(current())["new"].run(f"new:{row.pk}")
    row.refresh_from_db()
    return row


def test_where_a_server_refuses_nothing_is_made_and_the_form_is_kept(client: Any, integration: Any) -> None:
    from crosswalk.store.models import NewIntegration

    form = {"aha": integration.aha.pk, "jira": integration.jira.pk, "workspace": "1", "project": "2", "name": "A & B"}
    answer = client.post("/integrations/new/", form)
    row = NewIntegration.objects.get()
    assert answer.url == f"/integrations/new/{row.pk}/"
    waits = client.get(answer.url).content.decode()
    assert f'hx-get="{answer.url}"' in waits
    assert '<noscript><meta http-equiv="refresh"' in waits, "who has no script comes here again, too"
    part = client.get(answer.url, headers={"HX-Request": "true"})
    assert b"Waiting for its turn" in part.content
    assert "HX-Refresh" not in part
    assert _made(row).made is None
    assert client.get(answer.url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = client.get(answer.url).content.decode()
    assert 'class="trouble"' in page
    assert row.trouble in page
    assert 'http-equiv="refresh"' not in page
    back = page.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    filled = client.get(back).content.decode()
    assert 'value="A &amp; B"' in filled
    assert _integrations() == 1


def test_pressed_twice_it_is_made_once(client: Any, integration: Any) -> None:
    from crosswalk.store.models import Job, NewIntegration

    form = {"aha": integration.aha.pk, "jira": integration.jira.pk, "workspace": "1", "project": "2", "name": "New"}
    first, second = (client.post("/integrations/new/", form).url for _ in range(2))
    assert first == second
    assert Job.objects.filter(kind="new").count() == 1
    _made(NewIntegration.objects.get())
    assert client.post("/integrations/new/", form).url != first, "once it ended it is asked for anew"


def test_what_nobody_foresaw_is_said_on_its_page_too(client: Any, integration: Any) -> None:
    from django.utils import timezone

    from crosswalk.store.models import NewIntegration
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    ends = {"aha": integration.aha, "jira": integration.jira, "workspace": "1", "project": "2"}
    row = NewIntegration.objects.create(**ends, asked_at=timezone.now())
    of(current())["new"].failed(f"new:{row.pk}", ZeroDivisionError("division by zero"))
    page = client.get(f"/integrations/new/{row.pk}/").content.decode()
    assert "division by zero" in page
    assert "See the console of the service" in page
