"""The page that says why: one sentence, and one link to where it is mended, before any server is asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest


def says(client: Any, pair: Any, field: str = "Name") -> tuple[str, tuple[str, str]]:
    """The page's one sentence, and its one link: the address and what it says."""
    page = client.get(f"/records/{pair.pk}/why/", {"field": field}).content.decode()
    found = re.findall(r'<p class="lead"><strong>(.*?)</strong> <a href="(.*?)">(.*?)</a></p>', page)
    assert len(found) == 1
    sentence, address, words = found[0]
    return sentence, (address, words)


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
    ("what", "sentence", "link"),
    [
        (
            "integration",
            "“Boats” is not enabled yet; changes are kept",
            ("/integrations/{integration}/settings/", "Open the settings of Boats"),
        ),
        (
            "connection",
            "does not work: Jira does not accept the token.",
            ("/connections/{jira}/", "Open the connection"),
        ),
        (
            "record",
            "Somebody has paused this record, so nothing is carried.",
            ("/records/{pair}/", "Open the record BOAT-1"),
        ),
        (
            "line",
            "The line for Name is switched off.",
            ("/integrations/{integration}/mapping/feature/", "Open the mapping of a feature"),
        ),
    ],
)
def test_the_first_thing_that_holds_it_up_is_said_and_linked(
    client: Any, integration: Any, pair: Any, what: str, sentence: str, link: tuple[str, str]
) -> None:
    integration.mapping = {"fields": {"feature": [{"name": "Name", "direction": "off" if what == "line" else "both"}]}}
    found = pair()
    stop(integration, found, what)
    told, found_link = says(client, found)
    assert sentence in told
    assert found_link == (link[0].format(integration=integration.pk, jira=integration.jira_id, pair=found.pk), link[1])


def test_where_a_side_can_not_be_read_the_page_says_so(client: Any, integration: Any, pair: Any) -> None:
    integration.mapping = {"fields": {"feature": [{"name": "Name"}]}}
    integration.save()
    page = client.get(f"/records/{pair().pk}/why/?field=Name").content.decode()
    assert 'class="trouble"' in page
    assert "<strong>" not in page.partition('class="trouble"')[0].partition("<h1>")[2], "no answer, and no link"


def test_each_page_that_an_answer_leads_to_has_its_words() -> None:
    from crosswalk.sync import why
    from crosswalk.web import leads

    named = set(re.findall(r'\("([a-z-]+)", \(', Path(why.__file__).read_text("utf-8")))
    assert named == set(leads._SAYS)


def test_a_field_that_is_not_in_the_mapping_can_be_asked_about(client: Any, integration: Any, pair: Any) -> None:
    integration.enabled = True
    integration.mapping = {"fields": {"feature": [{"name": "Name", "aha": "name", "jira": "summary"}]}}
    integration.save()
    found = pair()
    page = client.get(f"/records/{found.pk}/why/?field=Sprint+%3Cb%3E").content.decode()
    assert re.search(r'<input id="field" name="field" value="Sprint &lt;b&gt;" [^>]*list="fields"', page)
    assert re.findall(r'<option value="([^"]*)">', page) == ["Name"]
    sentence, link = says(client, found, "Sprint")
    assert sentence == "No line of the mapping carries “Sprint” for a feature."
    there = f"/integrations/{integration.pk}/mapping/feature/"
    assert link == (there, "Open the mapping of a feature")
