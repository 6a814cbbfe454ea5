"""The page that says why: one sentence, and one link to where it is mended, before any server is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest


def says(client: Any, pair: Any, field: str = "Name") -> tuple[str, str]:
    """The page's one sentence and the address behind it."""
    page = client.get(f"/records/{pair.pk}/why/", {"field": field}).content.decode()
    found = re.findall(r'<p class="lead"><strong>(.*?)</strong> <a href="(.*?)">Go there</a></p>', page)
    assert len(found) == 1
    return found[0]


def stop(integration: Any, pair: Any, what: str) -> None:
    if what == "integration":
        integration.enabled = False
    elif what == "connection":
        integration.jira.paused = "Jira does not accept the token."
        integration.jira.save()
    elif what == "record":
        pair.held = "paused"
        pair.save()
    integration.save()


@pytest.mark.parametrize(
    ("what", "sentence", "address"),
    [
        ("integration", "“Boats” is not enabled yet; changes are kept", "/integrations/{integration}/settings/"),
        ("connection", "does not work: Jira does not accept the token.", "/connections/{jira}/"),
        ("record", "Somebody has paused this record, so nothing is carried.", "/records/{pair}/"),
        ("line", "The line for Name is switched off.", "/integrations/{integration}/mapping/feature/"),
    ],
)
def test_the_first_thing_that_holds_it_up_is_said_and_linked(
    client: Any, integration: Any, pair: Any, what: str, sentence: str, address: str
) -> None:
    integration.mapping = {"fields": {"feature": [{"name": "Name", "direction": "off" if what == "line" else "both"}]}}
    found = pair()
    stop(integration, found, what)
    told, link = says(client, found)
    assert sentence in told
    assert link == address.format(integration=integration.pk, jira=integration.jira_id, pair=found.pk)


def test_where_a_side_can_not_be_read_the_page_says_so(client: Any, integration: Any, pair: Any) -> None:
    integration.mapping = {"fields": {"feature": [{"name": "Name"}]}}
    integration.save()
    page = client.get(f"/records/{pair().pk}/why/?field=Name").content.decode()
    assert 'class="trouble"' in page
    assert "Go there" not in page
