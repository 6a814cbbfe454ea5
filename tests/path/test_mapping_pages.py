"""The mapping's pages on a whole installation: required fields offered, faults beside their place, saved whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.path.system import System


@pytest.fixture
def browser(cloud: System) -> Any:
    """Alice's, who owns this Crosswalk."""
    from django.contrib.auth.models import User
    from django.test import Client

    alice = User.objects.create(username="alice", is_staff=True, is_superuser=True)
    opened = Client(SERVER_NAME="localhost")
    opened.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return opened


def _address(system: System, kind: str = "feature") -> str:
    return f"/integrations/{system.integration.pk}/mapping/{kind}/"


def _form(system: System, page: Any, **changed: str) -> dict[str, str]:
    """The sheet's own form, as it would be sent without touching it, with some inputs changed."""
    from selectolax.lexbor import LexborHTMLParser

    form = LexborHTMLParser(page.content.decode()).css_first("#mapping-form")
    sent = {one.attributes["name"]: one.attributes.get("value") or "" for one in form.css("input[name]")}
    for select in form.css("select[name]"):
        options = select.css("option")
        chosen = next((one for one in options if "selected" in one.attributes), options[0])
        sent[select.attributes["name"]] = chosen.attributes.get("value", chosen.text())
    assert sent["seen"]
    return {str(name): value or "" for name, value in sent.items()} | changed


@pytest.mark.parametrize("kind", ["initiative", "epic", "feature", "requirement", "release"])
def test_an_untouched_sheet_changes_nothing(cloud: System, browser: Any, kind: str) -> None:
    before = cloud.integration.mapping
    page = browser.get(_address(cloud, kind))
    answer = browser.post(_address(cloud, kind), {**_form(cloud, page), "act": "save"})
    assert answer.status_code == 302
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping == before


def test_every_field_of_the_usual_mapping_is_one_that_crosswalk_knows(cloud: System, browser: Any) -> None:
    for kind in ("feature", "requirement"):
        page = browser.get(_address(cloud, kind)).content.decode()
        assert "does not know" not in page
        assert '<span class="more">order</span>' in page
        assert "<em>the newer change</em> is that of the record which was changed last" in page


def test_a_line_is_renamed_on_the_page_and_no_two_are_called_alike(cloud: System, browser: Any) -> None:
    page = browser.get(_address(cloud))
    lines = cloud.integration.mapping["fields"]["feature"]
    number, other = (next(n for n, line in enumerate(lines) if line["name"] == name) for name in ("Tags", "Due date"))
    form = _form(cloud, page)
    same = browser.post(_address(cloud), {**form, f"l{number}-name": "Due date", "act": "save"})
    assert same.status_code == 422
    beside = same.content.decode().split(f'id="l{max(number, other)}-conflict"')[1].split("</tr>")[0]
    assert "Another line is called “Due date”, too." in beside
    browser.post(_address(cloud), {**form, f"l{number}-name": "Labels", "act": "save"})
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping["fields"]["feature"][number]["name"] == "Labels"


def test_options_that_the_page_does_not_know_stay(cloud: System, browser: Any) -> None:
    """A table written in a file, for a field whose options Jira does not tell."""
    from crosswalk.sync import service

    data = cloud.integration.mapping
    line = next(one for one in data["fields"]["feature"] if one["aha"] == "tags")
    line["options"] = {"a tag": "a-label"}
    service.set_mapping(cloud.integration, data)
    page = browser.get(_address(cloud))
    answer = browser.post(_address(cloud), {**_form(cloud, page), "act": "save"})
    assert answer.status_code == 302
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping == data


def test_what_jira_asks_for_is_offered_and_set(cloud: System, browser: Any) -> None:
    from crosswalk.sync import service

    project = next(one for one in cloud.site.projects.values() if one.key == "FAB")
    project.required = project.required | {"components"}
    service.load_project_data(cloud.integration)
    page = browser.get(_address(cloud))
    assert "Jira asks for what nothing fills." in page.content.decode()
    form = _form(cloud, page)
    place = next(name for name, value in form.items() if value == "components").removesuffix("-field")
    name = page.content.decode().split(f'name="{place}-value"')[1].split("<option>")[1].split("<")[0]
    browser.post(_address(cloud), {**form, f"{place}-value": name, "act": "save"})
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping["constants"] == {"feature": {"components": name}}
    assert "Jira asks for what nothing fills." not in browser.get(_address(cloud)).content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"l0-direction": "sideways"}, "“sideways” is not known."),
        ({"type": "Nonsense"}, "has no issue type “Nonsense”"),
        ({"s0-aha": "Nowhere"}, "Aha! has no status “Nowhere” for a feature."),
        ({"l0-jira": "customfield_99999"}, "is not on the create screen"),
        ({"removed": "burn"}, "“burn” is not known."),
        ({"seen": "0"}, "Nothing was saved."),
        ({"l0-name": "<script>x</script>", "l0-direction": "x"}, "&lt;script&gt;x&lt;/script&gt;"),
    ],
)
def test_bad_input_is_said_and_nothing_is_half_saved(
    cloud: System, browser: Any, changed: dict[str, str], says: str
) -> None:
    before = cloud.integration.mapping
    form = _form(cloud, browser.get(_address(cloud)), **{"l1-direction": "off", **changed})
    answer = browser.post(_address(cloud), {**form, "act": "save"})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping == before


