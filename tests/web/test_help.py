"""Help: every code a message can carry leads to an entry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import crosswalk
from crosswalk import config
from crosswalk.web.troubleshooting import ENTRIES, grouped


def _used() -> set[str]:
    sources = Path(crosswalk.__file__).parent.rglob("*.py")
    return {code for source in sources for code in re.findall(r'"([A-Z]\d{1,2})"', source.read_text("utf-8"))}


def test_every_code_has_an_entry() -> None:
    assert len(_used()) > 20
    assert _used() <= set(ENTRIES)


def test_every_entry_says_why_and_what_to_do(client: Any) -> None:
    page = client.get("/help/").content.decode()
    for code, entry in ENTRIES.items():
        assert f'href="/help/{code}/"' in page
        for words in (entry.title, entry.cause, entry.remedy):
            assert len(words) > 5
        assert entry.cause.endswith(".")
        assert entry.remedy.endswith(".")


def test_one_entry_has_a_page(client: Any) -> None:
    assert b"The field is not on the screen" in client.get("/help/F2/").content


def test_an_unknown_code_is_not_found(client: Any) -> None:
    assert client.get("/help/ZZ9/").status_code == 404


def test_a_line_of_the_log_links_to_its_entry(client: Any, journal: Any) -> None:
    journal("Jira refused it.", level="error", code="F2")
    assert b'<a href="/help/F2/">' in client.get("/log/").content


def test_words_find_entries_and_a_code_its_own(client: Any) -> None:
    found = client.get("/help/", {"q": "screen field"}).content.decode()
    assert "The field is not on the screen" in found
    assert found.count('class="panel"') < 12
    assert client.get("/help/", {"q": " f2 "}).content.decode().count('class="panel"') == 1
    nothing = client.get("/help/", {"q": "<b>zebra</b>"}).content.decode()
    assert "Nothing in the help holds “&lt;b&gt;zebra&lt;/b&gt;”." in nothing


def test_every_code_stands_in_a_group(client: Any) -> None:
    assert {code for entries in grouped().values() for code in entries} == set(ENTRIES)


def test_help_is_linked_on_every_page(client: Any) -> None:
    assert 'href="/help/"' in client.get("/accounts/").content.decode().split("<footer")[1]


def test_the_page_about_firewalls_names_each_opening_and_that_none_is_needed_inwards(
    client: Any, integration: Any, settings_with: Any
) -> None:
    """Outwards one line for each connection; inwards none with polling, and one address for hooks."""
    integration.aha.address, integration.jira.address = "https://boats.aha.io", "https://jira.sea.example:8443/jira"
    integration.jira.proxy = "http://proxy.sea.example:3128"
    for one in (integration.aha, integration.jira):
        one.save()
    page = client.get("/firewall/").content.decode()
    rows = [
        re.sub(r"<[^>]+>", " ", row).split()
        for row in re.split("<tr[^>]*>", page.partition("<tbody")[2].partition("</tbody>")[0])[1:]
    ]
    assert rows == [
        ["Boats", "Aha!", "boats.aha.io", "443", "directly"],
        ["Boats", "Jira", "jira.sea.example", "8443", "http://proxy.sea.example:3128"],
    ]
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words in (
        "works without any opening from outside: it asks both sides what changed, every 20 seconds",
        "With polling alone: no opening is needed.",
        "POST http://127.0.0.1:8400/hooks/… from Aha! and from Jira, and nothing else",
        "known by an address that only its own machine reaches",
        "that Crosswalk may connect to: 127.0.0.1, ::1 . Whoever runs it lists them in CROSSWALK_ALLOW_PRIVATE",
    ):
        assert words in text, words
    for allowed, words in (
        (False, "none"),
        (True, "all of them"),
        (config.read({"CROSSWALK_ALLOW_PRIVATE": "10.20.0.0/16"}).allow_private, "10.20.0.0/16"),
    ):
        with settings_with(allow_private=allowed):
            assert f"may connect to: <strong>{words}</strong>" in client.get("/firewall/").content.decode()
    assert 'href="/firewall/"' in client.get(f"/integrations/{integration.pk}/setup/").content.decode()