def test_the_brake_is_set_on_the_page_and_faults_are_shown_there(cloud: System, browser: Any) -> None:
    address = f"/integrations/{cloud.integration.pk}/mapping/parts/"
    form = _form(cloud, browser.get(address))
    assert form["brake-share"] == "5"
    wrong = browser.post(address, {**form, "brake-share": "half", "act": "save"})
    assert wrong.status_code == 422
    assert "whole number from 0 to 100 is expected here." in wrong.content.decode()
    answer = browser.post(address, {**form, "brake-share": "25", "brake-least": "2", "act": "save"})
    assert answer.status_code == 302
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping["brake"] == {"share": 25}
    page = browser.get(f"/integrations/{cloud.integration.pk}/settings/").content.decode()
    assert "more than 25% of the integration" in page


def test_imports_sharing_and_where_issues_show_are_set_on_the_page(cloud: System, browser: Any) -> None:
    form = _form(cloud, browser.get(_address(cloud, "parts")))
    form = {name: text for name, text in form.items() if text or not name.endswith(("-edits", "-removes", "-private"))}
    sent = {**form, "imports": "mapped", "shared": "on", "link-aha_field": "jira_link", "act": "save"}
    browser.post(_address(cloud, "parts"), sent)
    cloud.integration.refresh_from_db()
    mapping = cloud.integration.mapping
    assert (mapping["imports"], mapping["shared"], mapping["link"]["aha_field"]) == ("mapped", True, "jira_link")
    page = browser.get(_address(cloud, "parts")).content.decode()
    assert '<option value="mapped" selected>' in page
    answer = browser.post(
        _address(cloud, "parts"),
        {**sent, "imports": "<b>", "seen": _form(cloud, browser.get(_address(cloud, "parts")))["seen"]},
    )
    assert (answer.status_code, "“&lt;b&gt;” is not known." in answer.content.decode()) == (422, True)


def test_a_file_is_compared_with_what_runs_and_proposed(cloud: System, browser: Any) -> None:
    from selectolax.lexbor import LexborHTMLParser

    from crosswalk.store.models import MappingVersion

    cloud.send(cloud.feature("Bell"))
    address = f"/integrations/{cloud.integration.pk}/file/"
    page = LexborHTMLParser(browser.get(address).content.decode())
    text, seen = page.css_first("textarea").text(), page.css_first("input[name=seen]").attributes["value"]
    assert text == browser.get(f"{address}integration.yaml").content.decode()

    def said(text: str, act: str = "compare", seen: object = seen) -> Any:
        return browser.post(address, {"text": text.replace("\n", "\r\n"), "act": act, "seen": seen})

    assert "What runs is what the file says" in said(text).content.decode()
    assert "here it is.</" not in said(text).content.decode()
    other = text.replace("name: Due date", "name: Due by").replace("enabled: true", "enabled: false")
    differs = said(other).content.decode()
    assert "Due by" in differs
    assert "not enabled; here it is. The button for that" in differs
    assert not MappingVersion.objects.filter(used_at=None).exists(), "comparing changes nothing"
    for broken, words in (
        (text.replace("integration: Fable", "integration: Other"), "Line 1: integration: the file is about “Other”"),
        (text.replace("workspace: FAB", "workspace: TIN"), "is joined with “FAB” for good"),
        ("<b>: [", "Line 1: file: it is not YAML"),
        ("", "a table of names and values is expected"),
    ):
        answer = said(broken, "save")
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert "The mapping was changed" in said(other, "save", "0" * 64).content.decode(), "a stale page saves nothing"
    assert said(other, "save").url == f"/integrations/{cloud.integration.pk}/change/"
    assert "Due by" in browser.get(f"/integrations/{cloud.integration.pk}/change/").content.decode()
